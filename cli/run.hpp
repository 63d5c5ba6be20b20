#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>

#include "cli/program.hpp"

namespace strata {

/// One stack as `main` names it: {"foundation", foundation}.
template <typename Settings>
struct NamedStack {
    std::string name;
    std::function<void(Stack&, const Settings&)> declare;
};
template <>
struct NamedStack<void> {
    std::string name;
    std::function<void(Stack&)> declare;
};

/// The whole command line around a program; returns the exit code (docs/exit-codes.md).
int run_linked(int argc, char** argv, const LinkedProgram& program);

/// The command line of a program with settings of its own.
/// @param load_settings  `Settings(ConfigReader&)`: reads the section `settings` of config/<environment>.yaml
/// @param stacks         {{"foundation", foundation}, ...}, each a `void(Stack&, const Settings&)`
template <typename Load, typename Settings = std::invoke_result_t<Load&, ConfigReader&>>
int run(int argc, char** argv, Load load_settings, std::type_identity_t<std::initializer_list<NamedStack<Settings>>> stacks) {
    LinkedProgram program;
    for (const auto& stack : stacks) program.stacks.push_back(stack.name);
    const std::vector<NamedStack<Settings>> named{stacks};
    program.load = [load_settings, named](ConfigReader& reader) {
        const Settings settings = load_settings(reader);
        std::vector<StackProgram> bound;
        for (const auto& stack : named)
            bound.push_back(
                {.name = stack.name, .declare = [declare = stack.declare, settings](Stack& target) { declare(target, settings); }});
        return bound;
    };
    return run_linked(argc, argv, program);
}

/// The command line of a program without settings: each stack is a `void(Stack&)`.
inline int run(int argc, char** argv, std::initializer_list<NamedStack<void>> stacks) {
    LinkedProgram program;
    std::vector<StackProgram> bound;
    for (const auto& stack : stacks) {
        program.stacks.push_back(stack.name);
        bound.push_back({.name = stack.name, .declare = stack.declare});
    }
    program.load = [bound](ConfigReader&) { return bound; };
    return run_linked(argc, argv, program);
}

}  // namespace strata
