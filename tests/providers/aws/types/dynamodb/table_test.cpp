#include <algorithm>

#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

class TableTest : public TypeTest {
protected:
    static ValueMap on_demand() {
        return properties(R"({"TableName": "jobs", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "owner", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "GlobalSecondaryIndexes": [{"IndexName": "by_owner", "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}]})");
    }

    static Value indexes(int units) {
        const auto number = std::to_string(units);
        return json(
            R"([{"IndexName": "by_owner", "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"},
            "ProvisionedThroughput": {"ReadCapacityUnits": )" +
            number + R"(, "WriteCapacityUnits": )" + number + "}}]");
    }

    static std::ptrdiff_t updates(const Names& calls) { return std::ranges::count(calls, "dynamodb UpdateTable"); }
};

TEST_F(TableTest, SetsTheThroughputOfItsIndexesWhenItBecomesProvisioned) {
    auto table = make("aws.dynamodb.Table", on_demand());
    (void)aws().calls();

    const auto done = life_.update(table, {{"BillingMode", Value{"PROVISIONED"}},
                                           {"ProvisionedThroughput", json(R"({"ReadCapacityUnits": 5, "WriteCapacityUnits": 4})")},
                                           {"GlobalSecondaryIndexes", indexes(3)}});

    ASSERT_TRUE(done) << done.error().text();
    EXPECT_EQ(updates(aws().calls()), 1);
    EXPECT_EQ(differences(table), no_difference);
}

TEST_F(TableTest, ChangesOnlyTheThroughputOfAnIndexThatStays) {
    auto wanted = on_demand();
    wanted.set("BillingMode", Value{"PROVISIONED"});
    wanted.set("ProvisionedThroughput", json(R"({"ReadCapacityUnits": 5, "WriteCapacityUnits": 4})"));
    wanted.set("GlobalSecondaryIndexes", indexes(3));
    auto table = make("aws.dynamodb.Table", wanted);
    (void)aws().calls();

    const auto done = life_.update(table, "GlobalSecondaryIndexes", indexes(7));

    ASSERT_TRUE(done) << done.error().text();
    EXPECT_EQ(updates(aws().calls()), 1);
    EXPECT_EQ(differences(table), no_difference);
}

TEST_F(TableTest, DefinesANewAttributeTogetherWithTheIndexThatUsesIt) {
    auto table = make("aws.dynamodb.Table", on_demand());
    (void)aws().calls();

    const auto done = life_.update(
        table,
        {{"AttributeDefinitions",
          json(R"([{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "due", "AttributeType": "N"}])")},
         {"GlobalSecondaryIndexes",
          json(
              R"([{"IndexName": "by_due", "KeySchema": [{"AttributeName": "due", "KeyType": "HASH"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}])")}});

    ASSERT_TRUE(done) << done.error().text();
    EXPECT_EQ(updates(aws().calls()), 2) << "one index goes, another comes";
    EXPECT_EQ(differences(table), no_difference);
}

TEST_F(TableTest, IsReadInOneCallAndItsTagsWithThoseOfOthers) {
    std::vector<Thing> tables;
    for (const auto* name : {"one", "two", "three"}) {
        auto wanted = on_demand();
        wanted.set("TableName", Value{name});
        tables.push_back(make("aws.dynamodb.Table", wanted, name));
    }
    auto calls = calls_to_read(tables);
    std::ranges::sort(calls);
    EXPECT_EQ(calls, (Names{"dynamodb DescribeTable", "dynamodb DescribeTable", "dynamodb DescribeTable",
                            "resourcegroupstaggingapi GetResources"}));
}

TEST_F(TableTest, SaysWhichAttributesAreDefinedInVainOrMissing) {
    auto wanted = on_demand();
    wanted.set("AttributeDefinitions",
               json(R"([{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "size", "AttributeType": "N"}])"));
    EXPECT_EQ(mistakes("aws.dynamodb.Table", wanted), (Names{"AttributeDefinitions[1]: No key uses \"size\".",
                                                             "AttributeDefinitions: \"owner\" is used by a key and not defined."}));
}

TEST_F(TableTest, SaysWhereBillingAndThroughputDoNotFit) {
    auto wanted = on_demand();
    wanted.set("ProvisionedThroughput", json(R"({"ReadCapacityUnits": 5, "WriteCapacityUnits": 4})"));
    EXPECT_EQ(mistakes("aws.dynamodb.Table", wanted),
              (Names{"ProvisionedThroughput: A table that is paid per request has no provisioned throughput."}));

    auto neither = on_demand();
    neither.erase("BillingMode");
    EXPECT_EQ(mistakes("aws.dynamodb.Table", neither), (Names{"BillingMode: A table of billing mode PROVISIONED needs a throughput."}));
}

TEST_F(TableTest, WantsAKeysArnRatherThanItsAlias) {
    auto wanted = on_demand();
    wanted.set("SSESpecification", json(R"({"Enabled": true, "KMSMasterKeyId": "alias/lake"})"));
    EXPECT_EQ(
        mistakes("aws.dynamodb.Table", wanted),
        (Names{"SSESpecification.KMSMasterKeyId: DynamoDB answers a key's alias with the key's ARN, so the two could not be compared."}));
}

}  // namespace

}  // namespace strata::aws
