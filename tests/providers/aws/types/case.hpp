#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/value.hpp"
#include "engine/model/stack.hpp"

namespace strata::aws {

/// What a test file says about a type.
struct TypeCase {
    struct Given {
        std::string name;
        const ResourceType* type = nullptr;
        ValueMap properties;
        bool stays = false;  ///< let go of in the end: what it holds cannot be deleted
    };
    const ResourceType* type = nullptr;
    std::vector<Given> given;  ///< made first, in this order
    ValueMap base;
    bool stays = false;                               ///< deleting it lets go of it only: the thing cannot be deleted
    std::vector<std::pair<std::string, Value>> vary;  ///< property, list of values that it takes one after another
    std::vector<ValueMap> together;                   ///< properties that can only change at once, each on top of `base`
    std::map<std::string, std::string> not_varied;    ///< property -> why
};

Result<TypeCase> read_case(const std::filesystem::path& path);
/// Every case file below the folder of these tests, as "logs/log_group".
std::vector<std::string> all_cases();
std::filesystem::path case_path(const std::string& name);

/// The outputs of things by the name that a case gives them.
using OutputsByName = std::map<std::string, ValueMap, std::less<>>;
/// `properties` with each "${name.Output}" replaced by that output.
ValueMap filled(const ValueMap& properties, const OutputsByName& outputs);

/// A program that declares what a case is given, under "given/", and then `thing` unless it is nullopt, as "thing".
/// Each "${name.Output}" in their properties is a reference, as a program's own would be.
std::function<void(Stack&)> program_of(const TypeCase& which, std::optional<ValueMap> thing);

}  // namespace strata::aws
