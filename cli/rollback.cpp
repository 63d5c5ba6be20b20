#include "cli/rollback.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "cli/budget.hpp"
#include "cli/operation.hpp"
#include "cli/show_plans.hpp"
#include "cli/state_access.hpp"
#include "cli/verb_list.hpp"
#include "engine/base/text.hpp"
#include "engine/deploy/former_program.hpp"

namespace strata::cli {

namespace {

Error usage_error(std::string summary, std::string cause, std::string remedy) {
    return Error{.kind = ErrorKind::usage, .summary = std::move(summary), .cause = std::move(cause), .remedy = std::move(remedy)};
}

Result<State> state_before(Workspace& workspace, const std::string& stack, std::uint64_t update) {
    const auto open = open_state(workspace, stack);
    if (!open) return open.error();
    const auto state = open->session->state();
    const auto at = std::ranges::find(state.updates, update, &Update::number);
    if (at == state.updates.end())
        return usage_error("Unknown update", fmt::format("{} has no update {} in its history.", stack, update),
                           fmt::format("See what there is:\n  strata state history {}", stack));
    return open->session->state_at(at->before);
}

/// What the stack declares now; nothing when the program no longer has it.
Result<std::function<void(Stack&)>> present_program(Workspace& workspace, const std::string& stack) {
    auto programs = workspace.programs();
    if (!programs) return std::move(programs).error();
    const auto at = std::ranges::find(*programs, stack, &StackProgram::name);
    return at != programs->end() ? at->declare : [](Stack&) {};
}

void show_what_is_lost(Command& command, const Operation& operation, const State& before) {
    const auto lost = beyond_recall(*operation.plans().front(), before);
    if (lost.empty()) return;
    command.report.note(fmt::format("Cannot be brought back:\n  {}\n", join(lost, "\n  ")));
}

}  // namespace

Result<ExitCode> roll_back(Command& command, const std::string& stack, std::uint64_t update, bool ask) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    auto before = state_before(**workspace, stack, update);
    if (!before) return std::move(before).error();
    auto present = present_program(**workspace, stack);
    if (!present) return std::move(present).error();
    auto kinds = command.around.provider_kinds((*workspace)->connections());
    const auto find_type = [kinds](std::string_view name) -> const ResourceType* {
        for (const auto& kind : kinds)
            if (const auto* type = kind.find_type(name)) return type;
        return nullptr;
    };
    auto operation =
        Operation::begin(command, {.purpose = "rollback",
                                   .lock = true,
                                   .stacks = {stack},
                                   .instead = former_program({.before = *before, .find_type = find_type, .present = *std::move(present)})});
    if (!operation) return std::move(operation).error();
    if (auto planned = (*operation)->plan(); !planned) return std::move(planned).error();
    show_what_is_lost(command, **operation, *before);
    show_plans(command, **operation);
    if (auto sound = plan_errors(command, **operation, true); !sound) return std::move(sound).error();
    if (any_changes(**operation)) {
        const auto question = fmt::format("Go back to what {} was before update {}?", stack, update);
        if (auto agreed = agree(command, **operation, question, "yes", ask); !agreed) return std::move(agreed).error();
    }
    const auto code = (*operation)->carry_out();
    if (code == ExitCode::ok) command.report.note(fmt::format("{} is what it was before update {}.", stack, update));
    return code;
}

void add_rollback_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "UPDATE",
                     .help = "Number of the update (state history) that is undone, with all after it",
                     .target = &into.first,
                     .required = true});
    add_stack_flag(flags, into);
    add_consent_flags(flags, into);
    add_environment_flags(flags, into);
    add_planning_flags(flags, into);
    add_lock_flag(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_rollback(Command& command) {
    const auto& named = command.arguments.stack;
    const auto stack = named.empty() ? only_stack(command.program.stacks, "Name one with --stack.") : Result<std::string>{named};
    if (!stack) return stack.error();
    const auto& text = command.arguments.first;
    std::uint64_t update = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), update);
    if (failure != std::errc{} || end != text.data() + text.size())
        return usage_error("Which update?", fmt::format("\"{}\" is no number of an update.", text),
                           "See what there is:\n  strata state history " + *stack);
    return roll_back(command, *stack, update, true);
}

}  // namespace strata::cli
