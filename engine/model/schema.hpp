#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/value.hpp"

namespace strata {

enum class PropertyShape : std::uint8_t { any, text, integer, real, boolean, timestamp, bytes, document, structure, list, set, map };

/// When two values that are not the same bytes still mean the same thing.
enum class Sameness : std::uint8_t {
    exact,
    json,            ///< JSON documents, by content (IAM policies: a text equals a list of that one text, statements without order)
    arn_or_id,       ///< an ARN equals the id or name that it ends in
    without_case,    ///< "Postgres" equals "postgres"
    cidr,            ///< host bits do not count: 10.0.0.1/16 equals 10.0.0.0/16
    version_prefix,  ///< "15" equals "15.4": the program names fewer parts than the service answers
    number_text,     ///< "1.0" equals "1"; text that holds a number
    trailing_newline,
};

struct PropertySchema;

/// What a property's value may look like. Static tables, made by codegen or written by hand for a provider's own types.
struct Schema {
    PropertyShape shape = PropertyShape::any;
    std::string_view name = {};                            ///< of a structure: "JobCommand"
    std::span<const PropertySchema> members = {};          ///< structure, sorted by `name`
    const Schema* element = nullptr;                       ///< list and set: item; map: value
    std::span<const std::string_view> identified_by = {};  ///< set or list of structures: members that name an item; none: the whole item
    std::span<const std::string_view> allowed = {};        ///< enum values; others are reported unless given by enum_value()
    std::optional<double> min = {};                        ///< number: least; text, list, map: least length
    std::optional<double> max = {};
    std::string_view pattern = {};  ///< regular expression that the whole text matches
};

/// One property of a resource type, or one member of a structure.
struct PropertySchema {
    std::string_view name;   ///< wire name, as in state and in calls: "CidrBlock"
    std::string_view label;  ///< as a program and a person write it: "cidr_block"
    const Schema* schema = nullptr;
    Sameness sameness = Sameness::exact;
    bool required = false;
    bool replaces = false;               ///< a change forces replacement
    bool write_only = false;             ///< no read answers it: compared by keyed hash with what was last applied
    std::string_view witness = {};       ///< of a write-only one: the output that changes with every new value; "" for none
    bool secret = false;                 ///< tainted wherever it comes from
    bool local = false;                  ///< ours alone (force_destroy, a recovery window): no read answers it, compared with state
    bool exclusive = true;               ///< set or list: items that the program does not name are drift
    std::string_view default_json = {};  ///< what the service has when nobody set it, as JSON; empty: not known
    std::uint8_t facet = 0;              ///< index into ResourceType::facets; 0 is the core
    /// Brings a value into the one form that compares (security group rules split to one source each); nullptr: as it is.
    Value (*canonical)(const Value&) = nullptr;
};

enum class FacetKind : std::uint8_t { core, document, set, map };
/// True of facets whose members come and go one by one.
constexpr bool has_members(FacetKind kind) { return kind == FacetKind::set || kind == FacetKind::map; }

/// A part of a resource with calls of its own; the graph's node. [0] is the core.
struct Facet {
    std::string_view label;  ///< "", "versioning", "routes"
    FacetKind kind = FacetKind::core;
    bool detach_first = false;  ///< must be taken off before the core is deleted (attachments, rules); others go with it
};

/// What a resource answers and other resources may use.
struct OutputSchema {
    std::string_view name;   ///< key in Live::outputs: "Arn"
    std::string_view label;  ///< "arn"
    bool stable = false;     ///< survives an update in place
    bool secret = false;
};

/// How the thing that an interrupted create may have left is found again.
enum class RecoveryClass : std::uint8_t { token, name, tags };

/// A kind of resource, as the engine knows it: nothing in here says how it is called.
struct ResourceType {
    std::string_view name;                            ///< "aws.ec2.Vpc"
    std::string_view provider;                        ///< "aws"
    int schema_version = 1;                           ///< of what state holds
    std::span<const PropertySchema> properties = {};  ///< sorted by `name`
    std::span<const Facet> facets = {};
    std::span<const OutputSchema> outputs = {};
    RecoveryClass recovery = RecoveryClass::name;
    bool holds_data = false;              ///< deleting or replacing it loses what people put in
    bool create_before_delete = true;     ///< false: two of them cannot exist at once
    std::string_view tags_property = {};  ///< wire name of the map that takes tags; empty: cannot be tagged
    bool bookkeeping_tags = true;         ///< takes the stack and address tags too (false: it allows too few tags)
    std::string_view name_property = {};  ///< wire name of the property that names it, filled by Provider::generate_name when absent
    std::uint16_t name_limit = 0;         ///< longest such name
    const void* detail = nullptr;         ///< the provider's own part of the declaration

    /// nullptr when there is none of that wire name.
    [[nodiscard]] const PropertySchema* property(std::string_view wire_name) const;
    [[nodiscard]] const OutputSchema* output(std::string_view output_name) const;
    /// Label of the facet at `index`; "" for the core, and for a type without facets.
    [[nodiscard]] std::string_view facet_label(std::size_t index) const {
        return facets.empty() ? std::string_view{} : facets[index].label;
    }
};

}  // namespace strata
