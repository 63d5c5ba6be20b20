#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/base/error.hpp"
#include "engine/base/value.hpp"
#include "engine/model/schema.hpp"

namespace strata {

/// Who a provider instance turned out to be once it was asked.
struct ProviderIdentity {
    std::string account;  ///< AWS account id; "" where there is no such thing
    std::string region;
    std::string partition;      ///< "aws"
    std::string principal;      ///< ARN or user, for people
    std::string instance = {};  ///< set by a server that forgets when it restarts (the local emulator): its instance id
};

/// One resource to be looked at.
struct ReadItem {
    const ResourceType* type = nullptr;
    std::string address;       ///< for errors and traces only
    std::string id;            ///< physical id
    ValueMap properties;       ///< last applied, or desired where there is no state: says parents and keys
    ValueMap outputs;          ///< last known outputs (ARN, URL ...)
    std::string token = {};    ///< of the create that made it; tells how long ago that was. Empty: not known
    std::vector<bool> facets;  ///< which facets to read, by index; [0] the core is always read
};

/// What is there. A property that the service does not have is absent from the map; one that exists but was not
/// asked for (its facet was not in ReadItem::facets) is absent too.
struct Live {
    std::string id;
    ValueMap properties;  ///< by wire name, in the form in which a program would set them
    ValueMap outputs;
    bool pending = false;   ///< exists, but still being made or changed
    bool deleting = false;  ///< still listed, on its way out: counts as absent once gone
};
struct Absent {};
/// Could not be seen (denied, network, unreadable answer): never the same as absent.
struct Unreadable {
    Error why;
};
using ReadResult = std::variant<Live, Absent, Unreadable>;

/// Batched: as few calls as possible, may lag. Direct: the authoritative call for each item.
enum class ReadDepth : std::uint8_t { batched, direct };

enum class StepAction : std::uint8_t { create, update, remove };

/// One change of one facet, everything resolved.
struct Step {
    StepAction action = StepAction::create;
    const ResourceType* type = nullptr;
    std::size_t facet = 0;
    std::string address;
    std::string stack;                 ///< "foundation.dev": what the stack tag says
    std::string id;                    ///< physical id; empty when the core is created and the service chooses it
    ValueMap desired;                  ///< create, update: wanted properties of this facet, tags included; null: back to the default
    std::vector<std::string> changed;  ///< update: wire names of the properties that differ, by the engine's comparison
    ValueMap previous;                 ///< update, remove: what is there now (live where it was read, else last applied)
    ValueMap properties;               ///< last applied or desired properties of the whole resource
    ValueMap outputs;                  ///< of the core
    std::string token;                 ///< 32 lower-case hex, made once for this step and journaled before the first call
    Milliseconds timeout{0};           ///< 0: the type's own
    ValueMap applied = {};             ///< update: this facet as last applied; says which parts of `previous` were ours
    bool settle_first = false;  ///< update of the core: an earlier change may still be going on; is waited for, also with nothing to send
};

/// How far a step is.
struct Progress {
    bool done = false;
    Value cursor;                 ///< opaque, journaled; handed to poll()
    Milliseconds again_in{1000};  ///< poll not before
    std::string text;             ///< for people: "creating, 40 %"
    std::string id;               ///< as soon as it is known
    ValueMap outputs;             ///< once done (core): as Live::outputs
};

/// A declared resource of which state knows nothing.
struct Sought {
    const ResourceType* type = nullptr;
    std::vector<std::string> addresses;  ///< its own, then former ones
    ValueMap desired;  ///< wanted properties of the core, as far as they are known; a name only where the program gives one
    /// What a name begins with that was generated for it, one for each address; empty: the program gives the name, or there is none.
    std::vector<std::string> name_starts;
};

/// Something at the service that may be what is sought.
struct Candidate {
    std::string id;
    bool ours = true;        ///< carries the tags of the stack and the address; or can carry none, and has the name
    std::string claim = {};  ///< where it is not: what it carries instead, for people
};

/// Something at the service that carries the tag of a stack.
struct TaggedThing {
    std::string id;       ///< as the service names it among all things of the account (an ARN)
    std::string address;  ///< what its address tag says
};

/// Something that can look at and change resources of its types. All in Values; knows nothing of graphs,
/// plans or state. Every function may be called from several threads at once.
class Provider {
public:
    virtual ~Provider() = default;

