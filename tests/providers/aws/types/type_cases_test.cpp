#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/resource/types.hpp"
#include "tests/providers/aws/types/case.hpp"

// The case files against the table of types: nothing is forgotten, and no excuse is older than its reason.

namespace strata::aws {

namespace {

using Lines = std::vector<std::string>;

/// What all cases of one type say about its properties.
struct Coverage {
    std::set<std::string> varied;
    std::map<std::string, std::string> excused;
    std::set<std::string> named;
};

Coverage coverage_of(const ResourceType& type, const std::vector<TypeCase>& cases) {
    Coverage out;
    for (const auto& one : cases) {
        if (one.type != &type) continue;
        for (const auto& [name, values] : one.vary)
            if (values.list() != nullptr && !values.list()->empty()) out.varied.insert(name);
        for (const auto& [name, values] : one.vary) out.named.insert(name);
        for (const auto& values : one.together)
            for (const auto& [name, value] : values) {
                const auto* first = one.base.find(name);
                if (first == nullptr || !(*first == value)) out.varied.insert(name);
                out.named.insert(name);
            }
        for (const auto& [name, why] : one.not_varied) out.named.insert(name);
        for (const auto& [name, value] : one.base) out.named.insert(name);
        out.excused.insert(one.not_varied.begin(), one.not_varied.end());
    }
    return out;
}

std::vector<TypeCase> every_case() {
    std::vector<TypeCase> cases;
    for (const auto& name : all_cases()) {
        auto read = read_case(case_path(name));
        EXPECT_TRUE(read) << read.error().text();
        if (read) cases.push_back(std::move(read).value());
    }
    return cases;
}

TEST(TypeCases, ThereIsOneForEachType) {
    Lines missing;
    for (const auto* type : resource_types()) {
        const auto parts = split(type->name, '.');
        const auto name = parts[1] + "/" + snake_case(parts[2]);
        if (!std::filesystem::exists(case_path(name))) missing.push_back(name);
    }
    EXPECT_EQ(missing, Lines{});
}

TEST(TypeCases, VaryEveryOptionalPropertyOrSayWhyNot) {
    const auto cases = every_case();
    Lines forgotten;
    std::size_t optional = 0;
    std::size_t varied = 0;
    for (const auto* type : resource_types()) {
        const auto coverage = coverage_of(*type, cases);
        for (const auto& property : type->properties) {
            if (property.required) continue;
            const std::string name{property.name};
            ++optional;
            if (coverage.varied.contains(name)) ++varied;
            else if (!coverage.excused.contains(name)) forgotten.push_back(fmt::format("{} {}", type->name, name));
        }
    }
    std::printf("%zu types, %zu optional properties: %zu varied, %zu excused\n", resource_types().size(), optional, varied,
                optional - varied);
    EXPECT_EQ(forgotten, Lines{}) << "vary them, or say under \"not_varied\" why not";
}

TEST(TypeCases, ExcuseNothingThatIsVaried) {
    const auto cases = every_case();
    Lines stale;
    for (const auto* type : resource_types()) {
        const auto coverage = coverage_of(*type, cases);
        for (const auto& [name, why] : coverage.excused)
            if (coverage.varied.contains(name) || why.empty()) stale.push_back(fmt::format("{} {}", type->name, name));
    }
    EXPECT_EQ(stale, Lines{}) << "an excuse has a reason, and goes when the property is varied";
}

TEST(TypeCases, NameNoPropertyThatTheTypeLacks) {
    const auto cases = every_case();
    Lines unknown;
    for (const auto* type : resource_types())
        for (const auto& name : coverage_of(*type, cases).named)
            if (type->property(name) == nullptr) unknown.push_back(fmt::format("{} {}", type->name, name));
    EXPECT_EQ(unknown, Lines{});
}

}  // namespace

}  // namespace strata::aws
