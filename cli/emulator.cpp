#include "cli/emulator.hpp"

#include <fmt/format.h>

#include "cli/connections.hpp"
#include "engine/base/json.hpp"
#include "engine/wire/http.hpp"

namespace strata::cli {

Result<std::string> emulator_instance(Connections& connections, const std::string& endpoint) {
    auto http = connections.http();
    if (!http) return std::move(http).error();
    wire::Request request{
        .url = endpoint + "/_strata/instance", .connect_timeout = Milliseconds{2'000}, .timeout = Milliseconds{10'000}, .direct = true};
    const auto answer = (*http)->send_and_wait(std::move(request));
    if (!answer) {
        if (answer.error().kind == ErrorKind::interrupted) return answer.error();
        return Error{.kind = ErrorKind::network,
                     .summary = "The emulator does not answer",
                     .cause = fmt::format("{}: {}", endpoint, answer.error().cause),
                     .remedy = "Start it:\n  strata local up"};
    }
    const auto document = parse_json(answer->body, "the emulator's answer");
    const auto* instance = answer->status == 200 && document.ok() ? document->find("instance") : nullptr;
    return std::string{instance != nullptr ? instance->text_or("") : ""};
}

}  // namespace strata::cli
