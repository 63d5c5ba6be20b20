#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "cli/arguments.hpp"

namespace strata::cli {

/// What the shell may offer where a value stands.
enum class Completion : std::uint8_t { nothing, file, folder, stack, environment };

/// A flag of a verb ("--env"), or a word in its place ("ADDRESS"), and where its value goes.
struct Flag {
    std::string name;
    std::string help;
    std::variant<bool*, std::string*, std::vector<std::string>*, std::size_t*> target;
    std::string value = {};  ///< how the help names the value: "NAME"; of no use for a bool or a word
    bool required = false;
    Completion completion = Completion::nothing;
    std::vector<std::string> allowed = {};  ///< only these values; empty: any

    [[nodiscard]] bool is_word() const { return !name.starts_with('-'); }
};
using FlagList = std::vector<Flag>;

// Sets of flags that several verbs have in common.
void add_environment_flags(FlagList& flags, Arguments& arguments);  ///< --env, --config-dir
void add_output_flags(FlagList& flags, Arguments& arguments);       ///< --json, --no-color, --verbose
void add_stack_words(FlagList& flags, Arguments& arguments);        ///< STACK..., --all
void add_planning_flags(FlagList& flags, Arguments& arguments);     ///< --target, --exclude, --parallel, --diff
void add_consent_flags(FlagList& flags, Arguments& arguments);      ///< --yes, --allow
void add_lock_flag(FlagList& flags, Arguments& arguments);          ///< --lock-timeout
void add_stack_flag(FlagList& flags, Arguments& arguments);         ///< --stack

}  // namespace strata::cli
