#include "stacks/settings.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include <fmt/format.h>

namespace stacks {

namespace {

using strata::at_least;
using strata::between;
using strata::Check;
using strata::Complaint;
using strata::ConfigReader;
using strata::matching;
using strata::one_of;
using strata::SecretText;
using strata::Value;

using Texts = std::vector<std::string>;

/// The only periods that CloudWatch Logs takes (API reference, PutRetentionPolicy).
Check log_retention() {
    return [](const Value& value) -> std::optional<Complaint> {
        constexpr std::array<std::int64_t, 22> days = {1,   3,   5,   7,   14,   30,   60,   90,   120,  150,  180,
                                                       365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};
        const auto wanted = value.integer_or(0);
        if (std::ranges::find(days, wanted) != days.end()) return std::nullopt;
        return Complaint{fmt::format("must be a period that CloudWatch Logs knows, but is {} days.", wanted),
                         "Use 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."};
    };
}

/// Zero, or the 7 to 30 days that Secrets Manager takes.
Check recovery_window() {
    return [](const Value& value) -> std::optional<Complaint> {
        const auto days = value.integer_or(0);
        if (days == 0 || (days >= 7 && days <= 30)) return std::nullopt;
        return Complaint{fmt::format("must be 0 or between 7 and 30, but is {}.", days)};
    };
}

/// Fargate's sizes (Amazon ECS Developer Guide, "Task CPU and memory"): for a number of CPU units the least and most
/// memory in MB, and the step between.
struct FargateSize {
    int cpu;
    int least_mb;
    int most_mb;
    int step_mb;
};
// 256 CPU units go with 512, 1024 and 2048 MB, which is no even step: 0 stands for doubling.
constexpr std::array<FargateSize, 7> fargate_sizes = {{{256, 512, 2048, 0},
                                                       {512, 1024, 4096, 1024},
                                                       {1024, 2048, 8192, 1024},
                                                       {2048, 4096, 16384, 1024},
                                                       {4096, 8192, 30720, 1024},
                                                       {8192, 16384, 61440, 4096},
                                                       {16384, 32768, 122880, 8192}}};

bool offers(const FargateSize& size, int memory_mb) {
    if (memory_mb < size.least_mb || memory_mb > size.most_mb) return false;
    if (size.step_mb == 0) return std::has_single_bit(static_cast<unsigned>(memory_mb));
    return (memory_mb - size.least_mb) % size.step_mb == 0;
}

void check_size(ConfigReader& config, const WorkerSettings& worker) {
    const auto* const size = std::ranges::find(fargate_sizes, worker.cpu, &FargateSize::cpu);
    if (size == fargate_sizes.end())
        return config.report("cpu", {fmt::format("must be a size that Fargate offers, but is {}.", worker.cpu),
                                     "Use 256, 512, 1024, 2048, 4096, 8192 or 16384."});
    if (offers(*size, worker.memory_mb)) return;
    config.report("memory_mb",
                  {fmt::format("does not go with {} CPU units on Fargate: it is {}.", worker.cpu, worker.memory_mb),
                   size->step_mb == 0 ? "Use 512, 1024 or 2048."
                                      : fmt::format("Use {} to {} in steps of {}.", size->least_mb, size->most_mb, size->step_mb)});
}

NetworkSettings read_network(ConfigReader& settings) {
    auto config = settings.section("network");
    NetworkSettings made;
    made.cidr = config.cidr("cidr");
    made.zones = config.required<int>("zones", between(1, 3));
    made.nat = config.choice<Nat>("nat", {{"none", Nat::none}, {"single", Nat::single}, {"per_zone", Nat::per_zone}});
    auto endpoints = config.section("endpoints");
    made.gateway_endpoints = endpoints.optional<Texts>("gateway", {"s3", "dynamodb"}, one_of({"s3", "dynamodb"}));
    made.interface_endpoints =
        endpoints.optional<Texts>("interface", {}, matching("[a-z0-9.-]+", "the name of a service like \"ecr.api\""));
    auto logs = config.section("flow_logs");
    made.flow_logs = logs.choice<FlowLogs>("to", {{"off", FlowLogs::off}, {"s3", FlowLogs::s3}, {"logs", FlowLogs::logs}}, FlowLogs::off);
    made.flow_log_days = logs.optional<int>("days", made.flow_log_days, log_retention());
    return made;
}

SecuritySettings read_security(ConfigReader& settings) {
    auto config = settings.section("security");
    SecuritySettings made;
    made.key_rotation = config.optional<bool>("key_rotation", made.key_rotation);
    made.key_deletion_days = config.optional<int>("key_deletion_days", made.key_deletion_days, between(7, 30));
    made.require_mfa = config.optional<bool>("require_mfa", made.require_mfa);
    made.permission_boundary = config.optional<bool>("permission_boundary", made.permission_boundary);
    auto passwords = config.section("password_policy");
    auto& policy = made.password_policy;
    policy.minimum_length = passwords.optional<int>("minimum_length", policy.minimum_length, between(8, 128));
    policy.max_age_days = passwords.optional<int>("max_age_days", policy.max_age_days, between(1, 1095));
    policy.remembered = passwords.optional<int>("remembered", policy.remembered, between(1, 24));
    return made;
}

SecretsSettings read_secrets(ConfigReader& settings) {
    auto config = settings.section("secrets");
    SecretsSettings made;
    made.recovery_days = config.optional<int>("recovery_days", made.recovery_days, recovery_window());
    made.mongodb_connection = config.maybe<SecretText>("mongodb_connection");
    made.fmp_api_key = config.maybe<SecretText>("fmp_api_key");
    made.datadog_api_key = config.maybe<SecretText>("datadog_api_key");
    return made;
}

IdentitySettings read_identity(ConfigReader& settings) {
    auto config = settings.section("identity");
    IdentitySettings made;
    auto github = config.section("github");
    made.github_repository =
        github.required<std::string>("repository", matching("[A-Za-z0-9-]+/[A-Za-z0-9._-]+", "a repository like \"owner/name\""));
    made.github_environment = github.required<std::string>("environment", strata::not_empty());
    config.each("trusted_accounts", [&](ConfigReader& trusted) {
        made.trusted_accounts.push_back(
            {.account = trusted.as_written("account", matching("[0-9]{12}", "an account id of twelve digits")),
             .external_id = trusted.required<std::string>("external_id", matching("\\S{2,1224}", "2 to 1224 characters without spaces"))});
    });
    return made;
}

void read_zones(ConfigReader& config, LakeSettings& made) {
    auto bronze = config.section("bronze");
    made.bronze.infrequent_access_days = bronze.optional<int>("infrequent_access_days", made.bronze.infrequent_access_days, at_least(30));
    made.bronze.glacier_days = bronze.optional<int>("glacier_days", made.bronze.glacier_days, at_least(1));
    made.bronze.object_lock_days = bronze.maybe<int>("object_lock_days", between(1, 36500));
    if (made.bronze.glacier_days < made.bronze.infrequent_access_days + 30)
        bronze.report("glacier_days", {"must be at least 30 days after \"infrequent_access_days\".",
                                       fmt::format("Use {} or more.", made.bronze.infrequent_access_days + 30)});

    auto silver = config.section("silver");
    made.silver.infrequent_access_days = silver.optional<int>("infrequent_access_days", made.silver.infrequent_access_days, at_least(30));
    made.silver.expire_days = silver.optional<int>("expire_days", made.silver.expire_days, at_least(1));
    if (made.silver.expire_days <= made.silver.infrequent_access_days)
        silver.report("expire_days", {"must be later than \"infrequent_access_days\".",
                                      fmt::format("Use {} or more.", made.silver.infrequent_access_days + 1)});
}

LakeSettings read_lake(ConfigReader& settings) {
    auto config = settings.section("lake");
    LakeSettings made;
    read_zones(config, made);
    made.temp_expire_days = config.optional<int>("temp_expire_days", made.temp_expire_days, at_least(1));
    made.results_expire_days = config.optional<int>("results_expire_days", made.results_expire_days, at_least(1));
    made.access_log_days = config.optional<int>("access_log_days", made.access_log_days, at_least(1));
    made.old_version_days = config.optional<int>("old_version_days", made.old_version_days, at_least(1));
    made.stale_upload_days = config.optional<int>("stale_upload_days", made.stale_upload_days, at_least(1));
    made.intelligent_tiering = config.optional<bool>("intelligent_tiering", made.intelligent_tiering);
    made.transfer_acceleration = config.optional<bool>("transfer_acceleration", made.transfer_acceleration);
    made.bronze_events = config.optional<bool>("bronze_events", made.bronze_events);
    made.force_destroy = config.optional<bool>("force_destroy", made.force_destroy);
    made.databases = config.required<Texts>("databases", matching("[a-z0-9_]{1,255}", "a name of small letters, digits and _"));
    auto crawler = config.section("crawler");
    made.crawler.enabled = crawler.optional<bool>("enabled", made.crawler.enabled);
    made.crawler.schedule = crawler.maybe<std::string>("schedule", matching("cron\\(.+\\)", "a schedule like \"cron(0 3 * * ? *)\""));
    return made;
}

WorkerSettings read_worker(ConfigReader& settings) {
    auto config = settings.section("worker");
    WorkerSettings made;
    made.image = config.required<std::string>("image", matching("\\S+", "the name of an image"));
    made.cpu = config.required<int>("cpu");
    made.memory_mb = config.required<int>("memory_mb");
    made.count = config.required<int>("count", between(0, 100));
    made.arm64 = config.optional<bool>("arm64", made.arm64);
    if (made.cpu != 0 && made.memory_mb != 0) check_size(config, made);
    return made;
}

DatabaseSettings read_database(ConfigReader& settings) {
    auto config = settings.section("database");
    DatabaseSettings made;
    made.engine_version =
        config.required<std::string>("engine_version", matching("[0-9]+(\\.[0-9]+)?", "a version of PostgreSQL like \"16.4\""));
    made.instance_class =
        config.required<std::string>("instance_class", matching("db\\.[a-z0-9-]+\\.[a-z0-9]+", "a class like \"db.t4g.micro\""));
    made.storage_gb = config.optional<int>("storage_gb", made.storage_gb, between(20, 65536));
    made.storage_limit_gb = config.optional<int>("storage_limit_gb", made.storage_limit_gb, between(20, 65536));
    if (made.storage_limit_gb <= made.storage_gb)
        config.report("storage_limit_gb", {fmt::format("must be more than \"storage_gb\", which is {}.", made.storage_gb)});
    made.multi_az = config.required<bool>("multi_az");
    made.backup_days = config.required<int>("backup_days", between(0, 35));
    made.deletion_protection = config.required<bool>("deletion_protection");
    made.final_snapshot = config.optional<bool>("final_snapshot", made.final_snapshot);
    return made;
}

AlarmSettings read_alarms(ConfigReader& settings) {
    auto config = settings.section("alarms");
    AlarmSettings made;
    made.emails = config.optional<Texts>("emails", {}, matching("[^@\\s]+@[^@\\s]+", "an e-mail address"));
    made.webhooks = config.optional<Texts>("webhooks", {}, matching("https://\\S+", "an https address"));
    made.database_cpu_percent = config.optional<int>("database_cpu_percent", made.database_cpu_percent, between(1, 100));
    made.database_free_storage_gb = config.optional<int>("database_free_storage_gb", made.database_free_storage_gb, at_least(1));
    made.worker_cpu_percent = config.optional<int>("worker_cpu_percent", made.worker_cpu_percent, between(1, 100));
    return made;
}

OrchestrationSettings read_orchestration(ConfigReader& settings) {
    auto config = settings.section("orchestration");
    OrchestrationSettings made;
    auto cluster = config.section("cluster");
    made.cluster.container_insights = cluster.optional<bool>("container_insights", made.cluster.container_insights);
    made.cluster.on_demand_base = cluster.optional<int>("on_demand_base", made.cluster.on_demand_base, between(0, 100));
    made.worker = read_worker(config);
    made.database = read_database(config);
    made.log_days = config.optional<int>("log_days", made.log_days, log_retention());
    made.alarms = read_alarms(config);
    return made;
}

}  // namespace

Settings load_settings(ConfigReader& config) {
    // Bucket names begin with it and have at most 63 characters (Amazon S3 User Guide, "Bucket naming rules").
    const auto prefix = matching("[a-z][a-z0-9-]{1,23}", "2 to 24 small letters, digits and hyphens that begin with a letter");
    Settings made;
    made.prefix = config.required<std::string>("prefix", prefix);
    made.tags = config.optional<std::map<std::string, std::string>>("tags", {});
    made.network = read_network(config);
    made.security = read_security(config);
    made.secrets = read_secrets(config);
    made.identity = read_identity(config);
    made.lake = read_lake(config);
    made.orchestration = read_orchestration(config);
    return made;
}

}  // namespace stacks
