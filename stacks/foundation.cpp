#include "stacks/foundation.hpp"

#include "components/identity.hpp"
#include "components/network.hpp"
#include "components/secrets.hpp"
#include "components/security.hpp"
#include "stacks/tags.hpp"

namespace stacks {

namespace {

components::NetworkArgs network_args(const NetworkSettings& settings) {
    const auto nat = settings.nat == Nat::none     ? components::NatPlacement::none
                     : settings.nat == Nat::single ? components::NatPlacement::single
                                                   : components::NatPlacement::per_zone;
    const auto logs = settings.flow_logs == FlowLogs::off  ? components::FlowLogTarget::off
                      : settings.flow_logs == FlowLogs::s3 ? components::FlowLogTarget::s3
                                                           : components::FlowLogTarget::logs;
    return {.cidr = settings.cidr,
            .zones = settings.zones,
            .nat = nat,
            .gateway_endpoints = settings.gateway_endpoints,
            .interface_endpoints = settings.interface_endpoints,
            .flow_logs = logs,
            .flow_log_days = settings.flow_log_days};
}

components::IdentityArgs identity_args(const Settings& settings) {
    components::IdentityArgs args{.github_environment = settings.identity.github_environment,
                                  .github_repository = settings.identity.github_repository,
                                  .minimum_password_length = settings.security.password_policy.minimum_length,
                                  .password_max_age_days = settings.security.password_policy.max_age_days,
                                  .permission_boundary = settings.security.permission_boundary,
                                  .prefix = settings.prefix,
                                  .remembered_passwords = settings.security.password_policy.remembered,
                                  .require_mfa = settings.security.require_mfa};
    for (const auto& trusted : settings.identity.trusted_accounts)
        args.trusted_accounts.push_back({.account = trusted.account, .external_id = trusted.external_id});
    return args;
}

components::SecretsArgs secrets_args(const Settings& settings, const components::Security& security) {
    const auto& values = settings.secrets;
    return {.entries = {{.path = "prefect/database/connection", .about = "Where Prefect's database is, and how to get in"},
                        {.path = "mongodb/connection-string", .about = "Source: MongoDB", .value = values.mongodb_connection},
                        {.path = "fmp-api/api-key", .about = "Source: Financial Modeling Prep", .value = values.fmp_api_key},
                        {.path = "dbt/profiles/production", .about = "profiles.yml of dbt"},
                        {.path = "monitoring/datadog-api-key", .about = "Metrics and traces", .value = values.datadog_api_key}},
            .kms_key = security.secrets.arn(),
            .prefix = "/" + settings.prefix,
            .recovery_days = values.recovery_days};
}

}  // namespace

void foundation(strata::Stack& stack, const Settings& settings) {
    tag_everything(stack, settings);
    const components::Network network{stack, "network", network_args(settings.network)};
    const components::Security security{
        stack,
        "security",
        {.prefix = settings.prefix, .rotation = settings.security.key_rotation, .deletion_days = settings.security.key_deletion_days}};
    const components::Secrets secrets{stack, "secrets", secrets_args(settings, security)};
    const components::Identity identity{stack, "identity", identity_args(settings)};

    stack.output("vpc_id", network.vpc.id(), "The network");
    stack.output("public_subnets", strata::all(network.public_subnets));
    stack.output("private_subnets", strata::all(network.private_subnets));
    stack.output("worker_group", network.groups.workers.id(), "Security group of Prefect workers");
    stack.output("database_group", network.groups.database.id(), "Security group of databases");
    stack.output("lake_key", security.lake.arn(), "Key of the data lake");
    stack.output("database_key", security.database.arn(), "Key of databases");
    stack.output("log_key", security.logs.arn(), "Key of log groups");
    stack.output("deploy_role", identity.github_role.arn(), "Role that GitHub Actions takes on");
}

}  // namespace stacks
