#include "engine/deploy/deployment.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata {

namespace {

/// "a/b/c" is known, and so are the components "a" and "a/b".
void add_with_components(const std::string& address, std::set<std::string>& known) {
    for (auto slash = address.find('/'); slash != std::string::npos; slash = address.find('/', slash + 1))
        known.insert(address.substr(0, slash));
    known.insert(address);
}

}  // namespace

Deployment::Deployment(DeploymentInput input) : input_{std::move(input)} {
    input_.context.stack_output = [this](const std::string& stack, const std::string& output) { return output_of(stack, output); };
}

Status Deployment::prepare(Diagnostics& diagnostics) {
    for (const auto& name : input_.stacks) {
        const auto program = std::ranges::find(input_.programs, name, &StackProgram::name);
        stores_.push_back(input_.store(name));
        runs_.push_back(std::make_unique<StackRun>(*program, input_.context, *stores_.back(), input_.keys));
        runs_.back()->evaluate(diagnostics);
    }
    if (!diagnostics.ok()) return {};
    if (auto ordered = put_in_order(diagnostics); !ordered) return ordered;
    if (!diagnostics.ok()) return {};
    if (input_.before_state)
        if (auto ready = input_.before_state(); !ready) return ready;
    for (const auto& run : runs_)
        if (auto opened = run->open_state(input_.lock); !opened) return opened;
    if (auto others = read_other_stacks(); !others) return others;
    check_selection(diagnostics);
    return {};
}

/// An address that nothing has would select nothing, and the run would look as if all were done.
void Deployment::check_selection(Diagnostics& diagnostics) const {
    const auto& selection = input_.context.options.selection;
    if (selection.targets.empty() && selection.excludes.empty() && selection.replaces.empty()) return;
    std::set<std::string> addresses;
    std::vector<std::string> stacks;
    for (const auto& run : runs_) {
        stacks.push_back(run->name());
        for (const auto& declaration : run->graph().graph->resources()) add_with_components(declaration.address, addresses);
        for (const auto& [address, recorded] : run->state().resources) add_with_components(address, addresses);
    }
    const std::vector<std::string> known{addresses.begin(), addresses.end()};
    for (const auto* patterns : {&selection.targets, &selection.excludes, &selection.replaces})
        for (const auto& pattern : *patterns) {
            if (std::ranges::any_of(known, [&](const std::string& address) { return names_address(pattern, address); })) continue;
            const auto near = nearest(pattern, known);
            diagnostics.error(
                Error{.kind = ErrorKind::usage,
                      .summary = "Unknown address",
                      .cause = fmt::format("Nothing in {} has the address \"{}\".", join(stacks, ", "), pattern),
                      .remedy = near ? fmt::format("Did you mean \"{}\"?", *near)
                                     : "Write it as plans show it; a component's name stands for all below it, * for any text."});
        }
}

/// Each stack after those whose outputs it uses; stacks without such ties stay as they were named.
Status Deployment::put_in_order(Diagnostics& diagnostics) {
    std::vector<std::unique_ptr<StackRun>> ordered;
    std::set<std::string> placed;
    std::set<std::string> chosen;
    for (const auto& run : runs_) chosen.insert(run->name());
    while (!runs_.empty()) {
        const auto ready = std::ranges::find_if(runs_, [&](const std::unique_ptr<StackRun>& run) {
            return std::ranges::all_of(run->references(),
                                       [&](const std::string& other) { return !chosen.contains(other) || placed.contains(other); });
        });
        if (ready == runs_.end()) {
            std::vector<std::string> names;
            for (const auto& run : runs_) names.push_back(run->name());
            diagnostics.error(Error{.kind = ErrorKind::invalid_program,
                                    .summary = "Stacks use each other in a circle",
                                    .cause = fmt::format("Stacks {} use outputs of each other.", join(names, ", ")),
                                    .remedy = "Move what they share into a stack of its own."});
            return {};
        }
        placed.insert((*ready)->name());
        ordered.push_back(std::move(*ready));
        runs_.erase(ready);
    }
    runs_ = std::move(ordered);
    return {};
}

Status Deployment::read(Diagnostics& diagnostics) {
    if (auto prepared = prepare(diagnostics); !prepared || !diagnostics.ok()) return prepared;
    for (const auto& run : runs_) {
        if (auto recovered = run->recover_steps(); !recovered) return recovered;
        if (auto seen = run->read(); !seen) return seen;
    }
    return {};
}

/// Looks at one stack and decides, with the cost of both noted in the plan.
Status Deployment::plan_one(StackRun& run, const std::function<Status()>& decide) {
    const auto began = input_.context.clock->steady();
    const auto calls_before = input_.context.provider_set->calls();
    if (auto recovered = run.recover_steps(); !recovered) return recovered;
    if (auto seen = run.read(); !seen) return seen;
    if (auto planned = decide(); !planned) return planned;
    run.plan().seconds = std::chrono::duration<double>(input_.context.clock->steady() - began).count();
    run.plan().calls = input_.context.provider_set->calls() - calls_before;
    return {};
}