    /// Finds credentials and asks who they are. @errors credentials, network
    virtual Result<ProviderIdentity> configure() = 0;
    /// Takes for granted who they are, where nothing may be asked: state says where its resources live.
    virtual void assume(const ProviderIdentity& /*who*/) {}

    /// Reports every mistake that can be seen without a call. Values may hold unknowns, which pass.
    /// Locations are found by the caller: `path` in the callback is a dotted path of wire names ("Command.Name", "Routes[0].GatewayId").
    using Report = std::function<void(std::string_view path, std::string message, std::string remedy)>;
    virtual void check(const ResourceType& type, const ValueMap& properties, const Report& report) const = 0;

    /// A physical name for a resource whose program gives none: `wanted` cut to the type's rules, with
    /// `suffix` (8 hex digits) at its end, and after that what the type's rules want for such properties (".fifo").
    [[nodiscard]] virtual std::string generate_name(const ResourceType& type, const ValueMap& properties, std::string_view wanted,
                                                    std::string_view suffix) const = 0;

    /// The physical id that the resource will have, when its properties tell (a bucket's name); empty
    /// when only the service knows.
    [[nodiscard]] virtual std::string planned_id(const ResourceType& type, const ValueMap& properties) const = 0;

    /// Outputs that are known before the resource exists (the ARN of a role whose name is known); makes no call, and leaves out
    /// what hangs on an identity that is not known.
    [[nodiscard]] virtual ValueMap planned_outputs(const ResourceType& type, const ValueMap& properties) const = 0;

    /// What the service by itself may have put into a property that nobody set (a new bucket's encryption, a topic's first
    /// policy), beside PropertySchema::default_json; empty where nothing of the kind is known.
    /// @param applied  what state holds of the resource, for conditions on what no read answers
    [[nodiscard]] virtual std::vector<Value> service_defaults(const ResourceType& type, std::string_view property, const Live& live,
                                                              const ValueMap& applied) const = 0;

    /// One result per item, in order.
    virtual std::vector<ReadResult> read(std::span<const ReadItem> items, ReadDepth depth) = 0;

    /// Sends the change. @errors as the service says; outcome_unknown when the answer was lost
    virtual Result<Progress> begin(const Step& step) = 0;
    virtual Result<Progress> poll(const Step& step, const Value& cursor) = 0;

    /// The id of what an interrupted create left behind; empty when surely nothing.
    /// @errors outcome_unknown when evidence is ambiguous
    virtual Result<std::optional<std::string>> find_orphan(const Step& step) = 0;

    /// What there is for declared resources of which state knows nothing: found by the name that the program gives, by the tags
    /// of stack and address, or by the form of a generated name.
    /// @param stack  "foundation.dev": what the stack tag says
    /// @return for each in its order what may be it, none when surely nothing is.
    /// @errors per item: access_denied, network; outcome_unknown where things of its type cannot be looked for
    virtual std::vector<Result<std::vector<Candidate>>> find_existing(std::string_view stack, std::span<const Sought> sought) = 0;

    /// Everything that carries the tag of the stack, as far as the service lists such things.
    virtual Result<std::vector<TaggedThing>> find_tagged(std::string_view stack) = 0;

    /// A lookup (`aws::lookup<...>`): finds the one thing that matches `arguments`.
    virtual Result<ValueMap> look_up(std::string_view kind, const ValueMap& arguments) = 0;
};

}  // namespace strata
