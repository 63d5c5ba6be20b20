#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

class GlueTableTest : public TypeTest {
protected:
    Thing table(const std::string& database, const std::string& name, std::string_view parameters) {
        return make("aws.glue.Table", {{"DatabaseName", Value{database}}, {"Name", Value{name}}, {"Parameters", json(parameters)}});
    }
    ValueMap live_properties(const Thing& thing) {
        const ReadItem item{.type = thing.type,
                            .address = thing.address,
                            .id = thing.id,
                            .properties = thing.properties,
                            .outputs = thing.outputs,
                            .facets = {true}};
        const auto read = aws().provider().read(std::span{&item, 1}, ReadDepth::direct);
        const auto* live = std::get_if<Live>(&read.front());
        EXPECT_NE(live, nullptr);
        return live != nullptr ? live->properties : ValueMap{};
    }
};

TEST_F(GlueTableTest, OfOneDatabaseAreListedInOneCall) {
    (void)make("aws.glue.Database", {{"Name", Value{"bronze"}}});
    const std::vector<Thing> tables = {table("bronze", "a", R"({"x": "1"})"), table("bronze", "b", R"({"x": "1"})"),
                                       table("bronze", "c", R"({"x": "1"})")};
    EXPECT_EQ(calls_to_read(tables), Names{"glue GetTables"});
}

TEST_F(GlueTableTest, KeepsWhatOthersSetWhenItIsUpdated) {
    (void)make("aws.glue.Database", {{"Name", Value{"bronze"}}});
    // As a crawler leaves it: two entries of the program, one of its own, and a description.
    auto made = make("aws.glue.Table", properties(R"({"DatabaseName": "bronze", "Name": "trades", "Description": "by hand",
                                                      "Parameters": {"classification": "csv", "delimiter": ";", "UPDATED_BY_CRAWLER": "c"}})"));
    const auto before = live_properties(made);
    made.properties = properties(R"({"DatabaseName": "bronze", "Name": "trades", "Parameters": {"classification": "parquet"}})");
    const Step step{.action = StepAction::update,
                    .type = made.type,
                    .address = made.address,
                    .stack = "test.local",
                    .id = made.id,
                    .desired = made.properties,
                    .changed = {"Parameters"},
                    .previous = before,
                    .properties = made.properties,
                    .outputs = made.outputs,
                    .token = "0123456789abcdef0123456789abcdef",
                    .applied = properties(R"({"Parameters": {"classification": "csv", "delimiter": ";"}})")};
    const auto begun = aws().provider().begin(step);
    ASSERT_TRUE(begun) << begun.error().text();

    const auto after = live_properties(made);
    EXPECT_EQ(to_json(*after.find("Parameters")), R"({"UPDATED_BY_CRAWLER":"c","classification":"parquet"})");
    EXPECT_EQ(*after.find("Description"), Value{"by hand"});
}

TEST_F(GlueTableTest, SaysThatNamesAreInLowerCase) {
    EXPECT_EQ(mistakes("aws.glue.Table", {{"DatabaseName", Value{"Bronze"}}, {"Name", Value{"Trades"}}}),
              (Names{"DatabaseName: Names of databases and tables are stored in lower case.",
                     "Name: Names of databases and tables are stored in lower case."}));
    EXPECT_EQ(mistakes("aws.glue.Database", {{"Name", Value{"Bronze"}}}), Names{"Name: Names of databases are stored in lower case."});
}

}  // namespace

}  // namespace strata::aws
