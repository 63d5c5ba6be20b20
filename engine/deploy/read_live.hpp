#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/deploy/provider_set.hpp"
#include "engine/graph/closed_graph.hpp"
#include "engine/model/provider.hpp"
#include "engine/plan/selection.hpp"
#include "engine/state/state.hpp"

namespace strata {

using LiveMap = std::map<std::string, ReadResult, std::less<>>;

/// What is to be looked at: every selected resource of `state` with the facets that state or program know, and every
/// resource that the program wants to import. Deposed ones are not looked at: their delete says what became of them.
struct ReadScope {
    const ClosedGraph* graph = nullptr;  ///< nullptr: state alone
    const State* state = nullptr;
    Selection selection;
    bool all_facets = false;  ///< `drift --full`
};
std::map<std::string, std::vector<ReadItem>, std::less<>> items_to_read(const ReadScope& scope, const ProviderSet& providers);

/// Reads them, provider by provider. A result of the batched depth that is absent is confirmed by the direct read.
/// @errors credentials, network, wrong_account: then nothing was read
Result<LiveMap> read_live(const std::map<std::string, std::vector<ReadItem>, std::less<>>& items, ProviderSet& providers,
                          const State& state);

/// Reads the named resources again with the authoritative call and puts the results into `live`.
Status confirm(const std::vector<std::string>& addresses, const std::map<std::string, std::vector<ReadItem>, std::less<>>& items,
               ProviderSet& providers, LiveMap& live);

}  // namespace strata
