#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/stack.hpp"
#include "providers/aws/secretsmanager.hpp"

namespace components {

/// One secret of the tree. Without a value it is made empty, and waits for one.
struct SecretEntry {
    std::string path;  ///< below the prefix: "mongodb/connection-string"
    std::string about;
    std::optional<strata::SecretText> value = {};
};

struct SecretsArgs {
    std::vector<SecretEntry> entries;
    strata::Input<std::string> kms_key{};
    std::string prefix;      ///< "/findata-dev"
    int recovery_days = 30;  ///< 0: deleted at once
};

/// The tree of secrets in Secrets Manager, all under one key.
class Secrets : public strata::Component {
public:
    Secrets(const strata::Scope& scope, std::string_view name, const SecretsArgs& args, strata::Options options = {});

    /// By path as given in the entry.
    [[nodiscard]] const strata::aws::secretsmanager::Secret& at(const std::string& path) const { return secrets_.at(path); }

private:
    std::map<std::string, strata::aws::secretsmanager::Secret> secrets_;
};

}  // namespace components
