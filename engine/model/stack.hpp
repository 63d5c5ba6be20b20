#pragma once

#include <functional>
#include <map>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/graph.hpp"
#include "engine/model/input.hpp"
#include "engine/model/output.hpp"

namespace strata {

class Stack;
class Resource;
class Component;

/// What a program runs in: known before any call is made.
struct Environment {
    std::string name;  ///< "dev"
    std::string account;
    std::string region;
    std::string partition = "aws";
    std::vector<std::string> zones = {};  ///< availability zones of the region, in order
};

/// Something to wait for: a resource or everything in a component.
struct Dependency {
    Dependency(const Resource& resource);
    Dependency(const Component& component);
    std::string address;
};

/// A provider instance that the program configured; given to `Options::provider`.
struct ProviderHandle {
    std::string name;
};

/// The options of a resource or component, as the field knows them. On a component they hold for all below it.
struct Options {
    std::vector<Alias> aliases = {};
    bool delete_before_replace = false;
    std::vector<Dependency> depends_on = {};
    std::vector<std::string> ignore_changes = {};
    std::string import_id = {};
    const Component* parent = nullptr;
    bool protect = false;
    std::optional<ProviderHandle> provider = {};
    std::vector<std::string> replace_on_changes = {};
    bool retain_on_delete = false;
    Timeouts timeouts = {};
    Transform transform = {};
};

/// The options of a lookup; as those of a resource.
struct LookupOptions {
    std::optional<ProviderHandle> provider = {};
};

/// Where resources are declared: a stack, or a component inside one.
class Scope {
public:
    /// The address of something called `name` in here.
    [[nodiscard]] std::string address_of(std::string_view name) const;
    [[nodiscard]] const std::string& address() const { return address_; }
    [[nodiscard]] Stack& stack() const { return *stack_; }
    [[nodiscard]] const Environment& environment() const;
    /// Whom a lookup in here asks: the provider instance that its own options name, else the innermost component around
    /// that names one; empty: the default one of the lookup's kind.
    [[nodiscard]] std::string provider_for(const LookupOptions& options) const;

protected:
    friend class Resource;
    friend class Component;
    Scope(Stack& stack, std::string address) : stack_{&stack}, address_{std::move(address)} {}

private:
    Stack* stack_;
    std::string address_;                           ///< "" for the stack itself
    std::vector<Options> inherited_;                ///< of the components around, outermost first
    std::vector<std::vector<std::string>> former_;  ///< for each of them, its former addresses
};

/// One run of one stack's program. Owns the graph.
class Stack : public Scope {
public:
    Stack(std::string name, Environment environment);
    Stack(const Stack&) = delete;
    Stack& operator=(const Stack&) = delete;

    /// A value that people and other stacks may read after `up`.
    void output(std::string name, const Input<Value>& value, std::string description = {});

    /// An output of another stack: its planned value with `--all`, else its deployed one.
    template <typename T>
    Output<T> reference(std::string_view stack, std::string_view output, std::source_location where = std::source_location::current()) {
        return {graph_, graph_.add(Node{StackOutputNode{std::string{stack}, std::string{output}, Location::of(where)}})};
    }

    /// Lets go of a resource that was declared before: state forgets it, the service keeps it.
    void forget(std::string address, std::source_location where = std::source_location::current());

    ProviderHandle provider(ProviderDeclaration declaration, std::source_location where = std::source_location::current());

    [[nodiscard]] const std::string& name() const { return graph_.stack(); }
    [[nodiscard]] const Environment& environment() const { return environment_; }
    [[nodiscard]] Graph& graph() { return graph_; }
    [[nodiscard]] const Graph& graph() const { return graph_; }

private:
    Environment environment_;
    Graph graph_;
};

/// Base of every component: groups resources under one address and owns their defaults.
class Component : public Scope {
public:
    Component(const Scope& parent, std::string_view name, Options options = {});
};

/// Base of every generated resource class: a handle, cheap to copy.
class Resource {
public:
    [[nodiscard]] const std::string& address() const;

    /// Adds to a property of this resource from elsewhere, before the graph is closed: list and set items are
    /// appended, map entries put, and IAM policy documents get the statements.
    void contribute(const Scope& from, std::string_view property, Declared content) const;

protected:
    Resource(const Scope& scope, std::string_view name, const ResourceType& type, Declared properties, const Options& options,
             const std::source_location& where);

    template <typename T>
    [[nodiscard]] Output<T> output(std::string_view name) const {
        return {*graph_, add_output(name)};
    }

private:
    [[nodiscard]] std::uint32_t add_output(std::string_view name) const;

    Graph* graph_;
    std::uint32_t index_;
};

}  // namespace strata
