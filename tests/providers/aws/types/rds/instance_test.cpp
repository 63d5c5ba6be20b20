#include "providers/aws/resource/hooks.hpp"
#include "tests/providers/aws/types/type_fixture.hpp"

namespace strata::aws::hooks::rds {
Status prepare_instance(Caller& call, std::string_view operation, const Step& step, ValueMap& params);
void count_pending_changes(const Value& answer, const ProviderIdentity& identity, ValueMap& properties, ValueMap& outputs);
}  // namespace strata::aws::hooks::rds

namespace strata::aws {

namespace {

using Names = std::vector<std::string>;

constexpr std::string_view small =
    R"({"DBInstanceIdentifier": "db", "DBInstanceClass": "db.t4g.micro", "Engine": "postgres", "EngineVersion": "16.3",
                                       "AllocatedStorage": 20, "MasterUsername": "strata", "MasterUserPassword": "correct-horse", "SkipFinalSnapshot": true})";

/// A caller that must not be called.
class NoCaller : public Caller {
public:
    Result<Value> operator()(std::string_view, std::string_view, ValueMap) override { return refused(); }
    Result<Value> pages(std::string_view, std::string_view, ValueMap) override { return refused(); }
    [[nodiscard]] const ProviderIdentity& identity() const override { return identity_; }
    void take_over(std::string /*id*/) override {}

private:
    static Error refused() { return {.kind = ErrorKind::internal, .summary = "No call was expected", .cause = "", .remedy = ""}; }
    ProviderIdentity identity_;
};

class InstanceTest : public TypeTest {
protected:
    /// The members of DeleteDBInstance for a thing with these properties.
    static std::string deletion(std::string_view wanted, ValueMap params) {
        NoCaller nobody;
        const Step step{.action = StepAction::remove,
                        .type = nullptr,
                        .facet = 0,
                        .address = "db",
                        .stack = {},
                        .id = "db",
                        .desired = {},
                        .changed = {},
                        .previous = {},
                        .properties = properties(wanted),
                        .outputs = {},
                        .token = "0123456789abcdef0123456789abcdef"};
        EXPECT_TRUE(hooks::rds::prepare_instance(nobody, "DeleteDBInstance", step, params));
        return to_json(Value{params});
    }
};

TEST_F(InstanceTest, AreReadInOneCallWithTheirTags) {
    auto other = properties(small);
    other.set("DBInstanceIdentifier", Value{"other"});
    EXPECT_EQ(calls_to_read({make("aws.rds.Instance", properties(small)), make("aws.rds.Instance", other)}),
              Names{"rds DescribeDBInstances"});
}

TEST_F(InstanceTest, GoesWithALastSnapshotUnlessToldOtherwise) {
    EXPECT_EQ(deletion("{}", {}), R"({"FinalDBSnapshotIdentifier":"db-final-01234567"})");
    EXPECT_EQ(deletion(R"({"SkipFinalSnapshot": true})", {{"SkipFinalSnapshot", Value{true}}}), R"({"SkipFinalSnapshot":true})");
    EXPECT_EQ(deletion(R"({"FinalDBSnapshotIdentifier": "last"})", {{"FinalDBSnapshotIdentifier", Value{"last"}}}),
              R"({"FinalDBSnapshotIdentifier":"last"})");
    EXPECT_EQ(deletion(R"({"DBClusterIdentifier": "aurora"})", {}), R"({"SkipFinalSnapshot":true})");
}

TEST_F(InstanceTest, CountsWhatWaitsForTheMaintenanceWindow) {
    const auto answer = json(
        R"({"PendingModifiedValues": {"DBInstanceClass": "db.t4g.large", "IAMDatabaseAuthenticationEnabled": true, "ProcessorFeatures": [],
                                 "PendingCloudwatchLogsExports": {"LogTypesToEnable": ["upgrade"], "LogTypesToDisable": ["postgresql"]}}})");
    auto live = properties(R"({"DBInstanceClass": "db.t4g.micro", "EnableCloudwatchLogsExports": ["postgresql"]})");
    ValueMap outputs;
    hooks::rds::count_pending_changes(answer, {}, live, outputs);
    EXPECT_EQ(to_json(Value{live}),
              R"({"DBInstanceClass":"db.t4g.large","EnableCloudwatchLogsExports":["upgrade"],"EnableIAMDatabaseAuthentication":true})");
}

TEST_F(InstanceTest, MayGrowWithinItsBound) {
    auto wanted = properties(small);
    wanted.set("MaxAllocatedStorage", Value{100});
    auto instance = make("aws.rds.Instance", wanted);
    ASSERT_TRUE(life_.update(instance, "AllocatedStorage", Value{40}));
    // The program still says 20: RDS raised it, as MaxAllocatedStorage allows.
    instance.properties.set("AllocatedStorage", Value{20});
    EXPECT_EQ(differences(instance), no_difference);
    ASSERT_TRUE(life_.update(instance, "AllocatedStorage", Value{150}));
    instance.properties.set("AllocatedStorage", Value{20});
    EXPECT_NE(differences(instance).find("allocated_storage: read 150, wanted 20"), std::string::npos)
        << "beyond the bound somebody else raised it";
}

TEST_F(InstanceTest, LeavesLogExportsAloneThatTheProgramDoesNotName) {
    auto made = properties(small);
    made.set("EnableCloudwatchLogsExports", json(R"(["postgresql", "upgrade"])"));
    const auto instance = make("aws.rds.Instance", made);
    auto wanted = properties(small);
    wanted.set("BackupRetentionPeriod", Value{7});
    const Step step{.action = StepAction::update,
                    .type = instance.type,
                    .facet = 0,
                    .address = instance.address,
                    .stack = "test.local",
                    .id = instance.id,
                    .desired = wanted,
                    .changed = {"BackupRetentionPeriod"},
                    .previous = made,
                    .properties = wanted,
                    .outputs = instance.outputs,
                    .token = "0123456789abcdef0123456789abcdef"};
    const auto begun = aws().provider().begin(step);
    ASSERT_TRUE(begun) << begun.error().text();
    EXPECT_EQ(differences(instance), no_difference);
}

TEST_F(InstanceTest, SaysWhatRdsWouldRefuse) {
    auto wanted = properties(small);
    wanted.set("DBInstanceIdentifier", Value{"Primary"});
    wanted.set("FinalDBSnapshotIdentifier", Value{"last"});
    wanted.set("ManageMasterUserPassword", Value{true});
    EXPECT_EQ(mistakes("aws.rds.Instance", wanted),
              (Names{"DBInstanceIdentifier: Names of instances are stored in lower case.",
                     "FinalDBSnapshotIdentifier: A last snapshot is named and skipped at once.",
                     "MasterUserPassword: RDS makes the password itself when manage_master_user_password is true."}));
    EXPECT_EQ(mistakes("aws.rds.SubnetGroup",
                       properties(R"({"DBSubnetGroupName": "default", "DBSubnetGroupDescription": "d", "SubnetIds": ["subnet-1"]})")),
              (Names{"DBSubnetGroupName: \"default\" is the name of the group that every account has.",
                     "SubnetIds: A subnet group needs subnets in at least two availability zones."}));
}

}  // namespace

}  // namespace strata::aws
