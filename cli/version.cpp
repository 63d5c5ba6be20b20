#include "cli/verb_list.hpp"

namespace strata::cli {

void add_version_flags(FlagList& flags, Arguments& into) { add_output_flags(flags, into); }

Result<ExitCode> run_version(Command& command) {
    if (command.arguments.json)
        command.report.listing({.event = "version", .columns = {}, .rows = {{{"version", STRATA_VERSION}}}, .when_empty = {}});
    else command.report.note("strata " STRATA_VERSION);
    return ExitCode::ok;
}

}  // namespace strata::cli
