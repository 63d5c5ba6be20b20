#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model/provider.hpp"
#include "providers/aws/resource/declaration.hpp"

namespace strata::aws {

/// One call of a step, decided before anything is sent. The same step always gives the same calls in the same
/// order, so that a journaled position in them means the same after a restart.
struct PlannedCall {
    enum class Purpose : std::uint8_t { create, change, tag, untag };
    const OperationUse* use = nullptr;
    Purpose purpose = Purpose::change;
    std::optional<Value> item = {};
    std::optional<Value> value = {};
    std::string key = {};
    Value items = ValueList{};
    ValueMap tags = {};                     ///< to set, or (untag) keys to take off
    std::vector<std::string> changed = {};  ///< properties that the call carries
};

/// @return in the order in which they must be sent; empty when nothing needs a call
std::vector<PlannedCall> plan_calls(const Step& step);

}  // namespace strata::aws
