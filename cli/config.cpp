#include <fmt/format.h>

#include "cli/kms_keys.hpp"
#include "cli/verb_list.hpp"
#include "cli/workspace.hpp"
#include "config/edit.hpp"

namespace strata::cli {

namespace {

/// @param kms  where a secret is sealed
ConfigTarget target_of(const Command& command, KeyService* kms = nullptr) {
    return {.files = command.around.files,
            .variables = command.around.variables,
            .config_dir = command.arguments.config_dir,
            .environment = environment_name(command),
            .kms = kms};
}

ValueMap row_of(const ConfigEntry& entry) {
    return {{"key", entry.key}, {"value", entry.value}, {"secret", entry.secret}, {"place", entry.place.text()}};
}

/// A secret does not stand on a command line, where other users and the shell's history see it.
Result<std::string> secret_from_input(Command& command) {
    auto& console = command.around.console;
    if (console.can_ask()) console.out(fmt::format("Value of {} (it is shown while you type; or pipe it in): ", command.arguments.first));
    auto line = console.read_line(command.around.interrupt);
    if (line && !line->empty()) return *line;
    return Error{.kind = ErrorKind::usage,
                 .summary = "Value is missing",
                 .cause = "No value was given, and the input is empty.",
                 .remedy = fmt::format("Pipe it in:\n  printf %s \"$VALUE\" | strata config set {} --secret", command.arguments.first)};
}

}  // namespace

void add_config_ls_flags(FlagList& flags, Arguments& into) {
    add_environment_flags(flags, into);
    add_output_flags(flags, into);
}

Result<ExitCode> run_config_ls(Command& command) {
    const auto entries = list_config(target_of(command));
    if (!entries) return entries.error();
    Listing listing{.event = "setting", .columns = {{"key", "KEY"}, {"value", "VALUE"}}, .rows = {}, .when_empty = "The file is empty."};
    for (const auto& entry : *entries) listing.rows.push_back(row_of(entry));
    command.report.listing(listing);
    return ExitCode::ok;
}

void add_config_get_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "KEY", .help = "Dotted path in the file: settings.network.cidr", .target = &into.first, .required = true});
    add_config_ls_flags(flags, into);
}

Result<ExitCode> run_config_get(Command& command) {
    const auto entry = get_config(target_of(command), command.arguments.first);
    if (!entry) return entry.error();
    if (command.arguments.json) command.report.listing({.event = "setting", .columns = {}, .rows = {row_of(*entry)}, .when_empty = {}});
    else command.report.raw(entry->value + "\n");
    return ExitCode::ok;
}

void add_config_set_flags(FlagList& flags, Arguments& into) {
    flags.push_back({.name = "KEY", .help = "Dotted path in the file: settings.network.cidr", .target = &into.first, .required = true});
    flags.push_back(
        {.name = "VALUE", .help = "New value; of a secret it may be left out and is then read from the input", .target = &into.second});
    flags.push_back({.name = "--secret", .help = "Seal the value", .target = &into.secret});
    add_config_ls_flags(flags, into);
}

Result<ExitCode> run_config_set(Command& command) {
    const auto& arguments = command.arguments;
    auto value = arguments.has_second ? Result<std::string>{arguments.second}
                 : arguments.secret   ? secret_from_input(command)
                                      : Result<std::string>{Error{.kind = ErrorKind::usage,
                                                                  .summary = "Value is missing",
                                                                  .cause = fmt::format("No value for {} was given.", arguments.first),
                                                                  .remedy = "See how it is used:\n  strata config set --help"}};
    if (!value) return std::move(value).error();
    Connections connections{command.around.clock, command.around.variables, trace_of(command)};
    KmsKeys kms{connections};
    const auto change = set_config(target_of(command, &kms), arguments.first, *value, arguments.secret ? Secrecy::sealed : Secrecy::clear);
    if (!change) return change.error();
    command.report.note(fmt::format("{}: {} {}.", change->place.text(), arguments.first,
                                    !change->written ? "is so already"
                                    : change->added  ? "added"
                                                     : "changed"));
    return ExitCode::ok;
}

}  // namespace strata::cli
