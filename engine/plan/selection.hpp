#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/closed_graph.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// Whether a person who writes `pattern` means `address`: it is the same, a glob that fits, or a component above it.
bool names_address(std::string_view pattern, std::string_view address);

/// What a person asked to be in or out of a plan. Addresses or globs.
struct Selection {
    std::vector<std::string> targets;  ///< only these and what they need; empty: everything
    std::vector<std::string> excludes;
    std::vector<std::string> replaces;  ///< replaced even if nothing changed
    [[nodiscard]] bool selects(std::string_view address) const;
    [[nodiscard]] bool leaves_out(std::string_view address) const;
};

/// The part of what the program declares that a plan is about.
struct SelectedResources {
    std::vector<bool> selected;  ///< by graph resource
    /// Not selected because something that they need is left out and not there: address, and what it needs.
    std::vector<std::pair<std::string, std::string>> held_back;
};

/// Targets take along what they need. What is left out, and is not in state, holds back what needs it.
SelectedResources select_resources(const Selection& selection, const ClosedGraph& graph, const State& state);

/// The addresses in state that are taken away, of those that the program does not want any more: targets take along
/// what uses them, and what is left out keeps what it uses.
/// @param wanted  addresses in state of what the program declares
std::set<std::string, std::less<>> select_removals(const Selection& selection, const State& state,
                                                   const std::set<std::string, std::less<>>& wanted);

}  // namespace strata
