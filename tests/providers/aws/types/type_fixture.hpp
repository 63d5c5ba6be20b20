#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "engine/base/json.hpp"
#include "providers/aws/resource/types.hpp"
#include "tests/providers/aws/types/emulated_aws.hpp"
#include "tests/providers/aws/types/life.hpp"

namespace strata::aws {

/// A test of one type's own behaviour against an empty emulator.
class TypeTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(aws().running()) << aws().why();
        aws().reset();
    }

    /// One emulator for the whole program: it takes a second to start.
    static EmulatedAws& aws() {
        static EmulatedAws emulated;
        return emulated;
    }

    /// Makes a thing of that type, or fails the test and gives one without id.
    Thing make(std::string_view type, const ValueMap& properties, std::string address = "thing") {
        auto made = life_.create(*find_resource_type(type), std::move(address), properties);
        EXPECT_TRUE(made) << made.error().text();
        return made ? std::move(made).value() : Thing{};
    }

    /// The calls that one batched look at all these things takes, facets aside.
    static std::vector<std::string> calls_to_read(const std::vector<Thing>& things) {
        std::vector<ReadItem> items;
        for (const auto& thing : things)
            items.push_back({.type = thing.type,
                             .address = thing.address,
                             .id = thing.id,
                             .properties = thing.properties,
                             .outputs = thing.outputs,
                             .facets = std::vector<bool>(1, true)});
        (void)aws().calls();
        for (const auto& result : aws().provider().read(items, ReadDepth::batched)) EXPECT_TRUE(std::holds_alternative<Live>(result));
        return aws().calls();
    }

    static constexpr std::string_view no_difference = "[]";
    std::string differences(const Thing& thing) { return to_json(texts(life_.differences(thing, ReadDepth::direct))); }

    /// What a check of these properties reports, one "path: message" each.
    static std::vector<std::string> mistakes(std::string_view type, const ValueMap& properties) {
        std::vector<std::string> out;
        aws().provider().check(*find_resource_type(type), properties,
                               [&](std::string_view path, const std::string& message, const std::string&) {
                                   out.push_back(std::string{path} + ": " + message);
                               });
        return out;
    }

    static Value json(std::string_view text) { return *parse_json(text, "the test"); }
    static ValueMap properties(std::string_view text) { return *json(text).map(); }

    Life life_{aws().provider()};

private:
    static Value texts(const std::vector<std::string>& lines) {
        ValueList out;
        for (const auto& line : lines) out.emplace_back(line);
        return out;
    }
};

}  // namespace strata::aws
