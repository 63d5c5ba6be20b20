#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/model/graph.hpp"

namespace strata {

/// Replaces References by values, as far as they are known now. What a resource, a lookup or another stack
/// gives is asked of the functions handed in; a node's value is kept once it is wholly known.
class Resolver {
public:
    struct Sources {
        /// The output of a resource: known, or unknown.
        std::function<Value(std::uint32_t resource, const std::string& output)> resource;
        std::function<Value(const LookupNode&, const ValueMap& arguments)> lookup;
        std::function<Value(const StackOutputNode&)> stack_output;
    };

    Resolver(const Graph& graph, Sources sources, Diagnostics& diagnostics);

    /// `value` without any Reference. What an Output::map function throws becomes a diagnostic, once, and its result unknown.
    Value resolve(const Value& value);
    ValueMap resolve(const ValueMap& properties);

    /// What a function threw on which the value resolved last depends; nullptr when none failed.
    [[nodiscard]] const Error* failure() const { return failure_; }

private:
    Value resolved(const Value& value);
    ValueMap resolved(const ValueMap& properties);
    Value node_value(std::uint32_t index);
    Value compute(std::uint32_t index);
    Value compute(std::uint32_t index, const MappedNode& mapped);
    Value failed(std::uint32_t index, const MappedNode& mapped, std::string thrown);

    const Graph* graph_;
    Sources sources_;
    Diagnostics* diagnostics_;
    std::vector<std::optional<Value>> known_;
    std::map<std::uint32_t, Error> failed_;  ///< by node: what its function threw
    const Error* failure_ = nullptr;         ///< met since the last call of resolve(); in failed_
};

}  // namespace strata
