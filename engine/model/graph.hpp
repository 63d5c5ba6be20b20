#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "engine/model/declared.hpp"
#include "engine/model/schema.hpp"

namespace strata {

/// An earlier name of a resource or component: a whole address ("network/vpc", or "/vpc" when it stood at the top), or
/// a name beside the present one ("vpc").
struct Alias {
    std::string address;
};

struct Timeouts {
    std::optional<std::chrono::seconds> create = {};
    std::optional<std::chrono::seconds> update = {};
    std::optional<std::chrono::seconds> remove = {};
};

struct ResourceDeclaration;

/// Looks at and may change a declaration before the graph is closed (`transform` option).
using Transform = std::function<void(ResourceDeclaration&)>;

/// The options of a declaration after its components' were folded in. Property names in lists are labels
/// ("cidr_block") or paths below one ("tags.owner").
struct ResourceOptions {
    std::vector<std::string> aliases = {};  ///< whole addresses
    bool delete_before_replace = false;
    std::vector<std::string> depends_on = {};  ///< addresses of resources or components
    std::vector<std::string> ignore_changes = {};
    std::string import_id = {};
    bool protect = false;
    std::string provider = {};  ///< name of the provider instance; empty: the type's default one
    std::vector<std::string> replace_on_changes = {};
    bool retain_on_delete = false;
    Timeouts timeouts = {};
};

/// A piece of a property that somebody other than the declaring component adds (a grant adds a statement).
struct Fragment {
    std::string property;  ///< wire name
    std::string from;      ///< address of the component that adds it
    Declared content;
};

/// One resource as the program declares it. Properties may hold References until they are resolved.
struct ResourceDeclaration {
    std::string address;  ///< "network/vpc"
    const ResourceType* type = nullptr;
    ValueMap properties;  ///< by wire name
    Locations locations;
    ResourceOptions options;
    std::vector<Fragment> fragments;
    Location declared_at;
};

/// A configured provider in the program: region, assumed role, tags that every resource gets.
struct ProviderDeclaration {
    std::string name;  ///< "aws", "aws.audit"
    std::string kind;  ///< "aws"
    ValueMap config;   ///< region, assume_role, external_id, endpoint ...; may hold References
    std::map<std::string, std::string> default_tags;
    std::vector<std::string> ignore_tags;  ///< keys or globs that are never looked at
    Location declared_at;
};

// What a Reference may point at.
struct OutputNode {              ///< an output of a resource
    std::uint32_t resource = 0;  ///< index into Graph::resources()
    std::string output;          ///< OutputSchema::name
};
struct MappedNode {  ///< computed from other nodes
    std::vector<std::uint32_t> inputs;
    std::function<Value(const std::vector<Value>&)> compute;
    Value made_of = {};  ///< what it computes with, where that is data: the parts of a text, a document; null for a function
    Location declared_at = {};
};
struct LookupNode {        ///< asked of a provider
    std::string kind;      ///< "aws.ec2.Image"
    std::string provider;  ///< name of the instance; empty: the kind's default one ("aws")
    ValueMap arguments;
    std::string output;
    Location declared_at;
};
struct StackOutputNode {  ///< an output of another stack
    std::string stack;
    std::string output;
    Location declared_at;
};
using Node = std::variant<OutputNode, MappedNode, LookupNode, StackOutputNode>;

/// An output of the whole stack.
struct StackOutput {
    std::string name;
    Value value;  ///< may hold References
    std::string description;
    Location declared_at;
};

/// Everything that one run of a stack's program declared. Making it sends no call.
class Graph {
public:
    explicit Graph(std::string stack) : stack_{std::move(stack)} {}

    std::uint32_t add(ResourceDeclaration declaration);
    std::uint32_t add(Node node);
    void add(ProviderDeclaration provider) { providers_.push_back(std::move(provider)); }
    void add(StackOutput output) { outputs_.push_back(std::move(output)); }
    /// The program lets go of a resource: state forgets it, the service keeps it.
    void forget(std::string address, Location where) { forgotten_.emplace_back(std::move(address), std::move(where)); }

    [[nodiscard]] const std::string& stack() const { return stack_; }
    [[nodiscard]] const std::vector<ResourceDeclaration>& resources() const { return resources_; }
    [[nodiscard]] std::vector<ResourceDeclaration>& resources() { return resources_; }
    [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
    [[nodiscard]] const std::vector<ProviderDeclaration>& providers() const { return providers_; }
    [[nodiscard]] std::vector<ProviderDeclaration>& providers() { return providers_; }
    [[nodiscard]] const std::vector<StackOutput>& outputs() const { return outputs_; }
    [[nodiscard]] const std::vector<std::pair<std::string, Location>>& forgotten() const { return forgotten_; }
    /// Mistakes found while declaring (a component's own checks).
    [[nodiscard]] Diagnostics& diagnostics() { return diagnostics_; }
    [[nodiscard]] const Diagnostics& diagnostics() const { return diagnostics_; }

private:
    std::string stack_;
    std::vector<ResourceDeclaration> resources_;
    std::vector<Node> nodes_;
    std::vector<ProviderDeclaration> providers_;
    std::vector<StackOutput> outputs_;
    std::vector<std::pair<std::string, Location>> forgotten_;
    Diagnostics diagnostics_;
};

}  // namespace strata
