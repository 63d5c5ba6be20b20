#include "engine/deploy/bookkeeping.hpp"

#include <algorithm>
#include <set>

#include "engine/deploy/marks.hpp"
#include "engine/plan/desired.hpp"
#include "engine/plan/diff.hpp"

namespace strata {

namespace {

void facet_records(const PlannedResource& planned, const ResourceState& known, const SealKey& key, std::vector<Mutation>& out) {
    for (const auto& facet : planned.facets) {
        if (facet.action || !facet.diff.empty()) continue;
        FacetState wanted{.properties = stored_form(*planned.type, facet.desired, key), .dependencies = facet.dependencies};
        const auto label = std::string{planned.type->facet_label(facet.facet)};
        const auto at = known.facets.find(label);
        // What was ignored stays as it was recorded; unknowns come only from what was not carried out.
        bool settled = true;
        for (const auto& [name, value] : wanted.properties) settled &= !value.has_unknown();
        if (!settled ||
            (at != known.facets.end() && at->second.properties == wanted.properties && at->second.dependencies == wanted.dependencies))
            continue;
        out.push_back({.kind = Mutation::Kind::put_facet, .address = planned.address, .key = label, .facet = std::move(wanted)});
    }
}

Value options_of(bool protect, bool retain, bool tainted) {
    return Value::map({{"protect", protect}, {"retain_on_delete", retain}, {"tainted", tainted}});
}

void output_records(const PlannedResource& planned, const ResourceState& known, const LiveMap& live, std::vector<Mutation>& out) {
    const auto at = live.find(planned.address_in_state());
    const auto* seen = at != live.end() ? std::get_if<Live>(&at->second) : nullptr;
    if (seen == nullptr || seen->id != known.id || planned.action != PlanAction::keep) return;
    auto merged = known.outputs;
    for (const auto& [name, value] : seen->outputs) merged.set(name, value);
    if (!(merged == known.outputs))
        out.push_back({.kind = Mutation::Kind::set_outputs, .address = planned.address, .value = std::move(merged)});
}

}  // namespace

std::vector<Mutation> bookkeeping(const Plan& plan, const State& state, const LiveMap& live, const SealKey& key) {
    std::vector<Mutation> out;
    for (const auto& planned : plan.resources) {
        const auto* known = state.find(planned.address);
        const bool kept = planned.action == PlanAction::keep || planned.action == PlanAction::update || planned.action == PlanAction::adopt;
        if (known == nullptr || planned.type == nullptr || !kept || planned.facets.empty()) continue;
        if (known->provider != planned.provider) {
            auto moved = *known;
            moved.provider = planned.provider;
            out.push_back({.kind = Mutation::Kind::put_resource, .resource = std::move(moved)});
        }
        facet_records(planned, *known, key, out);
        if (planned.protect != known->protect || planned.retain_on_delete != known->retain_on_delete)
            out.push_back({.kind = Mutation::Kind::set_options,
                           .address = planned.address,
                           .value = options_of(planned.protect, planned.retain_on_delete, known->tainted)});
        output_records(planned, *known, live, out);
    }
    return out;
}

UpdateEnd update_end(const Plan& plan, const Outcome& outcome, double seconds) {
    const auto planned = plan.counts();
    UpdateEnd end{.result = outcome.interrupted ? "interrupted"
                            : outcome.ok()      ? "succeeded"
                                                : "failed",
                  .seconds = seconds,
                  .done = outcome.done,
                  .skipped = outcome.skipped};
    for (const auto& [name, count] :
         std::initializer_list<std::pair<std::string_view, std::size_t>>{{"created", planned.create + planned.adopt},
                                                                         {"updated", planned.update},
                                                                         {"replaced", planned.replace},
                                                                         {"deleted", planned.remove + planned.forget},
                                                                         {"failed", outcome.failures.size()}})
        if (count > 0) end.counts.set(name, static_cast<std::int64_t>(count));
    return end;
}

std::vector<Mutation> provider_mutations(const Plan& plan, const ProviderSet& providers, const State& state) {
    std::vector<Mutation> out;
    std::set<std::string> seen;
    for (const auto& planned : plan.resources) {
        if (!seen.insert(planned.provider).second) continue;
        const auto* identity = providers.identity(planned.provider);
        if (identity == nullptr) continue;
        ProviderState now{.kind = planned.provider.substr(0, planned.provider.find('.')),
                          .account = identity->account,
                          .region = identity->region,
                          .instance = identity->instance};
        const auto before = state.providers.find(planned.provider);
        const bool same = before != state.providers.end() && before->second.account == now.account && before->second.region == now.region &&
                          before->second.instance == now.instance;
        if (!same) out.push_back({.kind = Mutation::Kind::provider, .key = planned.provider, .provider = std::move(now)});
    }
    return out;
}

namespace {

/// `live` cut down to what `applied` speaks of: accepting drift must not make foreign members ours.
Value projected(const Value& applied, const Value& live) {
    if (applied.is_secret()) return Value::secret(projected(applied.revealed(), live.revealed()));
    const auto* ours = applied.map();
    const auto* theirs = live.map();
    if (ours != nullptr && theirs != nullptr) {
        ValueMap out;
        for (const auto& [name, value] : *ours)
            if (const auto* now = theirs->find(name)) out.set(name, projected(value, *now));
        return out;
    }
    const auto* items = applied.list();
    const auto* now = live.list();
    if (items == nullptr || now == nullptr) return live;
    const auto marked = marked_as(applied, live);
    const auto& unlike_ours = *marked.list();
    ValueList out;
    for (std::size_t i = 0; i < now->size(); ++i) {
        const auto kept = std::ranges::find_if(*items, [&](const Value& item) { return projected(item, (*now)[i]) == item; });
        if (kept != items->end()) out.push_back(*kept);
        else out.push_back(items->size() == now->size() ? projected((*items)[i], unlike_ours[i]) : unlike_ours[i]);
    }
    return out;
}

/// The facet with every property that differs live taken over; empty when none does.
std::optional<FacetState> accepted(const ResourceType& type, std::size_t index, const FacetState& facet, const ValueMap& outputs,
                                   const Live& seen, const SealKey& key) {
    const auto differs = diff({.type = &type,
                               .facet = index,
                               .desired = &facet.properties,
                               .applied = &facet.properties,
                               .live = &seen.properties,
                               .applied_outputs = &outputs,
                               .live_outputs = &seen.outputs,
                               .hash = [](const void*, const Value& value) { return value; }});
    if (differs.empty()) return std::nullopt;
    FacetState taken = facet;
    for (const auto& name : differs.changed_properties()) {
        const auto* now = seen.properties.find(name);
        const auto* before = facet.properties.find(name);
        // The entries of a map facet are ours, all of them: one that somebody added becomes so.
        const bool whole = !type.facets.empty() && type.facets[index].kind == FacetKind::map;
        if (now == nullptr) {
            taken.properties.erase(name);
            continue;
        }
        const auto kept = before == nullptr ? *now : whole ? marked_as(*before, *now) : projected(*before, *now);
        taken.properties.set(name, stored_form(type, ValueMap{{name, kept}}, key)[name]);
    }
    return taken;
}

}  // namespace

std::vector<Mutation> accepted_live(const State& state, const LiveMap& live, const ProviderSet& providers, const SealKey& key) {
    std::vector<Mutation> out;
    for (const auto& [address, known] : state.resources) {
        const auto at = live.find(address);
        const auto* type = providers.find_type(known.type);
        if (at == live.end() || type == nullptr) continue;
        if (std::holds_alternative<Absent>(at->second)) out.push_back({.kind = Mutation::Kind::remove_resource, .address = address});
        const auto* seen = std::get_if<Live>(&at->second);
        if (seen == nullptr) continue;
        for (std::size_t i = 0; i < std::max<std::size_t>(type->facets.size(), 1); ++i) {
            const auto facet = known.facets.find(std::string{type->facet_label(i)});
            if (facet == known.facets.end()) continue;
            if (auto taken = accepted(*type, i, facet->second, known.outputs, *seen, key))
                out.push_back({.kind = Mutation::Kind::put_facet, .address = address, .key = facet->first, .facet = std::move(taken)});
        }
        auto outputs = known.outputs;
        for (const auto& [name, value] : seen->outputs) outputs.set(name, value);
        if (!(outputs == known.outputs))
            out.push_back({.kind = Mutation::Kind::set_outputs, .address = address, .value = std::move(outputs)});
    }
    return out;
}

}  // namespace strata
