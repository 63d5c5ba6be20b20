#include "components/data_lake.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "components/mistake.hpp"
#include "components/policy_document.hpp"
#include "providers/aws/iam.hpp"

namespace components {

namespace glue = strata::aws::glue;
namespace iam = strata::aws::iam;
namespace s3 = strata::aws::s3;

namespace {

s3::LifecycleRule rule_for(const DataLakeArgs& args, const BucketSettings& settings) {
    s3::LifecycleRule rule{
        .abort_incomplete_multipart_upload = s3::AbortIncompleteMultipartUpload{.days_after_initiation = args.stale_upload_days},
        .filter = s3::LifecycleRuleFilter{.prefix = ""},
        .id = "keep",
        .noncurrent_version_expiration = s3::NoncurrentVersionExpiration{.noncurrent_days = args.old_version_days},
        .status = s3::ExpirationStatus::enabled};
    if (settings.expire_days) rule.expiration = s3::LifecycleExpiration{.days = *settings.expire_days};
    std::vector<s3::Transition> transitions;
    if (settings.infrequent_access_days)
        transitions.push_back({.days = *settings.infrequent_access_days, .storage_class = s3::TransitionStorageClass::standard_ia});
    if (settings.glacier_days)
        transitions.push_back({.days = *settings.glacier_days, .storage_class = s3::TransitionStorageClass::glacier});
    if (!transitions.empty()) rule.transitions = transitions;
    return rule;
}

s3::ServerSideEncryptionConfiguration encrypted_with(const strata::Input<std::string>& key) {
    return {.rules = {s3::ServerSideEncryptionRule{
                .apply_server_side_encryption_by_default =
                    s3::ServerSideEncryptionByDefault{.kms_master_key_id = key, .sse_algorithm = s3::ServerSideEncryption::aws_kms},
                .bucket_key_enabled = true}}};
}

/// Access logs are delivered by a service that cannot use customer keys.
s3::ServerSideEncryptionConfiguration encrypted_by_s3() {
    return {.rules = {s3::ServerSideEncryptionRule{.apply_server_side_encryption_by_default =
                                                       s3::ServerSideEncryptionByDefault{.sse_algorithm = s3::ServerSideEncryption::aes256},
                                                   .bucket_key_enabled = false}}};
}

/// The buckets' name is known before they exist, so the policy may speak of them without a circle.
std::string bucket_name(const strata::Scope& scope, const DataLakeArgs& args, std::string_view purpose) {
    return fmt::format("{}-{}-{}", args.prefix, purpose, scope.environment().account);
}

Statement tls_only(const strata::Scope& scope, const std::string& bucket) {
    const auto arn = fmt::format("arn:{}:s3:::{}", scope.environment().partition, bucket);
    return {.actions = {"s3:*"},
            .conditions = {{"Bool", "aws:SecureTransport", {"false"}}},
            .deny = true,
            .principals = {{"*", {}}},
            .resources = {arn, arn + "/*"},
            .sid = "TlsOnly"};
}

Statement log_delivery(const strata::Scope& scope, const std::string& bucket) {
    return {.actions = {"s3:PutObject"},
            .conditions = {{"StringEquals", "aws:SourceAccount", {scope.environment().account}}},
            .principals = {{"Service", {"logging.s3.amazonaws.com"}}},
            .resources = {fmt::format("arn:{}:s3:::{}/*", scope.environment().partition, bucket)},
            .sid = "AccessLogs"};
}

void add_switches(s3::BucketArgs& bucket, const BucketSettings& settings) {
    if (settings.event_bridge)
        bucket.notification = s3::NotificationConfiguration{.event_bridge_configuration = s3::EventBridgeConfiguration{}};
    if (settings.intelligent_tiering)
        bucket.intelligent_tiering = {s3::IntelligentTieringConfiguration{
            .id = "archive",
            .status = s3::IntelligentTieringStatus::enabled,
            .tierings = {s3::Tiering{.access_tier = s3::IntelligentTieringAccessTier::archive_access, .days = 90}}}};
    if (settings.transfer_acceleration) bucket.accelerate = s3::AccelerateConfiguration{.status = s3::BucketAccelerateStatus::enabled};
    if (!settings.object_lock_days) return;
    bucket.object_lock_enabled_for_bucket = true;
    bucket.object_lock = s3::ObjectLockConfiguration{
        .object_lock_enabled = s3::ObjectLockEnabled::enabled,
        .rule = s3::ObjectLockRule{.default_retention = s3::DefaultRetention{.days = *settings.object_lock_days,
                                                                             .mode = s3::ObjectLockRetentionMode::governance}}};
}

/// @param logs  the bucket that takes access logs; nullptr for that bucket itself
s3::Bucket bucket(const strata::Scope& scope, const DataLakeArgs& args, const char* purpose, const BucketSettings& settings,
                  const s3::Bucket* logs) {
    const auto name = bucket_name(scope, args, purpose);
    std::vector<Statement> statements{tls_only(scope, name)};
    if (logs == nullptr) statements.push_back(log_delivery(scope, name));
    s3::BucketArgs wanted{
        .bucket = name,
        .encryption = logs == nullptr ? encrypted_by_s3() : encrypted_with(args.kms_key),
        .force_destroy = args.force_destroy,
        .lifecycle = s3::BucketLifecycleConfiguration{.rules = {rule_for(args, settings)}},
        .ownership =
            s3::OwnershipControls{.rules = {s3::OwnershipControlsRule{.object_ownership = s3::ObjectOwnership::bucket_owner_enforced}}},
        .policy = policy_document(scope, statements),
        .public_access_block =
            s3::PublicAccessBlockConfiguration{
                .block_public_acls = true, .block_public_policy = true, .ignore_public_acls = true, .restrict_public_buckets = true},
        .tags = {{"zone", purpose}},
        .versioning = s3::VersioningConfiguration{.status = s3::BucketVersioningStatus::enabled}};
    if (logs != nullptr) wanted.logging = s3::LoggingEnabled{.target_bucket = logs->name(), .target_prefix = fmt::format("{}/", purpose)};
    add_switches(wanted, settings);
    return {scope, purpose, wanted};
}

}  // namespace

DataLake::DataLake(const strata::Scope& scope, std::string_view name, const DataLakeArgs& args, strata::Options options)
    : Component{scope, name, std::move(options)},
      access_logs{bucket(*this, args, "access-logs", args.logs, nullptr)},
      bronze{bucket(*this, args, "bronze", args.bronze, &access_logs)},
      silver{bucket(*this, args, "silver", args.silver, &access_logs)},
      gold{bucket(*this, args, "gold", args.gold, &access_logs)},
      temp{bucket(*this, args, "temp", args.temp, &access_logs)},
      artifacts{bucket(*this, args, "artifacts", {}, &access_logs)},
      athena_results{bucket(*this, args, "athena-results", args.results, &access_logs)},
      dumps{bucket(*this, args, "dumps", {}, &access_logs)} {
    require(*this, "prefix", args.prefix);
    add_catalog(args);
}

void DataLake::add_catalog(const DataLakeArgs& args) {
    auto prefix = args.prefix;
    std::ranges::replace(prefix, '-', '_');
    for (const auto& zone : args.databases) {
        const auto& place = zone == "bronze" ? bronze : zone == "silver" ? silver : gold;
        databases.emplace(zone, glue::Database{*this,
                                               zone + "-database",
                                               {.description = fmt::format("Tables of the {} zone", zone),
                                                .location_uri = strata::concat({"s3://", place.name(), "/"}),
                                                .name = fmt::format("{}_{}", prefix, zone)}});
    }
    const auto catalog = databases.find("bronze");
    if (!args.crawl || catalog == databases.end()) return;
    std::vector<Statement> statements{
        {.actions = {"s3:GetObject", "s3:ListBucket"}, .resources = {bronze.arn(), strata::concat({bronze.arn(), "/*"})}}};
    if (args.kms_key.set()) statements.push_back({.actions = {"kms:Decrypt"}, .resources = {args.kms_key}});
    const iam::Role role{*this,
                         "crawler-role",
                         {.assume_role_policy_document = trusted_by_services(*this, {"glue.amazonaws.com"}),
                          .attached_policies = {"arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"},
                          .policies = {{"read-bronze", policy_document(*this, statements)}},
                          .role_name = args.prefix + "-crawler"}};
    glue::CrawlerArgs crawler{
        .database_name = catalog->second.name(),
        .name = args.prefix + "-bronze",
        .role = role.arn(),
        .targets = glue::CrawlerTargets{.s3_targets = {glue::S3Target{.path = strata::concat({"s3://", bronze.name(), "/"})}}}};
    if (args.crawler_schedule) crawler.schedule = *args.crawler_schedule;
    glue::Crawler{*this, "crawler", crawler};
}

}  // namespace components
