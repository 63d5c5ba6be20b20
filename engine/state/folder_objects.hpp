#pragma once

#include <filesystem>
#include <memory>

#include "engine/base/files.hpp"
#include "engine/state/object_store.hpp"

namespace strata {

/// Objects as files below a folder of this machine, or of one that it has mounted. Conditions hold among all processes of the machine
/// (rename that refuses to replace; flock around compare and replace), and over a network as far as its file system carries both.
/// @param root  of one environment; made when first written
std::unique_ptr<ObjectStore> folder_objects(std::filesystem::path root, Files& files);

}  // namespace strata
