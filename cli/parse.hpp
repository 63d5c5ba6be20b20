#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/verbs.hpp"

namespace strata::cli {

/// What a command line asks for: a verb with its arguments, or (verb is nullptr) some help.
struct Parsed {
    const Verb* verb = nullptr;
    Arguments arguments = {};
    std::string help = {};
};

/// Reads a command line, without the program's own name.
/// @param name  how the program is called in help and examples
/// @errors usage, with the nearest verb or flag where one is near
Result<Parsed> parse(std::span<const std::string> words, std::string_view name);

}  // namespace strata::cli
