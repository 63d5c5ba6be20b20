#include "tests/providers/aws/types/emulated_aws.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "engine/base/json.hpp"

namespace strata::aws {

EmulatedAws::EmulatedAws(const std::vector<std::string>& options) {
    // Any key will do; without one the client would look for those of the machine.
    ::setenv("AWS_ACCESS_KEY_ID", "test", 1);
    ::setenv("AWS_SECRET_ACCESS_KEY", "test", 1);
    const std::string root = STRATA_SOURCE_DIR;
    std::vector<std::string> command = {root + "/.venv/bin/python", "-m", "strata_emulator", "--port", "0"};
    command.insert(command.end(), options.begin(), options.end());
    child_ = std::make_unique<wire::ChildProcess>(command, wire::ChildProcess::Variables{{"PYTHONPATH", root + "/providers/aws/emulator"}});
    // Each wait lasts ten seconds at most; a busy machine needs longer to import moto.
    std::string line;
    for (int i = 0; i < 6 && line.empty(); ++i) line = child_->wait_for_line("listening on ");
    const auto at = line.find("http://");
    if (at == std::string::npos) {
        why_ = "the emulator did not start: " + line;
        return;
    }
    url_ = line.substr(at);
    auto http = wire::Http::start({});
    if (!http) {
        why_ = http.error().text();
        return;
    }
    http_ = std::move(http).value();
    provider_ =
        std::make_unique<AwsProvider>(Client::create({.region = "ca-central-1", .endpoint = url_}, *http_, real_clock()), real_clock());
}

Result<wire::Response> EmulatedAws::send(std::string_view method, std::string_view path) {
    return http_->send_and_wait({.method = std::string{method}, .url = url_ + std::string{path}});
}

void EmulatedAws::reset() { (void)send("POST", "/_strata/reset"); }

std::vector<std::string> EmulatedAws::calls() {
    std::vector<std::string> out;
    const auto answer = send("GET", fmt::format("/_strata/ledger?since={}", seen_));
    if (!answer) return out;
    const auto ledger = parse_json(answer->body, "the ledger");
    const auto* entries = ledger ? ledger->list() : nullptr;
    if (entries == nullptr) return out;
    for (const auto& entry : *entries) {
        const auto text = [&](std::string_view name) {
            return entry.find(name) != nullptr ? entry.find(name)->text_or("") : std::string_view{};
        };
        out.push_back(fmt::format("{} {}", text("service"), text("operation")));
        if (const auto* number = entry.find("seq")) seen_ = number->integer_or(seen_);
    }
    return out;
}

}  // namespace strata::aws
