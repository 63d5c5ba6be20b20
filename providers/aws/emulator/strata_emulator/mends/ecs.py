"""ECS: settings of services, steady services, upserts, counts, settings of clusters."""

from __future__ import annotations

import copy
from typing import Any

from moto.core.utils import camelcase_to_underscores, utcnow
from moto.ecs.models import Service, TaskDefinition

from strata_emulator.call import Call, partition
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before, on_reset

# Members of CreateService that moto drops and UpdateService stores.
SETTINGS = (
    "capacityProviderStrategy", "deploymentConfiguration", "healthCheckGracePeriodSeconds",
    "enableECSManagedTags", "enableExecuteCommand", "availabilityZoneRebalancing",
    "placementConstraints", "placementStrategy",
)  # fmt: skip
# Shown inside the deployment, not the service.
IN_DEPLOYMENT = ("serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations")
FARGATE = ("FARGATE", "FARGATE_SPOT")
PROTOCOL = "tcp"

_created: dict[tuple[str, str, str], tuple[dict[str, Any], str]] = {}
on_reset(_created.clear)


# ---- Clusters


@before("ecs", "CreateCluster")
def answer_existing_cluster(call: Call) -> dict[str, Any] | None:
    """Creating the same cluster again shows it; with other arguments it is refused."""
    name = call.params.get("clusterName") or "default"
    found = call.backend.clusters.get(name)
    if not found or found.status != "ACTIVE":
        return None
    for member, held in (
        ("settings", found.settings),
        ("configuration", found.configuration),
        ("capacityProviders", found.capacity_providers),
        ("tags", found.tags),
    ):
        wanted = call.params.get(member)
        if wanted and wanted != held:
            message = "Arguments on this idempotent request are inconsistent with previous ones."
            raise AwsError("ClientException", message)
    return {"cluster": _shown_cluster(call, found)}


def _shown_cluster(call: Call, cluster: Any) -> dict[str, Any]:
    shown = {
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": cluster.status,
        "settings": cluster.settings,
        "configuration": cluster.configuration,
        "capacityProviders": cluster.capacity_providers or [],
        "defaultCapacityProviderStrategy": cluster.default_capacity_provider_strategy or [],
        "serviceConnectDefaults": cluster.service_connect_defaults,
        "tags": cluster.tags or [],
        "statistics": [],
        **_counts(call, cluster),
    }
    return {name: value for name, value in shown.items() if value is not None}


def _services(call: Call, cluster: Any) -> list[Service]:
    services = call.backend.services.values()
    return [s for s in services if s.cluster_arn == cluster.arn and s.status == "ACTIVE"]


def _counts(call: Call, cluster: Any) -> dict[str, int]:
    services = _services(call, cluster)
    return {
        "activeServicesCount": len(services),
        "runningTasksCount": sum(service.running_count for service in services),
        "pendingTasksCount": 0,
        "registeredContainerInstancesCount": cluster.registered_container_instances_count,
    }


@after("ecs", "DescribeClusters")
def count_services(call: Call, result: dict[str, Any]) -> None:
    for shown in result.get("clusters") or []:
        shown.setdefault("capacityProviders", [])
        shown.setdefault("defaultCapacityProviderStrategy", [])
        cluster = call.backend.clusters.get(shown["clusterName"])
        if cluster:
            shown.update(_counts(call, cluster))


@after("ecs", "ListClusters", "ListServices")
def hide_inactive(call: Call, result: dict[str, Any]) -> None:
    """What is deleted can be described for a while, and is no longer listed."""
    gone = {c.arn for c in call.backend.clusters.values() if c.status != "ACTIVE"}
    gone |= {s.arn for s in call.backend.services.values() if s.status != "ACTIVE"}
    for name in ("clusterArns", "serviceArns"):
        if name in result:
            result[name] = [arn for arn in result[name] if arn not in gone]


@before("ecs", "DeleteCluster")
def refuse_used_cluster(call: Call) -> None:
    cluster = call.backend._get_cluster(call.params.get("cluster", "default"))
    if _services(call, cluster):
        message = "The Cluster cannot be deleted while Services are active."
        raise AwsError("ClusterContainsServicesException", message)


@before("ecs", "UpdateClusterSettings")
def update_settings(call: Call) -> dict[str, Any]:
    cluster = call.backend._get_cluster(call.params["cluster"])
    changed = {setting["name"]: setting for setting in call.params["settings"]}
    kept = [setting for setting in cluster.settings or [] if setting["name"] not in changed]
    cluster.settings = kept + list(changed.values())
    return {"cluster": _shown_cluster(call, cluster)}


