#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"
#include "engine/model/schema.hpp"
#include "engine/state/update.hpp"

namespace strata {

/// What is known of one facet of a deployed resource.
struct FacetState {
    ValueMap properties;                    ///< last applied, resolved, by wire name
    std::vector<std::string> dependencies;  ///< node keys ("network/vpc", "network/a#routes") it used when it was applied
};

/// One deployed resource: what was asked for, and what it answered.
struct ResourceState {
    std::string address;
    std::string type;  ///< "aws.ec2.Vpc"
    int schema_version = 1;
    std::string provider;                                   ///< name of the provider instance
    std::string id;                                         ///< physical id
    ValueMap outputs;                                       ///< as the service last answered
    std::map<std::string, FacetState, std::less<>> facets;  ///< by label; the core under ""
    std::string token;                                      ///< of the step that created it
    bool protect = false;
    bool retain_on_delete = false;
    bool tainted = false;  ///< created, but not known to be whole: to be replaced

    /// Last applied properties of all facets in one map.
    [[nodiscard]] ValueMap properties() const;
};

/// Who a provider instance said it was when state was last written; another answer later means the wrong account.
struct ProviderState {
    std::string kind;
    std::string account;
    std::string region;
    std::string instance;  ///< of a server that forgets when it restarts
};

/// A step that was begun and of which no end is known.
struct OpenStep {
    std::string step;    ///< unique id
    std::string action;  ///< "create", "update", "remove"
    std::string address;
    std::string facet;  ///< label
    std::string type;
    std::string provider;
    std::string id;  ///< physical id, when known before the call
    std::string token;
    ValueMap properties;  ///< what was asked for (core create: all that identifies it)
    Value cursor;         ///< of Provider::poll, when the service had accepted it
};

/// True of the making or deleting of a whole resource that the service had accepted when the run that waited for it ended: the next run
/// can go on waiting.
bool is_handed_over(const OpenStep& step);

/// Everything that is remembered of one stack.
struct State {
    std::string lineage;       ///< made once, when the stack was first saved
    std::uint64_t serial = 0;  ///< of the last journal segment that is part of it: grows with every durable change
    std::string stack;         ///< "foundation"
    std::string environment;   ///< "dev"
    std::map<std::string, ProviderState, std::less<>> providers;
    std::map<std::string, ResourceState, std::less<>> resources;  ///< by address
    std::vector<ResourceState> deposed;                           ///< replaced, still to be deleted
    std::map<std::string, Value, std::less<>> outputs;            ///< of the stack
    std::map<std::string, OpenStep, std::less<>> open;            ///< by step id
    /// Outputs of this stack that other stacks used when they were last deployed: output name -> stacks.
    std::map<std::string, std::vector<std::string>, std::less<>> used_by;
    std::string hash_key;  ///< 32 raw bytes, made with the lineage: what write-only properties are hashed with; sealed where it is written
    std::vector<Update> updates;           ///< the last of them, oldest first
    std::vector<std::uint64_t> takeovers;  ///< serials at which a run took the stack from one that had not given it back

    [[nodiscard]] const ResourceState* find(std::string_view address) const;
    /// nullptr also when something of another type has the address.
    [[nodiscard]] const ResourceState* find(std::string_view address, std::string_view type) const;
};

/// What must hold of every state that is written or read; the first breach in words, empty when sound.
std::string broken_invariant(const State& state);

}  // namespace strata
