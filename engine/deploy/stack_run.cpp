#include "engine/deploy/stack_run.hpp"

#include <algorithm>
#include <exception>
#include <set>
#include <span>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/deploy/bookkeeping.hpp"
#include "engine/deploy/check_graph.hpp"
#include "engine/deploy/program_hash.hpp"
#include "engine/deploy/recovery.hpp"
#include "engine/plan/desired.hpp"

namespace strata {

StackRun::StackRun(const StackProgram& program, RunContext& context, StateStore& store, const KeyRing& keys)
    : program_{program}, context_{context}, store_{store}, keys_{keys} {}

std::string StackRun::stack_tag() const { return fmt::format("{}.{}", program_.name, context_.environment.name); }

void StackRun::evaluate(Diagnostics& diagnostics) {
    stack_ = std::make_unique<Stack>(program_.name, context_.environment);
    for (const auto& provider : context_.providers) stack_->graph().add(provider);
    try {
        program_.declare(*stack_);
    } catch (const std::exception& thrown) {
        diagnostics.error(Error{.kind = ErrorKind::invalid_program,
                                .summary = "The program failed",
                                .cause = fmt::format("Stack {} threw: {}", program_.name, thrown.what()),
                                .remedy = "Mend the function that declares the stack."});
    }
    closed_ = close(stack_->graph(), diagnostics);
    for (const auto& provider : stack_->graph().providers()) context_.provider_set->declare(provider);
    check_graph(stack_->graph(), *context_.provider_set, diagnostics);
}

Status StackRun::open_state(const std::optional<LockRequest>& lock) {
    auto session = StateSession::open(store_, keys_, {.stack = program_.name, .environment = context_.environment.name},
                                      {.lock = lock, .seen = context_.seen, .clock = context_.clock});
    if (!session) return std::move(session).error();
    session_ = std::move(*session);
    locked_ = lock.has_value();
    state_ = session_->state();
    return {};
}

Status StackRun::recover_steps() {
    if (state_.open.empty()) return {};
    return settle(recover(state_, *context_.provider_set, stack_tag()));
}

Status StackRun::settle(Recovery recovery) {
    unsettled_.insert(recovery.unsettled.begin(), recovery.unsettled.end());
    for (auto& event : recovery.events) {
        event.stack = program_.name;
        if (context_.events) context_.events(event);
    }
    if (!recovery.errors.empty()) return recovery.errors.front();
    if (locked_) {
        if (auto recorded = session_->record(recovery.mutations); !recorded) return recorded;
        state_ = session_->state();
        return {};
    }
    for (const auto& mutation : recovery.mutations) apply(state_, mutation);
    return {};
}

Status StackRun::identify() {
    std::set<std::string> used;
    if (!context_.options.destroy)
        for (const auto& declaration : stack_->graph().resources()) used.insert(provider_of(declaration));
    for (const auto& [address, known] : state_.resources) used.insert(known.provider);
    for (const auto& old : state_.deposed) used.insert(old.provider);
    for (const auto& instance : used) {
        if (auto provider = context_.provider_set->get(instance); !provider) return std::move(provider).error();
        if (auto right = context_.provider_set->matches(instance, state_); !right) return right;
    }
    return {};
}

void StackRun::tell(std::string text) const {
    if (context_.events) context_.events({.kind = Event::Kind::pass, .stack = program_.name, .text = std::move(text)});
}

Status StackRun::read() {
    if (context_.options.offline) {
        context_.provider_set->assume(state_);
        return {};
    }
    tell("asking who we are");
    if (auto identified = identify(); !identified) return identified;
    items_ = items_to_read({.graph = context_.options.destroy ? nullptr : &closed_,
                            .state = &state_,
                            .selection = {},
                            .all_facets = context_.options.all_facets},
                           *context_.provider_set);
    std::size_t count = 0;
    for (const auto& [instance, items] : items_) count += items.size();
    tell(fmt::format("reading {} resources", count));
    auto live = read_live(items_, *context_.provider_set, state_);
    if (!live) return std::move(live).error();
    live_ = std::move(*live);
    return {};
}

/// Of an instance that was not asked who it is, state may know; of one that is new and was not asked, nobody.
bool StackRun::same_place(const std::string& one, const std::string& other) const {
    const auto place = [this](const std::string& instance) -> std::optional<std::pair<std::string, std::string>> {
        if (const auto* now = context_.provider_set->identity(instance)) return std::pair{now->account, now->region};
        const auto known = state_.providers.find(instance);
        if (known == state_.providers.end()) return std::nullopt;
        return std::pair{known->second.account, known->second.region};
    };
    const auto here = place(one);
    return here && here == place(other);
}

PlannerInput StackRun::planner_input() {
    return {.graph = &closed_,
            .state = &state_,
            .live = &live_,
            .provider = [this](const std::string& instance) { return context_.provider_set->peek(instance); },
            .type = [this](std::string_view name) { return context_.provider_set->find_type(name); },
            .lookup = [this](const LookupNode& node, const ValueMap& arguments) { return look_up(node, arguments); },
            .stack_output = [this](const StackOutputNode& node) { return resolve_stack_output(node); },
            .same_place = [this](const std::string& one, const std::string& other) { return same_place(one, other); },
            .hash_key = &session_->hash_key(),
            .selection = context_.options.selection,
            .unsettled = unsettled_,
            .destroy = context_.options.destroy,
            .offline = context_.options.offline,
            .stack_tag = stack_tag()};
}

namespace {

/// Addresses whose batched answer shows a change that nobody here asked for.
std::vector<std::string> to_confirm(const Plan& plan) {
    std::vector<std::string> addresses;
    for (const auto& resource : plan.resources)
        if (resource.drifted() && !resource.missing) addresses.push_back(resource.address_in_state());
    return addresses;
}

}  // namespace

namespace {

std::map<std::string, std::string, std::less<>> fingerprints(const Plan& plan, const LiveMap& live, const SealKey& key) {
    std::map<std::string, std::string, std::less<>> found;
    for (const auto& planned : plan.resources) {
        const auto at = live.find(planned.address_in_state());
        const auto* seen = at != live.end() ? std::get_if<Live>(&at->second) : nullptr;
        if (!planned.changes() || seen == nullptr) continue;
        const auto all = to_json(Value::map({{"id", seen->id}, {"properties", Value{seen->properties}.without_marks()}}));
        found[planned.address] = hex_encode(hmac_sha256(key.bytes(), "fingerprint\n" + all));
    }
    return found;
}

}  // namespace

/// What an earlier run handed over, and this plan does not wait for because the program has changed, is settled like any other unfinished
/// step. True when there was any: the plan is to be made again.
Result<bool> StackRun::settle_what_the_plan_leaves() {
    auto left = state_;
    std::erase_if(left.open, [&](const auto& entry) {
        return std::ranges::find(plan_.resources, entry.first, &PlannedResource::continues) != plan_.resources.end() ||
               !context_.options.selection.selects(entry.second.address);
    });
    if (left.open.empty()) return false;
    if (auto settled = settle(recover(left, *context_.provider_set, stack_tag(), HandedOver::settled)); !settled)
        return std::move(settled).error();
    if (auto seen = read(); !seen) return std::move(seen).error();
    return true;
}

void StackRun::tell_what_goes_on() const {
    if (!context_.events) return;
    for (const auto& planned : plan_.resources) {
        if (planned.continues.empty()) continue;
        const auto& open = state_.open.at(planned.continues);
        context_.events({.kind = Event::Kind::recovered,
                         .stack = program_.name,
                         .address = open.address,
                         .type = open.type,
                         .text = fmt::format("still being {}: {}", open.action == "create" ? "created" : "deleted", open.id)});
    }
}

Status StackRun::make_plan(Diagnostics& diagnostics) {
    plan_ = strata::make_plan(planner_input(), diagnostics);
    auto settled = settle_what_the_plan_leaves();
    if (!settled) return std::move(settled).error();
    const auto input = planner_input();
    if (*settled) plan_ = strata::make_plan(input, diagnostics);
    if (const auto doubtful = to_confirm(plan_); !doubtful.empty() && !context_.options.offline) {
        if (auto confirmed = confirm(doubtful, items_, *context_.provider_set, live_); !confirmed) return confirmed;
        plan_ = strata::make_plan(input, diagnostics);
    }
    tell_what_goes_on();
    // Who only looks is warned; who is about to change things is stopped before the first call.
    for (const auto& [asked, why] : failed_lookups_) plan_.errors.push_back(why);
    for (const auto& missing : missing_references_) (locked_ ? plan_.errors : plan_.warnings).push_back(missing);
    plan_.read_live = live_.size();
    plan_.program_hash = program_hash(closed_);
    plan_.fingerprints = fingerprints(plan_, live_, keys_.current);
    if (const auto* identity = context_.provider_set->identity("aws")) plan_.identity = *identity;
    for (const auto& provider : stack_->graph().providers())
        if (const auto* identity = context_.provider_set->identity(provider.name); identity != nullptr && plan_.identity.account.empty())
            plan_.identity = *identity;
    return {};
}

Status StackRun::keep_only_import(const std::string& address) {
    const auto at = std::ranges::find(plan_.resources, address, &PlannedResource::address);
    if (at == plan_.resources.end() || at->action != PlanAction::adopt) {
        auto cause = fmt::format("{} is in the state of {} already.", address, program_.name);
        if (at != plan_.resources.end())
            if (const auto& unreadable = at->unreadable) cause = unreadable->cause;
        return Error{.kind = ErrorKind::invalid_program,
                     .summary = "Nothing to import",
                     .cause = std::move(cause),
                     .remedy = "To let state take another one, let go of it first:\n  strata state rm " + address};
    }
    plan_.resources = {*at};
    plan_.steps = {{.kind = StepKind::adopt, .resource = 0, .facet = 0}};
    plan_.outputs.clear();
    std::erase_if(plan_.errors, [&](const Error& error) { return error.cause.find(address) == std::string::npos; });
    return {};
}

Result<Rediscovery> StackRun::plan_rediscovery(Diagnostics& diagnostics) {
    Rediscoverer rediscoverer{closed_, state_, *context_.provider_set, stack_tag()};
    const auto input = planner_input();
    while (true) {
        Diagnostics told_in_the_end;
        auto found = rediscoverer.look_for(strata::make_plan(input, told_in_the_end));
        if (!found) return std::move(found).error();
        if (found->empty()) break;
        if (auto taken = take_over(*found); !taken) return std::move(taken).error();
    }
    if (auto planned = make_plan(diagnostics); !planned) return std::move(planned).error();
    auto report = rediscoverer.report(plan_);
    keep_only_imports();
    return report;
}

/// From now on these are imports, and what is live of them is known.
Status StackRun::take_over(const std::map<std::string, std::string>& found) {
    for (auto& declaration : stack_->graph().resources())
        if (const auto at = found.find(declaration.address); at != found.end()) declaration.options.import_id = at->second;
    items_ = items_to_read({.graph = &closed_, .state = &state_, .selection = {}, .all_facets = context_.options.all_facets},
                           *context_.provider_set);
    auto fresh = items_;
    for (auto& [instance, items] : fresh) std::erase_if(items, [&](const ReadItem& item) { return !found.contains(item.address); });
    std::erase_if(fresh, [](const auto& entry) { return entry.second.empty(); });
    auto seen = read_live(fresh, *context_.provider_set, state_);
    if (!seen) return std::move(seen).error();
    live_.merge(*seen);
    return {};
}

/// Parts that differ from the program are taken over as they are too: they must come off before the whole can be deleted.
void StackRun::keep_only_imports() {
    std::erase_if(plan_.resources, [](const PlannedResource& resource) { return resource.action != PlanAction::adopt; });
    plan_.steps.clear();
    for (std::size_t r = 0; r < plan_.resources.size(); ++r) {
        plan_.steps.push_back({.kind = StepKind::adopt, .resource = r, .facet = 0});
        for (auto& facet : plan_.resources[r].facets)
            if (!facet.previous.empty()) facet.action.reset();
    }
    std::erase_if(plan_.outputs, [](const PlannedOutput& output) { return !output.after || output.after->has_unknown(); });
    // They concern what the next `up` does.
    plan_.errors.clear();
    for (const auto& [asked, why] : failed_lookups_) plan_.warnings.push_back(why);
    for (const auto& missing : missing_references_) plan_.warnings.push_back(missing);
}

Outcome StackRun::carry_out_plan() {
    const auto input = planner_input();
    const auto began = context_.clock->steady();
    if (plan_.has_changes()) session_->begin_update(plan_.steps.size());
    for (const auto& resource : plan_.resources)
        if (const auto* present = state_.find(resource.address, resource.type_name);
            resource.set_aside && present != nullptr && present->id == resource.id)
            if (auto moved = session_->record({{.kind = Mutation::Kind::depose, .address = resource.address}}); !moved)
                return Outcome{.state_error = std::move(moved).error()};
    for (const auto& resource : plan_.resources)
        if (!resource.former_address.empty())
            if (auto renamed =
                    session_->record({{.kind = Mutation::Kind::rename, .address = resource.former_address, .key = resource.address}});
                !renamed)
                return Outcome{.state_error = std::move(renamed).error()};
    if (auto noted = session_->record(provider_mutations(plan_, *context_.provider_set, session_->state())); !noted)
        return Outcome{.state_error = std::move(noted).error()};
    auto outcome = carry_out({.plan = &plan_,
                              .graph = &closed_,
                              .live = &live_,
                              .before = &state_,
                              .session = session_.get(),
                              .providers = context_.provider_set,
                              .clock = context_.clock,
                              .interrupt = context_.interrupt,
                              .events = context_.events,
                              .lookup = input.lookup,
                              .lookup_failure = [this]() -> std::optional<Error> {
                                  if (failed_lookups_.empty()) return std::nullopt;
                                  return failed_lookups_.begin()->second;
                              },
                              .stack_output = input.stack_output,
                              .stack_tag = stack_tag(),
                              .parallel = context_.options.parallel});
    carried_out_ = true;
    final_outputs_ = outcome.outputs;
    if (outcome.state_error) return outcome;
    if (auto kept = record_bookkeeping(&outcome); !kept) outcome.state_error = std::move(kept).error();
    else if (auto saved =
                 session_->finish(update_end(plan_, outcome, std::chrono::duration<double>(context_.clock->steady() - began).count()));
             !saved)
        outcome.state_error = std::move(saved).error();
    state_ = session_->state();
    return outcome;
}

Status StackRun::record_bookkeeping(const Outcome* outcome) {
    auto mutations = bookkeeping(plan_, session_->state(), live_, session_->hash_key());
    if (outcome != nullptr) add_output_mutations(*outcome, mutations);
    if (mutations.empty()) return {};
    return session_->record(std::move(mutations));
}

void StackRun::add_output_mutations(const Outcome& outcome, std::vector<Mutation>& mutations) const {
    const auto state = session_->state();
    for (const auto& [name, value] : outcome.outputs) {
        const auto before = state.outputs.find(name);
        if (before == state.outputs.end() || !(before->second == value))
            mutations.push_back({.kind = Mutation::Kind::stack_output, .key = name, .value = value});
    }
    for (const auto& planned : plan_.outputs)
        if (!planned.after && outcome.ok()) mutations.push_back({.kind = Mutation::Kind::stack_output, .key = planned.name});
}

Result<DriftReport> StackRun::drift(bool unmanaged) {
    const DriftInput input{.state = &state_,
                           .live = &live_,
                           .providers = context_.provider_set,
                           .graph = context_.options.destroy ? nullptr : &closed_,
                           .selection = context_.options.selection,
                           .unmanaged = unmanaged};
    auto report = drift_of(input);
    std::vector<std::string> doubtful;
    for (const auto& resource : report.resources)
        if (!resource.missing && !resource.unreadable) doubtful.push_back(resource.address);
    if (doubtful.empty()) return report;
    if (auto confirmed = confirm(doubtful, items_, *context_.provider_set, live_); !confirmed) return std::move(confirmed).error();
    return drift_of(input);
}

Result<std::vector<std::string>> StackRun::accept_live() {
    auto mutations = accepted_live(state_, live_, *context_.provider_set, session_->hash_key());
    std::set<std::string> changed;
    for (const auto& mutation : mutations) changed.insert(mutation.address);
    if (!mutations.empty()) {
        session_->begin_update();
        if (auto recorded = session_->record(std::move(mutations)); !recorded) return std::move(recorded).error();
        if (auto saved = session_->finish({.counts = {{"updated", static_cast<std::int64_t>(changed.size())}}}); !saved)
            return std::move(saved).error();
        state_ = session_->state();
    }
    return std::vector<std::string>{changed.begin(), changed.end()};
}

std::vector<std::string> StackRun::references() const {
    std::set<std::string> names;
    for (const auto& node : stack_->graph().nodes())
        if (const auto* other = std::get_if<StackOutputNode>(&node)) names.insert(other->stack);
    return {names.begin(), names.end()};
}

std::optional<Value> StackRun::output(const std::string& name) const {
    if (const auto done = final_outputs_.find(name); carried_out_ && done != final_outputs_.end()) return done->second;
    for (const auto& planned : plan_.outputs)
        if (planned.name == name) return planned.after;
    const auto known = state_.outputs.find(name);
    return known != state_.outputs.end() ? std::optional{known->second} : std::nullopt;
}

Value StackRun::resolve_stack_output(const StackOutputNode& node) {
    if (context_.stack_output)
        if (auto value = context_.stack_output(node.stack, node.output)) return *value;
    const auto source = fmt::format("{}.{}", node.stack, node.output);
    const auto known = std::ranges::any_of(
        missing_references_, [&](const Error& missing) { return missing.cause.find(fmt::format("\"{}\"", source)) != std::string::npos; });
    if (!known)
        missing_references_.push_back(Error{.kind = ErrorKind::invalid_program,
                                            .summary = "Output of another stack is not there",
                                            .cause = fmt::format("{}: \"{}\" has no value: stack {} was not deployed with it.",
                                                                 node.declared_at.text(), source, node.stack),
                                            .remedy = fmt::format("Deploy it first:\n  strata up {}", node.stack),
                                            .location = node.declared_at});
    return Value::unknown(source);
}

Value StackRun::look_up(const LookupNode& node, const ValueMap& arguments) {
    const auto what = fmt::format("{}.{}", node.kind, node.output);
    for (const auto& [name, argument] : arguments)
        if (argument.has_unknown()) return Value::unknown(what);
    const auto key = fmt::format("{} {} {}", provider_of(node), node.kind, to_json(Value{arguments}.without_marks()));
    auto at = lookups_.find(key);
    if (at == lookups_.end()) {
        if (context_.options.offline) return Value::unknown(what);
        auto provider = context_.provider_set->get(provider_of(node));
        auto answer = provider.ok() ? (*provider)->look_up(node.kind, arguments) : Result<ValueMap>{provider.error()};
        if (!answer) {
            auto why = std::move(answer).error();
            why.location = node.declared_at;
            failed_lookups_.insert_or_assign(key, std::move(why));
            return Value::unknown(what);
        }
        at = lookups_.emplace(key, std::move(*answer)).first;
    }
    const auto* value = at->second.find(node.output);
    return value != nullptr ? *value : Value::unknown(what);
}

}  // namespace strata
