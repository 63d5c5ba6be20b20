#include <algorithm>

#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

class KeyTest : public TypeTest {};

TEST_F(KeyTest, IsFoundAgainByItsToken) {
    const auto* type = find_resource_type("aws.kms.Key");
    Step step{.action = StepAction::create,
              .type = type,
              .address = "key",
              .stack = "test.local",
              .id = {},
              .desired = {},
              .changed = {},
              .previous = {},
              .properties = {},
              .outputs = {},
              .token = "0123456789abcdef0123456789abcdef"};
    auto found = aws().provider().find_orphan(step);
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(*found, std::nullopt);

    const auto begun = aws().provider().begin(step);
    ASSERT_TRUE(begun) << begun.error().text();
    found = aws().provider().find_orphan(step);
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(*found, std::optional{begun->id});
}

TEST_F(KeyTest, OfThePastCountsAsAbsent) {
    const auto key = make("aws.kms.Key", {{"DeletionWindowInDays", Value{30}}});
    ASSERT_TRUE(life_.remove(key));
    EXPECT_TRUE(life_.is_absent(key));
}

TEST_F(KeyTest, IsReadInOneCallAndItsTagsWithThoseOfOthers) {
    const std::vector<Thing> keys = {make("aws.kms.Key", {}), make("aws.kms.Key", {})};
    auto calls = calls_to_read(keys);
    std::ranges::sort(calls);
    EXPECT_EQ(calls, (Names{"kms DescribeKey", "kms DescribeKey", "resourcegroupstaggingapi GetResources"}));
}

TEST_F(KeyTest, HasAllItsAliasesListedInOneCall) {
    const auto key = make("aws.kms.Key", {});
    std::vector<Thing> aliases;
    for (const auto* name : {"alias/one", "alias/two", "alias/three"})
        aliases.push_back(make("aws.kms.Alias", {{"AliasName", Value{name}}, {"TargetKeyId", Value{key.id}}}));
    EXPECT_EQ(calls_to_read(aliases), Names{"kms ListAliases"});
}

TEST_F(KeyTest, ThatIsOffIsRotatedAndStaysOff) {
    const auto rotation = [](bool enabled) { return Value::map({{"KeyRotationEnabled", enabled}}); };
    auto key = make("aws.kms.Key", {{"Enabled", Value{false}}, {"Rotation", rotation(true)}});
    EXPECT_EQ(life_.differences(key, ReadDepth::direct), Names{});

    const auto changed = life_.update(key, "Rotation", rotation(false));
    ASSERT_TRUE(changed) << changed.error().text();
    EXPECT_EQ(life_.differences(key, ReadDepth::direct), Names{});
}

TEST_F(KeyTest, SaysWhatKmsWouldRefuse) {
    EXPECT_EQ(mistakes("aws.kms.Key",
                       properties(R"({"DeletionWindowInDays": 3, "KeySpec": "RSA_2048", "Rotation": {"KeyRotationEnabled": true}})")),
              (Names{"DeletionWindowInDays: 3 days are no window that KMS takes.",
                     "Rotation.KeyRotationEnabled: Only a symmetric encryption key can be rotated."}));
    EXPECT_EQ(mistakes("aws.kms.Alias", {{"AliasName", Value{"lake"}}, {"TargetKeyId", Value{"k"}}}),
              (Names{"AliasName: \"lake\" does not begin with alias/."}));
}

}  // namespace

}  // namespace strata::aws
