"""IAM: refusals to delete, boundaries of users, client ids, and documents that are no policies."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import IAMBackend, ManagedPolicy, Policy

from strata_emulator.call import Call
from strata_emulator.echo import keep, kept
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before

# The range of MaxSessionDuration, https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
SESSION_SECONDS = range(3600, 43201)


def conflict(message: str) -> AwsError:
    return AwsError("DeleteConflict", message, 409)


@before("iam", "CreateRole", "UpdateAssumeRolePolicy")
def check_trust(call: Call) -> None:
    """Moto takes any text for a trust document."""
    name = "AssumeRolePolicyDocument" if call.operation == "CreateRole" else "PolicyDocument"
    try:
        document = json.loads(call.params[name])
    except ValueError:
        raise AwsError("MalformedPolicyDocument", "This policy contains invalid Json") from None
    if not isinstance(document, dict) or not document.get("Statement"):
        raise AwsError("MalformedPolicyDocument", "Missing required field Statement")


@before("iam", "CreateRole", "UpdateRole")
def check_duration(call: Call) -> None:
    duration = call.params.get("MaxSessionDuration")
    if duration is not None and duration not in SESSION_SECONDS:
        raise AwsError("ValidationError", "maxSessionDuration must be from 3600 to 43200")


@before(
    "iam", "CreateRole", "CreateUser", "PutRolePermissionsBoundary", "PutUserPermissionsBoundary"
)
def check_boundary(call: Call) -> None:
    boundary = call.params.get("PermissionsBoundary")
    if boundary and not boundary.startswith("arn:"):
        raise AwsError("ValidationError", f"ARN {boundary} is not valid.")


@before("iam", "UpdateRole")
def keep_what_is_not_sent(call: Call) -> None:
    """Moto resets the description and the duration when they are not sent."""
    role = call.backend.get_role(call.params["RoleName"])
    if call.params.get("Description") is None and role.description:
        call.params["Description"] = role.description
    if call.params.get("MaxSessionDuration") is None:
        call.params["MaxSessionDuration"] = int(role.max_session_duration or 3600)
    call.rewrite()


@before("iam", "DeletePolicy")
def refuse_used_policy(call: Call) -> None:
    """A deleted policy that is attached can in moto neither be detached nor its role deleted."""
    policy = call.backend.get_policy(call.params["PolicyArn"])
    if policy.attachment_count:
        raise conflict("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise conflict("This policy has more than one version. Delete its other versions first.")


@before("iam", "DeletePolicyVersion")
def refuse_default_version(call: Call) -> None:
    policy = call.backend.get_policy(call.params["PolicyArn"])
    if policy.default_version_id == call.params["VersionId"]:
        raise conflict("Cannot delete the default version of a policy.")


@before("iam", "DeleteGroup")
def refuse_used_group(call: Call) -> None:
    group = call.backend.get_group(call.params["GroupName"])
    if group.users:
        raise conflict("Cannot delete entity, must remove users from group first.")
    if group.managed_policies:
        raise conflict("Cannot delete entity, must detach all policies first.")
    if group.policies:
        raise conflict("Cannot delete entity, must delete policies first.")


@before("iam", "DeleteUser")
def refuse_used_user(call: Call) -> None:
    user = call.backend.get_user(call.params["UserName"])
    if user.access_keys:
        raise conflict("Cannot delete entity, must delete access keys first.")
    if call.backend.get_groups_for_user(user.name):
        raise conflict("Cannot delete entity, must remove users from group first.")
    if user.password:
        raise conflict("Cannot delete entity, must delete login profile first.")


@before("iam", "RemoveRoleFromInstanceProfile")
def refuse_absent_role(call: Call) -> None:
    profile = call.backend.get_instance_profile(call.params["InstanceProfileName"])
    name = call.params["RoleName"]
    if name not in [role.name for role in profile.roles]:
        message = f"Instance Profile {profile.name} does not contain role {name}"
        raise AwsError("NoSuchEntity", message, 404)


@before("iam", "AddRoleToInstanceProfile")
def refuse_second_role(call: Call) -> None:
    profile = call.backend.get_instance_profile(call.params["InstanceProfileName"])
    if profile.roles:
        raise AwsError(
            "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1", 409
        )


@before("iam", "ListInstanceProfileTags")
def list_profile_tags(call: Call) -> dict[str, Any]:
    profile = call.backend.get_instance_profile(call.params["InstanceProfileName"])
    tags = profile.tags or {}
    found = list(tags.values()) if isinstance(tags, dict) else tags
    return {"Tags": found, "IsTruncated": False}


@before("iam", "AddClientIDToOpenIDConnectProvider")
def add_client(call: Call) -> dict[str, Any]:
    provider = call.backend.get_open_id_connect_provider(call.params["OpenIDConnectProviderArn"])
    if call.params["ClientID"] not in provider.client_id_list:
        provider.client_id_list = [*provider.client_id_list, call.params["ClientID"]]
    return {}


@before("iam", "RemoveClientIDFromOpenIDConnectProvider")
def remove_client(call: Call) -> dict[str, Any]:
    provider = call.backend.get_open_id_connect_provider(call.params["OpenIDConnectProviderArn"])
    provider.client_id_list = [c for c in provider.client_id_list if c != call.params["ClientID"]]
    return {}


@before("iam", "PutUserPermissionsBoundary")
def put_boundary(call: Call) -> dict[str, Any]:
    user = call.backend.get_user(call.params["UserName"])
    keep(call, "User", user.name, {"PermissionsBoundary": _boundary(call)})
    return {}


@before("iam", "DeleteUserPermissionsBoundary")
def delete_boundary(call: Call) -> dict[str, Any]:
    user = call.backend.get_user(call.params["UserName"])
    if not kept(call, "User").get(user.name, {}).pop("PermissionsBoundary", None):
        raise AwsError(
            "NoSuchEntity", f"User {user.name} does not have a permission boundary.", 404
        )
    return {}


@after("iam", "CreateUser")
def keep_boundary(call: Call, _: dict[str, Any]) -> None:
    kept(call, "User").pop(call.params["UserName"], None)
    if call.params.get("PermissionsBoundary"):
        keep(call, "User", call.params["UserName"], {"PermissionsBoundary": _boundary(call)})


@before("iam", "UpdateGroup")
def move_group(call: Call) -> None:
    """Moto forgets the new path unless the group is also given a new name."""
    group = call.backend.groups.get(call.params["GroupName"])
    if group is not None and call.params.get("NewPath"):
        group.path = call.params["NewPath"]


# GetAccountAuthorizationDetails wants the policy's name under the model's own name.
ManagedPolicy.policy_name = property(lambda policy: policy.name)


_update_user = IAMBackend.update_user


def _move_user_with_tags(self: IAMBackend, user_name: str, *where: str | None, **more: Any) -> None:
    """Tags are kept under the ARN, which a new path or name changes; moto leaves them behind."""
    user = self.users.get(user_name)
    before = user.arn if user else ""
    _update_user(self, user_name, *where, **more)
    if user.arn != before:
        tags = self.tagger.list_tags_for_resource(before)["Tags"]
        self.tagger.delete_all_tags_for_resource(before)
        self.tagger.tag_resource(user.arn, tags)


IAMBackend.update_user = _move_user_with_tags


@after("iam", "UpdateUser")
def move_boundary(call: Call, _: dict[str, Any]) -> None:
    store = kept(call, "User")
    if call.params.get("NewUserName") and call.params["UserName"] in store:
        store[call.params["NewUserName"]] = store.pop(call.params["UserName"])


def _boundary(call: Call) -> dict[str, str]:
    return {
        "PermissionsBoundaryType": "Policy",
        "PermissionsBoundaryArn": call.params["PermissionsBoundary"],
    }


def _update_default_version(self: Policy, wanted: str) -> None:
    """Moto leaves no default version when the default is chosen again."""
    for version in self.versions:
        version.is_default = version.version_id == wanted
    self.default_version_id = wanted


Policy.update_default_version = _update_default_version
