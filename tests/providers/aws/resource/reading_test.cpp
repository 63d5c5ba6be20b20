#include <gtest/gtest.h>

#include <algorithm>

#include "providers/aws/resource/types.hpp"
#include "tests/providers/aws/types/emulated_aws.hpp"
#include "tests/providers/aws/types/life.hpp"

// How many requests it takes to look at things, and what a read says of what it may not see.

namespace strata::aws {

namespace {

class Reading : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(aws_.running()) << aws_.why(); }

    Thing make(std::string_view type, const std::string& name, const ValueMap& properties) {
        auto made = life_.create(*find_resource_type(type), name, properties);
        EXPECT_TRUE(made) << name << ": " << (made ? "" : made.error().text());
        if (!made) return {};
        things_.push_back(*made);
        return std::move(made).value();
    }

    std::vector<ReadItem> items() const {
        std::vector<ReadItem> out;
        for (const auto& thing : things_) {
            ReadItem item{.type = thing.type,
                          .address = thing.address,
                          .id = thing.id,
                          .properties = thing.properties,
                          .outputs = thing.outputs,
                          .facets = std::vector<bool>(thing.type->facets.size(), false)};
            for (const auto& [name, value] : thing.properties)
                if (const auto* property = thing.type->property(name); property != nullptr && property->facet != 0)
                    item.facets[property->facet] = true;
            out.push_back(std::move(item));
        }
        return out;
    }

    EmulatedAws aws_;
    Life life_{aws_.provider()};
    std::vector<Thing> things_;
};

TEST_F(Reading, OfSomethingThatIsNotThereSaysAbsent) {
    const ReadItem item{.type = find_resource_type("aws.ec2.Vpc"),
                        .address = "vpc",
                        .id = "vpc-00000000",
                        .properties = {},
                        .outputs = {},
                        .facets = {true}};

    const auto result = aws_.provider().read(std::span{&item, 1}, ReadDepth::batched);

    EXPECT_TRUE(std::holds_alternative<Absent>(result.front()));
}

class ReadingWhatIsDenied : public testing::Test {
protected:
    EmulatedAws aws_{{"--fault", "ec2:DescribeVpcs=error:403:UnauthorizedOperation"}};
};

TEST_F(ReadingWhatIsDenied, SaysUnreadableAndNeverAbsent) {
    ASSERT_TRUE(aws_.running()) << aws_.why();
    const ReadItem item{.type = find_resource_type("aws.ec2.Vpc"),
                        .address = "vpc",
                        .id = "vpc-00000000",
                        .properties = {},
                        .outputs = {},
                        .facets = {true}};

    const auto result = aws_.provider().read(std::span{&item, 1}, ReadDepth::batched);

    const auto* unreadable = std::get_if<Unreadable>(&result.front());
    ASSERT_NE(unreadable, nullptr);
    EXPECT_EQ(unreadable->why.kind, ErrorKind::access_denied) << unreadable->why.text();
}

TEST_F(Reading, AsksForEachIdOnce) {
    const auto vpc = make("aws.ec2.Vpc", "vpc", {{"CidrBlock", Value{"10.0.0.0/16"}}});
    const std::vector<ReadItem> twice(2, items().front());
    aws_.calls();

    const auto results = aws_.provider().read(twice, ReadDepth::batched);

    EXPECT_EQ(results.size(), 2U);
    EXPECT_EQ(std::ranges::count(aws_.calls(), std::string{"ec2 DescribeVpcs"}), 1);
}

}  // namespace

}  // namespace strata::aws
