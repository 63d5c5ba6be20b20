#include <algorithm>

#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

class ParameterTest : public TypeTest {
protected:
    static ValueMap parameter(std::string_view name) { return {{"Name", Value{name}}, {"Type", Value{"String"}}, {"Value", Value{"one"}}}; }
};

TEST_F(ParameterTest, IsReadTenValuesAndFiftyDescriptionsACall) {
    std::vector<Thing> parameters;
    for (int i = 0; i < 12; ++i) parameters.push_back(make("aws.ssm.Parameter", parameter("/test/" + std::to_string(i))));

    auto calls = calls_to_read(parameters);

    std::ranges::sort(calls);
    EXPECT_EQ(calls, (Names{"resourcegroupstaggingapi GetResources", "ssm DescribeParameters", "ssm GetParameters", "ssm GetParameters"}));
}

TEST_F(ParameterTest, IsInTheStandardTierWhenTheServiceChooses) {
    auto wanted = parameter("/test/chosen");
    wanted.set("Tier", Value{"Intelligent-Tiering"});
    EXPECT_EQ(mistakes("aws.ssm.Parameter", wanted), Names{});

    const auto* tier = find_resource_type("aws.ssm.Parameter")->property("Tier");
    EXPECT_EQ(tier->canonical(Value{"Intelligent-Tiering"}), Value{"Standard"});
    EXPECT_EQ(tier->canonical(Value{"Advanced"}), Value{"Advanced"});
}

TEST_F(ParameterTest, CountsVersionsOfItsValue) {
    auto changing = make("aws.ssm.Parameter", parameter("/test/version"));
    EXPECT_EQ(*changing.outputs.find("Version"), Value{1});

    ASSERT_TRUE(life_.update(changing, "Value", Value{"two"}));
    EXPECT_EQ(*changing.outputs.find("Version"), Value{2});
}

TEST_F(ParameterTest, DoesNotTakeOverOneThatIsThere) {
    const auto first = make("aws.ssm.Parameter", parameter("/test/taken"));
    const auto second = life_.create(*first.type, "second", parameter("/test/taken"));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "ParameterAlreadyExists");
}

TEST_F(ParameterTest, ShowsItsValueToNobody) {
    const auto parameter_type = find_resource_type("aws.ssm.Parameter");
    const auto made = make("aws.ssm.Parameter", parameter("/test/secret"));
    const ReadItem item{.type = parameter_type, .address = "thing", .id = made.id, .properties = {}, .outputs = {}, .facets = {true}};
    const auto seen = aws().provider().read(std::span{&item, 1}, ReadDepth::direct);
    const auto* live = std::get_if<Live>(&seen.front());
    ASSERT_NE(live, nullptr);
    EXPECT_TRUE(live->properties.find("Value")->is_secret());
}

TEST_F(ParameterTest, SaysWhatNeedsTheAdvancedTierAndWhichNamesAreTaken) {
    auto wanted = parameter("/aws/test");
    wanted.set("Value", Value::secret(Value{std::string(5000, 'x')}));
    wanted.set("KeyId", Value{"alias/lake"});
    EXPECT_EQ(mistakes("aws.ssm.Parameter", wanted),
              (Names{"Name: \"/aws/test\": names that begin with aws or ssm are reserved.",
                     "Tier: Policies, and values above 4096 bytes, need the advanced tier.", "KeyId: Only a SecureString is encrypted."}));
}

}  // namespace

}  // namespace strata::aws
