"""What a stranger sees who deploys the three stacks: everything is made, then nothing changes, then it all goes."""

import json

from account import what_is_left


def test_preview_of_a_fresh_account_lists_everything_and_changes_nothing(platform):
    changed, result = platform.mutating_calls_of("preview", "--all")

    assert result.returncode == 0, result.stderr
    assert changed == []
    for address in ("network/vpc", "lake/bronze", "orchestration/database"):
        assert address in result.stdout


def test_a_second_up_makes_no_mutating_call_and_says_so_in_three_lines(deployed):
    changed, result = deployed.mutating_calls_of("up", "--all", "--yes")

    assert result.returncode == 0, result.stderr
    assert changed == []
    assert len(result.stdout.strip().splitlines()) <= 3, result.stdout


def test_nothing_drifted_on_a_fresh_deployment(deployed):
    result = deployed.run("drift", "--all", "--exit-code")

    assert result.returncode == 0, result.stdout


def test_a_full_look_at_a_fresh_deployment_finds_nothing_beside_the_program(deployed):
    result = deployed.run("drift", "--all", "--full", "--exit-code")

    assert result.returncode == 0, result.stdout
    assert [line.rsplit(" · ", 1)[1] for line in result.stdout.splitlines()] == ["no drift"] * 3


def test_an_independent_client_reads_back_the_network(deployed):
    ec2 = deployed.client("ec2")
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "tag:strata:address", "Values": ["network/vpc"]}])["Vpcs"]
    subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["SecurityGroups"]
    default = next(g for g in groups if g["GroupName"] == "default")

    assert vpc["CidrBlock"] == "10.0.0.0/16"
    assert sorted(s["CidrBlock"] for s in subnets) == ["10.0.0.0/20", "10.0.128.0/20", "10.0.144.0/20", "10.0.16.0/20"]
    assert default["IpPermissions"] == [] and default["IpPermissionsEgress"] == []
    assert len(groups) == 9


def test_an_independent_client_reads_back_a_bucket_setting_by_setting(deployed):
    s3 = deployed.client("s3")
    bucket = {"Bucket": "findata-local-bronze-123456789012"}

    assert s3.get_bucket_versioning(**bucket)["Status"] == "Enabled"
    assert s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] is True
    rule = s3.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    (lifecycle,) = s3.get_bucket_lifecycle_configuration(**bucket)["Rules"]
    assert [t["Days"] for t in lifecycle["Transitions"]] == [30, 90]
    policy = json.loads(s3.get_bucket_policy(**bucket)["Policy"])
    assert policy["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}} or policy["Statement"][0]["Condition"] == {
        "Bool": {"aws:SecureTransport": ["false"]}
    }
    assert s3.get_bucket_logging(**bucket)["LoggingEnabled"]["TargetPrefix"] == "bronze/"


def test_an_independent_client_reads_back_the_database_and_the_worker(deployed):
    (database,) = deployed.client("rds").describe_db_instances(DBInstanceIdentifier="findata-local-prefect")["DBInstances"]
    (service,) = deployed.client("ecs").describe_services(cluster="findata-local", services=["findata-local-worker"])["services"]

    assert database["StorageEncrypted"] and not database["PubliclyAccessible"] and database["Engine"] == "postgres"
    assert service["desiredCount"] == 1 and service["deploymentConfiguration"]["deploymentCircuitBreaker"]["rollback"] is True


def test_a_change_from_outside_is_drift_and_up_puts_it_back(deployed):
    s3 = deployed.client("s3")
    bucket = {"Bucket": "findata-local-bronze-123456789012"}
    s3.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Suspended"})

    drift = deployed.run("drift", "data-lake", "--exit-code")
    changed, result = deployed.mutating_calls_of("up", "data-lake", "--yes")

    assert drift.returncode == 2 and "lake/bronze" in drift.stdout
    assert result.returncode == 0, result.stderr
    assert changed == ["s3:PutBucketVersioning"]
    assert s3.get_bucket_versioning(**bucket)["Status"] == "Enabled"


def test_a_foreign_tag_is_left_alone(deployed):
    ec2 = deployed.client("ec2")
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "tag:strata:address", "Values": ["network/vpc"]}])["Vpcs"]
    ec2.create_tags(Resources=[vpc["VpcId"]], Tags=[{"Key": "team", "Value": "theirs"}])

    changed, result = deployed.mutating_calls_of("up", "foundation", "--yes")

    assert result.returncode == 0 and changed == []


def test_one_changed_setting_is_the_one_change(deployed):
    assert deployed.run("config", "set", "settings.orchestration.log_days", "14").returncode == 0

    changed, result = deployed.mutating_calls_of("up", "orchestration", "--yes")

    assert result.returncode == 0, result.stderr
    assert changed == ["logs:PutRetentionPolicy"]


def test_no_secret_stands_in_state(deployed):
    state = (deployed.folder / ".strata/state").rglob("*.json")
    assert all("testing" not in file.read_text() for file in state)


def test_destroy_takes_everything_away(deployed):
    result = deployed.run("destroy", "--all", "--yes")

    assert result.returncode == 0, result.stdout + result.stderr
    assert what_is_left(deployed) == []
