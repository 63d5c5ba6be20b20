#pragma once

#include <string>
#include <vector>

#include "engine/graph/closed_graph.hpp"
#include "engine/model/stack.hpp"

namespace components {

/// A stack into which a test puts components, to see what they declare. Nothing is called.
class DeclaredStack {
public:
    DeclaredStack();

    /// "network/vpc: aws.ec2.Vpc", in the order of declaration.
    std::vector<std::string> resources();
    /// Every property of the resource as JSON, outputs of others written as "${network/vpc.Id}". Empty when there is none.
    std::string properties(const std::string& address);
    /// One property, by wire name; a JSON document inside a text is written out.
    std::string property(const std::string& address, const std::string& name);
    /// An output of the stack, in the same way.
    std::string output(const std::string& name);
    /// Node keys on which the core depends, or one of its facets ("network/a#routes").
    std::vector<std::string> needs(const std::string& key);
    /// Causes of what is wrong: the components' own checks, those of closing the graph, and those of each type's properties.
    std::vector<std::string> mistakes();

    strata::Stack stack;

private:
    strata::ClosedGraph& closed();
    strata::Value resolved(const strata::Value& value);
    std::string written(const strata::Value& value);

    strata::Diagnostics diagnostics_;
    strata::ClosedGraph closed_;
    bool is_closed_ = false;
};

}  // namespace components
