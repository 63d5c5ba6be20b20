#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/value.hpp"
#include "engine/model/schema.hpp"
#include "tests/providers/aws/types/life.hpp"

namespace strata::aws {

/// What a test file says about a type.
struct TypeCase {
    struct Given {
        std::string name;
        const ResourceType* type = nullptr;
        ValueMap properties;
    };
    const ResourceType* type = nullptr;
    std::vector<Given> given;  ///< made first, in this order
    ValueMap base;
    bool stays = false;                               ///< deleting it lets go of it only: the thing cannot be deleted
    std::vector<std::pair<std::string, Value>> vary;  ///< property, list of values that it takes one after another
    std::map<std::string, std::string> not_varied;    ///< property -> why
};

Result<TypeCase> read_case(const std::filesystem::path& path);
/// Every case file below the folder of these tests, as "logs/log_group".
std::vector<std::string> all_cases();
std::filesystem::path case_path(const std::string& name);

/// `value` with each "${name.Output}" replaced by an output of a thing of that name.
Value filled(const Value& value, const std::map<std::string, Thing>& things);

}  // namespace strata::aws
