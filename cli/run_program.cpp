#include "cli/run_program.hpp"

#include <algorithm>
#include <exception>
#include <memory>

#include "cli/command.hpp"
#include "cli/parse.hpp"
#include "cli/render/json_reporter.hpp"
#include "cli/render/text_reporter.hpp"

namespace strata::cli {

namespace {

std::unique_ptr<Reporter> make_reporter(const Arguments& arguments, Surroundings& around) {
    if (arguments.json) return json_reporter(around.console, around.clock);
    const bool colours = !arguments.no_color && !around.variables("NO_COLOR") && around.console.output_is_terminal();
    return text_reporter(around.console, around.clock, Style{colours});
}

Error mistake(const std::exception& thrown) {
    return Error{.kind = ErrorKind::internal,
                 .summary = "A mistake in Strata",
                 .cause = thrown.what(),
                 .remedy = "Please report it, with the command line and what --verbose shows."};
}

Result<ExitCode> carried_out(Command& command, const Verb& verb) {
    try {
        return verb.run(command);
    } catch (const std::exception& thrown) {
        return mistake(thrown);
    }
}

}  // namespace

ExitCode run_program(std::span<const std::string> words, const LinkedProgram& program, Surroundings& around) {
    auto parsed = parse(words, "strata");
    if (!parsed) {
        Arguments plain;
        plain.json = std::ranges::find(words, "--json") != words.end();
        const auto report = make_reporter(plain, around);
        report->problem(parsed.error(), Severity::error);
        report->end(ExitCode::failed);
        return ExitCode::failed;
    }
    if (parsed->verb == nullptr) {
        around.console.out(parsed->help);
        return ExitCode::ok;
    }
    const auto report = make_reporter(parsed->arguments, around);
    Command command{.arguments = parsed->arguments, .program = program, .around = around, .report = *report};
    const auto result = carried_out(command, *parsed->verb);
    if (!result) report->problem(result.error(), Severity::error);
    auto code = result.ok() ? *result : exit_code_of(result.error().kind);
    if (code == ExitCode::interrupted) code = exit_code_of_signal(around.interrupt.signal());
    report->end(code);
    return code;
}

}  // namespace strata::cli
