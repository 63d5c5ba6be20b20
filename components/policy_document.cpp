#include "components/policy_document.hpp"

#include <stdexcept>

namespace components {

namespace {

using strata::Value;
using strata::ValueList;
using strata::ValueMap;

Value texts(const std::vector<std::string>& items) {
    ValueList list;
    for (const auto& item : items) list.emplace_back(item);
    return list.size() == 1 ? list.front() : Value{std::move(list)};
}

Value values_of(const strata::List<std::string>& items) { return items.set() ? items.declared().value : Value{ValueList{}}; }

Value principal_of(const Statement& statement) {
    ValueMap principal;
    for (const auto& [kind, who] : statement.principals) {
        if (kind == "*") return "*";
        principal.set(kind, values_of(who));
    }
    return principal;
}

Value conditions_of(const Statement& statement) {
    ValueMap conditions;
    for (const auto& condition : statement.conditions) {
        auto& keys = conditions[condition.comparison];
        if (keys.map() == nullptr) keys = ValueMap{};
        if (keys.map()->contains(condition.key))
            throw std::invalid_argument{"a statement has two conditions " + condition.comparison + " on " + condition.key +
                                        ", of which IAM would take one: put their values into one"};
        keys.map()->set(condition.key, values_of(condition.values));
    }
    return conditions;
}

Value tree_of(const Statement& statement) {
    ValueMap tree{{"Effect", statement.deny ? "Deny" : "Allow"}};
    if (!statement.sid.empty()) tree.set("Sid", statement.sid);
    if (!statement.actions.empty()) tree.set("Action", texts(statement.actions));
    if (!statement.not_actions.empty()) tree.set("NotAction", texts(statement.not_actions));
    if (!statement.principals.empty()) tree.set("Principal", principal_of(statement));
    if (statement.resources.set()) tree.set("Resource", values_of(statement.resources));
    if (!statement.conditions.empty()) tree.set("Condition", conditions_of(statement));
    return tree;
}

}  // namespace

strata::Output<std::string> policy_document(const strata::Scope& scope, const std::vector<Statement>& statements) {
    ValueList trees;
    for (const auto& statement : statements) trees.push_back(tree_of(statement));
    return strata::json_document(scope, Value::map({{"Version", "2012-10-17"}, {"Statement", std::move(trees)}}));
}

strata::Output<std::string> trusted_by_services(const strata::Scope& scope, const std::vector<std::string>& services) {
    return policy_document(scope, {{.actions = {"sts:AssumeRole"},
                                    .conditions = {{"StringEquals", "aws:SourceAccount", {scope.environment().account}}},
                                    .principals = {{"Service", services}}}});
}

}  // namespace components