Result<std::vector<Rediscovery>> Deployment::plan_rediscovery(Diagnostics& diagnostics) {
    std::vector<Rediscovery> reports;
    if (auto prepared = prepare(diagnostics); !prepared) return std::move(prepared).error();
    if (!diagnostics.ok()) return reports;
    for (const auto& run : runs_) {
        const auto decide = [&]() -> Status {
            auto report = run->plan_rediscovery(diagnostics);
            if (!report) return std::move(report).error();
            reports.push_back(std::move(*report));
            return {};
        };
        if (auto planned = plan_one(*run, decide); !planned) return std::move(planned).error();
    }
    return reports;
}

Status Deployment::plan(Diagnostics& diagnostics) {
    if (auto prepared = prepare(diagnostics); !prepared || !diagnostics.ok()) return prepared;
    for (const auto& run : runs_) {
        if (auto planned = plan_one(*run, [&] { return run->make_plan(diagnostics); }); !planned) return planned;
        if (!input_.context.options.destroy) continue;
        if (const auto users = users_of(*run); !users.empty())
            run->plan().errors.push_back(Error{.kind = ErrorKind::invalid_program,
                                               .summary = "The stack is in use",
                                               .cause = fmt::format("Outputs of {} are used by: {}.", run->name(), join(users, ", ")),
                                               .remedy = fmt::format("Destroy those first, or all together:\n  strata destroy --all")});
    }
    return {};
}

std::vector<std::string> Deployment::users_of(const StackRun& run) const {
    std::set<std::string> users;
    for (const auto& [output, stacks] : run.state().used_by)
        for (const auto& stack : stacks)
            if (std::ranges::find(input_.stacks, stack) == input_.stacks.end()) users.insert(stack);
    return {users.begin(), users.end()};
}

std::vector<StackOutcome> Deployment::carry_out() {
    std::vector<StackOutcome> outcomes;
    std::set<std::string> unfinished;
    std::vector<StackRun*> order;
    for (const auto& run : runs_) order.push_back(run.get());
    if (input_.context.options.destroy) std::ranges::reverse(order);
    for (auto* run : order) {
        const bool blocked = !input_.context.options.destroy &&
                             std::ranges::any_of(run->references(), [&](const std::string& other) { return unfinished.contains(other); });
        Outcome outcome;
        if (input_.stack_begins) input_.stack_begins(*run);
        if (!run->plan().errors.empty() || blocked) outcome.skipped = run->plan().steps.size() + 1;
        else outcome = run->carry_out_plan();
        if (!outcome.ok()) unfinished.insert(run->name());
        if (outcome.ok())
            if (auto noted = note_references(*run); !noted) outcome.state_error = std::move(noted).error();
        const bool stop = outcome.interrupted || outcome.state_error.has_value();
        outcomes.push_back({.stack = run->name(), .outcome = std::move(outcome)});
        if (input_.stack_ends) input_.stack_ends(outcomes.back());
        if (stop) break;
    }
    return outcomes;
}

/// Tells every stack whose outputs this one uses, so that it can warn before it takes one away.
Status Deployment::note_references(StackRun& user) {
    std::map<std::string, std::set<std::string>> used;
    if (!input_.context.options.destroy)
        for (const auto& node : user.stack().graph().nodes())
            if (const auto* other = std::get_if<StackOutputNode>(&node)) used[other->stack].insert(other->output);
    for (const auto& run : runs_) {
        if (run.get() == &user) continue;
        std::vector<Mutation> mutations;
        const auto state = run->session().state();
        for (const auto& [output, value] : state.outputs) {
            const auto at = state.used_by.find(output);
            auto stacks = at != state.used_by.end() ? std::set<std::string>{at->second.begin(), at->second.end()} : std::set<std::string>{};
            const bool uses = used[run->name()].contains(output);
            if (stacks.contains(user.name()) == uses) continue;
            if (uses) stacks.insert(user.name());
            else stacks.erase(user.name());
            ValueList names;
            for (const auto& name : stacks) names.emplace_back(name);
            mutations.push_back({.kind = Mutation::Kind::used_by, .key = output, .value = std::move(names)});
        }
        if (mutations.empty()) continue;
        if (auto recorded = run->session().record(std::move(mutations)); !recorded) return recorded;
        if (auto saved = run->session().save(); !saved) return saved;
    }
    return {};
}

/// The states of stacks that are referred to, but not worked on.
Status Deployment::read_other_stacks() {
    for (const auto& run : runs_)
        for (const auto& name : run->references()) {
            const bool here = std::ranges::any_of(runs_, [&](const auto& other) { return other->name() == name; });
            if (here || others_.contains(name)) continue;
            const auto store = input_.store(name);
            auto session = StateSession::open(*store, input_.keys, {.stack = name, .environment = input_.context.environment.name},
                                              {.seen = input_.context.seen, .clock = input_.context.clock});
            if (!session) return std::move(session).error();
            others_.emplace(name, (*session)->state());
        }
    return {};
}

std::optional<Value> Deployment::output_of(const std::string& stack, const std::string& output) const {
    for (const auto& run : runs_)
        if (run->name() == stack) return run->output(output);
    const auto& outputs = others_.at(stack).outputs;
    const auto value = outputs.find(output);
    return value != outputs.end() ? std::optional{value->second} : std::nullopt;
}

}  // namespace strata
