#pragma once

#include <memory>

#include "config/environment.hpp"
#include "engine/state/object_store.hpp"

namespace strata::cli {

class Connections;

/// The objects of an environment whose state lies in a bucket: below the prefix, in a folder named after the environment.
///
/// Credentials are looked for where AWS's own tools look, or are those of the profile or role that the state's section names; never
/// a provider's. Only where state lies in the emulator itself (its endpoint is that of the environment, on this machine) the
/// emulator's credentials are used, as for everything else that is sent there. The bucket's endpoint is AWS's, unless the section
/// names another, whatever endpoint the environment has.
/// @param location     with StateLocation::Kind::s3
/// @param connections  must outlive the store
/// @errors internal when the machine gives no thread; nothing is sent yet
Result<std::unique_ptr<ObjectStore>> s3_state_objects(const StateLocation& location, const LoadedEnvironment& loaded,
                                                      Connections& connections);

}  // namespace strata::cli