@before("ecs", "DescribeCapacityProviders")
def show_fargate(call: Call) -> dict[str, Any] | None:
    """The two providers that every account has; moto knows neither and fails without names."""
    wanted = call.params.get("capacityProviders")
    place = f"arn:{partition(call.region)}:ecs:{call.region}:{call.account}:capacity-provider"
    shown = [
        {"capacityProviderArn": f"{place}/{name}", "name": name, "status": "ACTIVE", "tags": []}
        for name in FARGATE
        if not wanted or name in wanted
    ]
    others = [name for name in wanted or [] if name not in FARGATE]
    failures: list[Any] = []
    if others or not wanted:
        known = call.backend.capacity_providers
        for name in others or list(known):
            provider = known.get(name.split("/")[-1])
            if provider is None:
                failures.append({"arn": f"{place}/{name}", "reason": "MISSING"})
            else:
                return None if not shown else {"capacityProviders": shown, "failures": failures}
    return {"capacityProviders": shown, "failures": failures}


@before("ecs", "PutAccountSettingDefault")
def put_default(call: Call) -> dict[str, Any]:
    call.backend.put_account_setting(call.params["name"], call.params["value"])
    return {"setting": {"name": call.params["name"], "value": call.params["value"]}}


# ---- Task definitions


@after("ecs", "RegisterTaskDefinition")
def fill_containers(call: Call, result: dict[str, Any]) -> None:
    """Ports get their protocol and host port, containers their empty lists, as AWS fills them."""
    shown = result["taskDefinition"]
    definition = call.backend.describe_task_definition(shown["taskDefinitionArn"])
    for containers in (definition.container_definitions, shown["containerDefinitions"]):
        for container in containers:
            container.setdefault("systemControls", [])
            for port in container.get("portMappings") or []:
                _fill_port(port, definition)


def _fill_port(port: dict[str, Any], definition: TaskDefinition) -> None:
    port.setdefault("protocol", PROTOCOL)
    if "containerPort" in port and "hostPort" not in port:
        same = definition.network_mode in ("awsvpc", "host")
        port["hostPort"] = port["containerPort"] if same else 0


@before("ecs", "DescribeTaskDefinition")
def refuse_family_without_revision(call: Call) -> None:
    name = call.params["taskDefinition"].split("/")[-1]
    if ":" in name:
        return
    revisions = call.backend.task_definitions.get(name, {}).values()
    if not any(revision.status == "ACTIVE" for revision in revisions):
        raise AwsError("ClientException", "Unable to describe task definition.")


# ---- Services


@before("ecs", "CreateService")
def refuse_second_service(call: Call) -> dict[str, Any] | None:
    """The same client token shows the service again; the same name otherwise is refused."""
    call.facts["sent"] = copy.deepcopy(call.params)
    cluster = call.params.get("cluster", "default").split("/")[-1]
    token = call.params.get("clientToken")
    known = _created.get((call.account, call.region, token or ""))
    found = call.backend.services.get(f"{cluster}:{call.params['serviceName']}")
    if not found or found.status != "ACTIVE":
        return None
    if token and known and known == (call.params, found.arn):
        return {"service": call.facts.get("shown") or _shown_service(call, found)}
    raise AwsError("InvalidParameterException", "Creation of service was not idempotent.")


def _shown_service(call: Call, service: Service) -> dict[str, Any]:
    from strata_emulator.wire import render_value

    return render_value("ecs", "Service", service)


@before("ecs", "CreateService", "UpdateService")
def fill_network(call: Call) -> None:
    """Moto fails on a network configuration without security groups."""
    network = (call.params.get("networkConfiguration") or {}).get("awsvpcConfiguration")
    if network:
        network.setdefault("securityGroups", [])
        network.setdefault("assignPublicIp", "DISABLED")
        call.rewrite()


@after("ecs", "CreateService")
def keep_settings(call: Call, result: dict[str, Any]) -> None:
    service = _find(call, result["service"]["serviceArn"])
    for name in SETTINGS:
        setattr(service, camelcase_to_underscores(name), _setting(call.params, name))
    service.enable_ecs_managed_tags = bool(call.params.get("enableECSManagedTags"))
    if call.params.get("capacityProviderStrategy"):
        service.launch_type = None
        result["service"].pop("launchType", None)
    service.created_at = utcnow()
    _set_deployment(service, call.params)
    _complete(call, service, result["service"])
    if call.params.get("clientToken"):
        key = (call.account, call.region, call.params["clientToken"])
        _created[key] = (call.facts["sent"], service.arn)
    _settle(service)


