#include "engine/base/json.hpp"
#include "providers/aws/model/loaded_model.hpp"
#include "providers/aws/protocol/protocol.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

/// Few are enough to meet every table of the model.
constexpr std::size_t most_operations = 4;

void use(const aws::Service& service, const aws::Operation& operation) {
    const auto request = aws::serialize(service, operation, ValueMap{}, "0123456789abcdef0123456789abcdef");
    if (!request) require_readable(request.error());
    for (const auto* body : {"{}", "<a/>", ""})
        for (const int status : {200, 400}) {
            const wire::Response response{.status = status, .headers = {}, .body = body};
            if (status == 200) (void)aws::parse(service, operation, response);
            else require_readable(aws::parse_error(service, operation, response));
        }
}

}  // namespace

/// The file of `aws call --model`.
void model(std::string_view input) {
    const auto document = parse_json(input, "the model");
    if (!document) return;
    const auto loaded = aws::LoadedModel::load(*document, "service");
    if (!loaded) return require_readable(loaded.error());
    const auto& service = (*loaded)->service();
    const auto count = std::min(service.operations.size(), most_operations);
    for (const auto& operation : service.operations.subspan(0, count)) use(service, operation);
}

}  // namespace strata::fuzz
