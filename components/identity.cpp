#include "components/identity.hpp"

#include <fmt/format.h>

#include "components/mistake.hpp"
#include "components/policy_document.hpp"
#include "engine/base/text.hpp"

namespace components {

namespace iam = strata::aws::iam;

namespace {

/// Everything in this region and the global services, but nothing that would widen the role's own rights.
iam::Policy boundary_policy(const strata::Scope& scope, const IdentityArgs& args) {
    const std::vector<Statement> statements{{.actions = {"*"}, .resources = {"*"}, .sid = "Everything"},
                                            {.actions = {"iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:DeleteAccountPasswordPolicy",
                                                         "iam:DeleteRolePermissionsBoundary", "organizations:*", "account:*"},
                                             .deny = true,
                                             .resources = {"*"},
                                             .sid = "NoWayAround"}};
    return {scope,
            "boundary",
            {.description = "What no role of this platform may step over",
             .policy_document = policy_document(scope, statements),
             .policy_name = args.prefix + "-boundary"}};
}

iam::OidcProvider github_provider(const strata::Scope& scope) {
    return {scope, "github", {.client_id_list = {"sts.amazonaws.com"}, .url = "https://token.actions.githubusercontent.com"}};
}

iam::Role github_deployer(const strata::Scope& scope, const IdentityArgs& args, const iam::Policy& boundary) {
    constexpr auto issuer = "token.actions.githubusercontent.com";
    const auto provider = github_provider(scope);
    iam::RoleArgs role{
        .assume_role_policy_document = policy_document(
            scope, {{.actions = {"sts:AssumeRoleWithWebIdentity"},
                     .conditions = {{"StringEquals", fmt::format("{}:aud", issuer), {"sts.amazonaws.com"}},
                                    {"StringEquals",
                                     fmt::format("{}:sub", issuer),
                                     {fmt::format("repo:{}:environment:{}", args.github_repository, args.github_environment)}}},
                     .principals = {{"Federated", {provider.arn()}}}}}),
        .attached_policies = {"arn:aws:iam::aws:policy/PowerUserAccess"},
        .description = fmt::format("GitHub Actions of {}, environment {}", args.github_repository, args.github_environment),
        .max_session_duration = 3600,
        .role_name = args.prefix + "-github"};
    if (args.permission_boundary) role.permissions_boundary = boundary.arn();
    return {scope, "github-role", role};
}

}  // namespace

Identity::Identity(const strata::Scope& scope, std::string_view name, const IdentityArgs& args, strata::Options options)
    : Component{scope, name, std::move(options)},
      boundary{boundary_policy(*this, args)},
      github_role{github_deployer(*this, args, boundary)} {
    iam::AccountPasswordPolicy{*this,
                               "password-policy",
                               {.allow_users_to_change_password = true,
                                .max_password_age = args.password_max_age_days,
                                .minimum_password_length = args.minimum_password_length,
                                .password_reuse_prevention = args.remembered_passwords,
                                .require_lowercase_characters = true,
                                .require_numbers = true,
                                .require_symbols = true,
                                .require_uppercase_characters = true}};
    check(args);
    add_people(args);
    add_deployers(args);
}

/// What a trust policy says with an empty or open part lets in more than was meant.
void Identity::check(const IdentityArgs& args) const {
    require(*this, "prefix", args.prefix);
    require(*this, "github_environment", args.github_environment);
    const auto parts = strata::split(args.github_repository, '/');
    if (parts.size() != 2 || parts[0].empty() || parts[1].empty() || args.github_repository.find('*') != std::string::npos)
        mistake(*this, fmt::format("github_repository \"{}\" does not name one repository.", args.github_repository),
                "Give it as \"owner/name\".");
    for (const auto& trusted : args.trusted_accounts) {
        if (trusted.account.size() != 12 || trusted.account.find_first_not_of("0123456789") != std::string::npos)
            mistake(*this, fmt::format("trusted account \"{}\" is no account id.", trusted.account), "Give its twelve digits.");
        if (trusted.external_id.empty())
            mistake(*this, fmt::format("trusted account {} has no external id.", trusted.account),
                    "Agree on one with who deploys from there: without it, others could use that account's trust.");
    }
}

void Identity::add_people(const IdentityArgs& args) const {
    iam::GroupArgs people{.attached_policies = {"arn:aws:iam::aws:policy/ReadOnlyAccess"}, .group_name = args.prefix + "-people"};
    if (args.require_mfa)
        people.policies = {
            {"deny-without-mfa",
             policy_document(
                 *this, {{.conditions = {{"BoolIfExists", "aws:MultiFactorAuthPresent", {"false"}}},
                          .deny = true,
                          .not_actions = {"iam:ChangePassword", "iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser",
                                          "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:ResyncMFADevice", "sts:GetSessionToken"},
                          .resources = {"*"},
                          .sid = "DenyWithoutMfa"}})}};
    iam::Group{*this, "people", people};
}

void Identity::add_deployers(const IdentityArgs& args) const {
    for (const auto& trusted : args.trusted_accounts) {
        iam::RoleArgs role{
            .assume_role_policy_document = policy_document(
                *this, {{.actions = {"sts:AssumeRole"},
                         .conditions = {{"StringEquals", "sts:ExternalId", {trusted.external_id}}},
                         .principals = {{"AWS", {fmt::format("arn:{}:iam::{}:root", environment().partition, trusted.account)}}}}}),
            .attached_policies = {"arn:aws:iam::aws:policy/PowerUserAccess"},
            .description = fmt::format("Deployments from account {}", trusted.account),
            .role_name = fmt::format("{}-deploy-{}", args.prefix, trusted.account)};
        if (args.permission_boundary) role.permissions_boundary = boundary.arn();
        iam::Role{*this, "deploy-" + trusted.account, role};
    }
}

}  // namespace components
