#pragma once

#include <span>
#include <string_view>

#include "cli/command.hpp"
#include "cli/flags.hpp"

namespace strata::cli {

/// One row of the table of verbs. A name of two words stands in a group: "state mv".
struct Verb {
    std::string_view name;
    std::string_view summary;
    std::string_view examples;  ///< command lines as a person types them, one a line
    void (*add_flags)(FlagList& flags, Arguments& arguments);
    RunVerb run;
};

/// Verbs that share their first word.
struct VerbGroup {
    std::string_view name;
    std::string_view summary;
};

/// Every verb, in the order of the help.
std::span<const Verb> verbs();
std::span<const VerbGroup> verb_groups();

}  // namespace strata::cli
