#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/deploy/provider_set.hpp"
#include "engine/graph/closed_graph.hpp"
#include "engine/plan/plan.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// What became of looking in the account for declared resources of which state knows nothing.
struct Rediscovery {
    struct Missing {
        std::string address;
        std::string type;
    };
    struct Unmatched {
        std::string address;
        std::string type;
        std::string why;
        std::vector<std::string> ids;  ///< what it may be; empty where nothing could be looked for
    };
    std::string stack;
    std::vector<Missing> missing;         ///< nothing is there: the next `up` makes it
    std::vector<Unmatched> unmatched;     ///< a person must say
    std::vector<TaggedThing> undeclared;  ///< carries the stack's tag, but neither program nor state has its address
};

/// Looks for what a plan would create, again and again while more becomes known of it.
class Rediscoverer {
public:
    /// @param stack_tag  "foundation.dev"
    Rediscoverer(const ClosedGraph& graph, const State& state, ProviderSet& providers, std::string stack_tag)
        : graph_{graph}, state_{state}, providers_{providers}, stack_tag_{std::move(stack_tag)} {}

    /// Addresses and physical ids of what was found just now. What was looked for before is looked for again only when more of its
    /// properties are known.
    /// @errors credentials, wrong_account
    Result<std::map<std::string, std::string>> look_for(const Plan& plan);

    /// What is left of `plan`, in which everything found is taken over. @errors access_denied, network
    Result<Rediscovery> report(const Plan& plan);

private:
    struct Answer {
        ValueMap desired;  ///< what was looked for
        std::vector<std::string> ids = {};
        std::string why_not = {};  ///< not empty: there is something, or it cannot be told
    };
    [[nodiscard]] Sought sought(const PlannedResource& planned) const;
    void note(const Sought& sought, const Result<std::vector<Candidate>>& candidates);
    Result<std::vector<TaggedThing>> undeclared();

    const ClosedGraph& graph_;
    const State& state_;
    ProviderSet& providers_;
    std::string stack_tag_;
    std::map<std::string, Answer, std::less<>> answers_;  ///< by address
};

}  // namespace strata
