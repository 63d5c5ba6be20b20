#pragma once

#include <string_view>

#include "engine/base/error.hpp"

namespace strata::aws {

/// What a service's error code means for us; where the code says nothing, what the HTTP status says.
ErrorKind kind_of(std::string_view code, int status);

/// What an HTTP status alone says, for answers without a body (HEAD).
ErrorKind kind_of_status(int status);

}  // namespace strata::aws
