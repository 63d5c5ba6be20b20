#include <algorithm>

#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

class RepositoryTest : public TypeTest {};

TEST_F(RepositoryTest, AreReadTogetherEvenWhenOneIsMissing) {
    std::vector<Thing> repositories;
    for (const auto* name : {"strata/a", "strata/b"}) repositories.push_back(make("aws.ecr.Repository", {{"repositoryName", Value{name}}}));
    auto calls = calls_to_read(repositories);
    std::ranges::sort(calls);
    EXPECT_EQ(calls, (Names{"ecr DescribeRepositories", "resourcegroupstaggingapi GetResources"}));

    std::vector<ReadItem> items;
    for (const auto* name : {"strata/a", "strata/gone", "strata/b"})
        items.push_back({.type = repositories[0].type, .address = name, .id = name, .properties = {}, .outputs = {}, .facets = {true}});
    const auto read = aws().provider().read(items, ReadDepth::batched);
    EXPECT_TRUE(std::holds_alternative<Live>(read[0]));
    EXPECT_TRUE(std::holds_alternative<Absent>(read[1]));
    EXPECT_TRUE(std::holds_alternative<Live>(read[2]));
}

TEST_F(RepositoryTest, KnowsItsAddressForImages) {
    const auto made = make("aws.ecr.Repository", {{"repositoryName", Value{"strata/a"}}});
    EXPECT_EQ(*made.outputs.find("repositoryUri"), Value{"123456789012.dkr.ecr.ca-central-1.amazonaws.com/strata/a"});
}

}  // namespace

}  // namespace strata::aws
