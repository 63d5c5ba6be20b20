#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/protocol/protocol.hpp"
#include "tests/providers/aws/protocol/conformance/compare.hpp"
#include "tests/providers/aws/protocol/conformance/suite.hpp"

namespace strata::conformance {

namespace {

using aws::Protocol;

/// Idempotency tokens of the cases are this one.
constexpr std::string_view token = "00000000-0000-4000-8000-000000000000";

std::string_view text_at(const Value& map, std::string_view key) {
    const auto* found = map.find(key);
    return found ? found->text_or({}) : std::string_view{};
}

/// Host and path of the endpoint that a suite names, "https://example.com/custom".
struct Endpoint {
    std::string host;
    std::string path;
};

Endpoint endpoint_of(const Value& suite) {
    auto url = text_at(suite, "clientEndpoint");
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    const auto slash = url.find('/');
    if (slash == std::string_view::npos) return {std::string{url}, {}};
    return {std::string{url.substr(0, slash)}, std::string{url.substr(slash)}};
}

std::string uri_differs(const aws::Serialized& request, const Endpoint& endpoint, std::string_view uri) {
    const auto mark = uri.find('?');
    const auto path = uri.substr(0, mark);
    const auto query = mark == std::string_view::npos ? std::string_view{} : uri.substr(mark + 1);
    const auto own_path = endpoint.path + request.path;
    if (own_path != path) return fmt::format("path is {}, wanted {}", own_path, path);
    if (!same_pairs(request.query, query)) return fmt::format("query is {}, wanted {}", request.query, query);
    return {};
}

/// "a, b" and "a,b" are the same list (RFC 9110 section 5.6.1).
std::string without_list_spaces(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' || !out.ends_with(',')) out += c;
    return out;
}

/// Content-Length is the HTTP client's to send.
std::string headers_differ(const wire::Headers& headers, const Value& wanted) {
    if (const auto* fields = wanted.find("headers"))
        for (const auto& [name, value] : *fields->map()) {
            const auto* own = headers.find(name);
            if (!own || without_list_spaces(*own) != without_list_spaces(value.text_or({})))
                return fmt::format("header {} is {}, wanted {}", name, own ? *own : "absent", value.text_or({}));
        }
    if (const auto* names = wanted.find("requireHeaders"))
        for (const auto& name : *names->list())
            if (name.text_or({}) != "Content-Length" && !headers.find(name.text_or({})))
                return fmt::format("header {} is absent", name.text_or({}));
    if (const auto* names = wanted.find("forbidHeaders"))
        for (const auto& name : *names->list())
            if (headers.find(name.text_or({}))) return fmt::format("header {} must not be sent", name.text_or({}));
    return {};
}

bool same_json(std::string_view a, std::string_view b) {
    const auto first = parse_json(a, "body");
    const auto second = parse_json(b, "wanted body");
    return first && second && *first == *second;
}

/// What the body is made of: the payload, or else the whole input.
const aws::Shape* body_shape(const aws::Operation& operation) {
    const auto* payload = operation.input ? operation.input->member(operation.input->payload) : nullptr;
    return payload ? payload->shape : operation.input;
}

bool same_body(Protocol protocol, const aws::Shape* shape, std::string_view own, std::string_view wanted) {
    if (own == wanted) return true;
    switch (protocol) {
        case Protocol::ec2:
        case Protocol::query: return same_pairs(own, wanted) || (shape && same_form(*shape, own, wanted));
        case Protocol::json:
        case Protocol::rest_json: return same_json(own, wanted);
        case Protocol::rest_xml: return shape && same_xml(*shape, own, wanted);
    }
    return false;
}

}  // namespace

std::string run_input_case(const aws::LoadedModel& model, const Value& suite, const Value& test_case) {
    const auto& service = model.service();
    const auto& operation = service.operations[0];
    const auto* params = test_case.find("params");
    const auto* serialized = test_case.find("serialized");
    if (!serialized) return "the case does not say what the request looks like";
    const auto& wanted = *serialized;
    const auto given = params && operation.input ? typed(*operation.input, *params) : Value{ValueMap{}};
    const auto request = aws::serialize(service, operation, given, token);
    if (!request) return request.error().text();

    const auto endpoint = endpoint_of(suite);
    if (wanted.find("method") && request->method != text_at(wanted, "method")) return fmt::format("method is {}", request->method);
    auto uri = wanted.find("uri") ? uri_differs(*request, endpoint, text_at(wanted, "uri")) : std::string{};
    if (!uri.empty()) return uri;
    if (auto headers = headers_differ(request->headers, wanted); !headers.empty()) return headers;
    const auto host = request->host_prefix + endpoint.host;
    if (wanted.find("host") && host + endpoint.path != text_at(wanted, "host")) return fmt::format("host is {}", host);
    if (wanted.find("body") && !same_body(service.protocol, body_shape(operation), request->body, text_at(wanted, "body")))
        return fmt::format("body is\n{}\nwanted\n{}", request->body, text_at(wanted, "body"));
    return {};
}

}  // namespace strata::conformance
