#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace strata::cli {

/// Everything that flags and words of a command line can say; each verb reads its part.
// Ordered by meaning; there is one of it in a run. NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding)
struct Arguments {
    // Which stacks of which environment.
    std::vector<std::string> stacks;
    bool all = false;
    std::string environment;  ///< empty: STRATA_ENV, else "local"
    std::string config_dir = "config";

    // How it is said.
    bool json = false;
    bool no_color = false;
    bool verbose = false;
    bool diff = false;
    bool exit_code = false;

    // What is planned and carried out.
    bool yes = false;
    std::string allow;  ///< name of the environment whose budget may be exceeded
    bool offline = false;
    bool full = false;
    bool refresh_only = false;
    bool continue_on_error = false;
    std::string on_failure = "stop";  ///< or "rollback"
    std::vector<std::string> targets;
    std::vector<std::string> excludes;
    std::vector<std::string> replaces;
    std::size_t parallel = 32;
    std::size_t lock_timeout = 0;  ///< seconds
    std::string save_plan;
    std::string plan;

    // Words of the verbs that name one thing.
    std::string stack;  ///< `--stack`
    std::string to_stack;
    std::string first;        ///< ADDRESS, KEY, SERVICE, SHELL, STACK
    std::string second;       ///< ID, VALUE, OPERATION, new ADDRESS
    bool has_second = false;  ///< `second` was given, though perhaps as ""

    // state restore, state resolve, state recover
    std::string file;
    std::string adopt;  ///< physical id
    bool absent = false;
    bool set_aside = false;

    // cancel
    bool now = false;
    bool no_wait = false;

    // state rekey
    std::string to;        ///< kind of the new key
    std::string kms_key;   ///< id, alias or ARN
    std::string key_file;  ///< path

    // config, stack graph
    bool secret = false;
    std::string format = "dot";

    // local up
    std::string latency_ms;
    bool throttle = false;
    std::vector<std::string> faults;
    std::string ledger;

    // aws call
    std::string params;
    std::string model;
    bool print_request = false;
    std::string region;
};

}  // namespace strata::cli
