#include <algorithm>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/resource/types.hpp"
#include "tests/providers/aws/types/case.hpp"
#include "tests/providers/aws/types/emulated_aws.hpp"
#include "tests/providers/aws/types/life.hpp"

// Every type's life against the emulator: create → read equals what was asked for → each property varied → gone.

namespace strata::aws {

namespace {

/// One emulator for the whole program: it takes a second to start.
EmulatedAws& shared_aws() {
    static EmulatedAws aws;
    return aws;
}

class TypeLife : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        ASSERT_TRUE(shared_aws().running()) << shared_aws().why();
        shared_aws().reset();
        auto read = read_case(case_path(GetParam()));
        ASSERT_TRUE(read) << read.error().text();
        case_ = std::move(read).value();
        for (const auto& given : case_.given) {
            auto made = life_.create(*given.type, "given/" + given.name, *filled(given.properties, things_).map());
            ASSERT_TRUE(made) << given.name << ": " << made.error().text();
            things_[given.name] = std::move(made).value();
        }
    }

    ValueMap base() const { return *filled(case_.base, things_).map(); }

    void expect_as_wanted(const Thing& thing, const std::string& when) {
        const auto none = std::vector<std::string>{};
        EXPECT_EQ(life_.differences(thing, ReadDepth::direct), none) << when << ", read directly";
        EXPECT_EQ(life_.differences(thing, ReadDepth::batched), none) << when << ", read in a batch";
    }

    TypeCase case_;
    std::map<std::string, Thing> things_;
    Life life_{shared_aws().provider()};
};

TEST_P(TypeLife, IsReadAsWantedThroughItsWholeLife) {
    auto thing = life_.create(*case_.type, "thing", base());
    ASSERT_TRUE(thing) << thing.error().text();
    expect_as_wanted(*thing, "after create");
    EXPECT_EQ(life_.differences(*thing, ReadDepth::direct, true), std::vector<std::string>{}) << "as an import reads";

    for (const auto& [name, values] : case_.vary) {
        const auto* property = case_.type->property(name);
        ASSERT_NE(property, nullptr) << name;
        if (property->replaces) continue;
        for (const auto& raw : *values.list()) {
            const auto value = filled(raw, things_);
            const auto updated = life_.update(*thing, name, value);
            ASSERT_TRUE(updated) << name << ": " << updated.error().text();
            expect_as_wanted(*thing, "after an update of " + name);
        }
    }
    const auto removed = life_.remove(*thing);
    ASSERT_TRUE(removed) << removed.error().text();
    EXPECT_EQ(life_.is_absent(*thing), !case_.stays) << "after delete";
}

TEST_P(TypeLife, TakesEachReplacingPropertyOnCreate) {
    int number = 0;
    for (const auto& [name, values] : case_.vary) {
        const auto* property = case_.type->property(name);
        ASSERT_NE(property, nullptr) << name;
        if (!property->replaces) continue;
        for (const auto& raw : *values.list()) {
            auto wanted = base();
            wanted.set(name, filled(raw, things_));
            auto thing = life_.create(*case_.type, fmt::format("thing{}", ++number), wanted);
            ASSERT_TRUE(thing) << name << ": " << thing.error().text();
            expect_as_wanted(*thing, "made with another " + name);
            const auto removed = life_.remove(*thing);
            ASSERT_TRUE(removed) << removed.error().text();
        }
    }
}

TEST_P(TypeLife, NamesEveryPropertyInItsCase) {
    std::vector<std::string> forgotten;
    for (const auto& property : case_.type->properties) {
        const std::string name{property.name};
        const bool varied = std::ranges::any_of(case_.vary, [&](const auto& entry) { return entry.first == name; });
        if (!varied && !case_.base.contains(name) && !case_.not_varied.contains(name)) forgotten.push_back(name);
    }
    EXPECT_EQ(forgotten, std::vector<std::string>{}) << "vary them, or say under \"not_varied\" why not";
}

INSTANTIATE_TEST_SUITE_P(All, TypeLife, testing::ValuesIn(all_cases()), [](const testing::TestParamInfo<std::string>& test) {
    auto name = test.param;
    std::ranges::replace(name, '/', '_');
    return name;
});

TEST(ResourceTypes, EachHaveACaseFile) {
    std::vector<std::string> missing;
    for (const auto* type : resource_types()) {
        const auto parts = split(type->name, '.');
        const auto name = parts[1] + "/" + snake_case(parts[2]);
        if (!std::filesystem::exists(case_path(name))) missing.push_back(name);
    }
    EXPECT_EQ(missing, std::vector<std::string>{});
}

}  // namespace

}  // namespace strata::aws
