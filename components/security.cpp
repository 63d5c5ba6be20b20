#include "components/security.hpp"

#include <fmt/format.h>

#include "components/mistake.hpp"
#include "components/policy_document.hpp"

namespace components {

namespace kms = strata::aws::kms;

namespace {

/// The account itself decides by IAM who may use the key; CloudWatch Logs must be named in the key's own policy.
strata::Output<std::string> key_policy(const strata::Scope& scope, bool for_logs) {
    const auto& environment = scope.environment();
    std::vector<Statement> statements{
        {.actions = {"kms:*"},
         .principals = {{"AWS", {fmt::format("arn:{}:iam::{}:root", environment.partition, environment.account)}}},
         .resources = {"*"},
         .sid = "Account"}};
    if (for_logs)
        statements.push_back(
            {.actions = {"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"},
             .conditions = {{"ArnLike",
                             "kms:EncryptionContext:aws:logs:arn",
                             {fmt::format("arn:{}:logs:{}:{}:*", environment.partition, environment.region, environment.account)}}},
             .principals = {{"Service", {fmt::format("logs.{}.amazonaws.com", environment.region)}}},
             .resources = {"*"},
             .sid = "Logs"});
    return policy_document(scope, statements);
}

kms::Key key_for(const strata::Scope& scope, const SecurityArgs& args, const char* purpose, const char* about, bool for_logs = false) {
    const kms::Key key{scope,
                       fmt::format("{}-key", purpose),
                       {.deletion_window_in_days = args.deletion_days,
                        .description = about,
                        .policy = key_policy(scope, for_logs),
                        .rotation = kms::KeyRotation{.key_rotation_enabled = args.rotation}}};
    kms::Alias{scope,
               fmt::format("{}-alias", purpose),
               {.alias_name = fmt::format("alias/{}-{}", args.prefix, purpose), .target_key_id = key.id()}};
    return key;
}

}  // namespace

Security::Security(const strata::Scope& scope, std::string_view name, const SecurityArgs& args, strata::Options options)
    : Component{scope, name, std::move(options)},
      lake{key_for(*this, args, "lake", "Objects of the data lake")},
      database{key_for(*this, args, "database", "Databases")},
      secrets{key_for(*this, args, "secrets", "Secrets Manager")},
      logs{key_for(*this, args, "logs", "Log groups", true)},
      registry{key_for(*this, args, "registry", "Container images")} {
    require(*this, "prefix", args.prefix);
}

}  // namespace components
