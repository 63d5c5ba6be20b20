#include <algorithm>

#include <fmt/format.h>

#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

class ParameterGroupTest : public TypeTest {
protected:
    static Value parameters(int count, std::string_view value) {
        ValueList out;
        for (int i = 0; i < count; ++i)
            out.push_back(Value::map({{"ParameterName", Value{fmt::format("p{:02}", i)}}, {"ParameterValue", Value{value}}}));
        return out;
    }
    std::vector<std::string> calls_of(Thing& group, const Value& wanted) {
        (void)aws().calls();
        const auto changed = life_.update(group, "Parameters", wanted);
        EXPECT_TRUE(changed) << changed.error().text();
        return aws().calls();
    }
};

TEST_F(ParameterGroupTest, SetsTwentyParametersACallAndResetsWhatGoes) {
    auto group = make("aws.rds.ParameterGroup",
                      properties(R"({"DBParameterGroupName": "g", "DBParameterGroupFamily": "postgres16", "Description": "d"})"));
    EXPECT_EQ(calls_of(group, parameters(21, "1")), (Names{"rds ModifyDBParameterGroup", "rds ModifyDBParameterGroup"}));
    EXPECT_EQ(differences(group), no_difference);
    EXPECT_EQ(calls_of(group, parameters(5, "2")), (Names{"rds ResetDBParameterGroup", "rds ModifyDBParameterGroup"}));
    EXPECT_EQ(differences(group), no_difference);
}

TEST_F(ParameterGroupTest, AreListedInOneCall) {
    std::vector<Thing> groups;
    for (const auto* name : {"a", "b"})
        groups.push_back(
            make("aws.rds.ParameterGroup",
                 {{"DBParameterGroupName", Value{name}}, {"DBParameterGroupFamily", Value{"postgres16"}}, {"Description", Value{"d"}}}));
    auto calls = calls_to_read(groups);
    std::ranges::sort(calls);
    EXPECT_EQ(calls, (Names{"rds DescribeDBParameterGroups", "resourcegroupstaggingapi GetResources"}));
}

}  // namespace

}  // namespace strata::aws
