#include "providers/aws/protocol/json_errors.hpp"

#include <array>

#include "providers/aws/protocol/json_shapes.hpp"

namespace strata::aws {

namespace {

/// The first of `names` that is a text in `document`.
std::string first_text(const Value& document, std::span<const std::string_view> names) {
    for (const auto name : names) {
        const auto* found = document.find(name);
        if (found && found->string()) return *found->string();
    }
    return {};
}

std::string code_of(const wire::Response& response, const Value& document) {
    static constexpr std::array<std::string_view, 3> members = {"__type", "code", "Code"};
    // "AWS.SimpleQueueService.NonExistentQueue;Sender": the code that this error had in the query protocol.
    if (const auto* query = response.headers.find("x-amzn-query-error")) {
        const auto end = query->find(';');
        if (end != std::string::npos && end > 0) return query->substr(0, end);
    }
    const auto* header = response.headers.find("x-amzn-errortype");
    return plain_code(header ? *header : first_text(document, members));
}

}  // namespace

std::optional<RawError> read_json_error(const wire::Response& response) {
    static constexpr std::array<std::string_view, 3> messages = {"message", "Message", "errorMessage"};
    const auto document = json_body(response);
    if (!document) return std::nullopt;
    RawError error{code_of(response, *document), first_text(*document, messages), request_id_of(response)};
    if (error.code.empty() && error.message.empty()) return std::nullopt;
    return error;
}

}  // namespace strata::aws