@after("ecs", "UpdateService")
def follow_update(call: Call, result: dict[str, Any]) -> None:
    service = _find(call, result["service"]["serviceArn"])
    if service.task_definition:
        service.task_definition = call.backend.describe_task_definition(service.task_definition).arn
    if call.params.get("deploymentConfiguration"):
        service.deployment_configuration = _setting(call.params, "deploymentConfiguration")
    if "enableECSManagedTags" in call.params:
        service.enable_ecs_managed_tags = call.params["enableECSManagedTags"]
    if call.params.get("capacityProviderStrategy"):
        service.launch_type = None
    _set_deployment(service, call.params)
    _settle(service)
    _complete(call, service, result["service"])
    result["service"]["taskDefinition"] = service.task_definition
    result["service"]["deployments"] = _shown_service(call, service).get("deployments", [])


@after("ecs", "DescribeServices")
def complete_services(call: Call, result: dict[str, Any]) -> None:
    for shown in result.get("services") or []:
        service = _find(call, shown["serviceArn"])
        if service.status == "ACTIVE":
            _complete(call, service, shown)


@after("ecs", "DeleteService")
def stop_tasks(call: Call, result: dict[str, Any]) -> None:
    service = _find(call, result["service"]["serviceArn"])
    service.running_count = service.pending_count = service.desired_count = 0
    service.deployments = []
    result["service"].update(status="DRAINING", desiredCount=0)


def _find(call: Call, arn: str) -> Service:
    return next(s for s in call.backend.services.values() if s.arn == arn)


def _setting(params: dict[str, Any], name: str) -> Any:
    """The setting as sent, completed by AWS's defaults, https://docs.aws.amazon.com/AmazonECS/
    latest/APIReference/API_CreateService.html"""
    value = params.get(name)
    daemon = params.get("schedulingStrategy") == "DAEMON"
    if name == "deploymentConfiguration":
        return {
            "deploymentCircuitBreaker": {"enable": False, "rollback": False},
            "maximumPercent": 100 if daemon else 200,
            "minimumHealthyPercent": 0 if daemon else 100,
            "strategy": "ROLLING",
            "bakeTimeInMinutes": 0,
            **(value or {}),
        }
    if name == "availabilityZoneRebalancing":
        return value or ("DISABLED" if daemon else "ENABLED")
    if name in ("placementConstraints", "placementStrategy"):
        return value or []
    if name == "healthCheckGracePeriodSeconds":
        return value or 0
    return value if value is not None or name == "capacityProviderStrategy" else False


def _complete(call: Call, service: Service, shown: dict[str, Any]) -> None:
    """Adds what moto's answer leaves out, though the service has it."""
    for name in SETTINGS:
        value = getattr(service, camelcase_to_underscores(name), None)
        if value is not None:
            shown[name] = value
    shown["enableECSManagedTags"] = getattr(service, "enable_ecs_managed_tags", False)
    providers = [item["capacityProvider"] for item in shown.get("capacityProviderStrategy") or []]
    if service.launch_type == "FARGATE" or set(providers) & set(FARGATE):
        shown["platformVersion"] = service.platform_version or "LATEST"
        shown["platformFamily"] = "Linux"
    role = "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    shown.setdefault("roleArn", f"arn:{partition(call.region)}:iam::{call.account}:role/{role}")


def _set_deployment(service: Service, params: dict[str, Any]) -> None:
    """One deployment, of what the service now runs."""
    if not service.deployments:
        return
    deployment = service.deployments[0]
    for name in IN_DEPLOYMENT:
        if name in params:
            deployment[name] = params[name]
    if params.get("networkConfiguration"):
        deployment["networkConfiguration"] = params["networkConfiguration"]
    deployment["taskDefinition"] = service.task_definition
    deployment["desiredCount"] = service.desired_count
    deployment["updatedAt"] = utcnow()
    if getattr(service, "capacity_provider_strategy", None):
        deployment["capacityProviderStrategy"] = service.capacity_provider_strategy
        deployment.pop("launchType", None)


def _settle(service: Service) -> None:
    """From the next call on the service is steady: all tasks run and the rollout is complete."""
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments:
        deployment.update(
            runningCount=service.desired_count,
            desiredCount=service.desired_count,
            pendingCount=0,
            failedTasks=0,
            rolloutState="COMPLETED",
            rolloutStateReason=f"ECS deployment {deployment['id']} completed.",
        )
