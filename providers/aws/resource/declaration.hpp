#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/value.hpp"
#include "providers/aws/resource/hooks.hpp"

namespace strata::aws {

// What a file under providers/aws/types says about a resource type, as static tables that codegen makes.
// docs/resource-type-format.md tells what each part means; ResourceType::detail points at a TypeDetail.

/// How tags are written in one place of a request or an answer. Inside Strata they are always a map.
struct TagForm {
    enum class Kind : std::uint8_t {
        map,             ///< {"k": "v"}
        list,            ///< [{"Key": "k", "Value": "v"}]
        specifications,  ///< EC2: [{"ResourceType": "vpc", "Tags": [...]}]
        keys,            ///< of tags to be removed: ["k"]
        key_list,        ///< of tags to be removed: [{"Key": "k"}]
    };
    Kind kind = Kind::map;
    std::string_view key = "Key";
    std::string_view value = "Value";
    std::string_view resource = {};  ///< specifications: "vpc"
};

struct NamedExpression;

/// A part of a request, filled in when it is sent. What has no value is left out of the map or list around it.
struct Expression {
    enum class Kind : std::uint8_t {
        text,  ///< as it stands, `${...}` replaced
        integer,
        boolean,
        map,   ///< `members`; one with an empty name is spread into the map
        list,  ///< `items`
        id,    ///< the physical id
        arn,
        token,     ///< of the step
        property,  ///< `text`: path to a wanted property
        previous,  ///< the same, before the change
        output,    ///< an output of the core
        read,      ///< reading: what the first source showed; `text`: path inside
        item,      ///< of a set, or of the list that `each` asked for; `text`: path inside
        value,     ///< of a document facet or of a map's entry; `text`: path inside
        key,       ///< of a map's entry
        items,     ///< several items of a set at once
        ids,       ///< several physical ids at once
        tags,      ///< in the form `tags`
        tag_keys,
        all,             ///< every wanted property of `names`
        changed,         ///< those of `names` that change
        attributes_all,  ///< as `all`, each as text
        attributes_changed,
        added,    ///< items of list property `text` that were not there before
        removed,  ///< items that are no longer wanted
        negated,  ///< true when the one of `items` has no value, or is false or empty
    };
    Kind kind = Kind::text;
    std::string_view text = {};
    std::int64_t number = 0;
    std::span<const NamedExpression> members = {};
    std::span<const Expression> items = {};
    std::span<const std::string_view> names = {};
    const TagForm* tags = nullptr;
};

struct NamedExpression {
    std::string_view name;
    Expression value;
};

/// Where a property or output is found in an answer.
struct Field {
    enum class Decode : std::uint8_t { none, url };
    std::string_view name;
    std::string_view path;  ///< JMESPath subset of providers/aws/model/path.hpp; empty: the whole object
    Decode decode = Decode::none;
};

/// One way to look: an operation, and where its answer holds what.
struct Source {
    std::string_view service;
    std::string_view operation;
    const Expression* in = nullptr;
    std::string_view out = {};          ///< path to the object, or to the list of objects when `key` is set
    std::string_view key = {};          ///< path inside an object to what tells which one it is
    const Expression* match = nullptr;  ///< what `key` must equal; nullptr: the physical id
    std::uint16_t limit = 0;            ///< ids a call; 0: the request names no ids
    std::span<const Field> fields = {};
    std::span<const std::string_view> absent = {};  ///< error codes that mean "not there"
};

/// One mutating call.
struct OperationUse {
    enum class Per : std::uint8_t { none, added, removed, replaced, attribute };
    std::string_view service;
    std::string_view operation;
    const Expression* in = nullptr;
    const Expression* when = nullptr;                 ///< called only when this has a value that is not false or empty
    std::span<const std::string_view> triggers = {};  ///< update: properties whose change calls it
    Per per = Per::none;  ///< once for each added (removed, replaced) item of `per_property`, or changed attribute
    std::string_view per_property = {};
    std::span<const std::string_view> per_by = {};
    const Source* each = nullptr;
    std::uint16_t limit = 0;                        ///< items a call; 0: no bound
    std::span<const std::string_view> ignore = {};  ///< error codes that mean "done already"
    bool settle = false;                            ///< wait until no longer pending before the next call
};

struct IdSpec {
    std::span<const std::string_view> parts = {};  ///< properties that make it up
    std::string_view separator = "/";
    std::string_view answer = {};         ///< path into the answer of the create call
    const Expression* planned = nullptr;  ///< known before it exists; for ids that the service answers, or fixed ones
};

struct TagSpec {
    bool supported = false;
    bool on_create = false;           ///< the create call takes them
    bool tagging_api = false;         ///< batched reads ask resourcegroupstaggingapi by ARN
    std::string_view from_read = {};  ///< path in the core's answer; empty: `read`
    TagForm read_form = {};
    const Source* read = nullptr;
    const OperationUse* add = nullptr;
    const OperationUse* remove = nullptr;
    bool replaces_all = false;  ///< `add` takes the whole set: what is there is read first
    std::uint8_t limit = 50;
    bool bookkeeping = true;  ///< carries Strata's own stack, address and token tags
};

struct FacetDetail {
    std::string_view property;
    std::string_view from_read = {};    ///< path in the core's answer (direct and batched)
    std::string_view from_batch = {};   ///< path in the batched answer only
    const Source* get = nullptr;        ///< its own call: document, or list of items or keys
    const Source* get_item = nullptr;   ///< map: value of one key
    std::string_view entry_key = {};    ///< map from a list of objects: path to the key ...
    std::string_view entry_value = {};  ///< ... and to the value
    Field::Decode decode = Field::Decode::none;
    std::span<const Field> item = {};            ///< set: how an item is put together; empty: by member names
    std::span<const OperationUse> put = {};      ///< document, map
    std::span<const OperationUse> add = {};      ///< set
    std::span<const OperationUse> replace = {};  ///< set: same identity, other content
    std::span<const OperationUse> remove = {};   ///< set, map, and taking a document off
    std::span<const std::string_view> identified_by = {};
    bool preset = false;  ///< a new thing has items of its own: what is there is read first
};

/// What a value in the core's answer says about its state.
struct PendingRule {
    std::string_view path;
    std::span<const std::string_view> pending = {};
    std::span<const std::string_view> failed = {};
    std::span<const std::string_view> deleting = {};
    std::span<const std::string_view> gone = {};  ///< still listed, but counts as absent
    std::string_view reason = {};                 ///< path to why it failed
    const Expression* when = nullptr;
};

/// An error that goes away by itself.
struct RetryRule {
    std::string_view code;
    std::string_view message = {};  ///< glob on the error's text; empty: any
    std::uint16_t seconds = 120;
    std::string_view waiting_for = {};  ///< for people: "the role to become assumable"
};

/// What a person can do about an error of this type.
struct ErrorRule {
    std::string_view code;
    std::string_view message = {};  ///< glob on the error's text; empty: any
    Expression remedy = {};
};

/// A number that the service raises by itself, up to a bound that is a property too.
struct GrowthRule {
    std::string_view property;
    std::string_view bound;
};

/// What the service by itself puts into a property that nobody set.
struct ServiceDefault {
    std::string_view property;
    Expression value = {};
    std::string_view where = {};  ///< path over the thing's properties that is true when this one holds; empty: always
};

struct NameRule {
    std::string_view property = {};
    std::uint16_t limit = 0;
    bool lower = false;
    std::string_view characters = {};  ///< allowed beside letters and digits; others become the first of them
    std::string_view suffix = {};      ///< stays at the end (".fifo") when this property is true:
    std::string_view suffix_when = {};
};

struct OrphanRule {
    enum class How : std::uint8_t { by_id, by_tag_filter, by_tagging_api };
    How how = How::by_id;
    const Source* list = nullptr;  ///< by_tag_filter: with the token in its request; by_id: what answers the id of a name
};

struct TypeDetail {
    std::string_view service;
    IdSpec id;
    const Expression* arn = nullptr;
    OperationUse create;
    std::span<const OperationUse> update = {};
    std::span<const OperationUse> remove = {};
    std::span<const std::string_view> created_with = {};  ///< properties that the create call carries
    std::span<const Source> read = {};
    std::span<const Source> read_many = {};
    std::uint16_t batch_from = 1;  ///< fewer items than this are read one by one
    TagSpec tags;
    std::span<const FacetDetail> facets = {};  ///< as ResourceType::facets; [0] is unused
    std::span<const PendingRule> pending = {};
    std::span<const RetryRule> retries = {};
    std::span<const ErrorRule> errors = {};
    std::span<const GrowthRule> grows = {};
    std::span<const ServiceDefault> service_defaults = {};
    std::span<const Field> outputs = {};  ///< from the core's answer
    std::span<const NamedExpression> computed_outputs = {};
    std::uint16_t interval_ms = 2000;  ///< between looks at something pending
    std::uint16_t create_minutes = 10;
    std::uint16_t update_minutes = 10;
    std::uint16_t remove_minutes = 20;
    bool waits_until_gone = false;
    NameRule name;
    OrphanRule orphan;
    Hooks hooks;
};

}  // namespace strata::aws
