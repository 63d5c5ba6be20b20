#pragma once

#include <string>
#include <vector>

#include "engine/model/stack.hpp"
#include "providers/aws/iam.hpp"

namespace components {

/// Another account whose deployment role may assume ours.
struct TrustedDeployer {
    std::string account;
    std::string external_id;
};

struct IdentityArgs {
    std::string github_environment;  ///< GitHub's name of the deployment environment
    std::string github_repository;   ///< "owner/name"
    int minimum_password_length = 14;
    int password_max_age_days = 90;
    bool permission_boundary = true;
    std::string prefix;  ///< begins every name
    int remembered_passwords = 24;
    bool require_mfa = true;
    std::vector<TrustedDeployer> trusted_accounts = {};
};

/// Who may do what: the account's password policy, people (who can do nothing without a second factor), the boundary
/// that no role may step over, GitHub's way in bound to one repository and environment, and deployment roles for other accounts.
/// No long-lived access keys anywhere.
class Identity : public strata::Component {
public:
    Identity(const strata::Scope& scope, std::string_view name, const IdentityArgs& args, strata::Options options = {});

    strata::aws::iam::Policy boundary;
    strata::aws::iam::Role github_role;

private:
    void check(const IdentityArgs& args) const;
    void add_people(const IdentityArgs& args) const;
    void add_deployers(const IdentityArgs& args) const;
};

}  // namespace components
