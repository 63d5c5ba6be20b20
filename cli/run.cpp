#include "cli/run.hpp"

#include <csignal>

#include "cli/provider_kinds.hpp"
#include "cli/run_program.hpp"
#include "engine/base/environment.hpp"

namespace strata {

int run_linked(int argc, char** argv, const LinkedProgram& program) {
    // A reader that goes away (`strata up | head`) must not end a deployment in the middle.
    ::signal(SIGPIPE, SIG_IGN);
    // A limit on the size of files (ulimit -f) is a disk that is full: an error of the write, which state can cope with.
    ::signal(SIGXFSZ, SIG_IGN);
    Interrupt interrupt;
    cli::Surroundings around{.console = cli::real_console(),
                             .files = real_files(),
                             .clock = real_clock(),
                             .variables = process_environment(),
                             .interrupt = interrupt,
                             .provider_kinds = &cli::provider_kinds,
                             .handle_signals = true};
    const std::vector<std::string> words{argv + 1, argv + argc};
    return static_cast<int>(cli::run_program(words, program, around));
}

}  // namespace strata
