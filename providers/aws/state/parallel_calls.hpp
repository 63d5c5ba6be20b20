#pragma once

#include <cstddef>
#include <vector>

#include "providers/aws/client/client.hpp"

namespace strata::aws {

/// Makes every call, at most `at_once` at a time, and waits for all of them. Not on the HTTP loop's thread.
/// @return one answer for each call, in order; one that fails does not keep the others from being made
std::vector<Result<Value>> call_in_parallel(Client& client, std::vector<Call> calls, std::size_t at_once);

}  // namespace strata::aws
