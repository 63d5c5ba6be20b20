#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "providers/aws/protocol/protocol.hpp"
#include "tests/providers/aws/protocol/conformance/compare.hpp"
#include "tests/providers/aws/protocol/conformance/suite.hpp"

namespace strata::conformance {

namespace {

wire::Response response_of(const Value& source) {
    wire::Response response;
    if (const auto* status = source.find("status_code")) response.status = static_cast<int>(status->integer_or(200));
    if (const auto* headers = source.find("headers"))
        for (const auto& [name, value] : *headers->map()) response.headers.add(name, std::string{value.text_or({})});
    if (const auto* body = source.find("body")) response.body = body->text_or({});
    return response;
}

std::string differs(const aws::Shape* shape, const Value& own, const Value& wanted) {
    const auto shown = shape ? plain(*shape, own) : own;
    const auto expected = wanted.is_null() ? Value{ValueMap{}} : wanted;
    return shown == expected ? std::string{} : fmt::format("result is\n{}\nwanted\n{}", to_json(shown), to_json(expected));
}

std::string run_error_case(const aws::Service& service, const aws::Operation& operation, const wire::Response& response,
                           const Value& test_case) {
    const auto error = aws::parse_error_members(service, operation, response);
    if (!error) return error.error().text();
    if (error->code != test_case.find("errorCode")->text_or({})) return fmt::format("error code is {}", error->code);
    const auto* message = test_case.find("errorMessage");
    if (message && error->message != message->text_or({})) return fmt::format("error message is {}", error->message);
    const auto* members = test_case.find("error");
    const auto* shape = operation.errors.empty() ? nullptr : operation.errors[0];
    return members ? differs(shape, error->members, *members) : std::string{};
}

}  // namespace

std::string run_output_case(const aws::LoadedModel& model, const Value& test_case) {
    const auto& service = model.service();
    const auto& operation = service.operations[0];
    const auto* given = test_case.find("response");
    if (!given) return "the case has no response";
    const auto response = response_of(*given);
    const bool wants_error = test_case.find("errorCode") != nullptr;
    if (aws::is_error(service, operation, response) != wants_error) return "an error is taken for none, or the other way round";
    if (wants_error) return run_error_case(service, operation, response, test_case);

    const auto result = aws::parse(service, operation, response);
    if (!result) return result.error().text();
    const auto* wanted = test_case.find("result");
    return differs(operation.output, *result, wanted ? *wanted : Value{});
}

}  // namespace strata::conformance
