#include "engine/deploy/recovery.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/deploy/recovered_part.hpp"

namespace strata {

namespace {

Step search_step(const OpenStep& open, const ResourceType& type, const std::string& stack_tag) {
    return {.action = StepAction::create,
            .type = &type,
            .facet = 0,
            .address = open.address,
            .stack = stack_tag,
            .id = open.id,
            .desired = open.properties,
            .changed = {},
            .previous = {},
            .properties = open.properties,
            .outputs = {},
            .token = open.token};
}

Error ambiguous(const OpenStep& open, const Error& why) {
    return Error{.kind = ErrorKind::outcome_unknown,
                 .summary = "Outcome of an earlier step is not known",
                 .cause = fmt::format("Creating {} ({}) was begun with token {} and not seen to its end. {}", open.address, open.type,
                                      open.token, why.cause),
                 .remedy = fmt::format("Look for a {} with the tag strata:token = {}, then say what became of it:\n"
                                       "  strata state resolve {} --adopt ID\n  strata state resolve {} --absent",
                                       open.type, open.token, open.address, open.address)};
}

Event settled(const OpenStep& open, std::string text) {
    return {.kind = Event::Kind::recovered, .address = open.address, .facet = open.facet, .type = open.type, .text = std::move(text)};
}

/// In another account nothing would be found, and what was made would be forgotten.
Result<Provider*> provider_of_step(const State& state, const OpenStep& open, ProviderSet& providers) {
    auto provider = providers.get(open.provider);
    if (!provider) return provider;
    if (auto right = providers.matches(open.provider, state); !right) return std::move(right).error();
    return provider;
}

/// An id that the service chose and the journal knows needs no search: a search may not show yet what was made a moment ago.
Result<std::optional<std::string>> what_was_made(const OpenStep& open, const ResourceType& type, Provider& provider,
                                                 const std::string& stack_tag) {
    if (is_handed_over(open) && provider.planned_id(type, open.properties).empty()) return std::optional{open.id};
    return provider.find_orphan(search_step(open, type, stack_tag));
}

void recover_create(const State& state, const OpenStep& open, ProviderSet& providers, const std::string& stack_tag, Recovery& recovery) {
    const auto* type = providers.find_type(open.type);
    auto provider = provider_of_step(state, open, providers);
    if (!provider) return recovery.errors.push_back(std::move(provider).error());
    if (type == nullptr) return recovery.errors.push_back(ambiguous(open, Error{.cause = "This program does not know the type."}));
    auto found = what_was_made(open, *type, **provider, stack_tag);
    if (!found) return recovery.errors.push_back(ambiguous(open, found.error()));
    recovery.mutations.push_back({.kind = Mutation::Kind::end, .key = open.step});
    const auto& id = *found;
    if (!id) return recovery.events.push_back(settled(open, "had not been created"));
    for (auto& mutation : adopted(state, open, type->schema_version, *id)) recovery.mutations.push_back(std::move(mutation));
    recovery.events.push_back(settled(open, fmt::format("had been created as {}", *id)));
    recovery.unsettled.push_back(open.address);
}

void recover_part(const State& state, const OpenStep& open, ProviderSet& providers, Recovery& recovery) {
    const auto* type = providers.find_type(open.type);
    auto provider = provider_of_step(state, open, providers);
    if (!provider) return recovery.errors.push_back(std::move(provider).error());
    recovery.mutations.push_back({.kind = Mutation::Kind::end, .key = open.step});
    recovery.events.push_back(settled(open, fmt::format("{} of an earlier run is looked at again", open.action)));
    if (type == nullptr) return;
    for (auto& mutation : recovered_part(state, open, *type, **provider)) recovery.mutations.push_back(std::move(mutation));
}

}  // namespace

std::vector<Mutation> adopted(const State& state, const OpenStep& open, int schema_version, const std::string& id) {
    const auto* known = state.find(open.address);
    if (known != nullptr && known->id == id) return {};
    std::vector<Mutation> mutations;
    if (known != nullptr) mutations.push_back({.kind = Mutation::Kind::depose, .address = open.address});
    ResourceState found{.address = open.address,
                        .type = open.type,
                        .schema_version = schema_version,
                        .provider = open.provider,
                        .id = id,
                        .outputs = {},
                        .facets = {},
                        .token = open.token};
    found.facets[""] = {.properties = open.properties, .dependencies = {}};
    mutations.push_back({.kind = Mutation::Kind::put_resource, .resource = std::move(found)});
    return mutations;
}

Recovery recover(const State& state, ProviderSet& providers, const std::string& stack_tag, HandedOver handed_over) {
    Recovery recovery;
    for (const auto& [id, open] : state.open) {
        if (handed_over == HandedOver::left_open && is_handed_over(open)) continue;
        if (open.action == "create") {
            if (open.facet.empty()) recover_create(state, open, providers, stack_tag, recovery);
            else recover_part(state, open, providers, recovery);
            continue;
        }
        recovery.mutations.push_back({.kind = Mutation::Kind::end, .key = id});
        recovery.events.push_back(settled(open, fmt::format("{} of an earlier run is looked at again", open.action)));
        if (open.action == "update" && open.facet.empty()) recovery.unsettled.push_back(open.address);
    }
    return recovery;
}

}  // namespace strata
