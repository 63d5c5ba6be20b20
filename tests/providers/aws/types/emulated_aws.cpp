#include "tests/providers/aws/types/emulated_aws.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "providers/aws/resource/types.hpp"

namespace strata::aws {

namespace {

/// The emulator is done when it answers: there is nothing to wait for but its own work.
class HastyProvider final : public AwsProvider {
public:
    using AwsProvider::AwsProvider;
    Result<Progress> begin(const Step& step) override { return hastened(AwsProvider::begin(step)); }
    Result<Progress> poll(const Step& step, const Value& cursor) override { return hastened(AwsProvider::poll(step, cursor)); }

private:
    static Result<Progress> hastened(Result<Progress> progress) {
        if (progress) progress->again_in = std::min(progress->again_in, Milliseconds{10});
        return progress;
    }
};

std::string text_in(const ValueMap& config, std::string_view key) {
    const auto* value = config.find(key);
    return std::string{value != nullptr ? value->text_or("") : ""};
}

}  // namespace

EmulatedAws::EmulatedAws(const std::vector<std::string>& options) : emulator_{options} {
    // Any key will do; without one the client would look for those of the machine.
    ::setenv("AWS_ACCESS_KEY_ID", "test", 1);
    ::setenv("AWS_SECRET_ACCESS_KEY", "test", 1);
    if (emulator_.url().empty()) {
        why_ = emulator_.why();
        return;
    }
    auto http = wire::Http::start({});
    if (!http) {
        why_ = http.error().text();
        return;
    }
    http_ = std::move(http).value();
    provider_ = std::make_unique<AwsProvider>(client("ca-central-1"), real_clock());
}

std::unique_ptr<Client> EmulatedAws::client(std::string region) {
    return Client::create({.region = std::move(region), .endpoint = emulator_.url()}, *http_, real_clock());
}

std::unique_ptr<AwsProvider> EmulatedAws::patient_provider(Milliseconds visible_within) {
    return std::make_unique<AwsProvider>(client("ca-central-1"), real_clock(), visible_within);
}

ProviderKind EmulatedAws::kind() {
    return {.name = "aws",
            .make = [this](const ProviderDeclaration& declaration) -> Result<std::unique_ptr<Provider>> {
                const auto region = text_in(declaration.config, "region");
                return std::unique_ptr<Provider>{
                    std::make_unique<HastyProvider>(client(region.empty() ? "ca-central-1" : region), real_clock())};
            },
            .find_type = &find_resource_type};
}

Result<wire::Response> EmulatedAws::send(std::string_view method, std::string_view path) {
    return http_->send_and_wait({.method = std::string{method}, .url = emulator_.url() + std::string{path}});
}

void EmulatedAws::reset() { (void)send("POST", "/_strata/reset"); }

std::vector<std::string> EmulatedAws::ledger(bool only_changes) {
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
        const auto* mutating = entry.find("mutating");
        if (!only_changes || (mutating != nullptr && mutating->boolean_or(false)))
            out.push_back(fmt::format("{} {}", text("service"), text("operation")));
        if (const auto* number = entry.find("seq")) seen_ = number->integer_or(seen_);
    }
    return out;
}

}  // namespace strata::aws
