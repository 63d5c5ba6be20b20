"""RDS: names, defaults, the subnet group that moto deletes, and refusals."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random
from moto.rds.models import DBSubnetGroup, RDSBackend

from strata_emulator.call import Call
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before

NAMES = (
    "DBInstanceIdentifier", "DBSubnetGroupName", "DBParameterGroupName", "NewDBInstanceIdentifier",
)  # fmt: skip
# What AWS installs when no version is given, https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/
ENGINE_VERSIONS = {"postgres": "17.4", "mysql": "8.0.41", "mariadb": "11.4.5"}
LICENSES = {"postgres": "postgresql-license"}
DEFAULT_CERTIFICATE = "rds-ca-rsa2048-g1"


@before("rds", "*")
def lower_names(call: Call) -> None:
    """RDS stores these names in lower case; moto keeps instances under the name as sent."""
    changed = False
    for name in NAMES:
        text = call.params.get(name)
        if isinstance(text, str) and text != text.lower():
            call.params[name] = text.lower()
            changed = True
    if changed:
        call.rewrite()


# ---- Instances


@before("rds", "CreateDBInstance")
def fill_instance(call: Call) -> None:
    params = call.params
    engine = params.get("Engine", "")
    if params.get("DBClusterIdentifier"):
        return
    if engine in ENGINE_VERSIONS:
        params.setdefault("EngineVersion", ENGINE_VERSIONS[engine])
    if engine in LICENSES:
        params.setdefault("LicenseModel", LICENSES[engine])
    params.setdefault("CACertificateIdentifier", DEFAULT_CERTIFICATE)
    call.rewrite()


@before("rds", "CreateDBInstance", "ModifyDBInstance")
def check_secret_key(call: Call) -> None:
    """A key that does not exist makes every later describe fail in moto."""
    key = call.params.get("MasterUserSecretKmsKeyId")
    if not key:
        return
    from moto.kms.models import kms_backends

    backend = kms_backends[call.account][call.region]
    if backend.any_id_to_key_id(key) not in backend.keys:
        raise AwsError("KMSKeyNotAccessibleFault", f"The KMS key {key} is not accessible", 400)


@before(
    "rds",
    "CreateDBInstance",
    "ModifyDBInstance",
    "DescribeDBParameterGroups",
    "DescribeDBParameters",
)
def make_default_group(call: Call) -> None:
    """Default parameter groups exist in every account from the start."""
    name = call.params.get("DBParameterGroupName") or ""
    if name.startswith("default.") and name not in call.backend.db_parameter_groups:
        family = name.removeprefix("default.")
        call.backend.create_db_parameter_group(
            {
                "db_parameter_group_name": name,
                "db_parameter_group_family": family,
                "description": f"Default parameter group for {family}",
            }
        )


@after("rds", "CreateDBInstance")
def complete_instance(call: Call, result: dict[str, Any]) -> None:
    """An id of its own, and no public address unless it is asked for."""
    database = call.backend.databases[call.params["DBInstanceIdentifier"]]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    database.dbi_resource_id = "db-" + "".join(mock_random.choice(letters) for _ in range(26))
    database.publicly_accessible = bool(database.publicly_accessible)
    if not call.params.get("OptionGroupName") and database.engine == "postgres":
        # Since PostgreSQL 10 the first number alone is the major version.
        database.option_group_name = "default:postgres-" + database.engine_version.split(".")[0]
        memberships = [{"OptionGroupName": database.option_group_name, "Status": "in-sync"}]
        result["DBInstance"]["OptionGroupMemberships"] = memberships
    result["DBInstance"]["DbiResourceId"] = database.dbi_resource_id
    result["DBInstance"]["PubliclyAccessible"] = database.publicly_accessible


@after("rds", "ModifyDBInstance")
def change_port(call: Call, result: dict[str, Any]) -> None:
    """The port is called DBPortNumber here, which moto does not know."""
    port = call.params.get("DBPortNumber")
    if port:
        name = call.params.get("NewDBInstanceIdentifier") or call.params["DBInstanceIdentifier"]
        call.backend.databases[name].port = port
        result["DBInstance"].setdefault("Endpoint", {})["Port"] = port


@before("rds", "DeleteDBInstance")
def ask_for_snapshot(call: Call) -> None:
    if call.params["DBInstanceIdentifier"] not in call.backend.databases:
        return
    database = call.backend.databases[call.params["DBInstanceIdentifier"]]
    last = call.params.get("FinalDBSnapshotIdentifier")
    clustered = getattr(database, "db_cluster_identifier", None)
    if not call.params.get("SkipFinalSnapshot") and not last and not clustered:
        message = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        raise AwsError("InvalidParameterCombination", message)


# ---- Subnet groups


@before("rds", "CreateDBSubnetGroup")
def check_subnet_group(call: Call) -> None:
    name = call.params["DBSubnetGroupName"]
    if name in call.backend.subnet_groups:
        message = f"The DB subnet group '{name}' already exists."
        raise AwsError("DBSubnetGroupAlreadyExists", message)
    _check_subnets(call)


@before("rds", "ModifyDBSubnetGroup")
def check_subnet_change(call: Call) -> None:
    name = call.params["DBSubnetGroupName"]
    if name not in call.backend.subnet_groups:
        message = f"DB subnet group '{name}' does not exist."
        raise AwsError("DBSubnetGroupNotFoundFault", message, 404)
    _check_subnets(call)


def _check_subnets(call: Call) -> None:
    backend = ec2_backends[call.account][call.region]
    known = {name: zone for zone, subnets in backend.subnets.items() for name in subnets}
    zones = set()
    for name in call.params.get("SubnetIds") or []:
        if name not in known:
            raise AwsError("InvalidSubnet", f"The subnet '{name}' is not valid.")
        zones.add(known[name])
    if len(zones) < 2:
        raise AwsError(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement.",
        )


@before("rds", "DeleteDBSubnetGroup")
def refuse_used_subnet_group(call: Call) -> None:
    name = call.params["DBSubnetGroupName"]
    for database in call.backend.databases.values():
        group = getattr(database, "db_subnet_group", None)
        if group and group.name == name:
            message = (
                f"Cannot delete the subnet group '{name}' because at least one instance uses it."
            )
            raise AwsError("InvalidDBSubnetGroupStateFault", message)


def _modify_subnet_group(
    self: RDSBackend, subnet_name: str, description: str | None, subnets: list[Any]
) -> DBSubnetGroup:
    """Moto takes the group out of its list here."""
    group = self.subnet_groups[subnet_name]
    group.subnets = subnets
    if description is not None:
        group.description = description
    return group


@after("rds", "CreateDBSubnetGroup", "ModifyDBSubnetGroup", "DescribeDBSubnetGroups")
def show_network_types(_: Call, result: dict[str, Any]) -> None:
    for group in [result.get("DBSubnetGroup"), *(result.get("DBSubnetGroups") or [])]:
        if group:
            group.setdefault("SupportedNetworkTypes", ["IPV4"])


# ---- Parameter groups


def _group(call: Call) -> Any:
    name = call.params["DBParameterGroupName"]
    found = call.backend.db_parameter_groups.get(name)
    if not found:
        raise AwsError("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}", 404)
    return found


@before("rds", "DescribeDBParameterGroups", "DeleteDBParameterGroup")
def refuse_missing_group(call: Call) -> None:
    if call.params.get("DBParameterGroupName"):
        _group(call)


@before("rds", "DeleteDBParameterGroup", "ModifyDBParameterGroup", "ResetDBParameterGroup")
def protect_default_group(call: Call) -> None:
    if call.params["DBParameterGroupName"].startswith("default."):
        message = "The parameter group is a default one and cannot be changed or deleted."
        raise AwsError("InvalidDBParameterGroupState", message)


@before("rds", "DeleteDBParameterGroup")
def refuse_used_group(call: Call) -> None:
    """Deleting a group in use makes every later describe of instances fail in moto."""
    name = call.params["DBParameterGroupName"]
    for database in call.backend.databases.values():
        if getattr(database, "db_parameter_group_name", None) == name:
            message = "One or more database instances are still members of this parameter group."
            raise AwsError("InvalidDBParameterGroupState", message)


@before("rds", "ResetDBParameterGroup")
def reset_group(call: Call) -> dict[str, Any]:
    group = _group(call)
    if call.params.get("ResetAllParameters"):
        group.parameters.clear()
    for parameter in call.params.get("Parameters") or []:
        group.parameters.pop(parameter["ParameterName"], None)
    return {"DBParameterGroupName": group.name}


@after("rds", "DescribeDBParameters")
def show_source(call: Call, result: dict[str, Any]) -> None:
    """Everything moto lists was set by the user."""
    wanted = call.params.get("Source")
    for parameter in result.get("Parameters") or []:
        parameter.update(Source="user", IsModifiable=True)
    if wanted and wanted != "user":
        result["Parameters"] = []


RDSBackend.modify_db_subnet_group = _modify_subnet_group
