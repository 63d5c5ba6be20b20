#include "engine/deploy/job_maker.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "engine/deploy/step_effects.hpp"
#include "engine/model/operation_token.hpp"
#include "engine/plan/desired.hpp"

namespace strata {

namespace {

/// The values without the members of sets and maps that are not known yet.
ValueMap known_members(const ValueMap& values) {
    ValueMap known;
    for (const auto& [name, value] : values) {
        if (!value.has_unknown()) {
            known.set(name, value);
        } else if (const auto* list = value.list()) {
            ValueList members;
            std::ranges::copy_if(*list, std::back_inserter(members), [](const Value& member) { return !member.has_unknown(); });
            known.set(name, std::move(members));
        } else if (const auto* map = value.map()) {
            ValueMap members;
            for (const auto& [key, member] : *map)
                if (!member.has_unknown()) members.set(key, member);
            known.set(name, std::move(members));
        }
    }
    return known;
}

}  // namespace

JobMaker::JobMaker(const ExecutorInput& input, const State& before, Presence& presence)
    : in_{input},
      before_{before},
      presence_{presence},
      resolver_{
          *input.graph->graph,
          {.resource = [this](std::uint32_t resource,
                              const std::string& output) { return presence_.output_of(in_.graph->graph->resources()[resource], output); },
           .lookup = input.lookup,
           .stack_output = input.stack_output},
          diagnostics_} {}

Result<JobMaker::Made> JobMaker::make(std::size_t s, Provider* provider) {
    const auto& step = in_.plan->steps[s];
    const auto& planned = in_.plan->resources[step.resource];
    if (step.kind == StepKind::remove) return Made{.job = removal(s, provider), .instead = {}};

    const auto& facet = *std::ranges::find(planned.facets, step.facet, &PlannedFacet::facet);
    auto desired = desired_now(planned, facet);
    if (const auto* failure = resolver_.failure()) return *failure;
    if (!step.lets_go_of.empty()) return letting_go(s, provider, facet, known_members(desired));
    if (std::ranges::any_of(desired, [](const auto& entry) { return entry.second.has_unknown(); })) {
        if (auto failure = in_.lookup_failure()) return *std::move(failure);
        return Error{.kind = ErrorKind::internal,
                     .summary = "A value is still not known",
                     .cause = fmt::format("{} uses an output that its resource did not give.", planned.address),
                     .remedy = "Please report this as a mistake in Strata."};
    }

    auto& present = presence_[step.resource];
    const auto changes = diff_now(planned, facet, desired);
    const bool creates = step.kind == StepKind::create && !is_spared(step.resource);
    if (creates) leave_out_defaults(planned, facet, desired);
    // A new thing has nothing of the one that it replaces.
    if (creates && step.facet == 0) present.properties = {};
    for (const auto& [name, value] : desired) present.properties.set(name, value);
    const bool waits = planned.settles_first && step.facet == 0;
    if (!creates && changes.empty() && !waits)
        return Made{.job = {}, .instead = effects_of_no_change(planned, facet, desired, in_.session->hash_key())};
    return Made{.job = making(s, provider, facet, std::move(desired), changes), .instead = {}};
}

Result<JobMaker::Made> JobMaker::letting_go(std::size_t s, Provider* provider, const PlannedFacet& facet, ValueMap desired) {
    const auto& planned = in_.plan->resources[in_.plan->steps[s].resource];
    const auto changes = diff_now(planned, facet, desired);
    if (changes.empty()) return Made{};
    auto job = making(s, provider, facet, desired, changes);
    let_go_[&facet] = std::move(desired);
    return Made{.job = std::move(job), .instead = {}};
}

bool JobMaker::is_spared(std::size_t resource) {
    if (!in_.plan->resources[resource].replace_if_changed) return false;
    try_to_decide(resource);
    presence_[resource].decided = true;
    return presence_[resource].shrunk;
}

void JobMaker::try_to_decide(std::size_t resource) {
    const auto& planned = in_.plan->resources[resource];
    auto& present = presence_[resource];
    if (!planned.replace_if_changed || present.decided) return;
    const auto& core = planned.facets.front();
    // What is spared itself gives what it gave before.
    for (const auto& key : core.dependencies)
        if (const auto other = presence_.planned_for(key); other && *other != resource) try_to_decide(*other);
    const auto desired = desired_now(planned, core);
    if (resolver_.failure() != nullptr || std::ranges::any_of(desired, [](const auto& entry) { return entry.second.has_unknown(); }))
        return;
    const auto changes = diff_now(planned, core, desired);
    present.decided = true;
    present.shrunk = !changes.replaces();
    if (changes.empty()) present.pending = false;
}

ValueMap JobMaker::desired_now(const PlannedResource& planned, const PlannedFacet& facet) {
    const auto at = in_.graph->resource_at.find(planned.address);
    for (const auto n : in_.graph->nodes_of[at->second]) {
        const auto& node = in_.graph->nodes[n];
        if (node.facet != facet.facet) continue;
        auto desired = with_tags(*in_.graph, node, resolver_.resolve(node.properties), in_.stack_tag);
        // What planning put in (a name, defaults to go back to) stays in.
        for (const auto& [name, value] : facet.desired)
            if (!desired.contains(name) || is_keyed_hash(value)) desired.set(name, value);
        if (planned.action != PlanAction::create)
            keep_ignored(ignored_parts(*in_.graph->graph, *declaration_of(planned)), *planned.type, present_of(facet), desired);
        return desired;
    }
    return facet.desired;
}

/// What an update would send to bring a default back is no business of a new thing: it has its defaults.
void JobMaker::leave_out_defaults(const PlannedResource& planned, const PlannedFacet& facet, ValueMap& desired) const {
    const auto& wished = declaration_of(planned)->properties;
    for (const auto& change : facet.diff.changes)
        if (change.property != planned.type->tags_property && !wished.contains(change.property)) desired.erase(change.property);
}

Diff JobMaker::diff_now(const PlannedResource& planned, const PlannedFacet& facet, const ValueMap& desired) const {
    const auto* declaration = declaration_of(planned);
    const auto* known = before_.find(planned.address_in_state(), planned.type_name);
    const auto seen = in_.live->find(planned.address_in_state());
    const auto* live = known != nullptr && seen != in_.live->end() ? std::get_if<Live>(&seen->second) : nullptr;
    return diff({.type = planned.type,
                 .facet = facet.facet,
                 .desired = &desired,
                 .applied = applied_of(planned, facet),
                 .live = &present_of(facet),
                 .applied_outputs = known != nullptr ? &known->outputs : nullptr,
                 .live_outputs = live != nullptr ? &live->outputs : nullptr,
                 .imported = planned.action == PlanAction::adopt,
                 .locations = &declaration->locations,
                 .ignore_changes = &declaration->options.ignore_changes,
                 .replace_on_changes = &declaration->options.replace_on_changes,
                 .ignore_tags = nullptr,
                 .hash = [](const void* key, const Value& value) { return keyed_hash(*static_cast<const SealKey*>(key), value); },
                 .hash_key = &in_.session->hash_key()});
}

StepJob JobMaker::job_for(std::size_t s, Provider* provider, StepAction action) const {
    const auto& step = in_.plan->steps[s];
    const auto& planned = in_.plan->resources[step.resource];
    const auto& present = presence_[step.resource];
    return {.index = s,
            .provider = provider,
            .instance = step.old ? planned.provider_in_state() : planned.provider,
            .step = {.action = action,
                     .type = planned.type,
                     .facet = step.facet,
                     .address = planned.address,
                     .stack = in_.stack_tag,
                     .id = present.id,
                     .desired = {},
                     .changed = {},
                     .previous = {},
                     .properties = present.properties,
                     .outputs = present.outputs,
                     .token = operation_token(in_.clock->now()),
                     .timeout = timeout_of(planned, action)},
            .effects = {},
            .cursor = {},
            .old = step.old,
            .lets_go = !step.lets_go_of.empty()};
}

/// The step is the one of an earlier run that stands open: its token, its thing, and where it was.
void JobMaker::go_on_with(const std::string& open_step, StepJob& job) const {
    const auto at = before_.open.find(open_step);
    if (at == before_.open.end()) return;
    job.continues = open_step;
    job.cursor = at->second.cursor;
    job.step.id = at->second.id;
    job.step.token = at->second.token;
}

StepJob JobMaker::making(std::size_t s, Provider* provider, const PlannedFacet& facet, ValueMap desired, const Diff& changes) const {
    const auto& step = in_.plan->steps[s];
    const auto& planned = in_.plan->resources[step.resource];
    const bool creates = step.kind == StepKind::create && !presence_[step.resource].shrunk;
    auto job = job_for(s, provider, creates ? StepAction::create : StepAction::update);
    job.step.desired = std::move(desired);
    job.step.changed = changes.changed_properties();
    if (const auto* applied = applied_of(planned, facet); applied != nullptr && !creates) job.step.applied = *applied;
    const bool of_a_new_one = planned.action == PlanAction::replace || planned.action == PlanAction::create;
    if (!creates || (step.facet != 0 && !of_a_new_one)) job.step.previous = present_of(facet);
    if (creates && step.facet == 0) {
        job.step.id = in_.providers->peek(planned.provider)->planned_id(*planned.type, job.step.desired);
        job.step.outputs = {};
        // Of a replacement that deletes first it may be the old one's delete that goes on.
        if (const auto at = before_.open.find(planned.continues); at != before_.open.end() && at->second.action == "create")
            go_on_with(planned.continues, job);
    }
    job.step.settle_first = planned.settles_first && !creates && step.facet == 0;
    job.effects = [&planned, &facet, sent = job.step, &key = in_.session->hash_key()](const Progress& progress) {
        return effects_of_making(planned, facet, sent, progress, key);
    };
    return job;
}

StepJob JobMaker::removal(std::size_t s, Provider* provider) const {
    const auto& step = in_.plan->steps[s];
    const auto& planned = in_.plan->resources[step.resource];
    auto job = job_for(s, provider, StepAction::remove);
    if (step.old || planned.action == PlanAction::remove) {
        auto before = presence_.before(planned);
        job.step.id = std::move(before.id);
        job.step.outputs = std::move(before.outputs);
        job.step.properties = std::move(before.properties);
    }
    const auto begun = before_.open.find(planned.continues);
    if (step.facet == 0 && begun != before_.open.end() && begun->second.action == "remove") go_on_with(planned.continues, job);
    const auto facet = std::ranges::find(planned.facets, step.facet, &PlannedFacet::facet);
    if (!step.old && facet != planned.facets.end()) {
        job.step.previous = facet->previous;
    } else {
        for (const auto& [name, value] : job.step.properties)
            if (const auto* property = planned.type->property(name); property != nullptr && property->facet == step.facet)
                job.step.previous.set(name, value);
    }
    job.effects = [&planned, &step, &before = before_](const Progress&) { return effects_of_removing(planned, step, before); };
    return job;
}

const ValueMap& JobMaker::present_of(const PlannedFacet& facet) const {
    const auto left = let_go_.find(&facet);
    return left != let_go_.end() ? left->second : facet.previous;
}

const ValueMap* JobMaker::applied_of(const PlannedResource& planned, const PlannedFacet& facet) const {
    if (const auto left = let_go_.find(&facet); left != let_go_.end()) return &left->second;
    const auto* known = before_.find(planned.address_in_state(), planned.type_name);
    if (known == nullptr) return nullptr;
    const auto at = known->facets.find(planned.type->facet_label(facet.facet));
    return at != known->facets.end() ? &at->second.properties : nullptr;
}

const ResourceDeclaration* JobMaker::declaration_of(const PlannedResource& planned) const {
    const auto at = in_.graph->resource_at.find(planned.address);
    return at != in_.graph->resource_at.end() ? &in_.graph->graph->resources()[at->second] : nullptr;
}

Milliseconds JobMaker::timeout_of(const PlannedResource& planned, StepAction action) const {
    const auto* declaration = declaration_of(planned);
    if (declaration == nullptr) return Milliseconds{0};
    const auto& timeouts = declaration->options.timeouts;
    switch (action) {
        case StepAction::create: return timeouts.create.value_or(std::chrono::seconds{0});
        case StepAction::update: return timeouts.update.value_or(std::chrono::seconds{0});
        case StepAction::remove: return timeouts.remove.value_or(std::chrono::seconds{0});
    }
    return Milliseconds{0};
}

}  // namespace strata
