"""ECS: clusters, task definitions, services."""

from __future__ import annotations

import pytest


@pytest.fixture
def ecs(aws):
    return aws("ecs")


@pytest.fixture
def cluster(ecs) -> str:
    return ecs.create_cluster(clusterName="c")["cluster"]["clusterName"]


@pytest.fixture
def network(aws) -> dict:
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    return {"awsvpcConfiguration": {"subnets": [subnet]}}


@pytest.fixture
def definition(ecs) -> str:
    return register(ecs)


def register(ecs) -> str:
    made = ecs.register_task_definition(
        family="f",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        enableFaultInjection=True,
        containerDefinitions=[{"name": "a", "image": "i", "portMappings": [{"containerPort": 80}]}],
    )["taskDefinition"]
    return made["taskDefinitionArn"]


def test_definitions_keep_fault_injection_and_fill_ports(ecs, definition, refused):
    shown = ecs.describe_task_definition(taskDefinition=definition)["taskDefinition"]
    assert shown["enableFaultInjection"] is True
    ports = shown["containerDefinitions"][0]["portMappings"]
    assert ports == [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}]
    ecs.deregister_task_definition(taskDefinition=definition)
    assert refused(ecs.describe_task_definition, taskDefinition="f") == "ClientException"


def test_creating_a_cluster_again_changes_nothing(ecs, refused):
    settings = [{"name": "containerInsights", "value": "enabled"}]
    ecs.create_cluster(clusterName="c", settings=settings)
    again = ecs.create_cluster(clusterName="c")["cluster"]
    assert again["settings"] == settings
    other = [{"name": "containerInsights", "value": "disabled"}]
    assert refused(ecs.create_cluster, clusterName="c", settings=other) == "ClientException"
    changed = ecs.update_cluster_settings(cluster="c", settings=other)["cluster"]
    assert changed["settings"] == other
    assert ecs.describe_clusters(clusters=["c"])["clusters"][0]["settings"] == other
    ecs.delete_cluster(cluster="c")
    assert ecs.list_clusters()["clusterArns"] == []


def test_services_keep_what_create_was_given(ecs, cluster, definition, network, refused):
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]
    made = ecs.create_service(
        cluster=cluster,
        serviceName="s",
        taskDefinition=definition,
        desiredCount=2,
        capacityProviderStrategy=strategy,
        deploymentConfiguration={"maximumPercent": 150},
        healthCheckGracePeriodSeconds=5,
        enableECSManagedTags=True,
        enableExecuteCommand=True,
        propagateTags="SERVICE",
        availabilityZoneRebalancing="DISABLED",
        serviceConnectConfiguration={"enabled": False},
        networkConfiguration=network,
    )["service"]
    assert made["capacityProviderStrategy"] == strategy and "launchType" not in made
    shown = ecs.describe_services(cluster=cluster, services=["s"])["services"][0]
    assert shown["capacityProviderStrategy"] == strategy and "launchType" not in shown
    assert shown["deploymentConfiguration"]["maximumPercent"] == 150
    assert shown["deploymentConfiguration"]["minimumHealthyPercent"] == 100
    assert shown["healthCheckGracePeriodSeconds"] == 5
    assert shown["enableECSManagedTags"] is True and shown["enableExecuteCommand"] is True
    assert shown["availabilityZoneRebalancing"] == "DISABLED"
    assert shown["platformVersion"] == "LATEST"
    assert shown["runningCount"] == 2 and shown["pendingCount"] == 0
    assert shown["deployments"][0]["rolloutState"] == "COMPLETED"
    assert shown["deployments"][0]["serviceConnectConfiguration"] == {"enabled": False}
    counts = ecs.describe_clusters(clusters=[cluster])["clusters"][0]
    assert (counts["activeServicesCount"], counts["runningTasksCount"]) == (1, 2)
    assert refused(ecs.delete_cluster, cluster=cluster) == "ClusterContainsServicesException"


def test_services_have_the_defaults_of_aws(ecs, cluster, definition, network):
    ecs.create_service(
        cluster=cluster,
        serviceName="s",
        taskDefinition=definition,
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=network,
    )
    shown = ecs.describe_services(cluster=cluster, services=["s"])["services"][0]
    configuration = shown["deploymentConfiguration"]
    assert (configuration["maximumPercent"], configuration["minimumHealthyPercent"]) == (200, 100)
    assert shown["networkConfiguration"]["awsvpcConfiguration"]["assignPublicIp"] == "DISABLED"
    assert shown["enableExecuteCommand"] is False and shown["launchType"] == "FARGATE"


def test_updates_are_followed_by_the_deployment(ecs, cluster, definition, network):
    ecs.create_service(
        cluster=cluster,
        serviceName="s",
        taskDefinition="f",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration=network,
    )
    second = register(ecs)
    updated = ecs.update_service(
        cluster=cluster, service="s", taskDefinition="f:2", desiredCount=3
    )["service"]
    assert updated["taskDefinition"] == second
    shown = ecs.describe_services(cluster=cluster, services=["s"])["services"][0]
    assert shown["taskDefinition"] == second
    assert shown["deployments"][0]["taskDefinition"] == second
    assert shown["deployments"][0]["desiredCount"] == shown["runningCount"] == 3


def test_the_same_service_is_made_once(ecs, cluster, definition, network, refused):
    wanted = {
        "cluster": cluster,
        "serviceName": "s",
        "taskDefinition": definition,
        "desiredCount": 1,
        "networkConfiguration": network,
    }
    first = ecs.create_service(**wanted, clientToken="t")["service"]
    again = ecs.create_service(**wanted, clientToken="t")["service"]
    assert first["serviceArn"] == again["serviceArn"]
    assert refused(ecs.create_service, **wanted) == "InvalidParameterException"
    ecs.delete_service(cluster=cluster, service="s", force=True)
    assert ecs.list_services(cluster=cluster)["serviceArns"] == []
    ecs.create_service(**wanted)


def test_fargate_is_a_capacity_provider(ecs):
    shown = ecs.describe_capacity_providers(capacityProviders=["FARGATE"])
    assert [item["name"] for item in shown["capacityProviders"]] == ["FARGATE"]
    assert len(ecs.describe_capacity_providers()["capacityProviders"]) == 2
