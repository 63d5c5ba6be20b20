#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/state/codec.hpp"
#include "engine/state/state.hpp"

namespace strata {

/// One change of state, small enough for a journal record: what it costs does not depend on how large
/// the stack is.
struct Mutation {
    enum class Kind : std::uint8_t {
        begin,            ///< open: a step that is about to be sent; value, for who follows: {old, lets_go}, those that are true
        cursor,           ///< key: step, value: cursor; the service accepted the step
        progress,         ///< key: step, value, what is known of it meanwhile: {id: physical id, text: for people, failure}
        end,              ///< key: step, value: {failure} when it failed; its effects stand behind it in the same record
        put_resource,     ///< resource: whole record of a resource, its core and facets
        put_facet,        ///< address, key: label, facet
        set_outputs,      ///< address, value: map
        set_options,      ///< address, value: {protect, retain_on_delete, tainted}
        remove_facet,     ///< address, key: label
        remove_resource,  ///< address
        depose,           ///< address: the resource was replaced, the old one waits to be deleted
        remove_deposed,   ///< address, key: physical id
        rename,           ///< address -> key
        stack_output,     ///< key: name, value (null removes it)
        provider,         ///< key: instance name, provider
        used_by,          ///< key: output name, value: list of stacks
        hash_key,         ///< value: secret of 32 bytes; the first record of a new state
        takeover,         ///< key: id of the run that holds the lock now, taken from one that had not given it back
        update_begin,     ///< key: id of the run, value: {verb, user, began, steps: how many are planned}
        update_end,       ///< key: id of the run, value: {result, seconds, counts, done: steps, skipped: steps}
    };
    Kind kind = Kind::end;
    std::string address = {};
    std::string key = {};
    Value value = {};
    std::optional<OpenStep> open = {};
    std::optional<ResourceState> resource = {};
    std::optional<FacetState> facet = {};
    std::optional<ProviderState> provider = {};
};

/// Carries out one mutation on `state`. What names a thing that is not there changes nothing: replaying a
/// journal twice gives the same state.
void apply(State& state, const Mutation& mutation);

Value encode(const StateCodec& codec, const Mutation& mutation);
/// @errors state_unreadable
Result<Mutation> decode_mutation(const StateCodec& codec, const Value& stored);

}  // namespace strata
