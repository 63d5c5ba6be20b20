#pragma once

#include <string>

#include "engine/model/stack.hpp"
#include "providers/aws/kms.hpp"

namespace components {

struct SecurityArgs {
    std::string prefix;  ///< begins the aliases: alias/<prefix>-lake
    bool rotation = true;
    int deletion_days = 30;  ///< between asking KMS to delete a key and its end
};

/// A key for each purpose, with rotation and an alias. Logs may use theirs, and so may services of this account that act for it.
class Security : public strata::Component {
public:
    Security(const strata::Scope& scope, std::string_view name, const SecurityArgs& args, strata::Options options = {});

    strata::aws::kms::Key lake;
    strata::aws::kms::Key database;
    strata::aws::kms::Key secrets;
    strata::aws::kms::Key logs;
    strata::aws::kms::Key registry;
};

}  // namespace components
