#include "components/orchestration.hpp"

#include <gtest/gtest.h>

#include "tests/components/declared_stack.hpp"

namespace components {
namespace {

using Texts = std::vector<std::string>;

struct Made : DeclaredStack {
    explicit Made(const OrchestrationArgs& args) : orchestration{stack, "orchestration", args} {}
    Orchestration orchestration;
};

OrchestrationArgs orchestration_args() {
    return {.database = {.engine_version = "16.4", .instance_class = "db.t4g.micro"},
            .database_group = "sg-database",
            .database_key = "arn:aws:kms:ca-central-1:123456789012:key/1",
            .log_key = "arn:aws:kms:ca-central-1:123456789012:key/2",
            .prefix = "findata-dev",
            .subnets = {"subnet-a", "subnet-b"},
            .worker = {.image = "prefecthq/prefect:3"},
            .worker_group = "sg-worker"};
}

TEST(Orchestration, DeclaresClusterDatabaseWorkerAndAlarms) {
    Made made{orchestration_args()};

    EXPECT_EQ(made.mistakes(), Texts{});
    EXPECT_EQ(made.resources(),
              (Texts{"orchestration/cluster: aws.ecs.Cluster", "orchestration/alarms: aws.sns.Topic",
                     "orchestration/database-subnets: aws.rds.SubnetGroup", "orchestration/database-parameters: aws.rds.ParameterGroup",
                     "orchestration/database: aws.rds.Instance", "orchestration/worker-logs: aws.logs.LogGroup",
                     "orchestration/execution-role: aws.iam.Role", "orchestration/worker-role: aws.iam.Role",
                     "orchestration/worker-task: aws.ecs.TaskDefinition", "orchestration/worker: aws.ecs.Service",
                     "orchestration/database-cpu-alarm: aws.cloudwatch.Alarm", "orchestration/database-storage-alarm: aws.cloudwatch.Alarm",
                     "orchestration/worker-cpu-alarm: aws.cloudwatch.Alarm"}));
}

TEST(Orchestration, KeepsTheDatabasePrivateEncryptedAndHardToLose) {
    Made made{orchestration_args()};
    struct Row {
        const char* property;
        const char* value;
    };
    for (const auto& [property, value] :
         {Row{"PubliclyAccessible", "false"}, Row{"StorageEncrypted", "true"}, Row{"DeletionProtection", "true"},
          Row{"ManageMasterUserPassword", "true"}, Row{"BackupRetentionPeriod", "7"}, Row{"MultiAZ", "false"},
          Row{"AllocatedStorage", "20"}, Row{"MaxAllocatedStorage", "100"}, Row{"Engine", R"("postgres")"},
          Row{"FinalDBSnapshotIdentifier", R"("findata-dev-prefect-final")"}, Row{"SkipFinalSnapshot", ""},
          Row{"VpcSecurityGroupIds", R"(["sg-database"])"}, Row{"DBParameterGroupName", R"("${orchestration/database-parameters.Name}")"}})
        EXPECT_EQ(made.property("orchestration/database", property), value) << property;
    EXPECT_EQ(made.property("orchestration/database-parameters", "DBParameterGroupFamily"), R"("postgres16")");
    EXPECT_NE(
        made.property("orchestration/database-parameters", "Parameters").find(R"("ParameterName":"rds.force_ssl","ParameterValue":"1")"),
        std::string::npos);
}

TEST(Orchestration, LetsADatabaseGoWithoutASnapshotOnlyWhenAsked) {
    auto args = orchestration_args();
    args.database.final_snapshot = false;
    args.database.deletion_protection = false;
    Made made{args};

    EXPECT_EQ(made.property("orchestration/database", "SkipFinalSnapshot"), "true");
    EXPECT_EQ(made.property("orchestration/database", "FinalDBSnapshotIdentifier"), "");
    EXPECT_EQ(made.property("orchestration/database", "DeletionProtection"), "false");
}

TEST(Orchestration, RunsTheWorkerInPrivateOnSpotBeyondItsBase) {
    auto args = orchestration_args();
    args.on_demand_base = 2;
    args.worker = {.arm64 = false, .count = 3, .cpu = 1024, .image = "worker:1", .memory_mb = 2048};
    Made made{args};

    EXPECT_EQ(made.property("orchestration/worker", "capacityProviderStrategy"),
              R"([{"base":2,"capacityProvider":"FARGATE","weight":0},{"capacityProvider":"FARGATE_SPOT","weight":1}])");
    EXPECT_EQ(made.property("orchestration/worker", "desiredCount"), "3");
    EXPECT_EQ(made.property("orchestration/worker", "networkConfiguration"),
              R"({"awsvpcConfiguration":{"assignPublicIp":"DISABLED","securityGroups":["sg-worker"],"subnets":["subnet-a","subnet-b"]}})");
    EXPECT_EQ(made.property("orchestration/worker-task", "cpu"), R"("1024")");
    EXPECT_EQ(made.property("orchestration/worker-task", "memory"), R"("2048")");
    EXPECT_EQ(made.property("orchestration/worker-task", "runtimePlatform"),
              R"({"cpuArchitecture":"X86_64","operatingSystemFamily":"LINUX"})");
}

TEST(Orchestration, LetsAWorkerStartTasksInItsOwnClusterAndHandOutItsOwnRolesOnly) {
    Made made{orchestration_args()};
    const auto policies = made.property("orchestration/worker-role", "Policies");

    EXPECT_NE(policies.find(R"(\"ArnEquals\":{\"ecs:cluster\":[\"${orchestration/cluster.Arn}\"]})"), std::string::npos) << policies;
    EXPECT_NE(policies.find(R"(\"Resource\":[\"${orchestration/execution-role.Arn}\",\"arn:aws:iam::123456789012:role/findata-dev-*\"])"),
              std::string::npos)
        << policies;
}

TEST(Orchestration, ConnectsWhatUsesEachOther) {
    Made made{orchestration_args()};

    EXPECT_EQ(made.needs("orchestration/worker"), (Texts{"orchestration/cluster", "orchestration/worker-task"}));
    EXPECT_EQ(made.needs("orchestration/worker-task"),
              (Texts{"orchestration/worker-logs", "orchestration/execution-role", "orchestration/worker-role"}));
    EXPECT_EQ(made.needs("orchestration/database"), (Texts{"orchestration/database-subnets", "orchestration/database-parameters"}));
    EXPECT_EQ(made.needs("orchestration/worker-cpu-alarm"),
              (Texts{"orchestration/cluster", "orchestration/alarms", "orchestration/worker"}));
}

TEST(Orchestration, RaisesAlarmsAtTheLimitsThatAreGiven) {
    auto args = orchestration_args();
    args.alarms = {.database_cpu_percent = 70, .database_free_storage_gb = 2, .worker_cpu_percent = 60};
    Made made{args};

    EXPECT_EQ(made.property("orchestration/database-cpu-alarm", "Threshold"), "70.0");
    EXPECT_EQ(made.property("orchestration/database-storage-alarm", "Threshold"), "2147483648.0");
    EXPECT_EQ(made.property("orchestration/database-storage-alarm", "ComparisonOperator"), R"("LessThanThreshold")");
    EXPECT_EQ(made.property("orchestration/worker-cpu-alarm", "Threshold"), "60.0");
    EXPECT_EQ(made.property("orchestration/worker-cpu-alarm", "AlarmActions"), R"(["${orchestration/alarms.Arn}"])");
}

TEST(Orchestration, SubscribesEveryReceiver) {
    auto args = orchestration_args();
    args.alarms.emails = {"a@example.com", "b@example.com"};
    args.alarms.webhooks = {"https://example.com/hook"};
    Made made{args};

    EXPECT_EQ(made.properties("orchestration/email-1"),
              R"({"Endpoint":"b@example.com","Protocol":"email","TopicArn":"${orchestration/alarms.Arn}"})");
    EXPECT_EQ(made.properties("orchestration/https-0"),
              R"({"Endpoint":"https://example.com/hook","Protocol":"https","TopicArn":"${orchestration/alarms.Arn}"})");
}

TEST(Orchestration, TellsEveryArgumentThatIsMissingAtOnce) {
    Made made{{.database_group = "sg-1", .subnets = {"subnet-a"}, .worker_group = "sg-2"}};
    const auto found = made.mistakes();

    ASSERT_GE(found.size(), 4U);
    EXPECT_EQ((Texts{found.begin(), found.begin() + 4}),
              (Texts{"orchestration: \"prefix\" is empty.", "orchestration: \"worker.image\" is empty.",
                     "orchestration: \"database.engine_version\" is empty.", "orchestration: \"database.instance_class\" is empty."}));
}

}  // namespace
}  // namespace components
