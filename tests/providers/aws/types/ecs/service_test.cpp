#include <algorithm>

#include <fmt/format.h>

#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

class ServiceTest : public TypeTest {
protected:
    Thing task_definition(const std::string& family) {
        return make("aws.ecs.TaskDefinition",
                    properties(fmt::format(
                        R"({{"family": "{}", "containerDefinitions": [{{"name": "web", "image": "nginx:1", "memory": 128}}]}})", family)));
    }
    Thing service(const Value& cluster, const std::string& name, const Thing& task) {
        return make("aws.ecs.Service",
                    {{"cluster", cluster}, {"serviceName", Value{name}}, {"taskDefinition", Value{task.id}}, {"desiredCount", Value{1}}});
    }
};

TEST_F(ServiceTest, AreReadTenACallForEachCluster) {
    const auto one = make("aws.ecs.Cluster", {{"clusterName", Value{"one"}}});
    const auto two = make("aws.ecs.Cluster", {{"clusterName", Value{"two"}}});
    const auto task = task_definition("web");
    std::vector<Thing> services;
    for (int i = 0; i < 11; ++i) services.push_back(service(Value{"one"}, fmt::format("web{}", i), task));
    services.push_back(service(*two.outputs.find("Arn"), "web0", task));
    EXPECT_EQ(calls_to_read(services), (Names{"ecs DescribeServices", "ecs DescribeServices", "ecs DescribeServices"}));
    for (const auto& thing : services) EXPECT_EQ(differences(thing), no_difference) << thing.id;
}

TEST_F(ServiceTest, IsTheSameByNameAndByArnOfItsCluster) {
    const auto cluster = make("aws.ecs.Cluster", {{"clusterName", Value{"one"}}});
    auto made = service(*cluster.outputs.find("Arn"), "web", task_definition("web"));
    EXPECT_EQ(*made.outputs.find("Arn"), Value{"arn:aws:ecs:ca-central-1:123456789012:service/one/web"});
    made.properties.set("cluster", Value{"one"});
    EXPECT_EQ(differences(made), no_difference);
}

TEST_F(ServiceTest, IsGoneOnceItIsInactive) {
    (void)make("aws.ecs.Cluster", {{"clusterName", Value{"one"}}});
    const auto made = service(Value{"one"}, "web", task_definition("web"));
    ASSERT_TRUE(life_.remove(made));
    EXPECT_TRUE(life_.is_absent(made));
}

TEST_F(ServiceTest, SaysWhatEcsWouldRefuse) {
    const auto wanted =
        properties(R"({"cluster": "one", "serviceName": "web", "launchType": "FARGATE", "schedulingStrategy": "DAEMON", "desiredCount": 1,
                                       "capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]})");
    EXPECT_EQ(mistakes("aws.ecs.Service", wanted),
              (Names{"launchType: A service has a launch type or a capacity provider strategy, not both.",
                     "desiredCount: A DAEMON service runs one task on each instance; it has no desired count."}));
}

}  // namespace

}  // namespace strata::aws
