#include "components/policy_document.hpp"
#include "providers/aws/iam.hpp"
#include "providers/aws/kms.hpp"
#include "providers/aws/secretsmanager.hpp"
#include "providers/aws/ssm.hpp"
#include "tests/crash/every_type/stacks.hpp"

namespace every_type {

namespace iam = strata::aws::iam;
namespace kms = strata::aws::kms;
namespace secretsmanager = strata::aws::secretsmanager;
namespace ssm = strata::aws::ssm;

namespace {

strata::Output<std::string> may(const strata::Scope& scope, const std::string& action) {
    return components::policy_document(scope, {{.actions = {action}, .resources = {"*"}}});
}

}  // namespace

void roles(strata::Stack& stack, const Settings& settings) {
    const auto trust = components::policy_document(
        stack, {{.actions = {"sts:AssumeRole"},
                 .principals = {{"Service", {settings.changed() ? "ecs-tasks.amazonaws.com" : "glue.amazonaws.com"}}}}});
    const iam::Policy policy{stack,
                             "policy",
                             {.description = settings.replaced() ? "Another" : "The first",
                              .policy_document = may(stack, settings.changed() ? "s3:GetObject" : "s3:ListBucket"),
                              .policy_name = "reads"}};
    const iam::Role generated{stack,
                              "generated",
                              {.assume_role_policy_document = trust,
                               .attached_policies = {policy.arn()},
                               .path = settings.replaced() ? "/other/" : "/",
                               .policies = {{"more", may(stack, "sqs:SendMessage")}}}};
    if (settings.less()) return;

    const iam::Role named{stack,
                          "named",
                          {.assume_role_policy_document = trust,
                           .path = settings.replaced() ? "/other/" : "/",
                           .role_name = "named",
                           .tags = {{"word", settings.word()}}}};
    const iam::InstanceProfile profile{
        stack, "profile", {.path = settings.replaced() ? "/other/" : "/", .roles = {named.name()}, .tags = {{"word", settings.word()}}}};
}

void people(strata::Stack& stack, const Settings& settings) {
    const iam::Group group{
        stack, "group", {.group_name = settings.replaced() ? "analysts" : "readers", .policies = {{"read", may(stack, "s3:ListBucket")}}}};
    const iam::OidcProvider provider{stack,
                                     "provider",
                                     {.client_id_list = {settings.changed() ? "other.example.com" : "example.com"},
                                      .tags = {{"word", settings.word()}},
                                      .thumbprint_list = {"0123456789012345678901234567890123456789"},
                                      .url = settings.replaced() ? "https://other.example.com" : "https://example.com"}};
    if (settings.less()) return;

    const iam::AccountPasswordPolicy rules{stack,
                                           "rules",
                                           {.minimum_password_length = settings.changed() ? 16 : 14, .require_symbols = true},
                                           {.replace_on_changes = {"require_numbers"}}};
    const iam::User user{stack,
                         "user",
                         {.groups = {group.name()},
                          .path = settings.changed() ? "/people/" : "/",
                          .tags = {{"word", settings.word()}},
                          .user_name = settings.replaced() ? "grace" : "ada"}};
}

void secrets(strata::Stack& stack, const Settings& settings) {
    const kms::Key key{stack,
                       "key",
                       {.deletion_window_in_days = 7,
                        .description = settings.word(),
                        .enabled = !settings.changed(),
                        .key_spec = settings.replaced() ? kms::KeySpec::rsa_2048 : kms::KeySpec::symmetric_default,
                        .tags = {{"word", settings.word()}}}};
    const secretsmanager::Secret secret{stack,
                                        "secret",
                                        {.description = settings.word(),
                                         .name = settings.replaced() ? "crash/other" : "crash/secret",
                                         .recovery_window_in_days = 7,
                                         .secret_string = strata::secret("correct-horse-" + settings.word())}};
    if (settings.less()) return;

    const kms::Alias alias{stack, "alias", {.alias_name = "alias/crash", .target_key_id = key.id()}};
    const ssm::Parameter parameter{stack,
                                   "parameter",
                                   {.name = "/crash/parameter",
                                    .tags = {{"word", settings.word()}},
                                    .type = settings.replaced() ? ssm::ParameterType::string : ssm::ParameterType::secure_string,
                                    .value = strata::secret("battery-staple-" + settings.word())}};
}

}  // namespace every_type
