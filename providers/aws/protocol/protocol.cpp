#include "providers/aws/protocol/protocol.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/protocol/check.hpp"
#include "providers/aws/protocol/checksum.hpp"
#include "providers/aws/protocol/wire_protocol.hpp"

namespace strata::aws {

namespace {

constexpr std::array<const WireProtocol*, 5> protocols = {&ec2_protocol, &query_protocol, &json_protocol, &rest_json_protocol,
                                                          &rest_xml_protocol};

Value with_tokens(const Operation& operation, Value params, std::string_view token) {
    if (params.is_null()) params = ValueMap{};
    auto* members = params.map();
    if (!members || !operation.input) return params;
    for (const auto& member : operation.input->members) {
        const auto* given = members->find(member.name);
        if (member.idempotency_token && (!given || given->is_null())) members->set(member.name, token);
    }
    return params;
}

/// "{Account}.data." with the host labels of `params` filled in.
std::string host_prefix(const Operation& operation, const ValueMap& params) {
    std::string prefix{operation.host_prefix};
    if (prefix.empty() || !operation.input) return prefix;
    for (const auto& member : operation.input->members) {
        const auto* value = params.find(member.name);
        const auto label = fmt::format("{{{}}}", member.name);
        const auto at = prefix.find(label);
        if (member.host_label && value && at != std::string::npos) prefix.replace(at, label.size(), value->text_or({}));
    }
    return prefix;
}

/// The answer's body is no JSON or XML but the content of something.
bool answers_raw(const Operation& operation) {
    if (!operation.output) return false;
    const auto* payload = operation.output->member(operation.output->payload);
    return payload && (payload->shape->type == ShapeType::blob || payload->shape->type == ShapeType::string);
}

/// S3 begins some answers with 200 before it knows the outcome, and then says `<Error>` in the body.
bool is_late_error(const Operation& operation, const wire::Response& response) {
    if (answers_raw(operation)) return false;
    auto body = trimmed(std::string_view{response.body}.substr(0, 1000));
    if (body.starts_with("<?")) {
        const auto end = body.find("?>");
        body = end == std::string_view::npos ? std::string_view{} : trimmed(body.substr(end + 2));
    }
    return body.starts_with("<Error>") || body.starts_with("<Error ");
}

/// A page for people: what a proxy, or a network that wants a sign-in first, sends in the service's place.
bool is_page(const wire::Response& response) {
    const auto begin = lower(trimmed(std::string_view{response.body}.substr(0, 1000)).substr(0, 14));
    return begin.starts_with("<!doctype html") || begin.starts_with("<html");
}

}  // namespace

const WireProtocol& protocol_of(const Service& service) {
    const auto speaks = [&](const WireProtocol* candidate) { return candidate->protocol == service.protocol; };
    return **std::ranges::find_if(protocols, speaks);
}

Result<Serialized> serialize(const Service& service, const Operation& operation, const Value& params, std::string_view token) {
    const auto given = with_tokens(operation, params.without_marks(), token);
    const auto found = misfits(operation, given);
    if (!found.empty())
        return Error{.kind = ErrorKind::invalid_program,
                     .summary = "Arguments do not fit the operation",
                     .cause = fmt::format("{} {}\n{}", service.name, operation.name, join(found, "\n")),
                     .remedy = {}};

    auto request = protocol_of(service).write(service, operation, *given.map());
    if (!request) return request;
    request->host_prefix = host_prefix(operation, *given.map());
    if (auto added = add_checksum(operation, *request); !added) return std::move(added).error();
    return request;
}

Result<Value> parse(const Service& service, const Operation& operation, const wire::Response& response) {
    const bool holds_anything = operation.output != nullptr && !operation.output->payload.empty();
    if (!holds_anything && is_page(response)) return not_of_the_protocol(service, operation, response);
    auto value = protocol_of(service).read(operation, response);
    if (value) return value;
    auto error = std::move(value).error();
    error.summary = "Answer not understood";
    error.cause = fmt::format("{} {}: status {}, {}", service.name, operation.name, response.status, error.cause);
    error.remedy = "Check the endpoint, and any proxy between here and it.";
    return error;
}

std::size_t longest_answer(const Operation& operation) { return std::size_t{answers_raw(operation) ? 64U : 8U} << 20U; }

bool is_error(const Service& service, const Operation& operation, const wire::Response& response) {
    if (response.status >= 300) return true;
    return service.protocol == Protocol::rest_xml && is_late_error(operation, response);
}

}  // namespace strata::aws
