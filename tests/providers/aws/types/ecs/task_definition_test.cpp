#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

constexpr std::string_view one_container =
    R"({"family": "web", "cpu": "256", "memory": "512", "containerDefinitions": [{"name": "web", "image": "nginx:1", "memory": 128}]})";

class TaskDefinitionTest : public TypeTest {};

TEST_F(TaskDefinitionTest, IsOneRevisionOfItsFamily) {
    const auto first = make("aws.ecs.TaskDefinition", properties(one_container));
    const auto second = make("aws.ecs.TaskDefinition", properties(one_container));
    EXPECT_EQ(first.id, "arn:aws:ecs:ca-central-1:123456789012:task-definition/web:1");
    EXPECT_EQ(second.id, "arn:aws:ecs:ca-central-1:123456789012:task-definition/web:2");
    EXPECT_EQ(*second.outputs.find("Arn"), Value{second.id});
    EXPECT_EQ(*second.outputs.find("revision"), Value{2});
    EXPECT_FALSE(life_.is_absent(first));
}

TEST_F(TaskDefinitionTest, IsReadInOneCallWithItsTags) {
    auto wanted = properties(one_container);
    wanted.set("Tags", json(R"({"owner": "data"})"));
    EXPECT_EQ(calls_to_read({make("aws.ecs.TaskDefinition", wanted)}), Names{"ecs DescribeTaskDefinition"});
}

TEST_F(TaskDefinitionTest, IsFoundAgainByItsToken) {
    Step step{.action = StepAction::create,
              .type = find_resource_type("aws.ecs.TaskDefinition"),
              .address = "task",
              .stack = "test.local",
              .id = {},
              .desired = properties(one_container),
              .changed = {},
              .previous = {},
              .properties = properties(one_container),
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

TEST_F(TaskDefinitionTest, ShowsADifferenceWhereOneVariableDiffers) {
    auto made = make("aws.ecs.TaskDefinition", properties(R"({"family": "web", "containerDefinitions": [
        {"name": "web", "image": "nginx:1", "memory": 128, "environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}]})"));
    made.properties.set(
        "containerDefinitions",
        json(
            R"([{"name": "web", "image": "nginx:1", "memory": 128, "environment": [{"name": "B", "value": "3"}, {"name": "A", "value": "1"}]}])"));
    EXPECT_EQ(differences(made), R"(["container_definitions[web].environment[B].value: read \"2\", wanted \"3\""])");
}

}  // namespace

}  // namespace strata::aws
