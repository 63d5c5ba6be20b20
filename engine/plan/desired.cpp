#include "engine/plan/desired.hpp"

#include "engine/plan/diff.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/state/codec.hpp"

namespace strata {

const ProviderDeclaration* declared_provider(const Graph& graph, std::string_view name) {
    for (const auto& provider : graph.providers())
        if (provider.name == name) return &provider;
    return nullptr;
}

std::vector<std::string> ignored_parts(const Graph& graph, const ResourceDeclaration& declaration) {
    auto parts = declaration.options.ignore_changes;
    const auto* tags = declaration.type->property(declaration.type->tags_property);
    if (const auto* provider = declared_provider(graph, provider_of(declaration)); provider != nullptr && tags != nullptr)
        for (const auto& glob : provider->ignore_tags) parts.push_back(fmt::format("{}.{}", tags->label, glob));
    return parts;
}

std::string provider_of(const ResourceDeclaration& declaration) {
    return declaration.options.provider.empty() ? std::string{declaration.type->provider} : declaration.options.provider;
}

std::string provider_of(const LookupNode& lookup) {
    return lookup.provider.empty() ? lookup.kind.substr(0, lookup.kind.find('.')) : lookup.provider;
}

std::string state_address(const State& state, const ResourceDeclaration& declaration) {
    if (state.find(declaration.address, declaration.type->name) != nullptr) return declaration.address;
    for (const auto& former : declaration.options.aliases)
        if (state.find(former, declaration.type->name) != nullptr) return former;
    return declaration.address;
}

namespace {

/// What is neither secret nor large is kept as it is although no read answers it: a rollback wants it again.
bool is_kept(const PropertySchema& property, const Value& value) {
    constexpr std::size_t most_bytes = 1024;
    return !property.secret && !value.has_secret() && to_json(value).size() <= most_bytes;
}

}  // namespace

ValueMap stored_form(const ResourceType& type, const ValueMap& properties, const SealKey& key) {
    ValueMap stored;
    for (const auto& [name, value] : properties) {
        const auto* property = type.property(name);
        const bool readable = property != nullptr && !property->write_only && !property->local;
        // Where the default is not known, only state can tell that the reset was done.
        if (value.is_null() && readable && property->default_json.empty()) stored.set(name, value);
        if (value.is_null()) continue;
        const bool hash = is_keyed_hash(value);
        if (!hash && property != nullptr && property->write_only && !is_kept(*property, value)) stored.set(name, keyed_hash(key, value));
        else if (!hash && property != nullptr && property->secret) stored.set(name, Value::secret(value));
        else stored.set(name, value);
    }
    return stored;
}

void keep_ignored_hashes(const std::vector<std::string>& ignored, const ResourceType& type, const ValueMap& applied, ValueMap& desired) {
    for (const auto& [name, value] : applied) {
        const auto* property = type.property(name);
        const auto* wanted = desired.find(name);
        const bool known = wanted != nullptr && !wanted->has_unknown();
        if (property != nullptr && is_keyed_hash(value) && !known && covered_by(ignored, property->label)) desired.set(name, value);
    }
}

ValueMap without_hashes(const ValueMap& desired) {
    ValueMap out;
    for (const auto& [name, value] : desired)
        if (!is_keyed_hash(value)) out.set(name, value);
    return out;
}

ValueMap with_tags(const ClosedGraph& graph, const GraphNode& node, ValueMap properties, std::string_view stack_tag) {
    const auto& declaration = graph.declaration(node);
    const auto property = declaration.type->tags_property;
    if (node.facet != 0 || property.empty()) return properties;
    ValueMap tags;
    if (const auto* provider = declared_provider(*graph.graph, provider_of(declaration)))
        for (const auto& [key, value] : provider->default_tags) tags.set(key, value);
    if (const auto* own = properties.find(property); own != nullptr && own->map() != nullptr)
        for (const auto& [key, value] : *own->map()) tags.set(key, value);
    if (declaration.type->bookkeeping_tags) {
        tags.set(stack_tag_key, stack_tag);
        tags.set(address_tag_key, declaration.address);
    }
    if (tags.empty()) return properties;
    properties.set(property, std::move(tags));
    return properties;
}

}  // namespace strata
