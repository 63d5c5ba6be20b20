#include "cli/run.hpp"

#include <csignal>

#include <sys/resource.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include "cli/provider_kinds.hpp"
#include "cli/run_program.hpp"
#include "engine/base/environment.hpp"

namespace strata {

namespace {

/// Memory holds keys and secrets, and a picture of it would be written to disk. The limit is for files; a handler of cores is bound by the
/// other alone, which also keeps this user's other processes from reading along. Where neither can be had, the run goes on as before.
void leave_no_picture_of_memory() {
    constexpr rlimit nothing{.rlim_cur = 0, .rlim_max = 0};
    ::setrlimit(RLIMIT_CORE, &nothing);
#if defined(__linux__)
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

}  // namespace

int run_linked(int argc, char** argv, const LinkedProgram& program) {
    leave_no_picture_of_memory();
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
