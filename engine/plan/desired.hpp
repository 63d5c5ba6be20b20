#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/crypto.hpp"
#include "engine/graph/closed_graph.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// The name of the provider instance that a declaration uses.
std::string provider_of(const ResourceDeclaration& declaration);
/// The instance that a lookup asks; one that names none asks the one of its kind: "aws.ec2.Image" asks "aws".
std::string provider_of(const LookupNode& lookup);

/// The declared provider instance of that name. nullptr: the environment's own one.
const ProviderDeclaration* declared_provider(const Graph& graph, std::string_view name);

/// Where a declared resource stands in state: under its address, or under one of its former ones; under its own when it is not
/// there yet.
std::string state_address(const State& state, const ResourceDeclaration& declaration);

/// The parts that an update leaves as they are: what the resource ignores, and the tags that its provider does. Labels.
std::vector<std::string> ignored_parts(const Graph& graph, const ResourceDeclaration& declaration);

/// A write-only property that the program ignores, and does not set or does not know, stays as it was applied: state goes on holding its
/// hash. The hash stands among the wanted properties, but is none to send.
void keep_ignored_hashes(const std::vector<std::string>& ignored, const ResourceType& type, const ValueMap& applied, ValueMap& desired);
/// What can be sent of wanted properties.
ValueMap without_hashes(const ValueMap& desired);

/// What state holds of wanted properties: write-only ones that are secret, or large, as keyed hashes.
ValueMap stored_form(const ResourceType& type, const ValueMap& properties, const SealKey& key);

/// Keys of the tags that Strata puts on everything taggable.
inline constexpr std::string_view stack_tag_key = "strata:stack";
inline constexpr std::string_view address_tag_key = "strata:address";
inline constexpr std::string_view token_tag_key = "strata:token";

/// The wanted properties of a node's facet, tags of the provider instance and of Strata itself put in.
ValueMap with_tags(const ClosedGraph& graph, const GraphNode& node, ValueMap properties, std::string_view stack_tag);

}  // namespace strata
