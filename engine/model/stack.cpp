#include "engine/model/stack.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace strata {

namespace {

/// A former name is a whole address when it holds a slash ("network/vpc", "/vpc" at the top), else a sibling of the
/// present one.
std::string whole_address(const std::string& former, std::string_view beside) {
    if (former.starts_with('/')) return former.substr(1);
    if (former.find('/') != std::string::npos) return former;
    const auto slash = beside.rfind('/');
    return slash == std::string_view::npos ? former : fmt::format("{}/{}", beside.substr(0, slash), former);
}

std::vector<std::string> whole_addresses(const std::vector<Alias>& aliases, std::string_view address) {
    std::vector<std::string> addresses;
    for (const auto& alias : aliases) addresses.push_back(whole_address(alias.address, address));
    return addresses;
}

void append_all(auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); }

/// Adds what `options` say on top of what was folded in from the components around.
void fold(ResourceOptions& into, const Options& options) {
    into.delete_before_replace |= options.delete_before_replace;
    for (const auto& dependency : options.depends_on) into.depends_on.push_back(dependency.address);
    append_all(into.ignore_changes, options.ignore_changes);
    if (!options.import_id.empty()) into.import_id = options.import_id;
    into.protect |= options.protect;
    if (options.provider) into.provider = options.provider->name;
    append_all(into.replace_on_changes, options.replace_on_changes);
    into.retain_on_delete |= options.retain_on_delete;
    if (options.timeouts.create) into.timeouts.create = options.timeouts.create;
    if (options.timeouts.update) into.timeouts.update = options.timeouts.update;
    if (options.timeouts.remove) into.timeouts.remove = options.timeouts.remove;
}

}  // namespace

Dependency::Dependency(const Resource& resource) : address{resource.address()} {}
Dependency::Dependency(const Component& component) : address{component.address()} {}

std::string Scope::address_of(std::string_view name) const {
    return address_.empty() ? std::string{name} : fmt::format("{}/{}", address_, name);
}

const Environment& Scope::environment() const { return stack_->environment(); }

std::string Scope::provider_for(const LookupOptions& options) const {
    ResourceOptions folded;
    for (const auto& inherited : inherited_) fold(folded, inherited);
    return options.provider ? options.provider->name : folded.provider;
}

Stack::Stack(std::string name, Environment environment) : Scope{*this, ""}, environment_{std::move(environment)}, graph_{std::move(name)} {}

void Stack::output(std::string name, const Input<Value>& value, std::string description) {
    graph_.add(StackOutput{.name = std::move(name),
                           .value = value.set() ? value.declared().value : Value{},
                           .description = std::move(description),
                           .declared_at = value.set() ? value.declared().locations.find("") : Location{}});
}

void Stack::forget(std::string address, std::source_location where) { graph_.forget(std::move(address), Location::of(where)); }

ProviderHandle Stack::provider(ProviderDeclaration declaration, std::source_location where) {
    declaration.declared_at = Location::of(where);
    ProviderHandle handle{declaration.name};
    graph_.add(std::move(declaration));
    return handle;
}

Component::Component(const Scope& parent, std::string_view name, Options options)
    : Scope{parent.stack(), (options.parent != nullptr ? *options.parent : parent).address_of(name)} {
    const Scope& around = options.parent != nullptr ? *options.parent : parent;
    inherited_ = around.inherited_;
    former_ = around.former_;
    former_.push_back(whole_addresses(options.aliases, address()));
    inherited_.push_back(std::move(options));
}

namespace {

/// Every address that a resource may have had: each of the components around it, and the resource itself, under its
/// present name or a former one, in every combination; the present address is left out.
/// @param chain  of each component around, outermost first: its former addresses
std::vector<std::string> former_addresses(const std::string& address, std::vector<std::vector<std::string>> chain,
                                          std::vector<std::string> own) {
    chain.push_back(std::move(own));
    std::vector<std::string> around{""};  // addresses of what is around, the present one first; with their last slash
    std::size_t begin = 0;
    for (const auto& former : chain) {
        const auto end = std::min(address.find('/', begin), address.size());
        const auto present_around = address.substr(0, begin);
        std::vector<std::string> found;
        for (const auto& prefix : around) {
            found.push_back(prefix + address.substr(begin, end - begin) + "/");
            for (const auto& alias : former)
                if (alias.starts_with(present_around)) found.push_back(prefix + alias.substr(begin) + "/");
        }
        // A whole address that lies elsewhere does not depend on what is around.
        for (const auto& alias : former)
            if (!alias.starts_with(present_around)) found.push_back(alias + "/");
        around = std::move(found);
        begin = end + 1;
    }
    around.erase(around.begin());
    for (auto& found : around) found.pop_back();
    return around;
}

}  // namespace

Resource::Resource(const Scope& scope, std::string_view name, const ResourceType& type, Declared properties, const Options& options,
                   const std::source_location& where)
    : graph_{&scope.stack().graph()} {
    const Scope& around = options.parent != nullptr ? *options.parent : scope;
    ResourceDeclaration declaration{.address = around.address_of(name),
                                    .type = &type,
                                    .properties = properties.value.map() ? std::move(*properties.value.map()) : ValueMap{},
                                    .locations = std::move(properties.locations),
                                    .options = {},
                                    .fragments = {},
                                    .declared_at = Location::of(where)};
    for (const auto& inherited : around.inherited_) fold(declaration.options, inherited);
    fold(declaration.options, options);
    declaration.options.aliases =
        former_addresses(declaration.address, around.former_, whole_addresses(options.aliases, declaration.address));
    for (const auto& inherited : around.inherited_)
        if (inherited.transform) inherited.transform(declaration);
    if (options.transform) options.transform(declaration);
    index_ = graph_->add(std::move(declaration));
}

const std::string& Resource::address() const { return graph_->resources()[index_].address; }

void Resource::contribute(const Scope& from, std::string_view property, Declared content) const {
    graph_->resources()[index_].fragments.push_back({std::string{property}, from.address(), std::move(content)});
}

std::uint32_t Resource::add_output(std::string_view name) const {
    return graph_->add(Node{OutputNode{.resource = index_, .output = std::string{name}}});
}

}  // namespace strata
