#include "cli/aws_kind.hpp"

#include <chrono>
#include <utility>

#include "cli/connections.hpp"
#include "cli/emulator.hpp"
#include "cli/seconds_variable.hpp"
#include "providers/aws/resource/aws_provider.hpp"
#include "providers/aws/resource/types.hpp"

namespace strata::cli {

namespace {

std::string text_in(const ValueMap& config, std::string_view key) {
    const auto* value = config.find(key);
    return value != nullptr ? std::string{value->text_or("")} : std::string{};
}

bool is_emulator(const ValueMap& config) {
    const auto* flag = config.find("emulator");
    return flag != nullptr && flag->boolean_or(false);
}

/// The emulator takes any credentials, so that `local` works on a machine that has none; real ones are not sent to it.
Variables with_emulator_credentials(Variables variables) {
    return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
        if (name == "AWS_ACCESS_KEY_ID" || name == "AWS_SECRET_ACCESS_KEY") return "emulator";
        if (name.starts_with("AWS_") && name != "AWS_CA_BUNDLE") return std::nullopt;
        return variables(name);
    };
}

/// Reads of AWS are eventually consistent: "not found" may be the answer for a while about what was just made. EC2's user guide
/// ("Eventual consistency in the Amazon EC2 API") names no bound and advises to ask again for minutes.
constexpr std::chrono::seconds aws_shows_within{60};

/// AWS as the emulator plays it: says which of its lives it is in, so that a restart is noticed.
class EmulatedAws final : public aws::AwsProvider {
public:
    EmulatedAws(std::unique_ptr<aws::Client> client, Connections& connections, Milliseconds visible_within, std::string endpoint)
        : AwsProvider{std::move(client), connections.clock(), visible_within}, connections_{connections}, endpoint_{std::move(endpoint)} {}

    Result<ProviderIdentity> configure() override {
        auto instance = emulator_instance(connections_, endpoint_);
        if (!instance) return std::move(instance).error();
        auto identity = AwsProvider::configure();
        if (identity) identity->instance = *instance;
        return identity;
    }

private:
    Connections& connections_;
    std::string endpoint_;
};

}  // namespace

aws::ClientOptions aws_options(const ValueMap& config, const Connections& connections) {
    aws::ClientOptions options{.region = text_in(config, "region"),
                               .profile = text_in(config, "profile"),
                               .assume_role = text_in(config, "assume_role"),
                               .external_id = text_in(config, "external_id"),
                               .endpoint = text_in(config, "endpoint"),
                               .environment = connections.variables(),
                               .secrets = &connections.secrets()};
    if (const auto* endpoints = config.find("endpoints"); endpoints != nullptr && endpoints->map() != nullptr)
        for (const auto& [service, url] : *endpoints->map()) options.service_endpoints.emplace_back(service, url.text_or(""));
    if (!is_emulator(config)) return options;
    options.profile.clear();
    options.environment = with_emulator_credentials(connections.variables());
    return options;
}

ProviderKind aws_kind(Connections& connections) {
    return {.name = "aws",
            .make = [&connections](const ProviderDeclaration& declaration) -> Result<std::unique_ptr<Provider>> {
                auto http = connections.http();
                if (!http) return std::move(http).error();
                auto client =
                    aws::Client::create(aws_options(declaration.config, connections), **http, connections.clock(), connections.trace());
                const bool emulator = is_emulator(declaration.config);
                const auto set = seconds_variable(connections.variables(), "STRATA_VISIBLE_WITHIN", "patience", 0);
                if (!set) return set.error();
                const Milliseconds patience = set->value_or(emulator ? std::chrono::seconds{0} : aws_shows_within);
                if (emulator)
                    return std::unique_ptr<Provider>{
                        std::make_unique<EmulatedAws>(std::move(client), connections, patience, text_in(declaration.config, "endpoint"))};
                return std::unique_ptr<Provider>{std::make_unique<aws::AwsProvider>(std::move(client), connections.clock(), patience)};
            },
            .find_type = &aws::find_resource_type,
            .calls = [&connections] { return connections.requests(); }};
}

}  // namespace strata::cli
