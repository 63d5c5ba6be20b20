#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace strata::aws {

enum class ShapeType : std::uint8_t { structure, list, map, string, integer, real, boolean, timestamp, blob };
enum class WireLocation : std::uint8_t { body, uri, query_string, header, headers, status_code };
enum class TimestampFormat : std::uint8_t { unset, iso8601, rfc822, unix_time };

struct Shape;

/// One member of a structure, or what a list or map holds, with everything the protocols need to know
/// about how it travels. Names as in AWS's service models (botocore `service-2.json`). What the model says
/// at the shape counts for every member of that shape that does not say otherwise, and is repeated here.
struct Member {
    std::string_view name;  ///< as a caller writes it: "VpcId"
    const Shape* shape = nullptr;
    std::string_view location_name = {};  ///< `locationName`; empty: same as `name`
    std::string_view query_name = {};     ///< `queryName` (EC2 protocol)
    WireLocation location = WireLocation::body;
    TimestampFormat timestamp = TimestampFormat::unset;
    bool required = false;
    bool streaming = false;
    bool flattened = false;
    bool xml_attribute = false;
    bool idempotency_token = false;
    bool host_label = false;
    bool json_value = false;  ///< a header that carries JSON, base64-encoded
    bool sensitive = false;
    std::string_view xml_prefix = {};  ///< `xmlNamespace`
    std::string_view xml_uri = {};
};

/// A shape of a service model. Static tables made by codegen and models read from a file at run time
/// have this same form.
struct Shape {
    std::string_view name;
    ShapeType type = ShapeType::structure;
    std::span<const Member> members = {};  ///< structure, ascending by name
    const Member* element = nullptr;       ///< list: member; map: value
    const Member* key = nullptr;           ///< map: key
    std::string_view location_name = {};   ///< of the shape itself (rest-xml root)
    std::string_view payload = {};         ///< structure: member that is the whole body
    TimestampFormat timestamp = TimestampFormat::unset;
    bool flattened = false;
    bool wrapper = false;
    bool is_union = false;
    bool document = false;  ///< free JSON
    bool exception = false;
    bool sensitive = false;
    bool fault = false;
    std::string_view error_code = {};  ///< `error.code` when it differs from the name
    std::int32_t error_status = 0;     ///< `error.httpStatusCode`
    std::span<const std::string_view> enum_values = {};
    std::optional<double> min = {};  ///< number: least; text, list, map, blob: least length
    std::optional<double> max = {};
    std::string_view pattern = {};
    std::string_view xml_prefix = {};
    std::string_view xml_uri = {};

    /// nullptr when a structure has no such member.
    [[nodiscard]] const Member* member(std::string_view member_name) const;
};

enum class Protocol : std::uint8_t { ec2, query, json, rest_json, rest_xml };

/// One output token and where it goes (botocore `paginators-1.json`).
struct Paginator {
    std::span<const std::string_view> input_token = {};
    std::span<const std::string_view> output_token = {};  ///< JMESPath: dotted names, `[-1]`, `a || b`
    std::span<const std::string_view> result_key = {};
    std::string_view limit_key = {};
    std::string_view more_results = {};
};

struct Operation {
    std::string_view name;
    std::string_view method = "POST";
    std::string_view request_uri = "/";
    const Shape* input = nullptr;   ///< nullptr: takes nothing
    const Shape* output = nullptr;  ///< nullptr: answers nothing
    std::span<const Shape* const> errors = {};
    std::string_view result_wrapper = {};  ///< query protocol
    std::string_view input_root = {};      ///< rest-xml: `input.locationName`
    std::string_view input_xml_uri = {};
    std::string_view host_prefix = {};      ///< `endpoint.hostPrefix`
    bool unsigned_payload = false;          ///< `authtype: v4-unsigned-body`
    bool anonymous = false;                 ///< `authtype: none`
    bool checksum_required = false;         ///< `httpChecksum(Required)`
    std::string_view checksum_member = {};  ///< `requestAlgorithmMember`: which member names the algorithm
    bool compressed = false;                ///< `requestcompression`
    const Paginator* paginator = nullptr;
};

/// botocore `waiters-2.json`
struct Acceptor {
    enum class Matcher : std::uint8_t { path, path_all, path_any, status, error };
    enum class State : std::uint8_t { success, failure, retry };
    Matcher matcher = Matcher::path;
    State state = State::success;
    std::string_view argument = {};  ///< JMESPath for the path matchers
    std::string_view expected = {};  ///< text; numbers and booleans as their JSON text
};

struct Waiter {
    std::string_view name;
    const Operation* operation = nullptr;
    std::int32_t delay_seconds = 15;
    std::int32_t max_attempts = 40;
    std::span<const Acceptor> acceptors = {};
};

struct Service {
    std::string_view name;             ///< botocore's name, ours too: "ec2", "logs"
    std::string_view service_id = {};  ///< "CloudWatch Logs"
    std::string_view endpoint_prefix = {};
    std::string_view signing_name = {};  ///< empty: same as endpoint_prefix
    std::string_view api_version = {};
    std::string_view target_prefix = {};  ///< json
    std::string_view json_version = {};   ///< "1.0" or "1.1"
    Protocol protocol = Protocol::json;
    std::string_view xml_prefix = {};
    std::string_view xml_uri = {};
    bool query_compatible = false;               ///< `awsQueryCompatible`
    std::span<const Operation> operations = {};  ///< ascending by name
    std::span<const Waiter> waiters = {};        ///< ascending by name

    /// nullptr when the trimmed model has no such operation.
    [[nodiscard]] const Operation* operation(std::string_view operation_name) const;
    [[nodiscard]] const Waiter* waiter(std::string_view waiter_name) const;
};

/// Calls that change nothing: decided by name (Describe, Get, List, Head, BatchGet, Lookup, Search ...).
bool is_read_only(const Operation& operation);

}  // namespace strata::aws
