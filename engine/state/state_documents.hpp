#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/base/key_ring.hpp"
#include "engine/state/codec.hpp"
#include "engine/state/document.hpp"
#include "engine/state/mutation.hpp"
#include "engine/state/store.hpp"

namespace strata {

/// One segment of the journal.
struct Journaled {
    std::uint64_t serial = 0;
    WallTime at{};  ///< when it was written, by the clock of its run; 0 when it does not say
    std::string run;
    std::vector<Mutation> records;
};

/// Snapshots and segments of one stack as the documents that a store holds: authenticated as a whole, secrets sealed.
class StateDocuments {
public:
    StateDocuments(const KeyRing& keys, std::string stack, std::string environment)
        : keys_{keys}, stack_{std::move(stack)}, environment_{std::move(environment)} {}

    [[nodiscard]] const KeyRing& keys() const { return keys_; }
    /// What is written from now on stands under the current key of this ring.
    void use(const KeyRing& keys) { keys_ = keys; }

    [[nodiscard]] std::string snapshot(const State& state) const;
    [[nodiscard]] std::string segment(const Journaled& segment, const std::string& lineage) const;

    /// @param where  for the error
    /// @errors state_unreadable, with what is broken (wrong key and tampering read the same)
    [[nodiscard]] Result<State> read_snapshot(std::string_view text, std::string_view where) const;
    [[nodiscard]] Result<Journaled> read_segment(const StateStore::Segment& segment, const std::string& lineage,
                                                 std::string_view where) const;

    /// The same document under the ring's current key; as it is when it stands there already. @errors state_unreadable
    [[nodiscard]] Result<std::string> under_current_key(const StateStore::Kept& document, std::string_view where) const;

private:
    [[nodiscard]] DocumentPlace place(std::string_view kind, const std::string& lineage, std::uint64_t serial) const;
    [[nodiscard]] const SealKey* key_of(const DocumentPlace& place, std::string_view text) const;

    KeyRing keys_;
    std::string stack_;
    std::string environment_;
};

/// Of a snapshot or a segment, as it stands in clear; empty when it says none.
std::string lineage_of(std::string_view document);

Error unreadable_state(std::string_view where, std::string_view cause);

}  // namespace strata
