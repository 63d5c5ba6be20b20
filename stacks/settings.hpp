#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/reader.hpp"

namespace stacks {

/// How private subnets reach the internet.
enum class Nat { none, single, per_zone };
enum class FlowLogs { off, s3, logs };

struct NetworkSettings {
    std::string cidr;  ///< of the VPC: "10.0.0.0/16"
    int zones = 2;     ///< how many of the environment's zones get a public and a private subnet
    Nat nat = Nat::single;
    std::vector<std::string> gateway_endpoints;    ///< service names: "s3"
    std::vector<std::string> interface_endpoints;  ///< "ecr.api", "logs"
    FlowLogs flow_logs = FlowLogs::off;
    int flow_log_days = 30;
};

struct PasswordPolicySettings {
    int minimum_length = 14;
    int max_age_days = 90;
    int remembered = 24;  ///< former passwords that may not be used again
};

struct SecuritySettings {
    bool key_rotation = true;
    int key_deletion_days = 30;  ///< between asking KMS to delete a key and its end
    bool require_mfa = true;     ///< deny to people without a second factor
    bool permission_boundary = true;
    PasswordPolicySettings password_policy;
};

/// Values are sealed in the file. What is empty is generated at the first deployment, or waits for its value.
struct SecretsSettings {
    int recovery_days = 30;  ///< 0: deleted at once
    std::optional<strata::SecretText> mongodb_connection;
    std::optional<strata::SecretText> fmp_api_key;
    std::optional<strata::SecretText> datadog_api_key;
};

/// Another account whose deployment role may take on ours.
struct TrustedAccount {
    std::string account;
    std::string external_id;
};

struct IdentitySettings {
    std::string github_repository;   ///< "owner/name"
    std::string github_environment;  ///< GitHub's name of the deployment environment
    std::vector<TrustedAccount> trusted_accounts;
};

struct BronzeSettings {
    int infrequent_access_days = 30;
    int glacier_days = 90;
    std::optional<int> object_lock_days;  ///< empty: no object lock
};

struct SilverSettings {
    int infrequent_access_days = 60;
    int expire_days = 730;
};

struct CrawlerSettings {
    bool enabled = true;
    std::optional<std::string> schedule;  ///< "cron(0 3 * * ? *)"; empty: on demand
};

struct LakeSettings {
    BronzeSettings bronze;
    SilverSettings silver;
    int temp_expire_days = 7;
    int results_expire_days = 30;  ///< Athena's query results
    int access_log_days = 365;
    int old_version_days = 90;  ///< before a version that was overwritten goes
    int stale_upload_days = 7;  ///< before an unfinished multipart upload goes
    bool intelligent_tiering = false;
    bool transfer_acceleration = false;
    bool bronze_events = true;           ///< object events to EventBridge
    bool force_destroy = false;          ///< delete buckets that still hold objects
    std::vector<std::string> databases;  ///< Glue databases: one for each zone
    CrawlerSettings crawler;
};

struct ClusterSettings {
    bool container_insights = true;
    int on_demand_base = 0;  ///< tasks that run on FARGATE before FARGATE_SPOT takes the rest
};

struct WorkerSettings {
    std::string image;
    int cpu = 512;  ///< 1024 are one vCPU
    int memory_mb = 1024;
    int count = 1;
    bool arm64 = true;
};

struct DatabaseSettings {
    std::string engine_version;  ///< PostgreSQL: "16.4"
    std::string instance_class;  ///< "db.t4g.micro"
    int storage_gb = 20;
    int storage_limit_gb = 100;  ///< storage grows by itself up to here
    bool multi_az = false;
    int backup_days = 7;
    bool deletion_protection = true;
    bool final_snapshot = true;
};

struct AlarmSettings {
    std::vector<std::string> emails;
    std::vector<std::string> webhooks;  ///< https addresses (PagerDuty, a Slack relay)
    int database_cpu_percent = 80;
    int database_free_storage_gb = 5;
    int worker_cpu_percent = 85;
};

struct OrchestrationSettings {
    ClusterSettings cluster;
    WorkerSettings worker;
    DatabaseSettings database;
    int log_days = 30;
    AlarmSettings alarms;
};

/// What our three stacks take from config/<environment>.yaml, below `settings`.
struct Settings {
    std::string prefix;                       ///< begins every name: "findata-dev"
    std::map<std::string, std::string> tags;  ///< on every resource
    NetworkSettings network;
    SecuritySettings security;
    SecretsSettings secrets;
    IdentitySettings identity;
    LakeSettings lake;
    OrchestrationSettings orchestration;
};

/// Reads them all; mistakes go to the reader's Diagnostics.
Settings load_settings(strata::ConfigReader& config);

}  // namespace stacks
