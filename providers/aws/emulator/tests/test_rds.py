"""RDS: instances, subnet groups, parameter groups."""

from __future__ import annotations

import pytest


@pytest.fixture
def rds(aws):
    return aws("rds")


@pytest.fixture
def subnets(aws) -> list[str]:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    return [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=zones[i]["ZoneName"]
        )["Subnet"]["SubnetId"]
        for i in range(2)
    ]


def create(rds, **more):
    wanted = {
        "DBInstanceIdentifier": "Db1",
        "DBInstanceClass": "db.t4g.micro",
        "Engine": "postgres",
        "AllocatedStorage": 20,
        "MasterUsername": "admin1",
        "MasterUserPassword": "canary-password",
    }
    return rds.create_db_instance(**{**wanted, **more})["DBInstance"]


def test_instances_keep_what_create_was_given(rds):
    made = create(
        rds,
        EnablePerformanceInsights=True,
        PerformanceInsightsRetentionPeriod=7,
        DatabaseInsightsMode="standard",
        NetworkType="DUAL",
        DedicatedLogVolume=True,
        EngineLifecycleSupport="open-source-rds-extended-support-disabled",
    )
    assert made["DBInstanceIdentifier"] == "db1"
    shown = rds.describe_db_instances(DBInstanceIdentifier="DB1")["DBInstances"][0]
    assert shown["PerformanceInsightsEnabled"] is True
    assert shown["PerformanceInsightsRetentionPeriod"] == 7
    assert (shown["NetworkType"], shown["DedicatedLogVolume"]) == ("DUAL", True)
    assert shown["EngineLifecycleSupport"].endswith("disabled")
    assert "MasterUserPassword" not in shown
    rds.modify_db_instance(
        DBInstanceIdentifier="db1", EnablePerformanceInsights=False, DBPortNumber=5433
    )
    shown = rds.describe_db_instances(DBInstanceIdentifier="db1")["DBInstances"][0]
    assert shown["PerformanceInsightsEnabled"] is False
    assert shown["Endpoint"]["Port"] == 5433


def test_instances_have_defaults_and_ids_of_their_own(rds):
    create(rds)
    create(rds, DBInstanceIdentifier="db2")
    shown = rds.describe_db_instances()["DBInstances"]
    assert len({database["DbiResourceId"] for database in shown}) == 2
    for database in shown:
        assert database["PerformanceInsightsEnabled"] is False
        assert database["PubliclyAccessible"] is False
        assert database["NetworkType"] == "IPV4"
        assert database["EngineVersion"].startswith("17.")


def test_deleting_asks_for_a_snapshot(rds, refused):
    create(rds)
    code = refused(rds.delete_db_instance, DBInstanceIdentifier="db1")
    assert code == "InvalidParameterCombination"
    rds.delete_db_instance(DBInstanceIdentifier="db1", SkipFinalSnapshot=True)


def test_a_missing_secret_key_breaks_no_later_read(rds, refused):
    key = "arn:aws:kms:eu-west-1:111111111111:key/none"
    more = {"ManageMasterUserPassword": True, "MasterUserSecretKmsKeyId": key}
    wanted = {
        "DBInstanceIdentifier": "d",
        "DBInstanceClass": "db.t4g.micro",
        "Engine": "postgres",
        "AllocatedStorage": 20,
        "MasterUsername": "admin1",
    }
    assert refused(rds.create_db_instance, **wanted, **more) == "KMSKeyNotAccessibleFault"
    assert rds.describe_db_instances()["DBInstances"] == []


def test_subnet_groups_survive_their_change(rds, subnets, refused):
    wanted = {"DBSubnetGroupName": "Group", "DBSubnetGroupDescription": "d"}
    wrong = {**wanted, "SubnetIds": ["subnet-0", "subnet-1"]}
    assert refused(rds.create_db_subnet_group, **wrong) == "InvalidSubnet"
    wrong = {**wanted, "SubnetIds": subnets[:1]}
    assert refused(rds.create_db_subnet_group, **wrong) == "DBSubnetGroupDoesNotCoverEnoughAZs"
    rds.create_db_subnet_group(**wanted, SubnetIds=subnets)
    again = refused(rds.create_db_subnet_group, **wanted, SubnetIds=subnets)
    assert again == "DBSubnetGroupAlreadyExists"
    rds.modify_db_subnet_group(
        DBSubnetGroupName="group", DBSubnetGroupDescription="new", SubnetIds=subnets[::-1]
    )
    shown = rds.describe_db_subnet_groups(DBSubnetGroupName="group")["DBSubnetGroups"][0]
    assert shown["DBSubnetGroupDescription"] == "new"
    missing = refused(rds.modify_db_subnet_group, DBSubnetGroupName="none", SubnetIds=subnets)
    assert missing == "DBSubnetGroupNotFoundFault"


def test_what_an_instance_uses_is_not_deleted(rds, aws, subnets, refused):
    rds.create_db_subnet_group(
        DBSubnetGroupName="g", DBSubnetGroupDescription="d", SubnetIds=subnets
    )
    rds.create_db_parameter_group(
        DBParameterGroupName="p", DBParameterGroupFamily="postgres17", Description="d"
    )
    create(rds, DBSubnetGroupName="g", DBParameterGroupName="p")
    code = refused(rds.delete_db_subnet_group, DBSubnetGroupName="g")
    assert code == "InvalidDBSubnetGroupStateFault"
    code = refused(rds.delete_db_parameter_group, DBParameterGroupName="p")
    assert code == "InvalidDBParameterGroupState"
    assert refused(aws("ec2").delete_subnet, SubnetId=subnets[0]) == "DependencyViolation"
    rds.delete_db_instance(DBInstanceIdentifier="db1", SkipFinalSnapshot=True)
    rds.delete_db_subnet_group(DBSubnetGroupName="g")
    rds.delete_db_parameter_group(DBParameterGroupName="p")
    aws("ec2").delete_subnet(SubnetId=subnets[0])


def test_parameter_groups_are_reset_and_missing_ones_reported(rds, refused):
    code = refused(rds.describe_db_parameter_groups, DBParameterGroupName="none")
    assert code == "DBParameterGroupNotFound"
    rds.create_db_parameter_group(
        DBParameterGroupName="p", DBParameterGroupFamily="postgres17", Description="d"
    )
    parameter = {
        "ParameterName": "log_statement",
        "ParameterValue": "all",
        "ApplyMethod": "immediate",
    }
    rds.modify_db_parameter_group(DBParameterGroupName="p", Parameters=[parameter])
    shown = rds.describe_db_parameters(DBParameterGroupName="p", Source="user")["Parameters"]
    assert shown[0]["Source"] == "user"
    rds.reset_db_parameter_group(DBParameterGroupName="p", Parameters=[parameter])
    assert rds.describe_db_parameters(DBParameterGroupName="p")["Parameters"] == []
    default = rds.describe_db_parameter_groups(DBParameterGroupName="default.postgres17")
    assert default["DBParameterGroups"][0]["DBParameterGroupFamily"] == "postgres17"
