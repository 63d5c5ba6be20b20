#pragma once

#include <filesystem>
#include <memory>

#include "engine/base/files.hpp"
#include "engine/state/store.hpp"

namespace strata {

/// State in a folder of this machine: `snapshot.json`, `journal/000000000001.json` ..., `lock`.
/// @param folder  of one stack of one environment; made when first written
std::unique_ptr<StateStore> file_store(std::filesystem::path folder, Files& files);

/// The stacks that have state below `root/<environment>/`, sorted.
Result<std::vector<std::string>> stacks_in(const std::filesystem::path& root, Files& files);

}  // namespace strata
