#include "engine/deploy/recovered_part.hpp"

#include <algorithm>
#include <span>
#include <variant>

namespace strata {

namespace {

/// The thing as it is, with that part of it; empty when it cannot be seen.
std::optional<Live> look(const ResourceState& known, const OpenStep& open, const ResourceType& type, std::size_t part, Provider& provider) {
    ReadItem item{.type = &type,
                  .address = known.address,
                  .id = known.id,
                  .properties = known.properties(),
                  .outputs = known.outputs,
                  .facets = std::vector<bool>(type.facets.size(), false)};
    for (const auto& [name, value] : open.properties) item.properties.set(name, value);
    item.facets[0] = item.facets[part] = true;
    auto found = provider.read(std::span{&item, 1}, ReadDepth::direct);
    if (auto* live = std::get_if<Live>(&found.front())) return std::move(*live);
    return std::nullopt;
}

}  // namespace

std::vector<Mutation> recovered_part(const State& state, const OpenStep& open, const ResourceType& type, Provider& provider) {
    const auto* known = state.find(open.address, open.type);
    const auto facet = std::ranges::find(type.facets, open.facet, &Facet::label);
    if (known == nullptr || facet == type.facets.end() || !facet->detach_first || known->facets.contains(open.facet)) return {};
    const auto live = look(*known, open, type, static_cast<std::size_t>(facet - type.facets.begin()), provider);
    if (!live) return {};
    FacetState there;
    for (const auto& [name, wanted] : open.properties)
        if (const auto* value = live->properties.find(name)) there.properties.set(name, wanted.has_secret() ? wanted : *value);
    if (there.properties.empty()) return {};
    return {{.kind = Mutation::Kind::put_facet, .address = open.address, .key = open.facet, .facet = std::move(there)}};
}

}  // namespace strata
