#include <algorithm>

#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

class JobTest : public TypeTest {};

TEST_F(JobTest, GoesFromCapacityToWorkers) {
    auto job =
        make("aws.glue.Job",
             properties(
                 R"({"Name": "load", "Role": "glue", "Command": {"Name": "glueetl", "ScriptLocation": "s3://b/a.py"}, "MaxCapacity": 4})"));
    job.properties.erase("MaxCapacity");
    const auto changed = life_.update(job, properties(R"({"WorkerType": "G.1X", "NumberOfWorkers": 3})"));
    ASSERT_TRUE(changed) << changed.error().text();
    EXPECT_EQ(differences(job), no_difference);
}

TEST_F(JobTest, AreReadTogetherAndTheirTagsToo) {
    std::vector<Thing> jobs;
    for (const auto* name : {"a", "b", "c"})
        jobs.push_back(make("aws.glue.Job", {{"Name", Value{name}},
                                             {"Role", Value{"glue"}},
                                             {"Command", json(R"({"Name": "glueetl", "ScriptLocation": "s3://b/a.py"})")}}));
    auto calls = calls_to_read(jobs);
    std::ranges::sort(calls);
    EXPECT_EQ(calls, (Names{"glue BatchGetJobs", "resourcegroupstaggingapi GetResources"}));
}

TEST_F(JobTest, SaysThatCapacityIsGivenTwice) {
    EXPECT_EQ(mistakes("aws.glue.Job", properties(R"({"Role": "glue", "Command": {}, "MaxCapacity": 2, "NumberOfWorkers": 2})")),
              Names{"MaxCapacity: Capacity is given twice: as max_capacity and by workers."});
}

}  // namespace

}  // namespace strata::aws
