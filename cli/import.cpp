#include <algorithm>

#include <fmt/format.h>

#include "cli/operation.hpp"
#include "cli/show_plans.hpp"
#include "cli/verb_list.hpp"
#include "engine/base/text.hpp"

namespace strata::cli {

namespace {

struct Found {
    std::string stack;                   ///< that declares the address; empty when none does
    std::vector<std::string> addresses;  ///< everything that the stacks looked at declare, for a suggestion
};

/// Declares the stacks without any call, and looks for the address.
Result<Found> find_declaration(const std::vector<StackProgram>& programs, const strata::Environment& environment,
                               const Arguments& arguments) {
    Found found;
    for (const auto& program : programs) {
        if (!arguments.stack.empty() && program.name != arguments.stack) continue;
        Stack stack{program.name, environment};
        if (auto ran = declare(program, stack); !ran) return std::move(ran).error();
        for (const auto& resource : std::as_const(stack).graph().resources()) {
            found.addresses.push_back(resource.address);
            if (resource.address == arguments.first && found.stack.empty()) found.stack = program.name;
        }
    }
    return found;
}

Error not_declared(const Arguments& arguments, const Found& found) {
    const auto near = nearest(arguments.first, found.addresses);
    return Error{
        .kind = ErrorKind::usage,
        .summary = "Nothing of this address is declared",
        .cause = fmt::format("{} declares \"{}\".",
                             arguments.stack.empty() ? "No stack of the program" : "Not even stack " + arguments.stack, arguments.first),
        .remedy = near ? fmt::format("Did you mean \"{}\"?", *near)
                       : "Declare it in the program first; import ties what exists to the declaration."};
}

}  // namespace

void add_import_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "ADDRESS", .help = "Address of a declared resource: network/vpc", .target = &into.first, .required = true});
    flags.push_back({.name = "ID", .help = "Physical id of what exists: vpc-0a1b2c", .target = &into.second, .required = true});
    add_stack_flag(flags, into);
    add_environment_flags(flags, into);
    flags.push_back({.name = "--yes", .help = "Do not ask", .target = &into.yes});
    flags.push_back({.name = "--diff", .help = "Show whole values, and documents line by line", .target = &into.diff});
    add_lock_flag(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_import(Command& command) {
    auto workspace = Workspace::open(command);
    if (!workspace) return std::move(workspace).error();
    const auto programs = (*workspace)->programs();
    if (!programs) return programs.error();
    const auto& arguments = command.arguments;
    const auto found = find_declaration(*programs, (*workspace)->loaded().environment, arguments);
    if (!found) return found.error();
    if (found->stack.empty()) return not_declared(arguments, *found);

    auto operation = Operation::begin(
        command, {.purpose = "import", .lock = true, .stacks = {found->stack}, .imports = {{arguments.first, arguments.second}}});
    if (!operation) return std::move(operation).error();
    if (auto planned = (*operation)->plan(); !planned) return std::move(planned).error();
    auto& run = *(*operation)->runs().front();
    if (auto possible = run.keep_only_import(arguments.first); !possible) return std::move(possible).error();
    show_plans(command, **operation);
    if (auto sound = plan_errors(command, **operation, true); !sound) return std::move(sound).error();
    if (auto agreed = confirm(command, fmt::format("Take {} into the state of {}?", arguments.second, found->stack), "yes"); !agreed)
        return std::move(agreed).error();
    const bool differs =
        std::ranges::any_of(run.plan().resources.front().facets, [](const PlannedFacet& facet) { return !facet.diff.empty(); });
    const auto code = (*operation)->carry_out();
    if (code == ExitCode::ok && differs)
        command.report.note(fmt::format("Where it differs from the program, the next `strata up {}` changes it.", found->stack));
    return code;
}

}  // namespace strata::cli
