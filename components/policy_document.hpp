#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/model/document.hpp"
#include "engine/model/input.hpp"
#include "engine/model/stack.hpp"

namespace components {

/// One condition of a statement: {"StringEquals", "aws:SourceAccount", {"123456789012"}}.
struct Condition {
    std::string comparison;
    std::string key;
    strata::List<std::string> values;
};

/// One statement of an IAM policy document. What is empty is left out.
struct Statement {
    std::vector<std::string> actions = {};
    std::vector<Condition> conditions = {};
    bool deny = false;
    std::vector<std::string> not_actions = {};
    /// {"Service", {"glue.amazonaws.com"}}, {"AWS", {role.arn()}}, {"Federated", ...}; {"*", {}} is everybody.
    std::vector<std::pair<std::string, strata::List<std::string>>> principals = {};
    strata::List<std::string> resources = {};
    std::string sid = {};
};

/// The policy document of these statements, version 2012-10-17.
/// @errors throws std::invalid_argument for two conditions of one comparison and key
strata::Output<std::string> policy_document(const strata::Scope& scope, const std::vector<Statement>& statements);

/// A trust policy that lets AWS services assume the role, on behalf of this account's resources only.
strata::Output<std::string> trusted_by_services(const strata::Scope& scope, const std::vector<std::string>& services);

}  // namespace components
