#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cli/state_access.hpp"
#include "cli/verb_list.hpp"
#include "engine/base/text.hpp"
#include "engine/state/lease.hpp"

namespace strata::cli {

namespace {

class Check {
public:
    explicit Check(Listing& listing) : listing_{listing} {}

    /// True when nothing is broken; what only waits for something is no breach.
    bool look_at(Workspace& workspace, const std::string& stack) {
        stack_ = stack;
        const auto open = open_state(workspace, stack);
        if (!open) {
            found("error", "", fmt::format("{}: {}", open.error().summary, open.error().cause));
            return false;
        }
        const auto state = open->session->state();
        dependencies(state);
        unfinished(state);
        lock(*open->store);
        return kept(*open);
    }

private:
    void found(std::string_view level, const std::string& address, std::string text) {
        listing_.rows.push_back({{"stack", stack_}, {"level", level}, {"address", address}, {"finding", std::move(text)}});
    }

    void dependencies(const State& state) {
        for (const auto& [address, resource] : state.resources) {
            std::set<std::string> missing;
            for (const auto& [label, facet] : resource.facets)
                for (const auto& key : facet.dependencies)
                    if (const auto needed = key.substr(0, key.find('#')); state.find(needed) == nullptr) missing.insert(needed);
            if (!missing.empty())
                found("note", address,
                      fmt::format("uses {}, which state does not hold: the order of a destroy may miss it",
                                  join(std::vector<std::string>{missing.begin(), missing.end()}, ", ")));
            if (resource.tainted) found("note", address, "was created, but is not known to be whole: the next up replaces it");
        }
    }

    void unfinished(const State& state) {
        for (const auto& [id, step] : state.open)
            found("note", step.address, fmt::format("{} was begun and not seen to its end: the next up finds out", step.action));
        for (const auto& old : state.deposed)
            found("note", old.address, fmt::format("was replaced; the old {} is still to be deleted", old.id));
        for (const auto& update : state.updates)
            if (update.result.empty()) found("note", "", fmt::format("update {} ({}) was not seen to its end", update.number, update.verb));
    }

    void lock(StateStore& store) {
        const auto record = read_lock(store.objects(), store.lock_name());
        if (!record) return found("error", "", record.error().cause);
        if (const auto& held = *record; held && held->state == LockRecord::State::held)
            found("note", "", fmt::format("is locked for {}", shown(held->owner)));
    }

    /// Every snapshot of before that is kept opens too.
    bool kept(const OpenState& open) {
        const auto serials = open.store->kept_snapshots();
        if (!serials) {
            found("error", "", serials.error().cause);
            return false;
        }
        bool sound = true;
        for (const auto serial : *serials)
            if (const auto then = open.session->state_at(serial); !then) {
                found("error", "", fmt::format("the state of serial {}: {}", serial, then.error().cause));
                sound = false;
            }
        return sound;
    }

    Listing& listing_;
    std::string stack_;
};

}  // namespace

void add_state_check_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "STACK",
                     .help = "Stacks to look at; all that have state when none is named",
                     .target = &into.stacks,
                     .completion = Completion::stack});
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_state_check(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto stacks =
        command.arguments.stacks.empty() ? (*workspace)->deployed_stacks() : Result<std::vector<std::string>>{command.arguments.stacks};
    if (!stacks) return stacks.error();
    Listing listing{.event = "state_finding",
                    .columns = {{"stack", "STACK"}, {"level", ""}, {"address", "ADDRESS"}, {"finding", "FINDING"}},
                    .rows = {},
                    .when_empty = stacks->empty() ? fmt::format("Nothing is deployed in {}.", (*workspace)->environment())
                                                  : fmt::format("The state of {} is sound.", counted(stacks->size(), "stack"))};
    Check check{listing};
    bool sound = true;
    for (const auto& stack : *stacks) sound &= check.look_at(**workspace, stack);
    command.report.listing(listing);
    return sound ? ExitCode::ok : ExitCode::state_unreadable;
}

}  // namespace strata::cli
