#include "cli/flags.hpp"

namespace strata::cli {

void add_environment_flags(FlagList& flags, Arguments& arguments) {
    flags.push_back({.name = "--env",
                     .help = "Environment: reads config/NAME.yaml (default: STRATA_ENV, else local)",
                     .target = &arguments.environment,
                     .value = "NAME",
                     .completion = Completion::environment});
    flags.push_back({.name = "--config-dir",
                     .help = "Folder of the environments' files",
                     .target = &arguments.config_dir,
                     .value = "FOLDER",
                     .completion = Completion::folder});
}

void add_output_flags(FlagList& flags, Arguments& arguments) {
    flags.push_back({.name = "--json", .help = "Write a stream of events, one JSON object a line", .target = &arguments.json});
    flags.push_back({.name = "--no-color", .help = "Without colours (also: NO_COLOR)", .target = &arguments.no_color});
    flags.push_back({.name = "--verbose", .help = "Trace every HTTP exchange to stderr, secrets masked", .target = &arguments.verbose});
}

void add_stack_words(FlagList& flags, Arguments& arguments) {
    flags.push_back({.name = "STACK",
                     .help = "Stacks to work on; may be left out when the program has one",
                     .target = &arguments.stacks,
                     .completion = Completion::stack});
    flags.push_back({.name = "--all", .help = "Every stack of the program, in the order of their references", .target = &arguments.all});
}

void add_planning_flags(FlagList& flags, Arguments& arguments) {
    flags.push_back({.name = "--target",
                     .help = "Only this address and what it needs; globs allowed, may be repeated",
                     .target = &arguments.targets,
                     .value = "ADDRESS"});
    flags.push_back({.name = "--exclude",
                     .help = "Not this address; globs allowed, may be repeated",
                     .target = &arguments.excludes,
                     .value = "ADDRESS"});
    flags.push_back({.name = "--parallel", .help = "Steps carried out at once", .target = &arguments.parallel, .value = "N"});
    flags.push_back({.name = "--diff", .help = "Show every property, and documents line by line", .target = &arguments.diff});
}

void add_consent_flags(FlagList& flags, Arguments& arguments) {
    flags.push_back({.name = "--yes", .help = "Do not ask", .target = &arguments.yes});
    flags.push_back({.name = "--allow",
                     .help = "Go beyond the budget of this environment: delete or replace more than it says",
                     .target = &arguments.allow,
                     .value = "NAME",
                     .completion = Completion::environment});
}

void add_lock_flag(FlagList& flags, Arguments& arguments) {
    flags.push_back({.name = "--lock-timeout",
                     .help = "Wait so long for another run that works on the stack (default: 0)",
                     .target = &arguments.lock_timeout,
                     .value = "SECONDS"});
}

void add_stack_flag(FlagList& flags, Arguments& arguments) {
    flags.push_back({.name = "--stack",
                     .help = "The stack meant; may be left out when the program has one, or only one holds the address",
                     .target = &arguments.stack,
                     .value = "STACK",
                     .completion = Completion::stack});
}

}  // namespace strata::cli
