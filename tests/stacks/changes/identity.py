"""Changes to who may do what: roles, policies, keys, secrets."""

import json

from account import ACCOUNT, PREFIX, Account, document, plain

from changes.change import Change, foreign, gone, with_statement

GITHUB = f"{PREFIX}-github"
PEOPLE = f"{PREFIX}-people"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/{PREFIX}-boundary"
ISSUER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
POWER = "arn:aws:iam::aws:policy/PowerUserAccess"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def role(account: Account, name: str = GITHUB) -> dict:
    return account.iam.get_role(RoleName=name)["Role"]


def attached_to_role(account: Account, name: str) -> list[str]:
    return sorted(p["PolicyArn"] for p in account.iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"])


def attached_to_people(account: Account) -> list[str]:
    return sorted(p["PolicyArn"] for p in account.iam.list_attached_group_policies(GroupName=PEOPLE)["AttachedPolicies"])


def inline_of_role(account: Account, name: str) -> dict[str, dict]:
    names = account.iam.list_role_policies(RoleName=name)["PolicyNames"]
    return {p: document(account.iam.get_role_policy(RoleName=name, PolicyName=p)["PolicyDocument"]) for p in names}


def boundary_document(account: Account) -> dict:
    version = account.iam.get_policy(PolicyArn=BOUNDARY)["Policy"]["DefaultVersionId"]
    return document(account.iam.get_policy_version(PolicyArn=BOUNDARY, VersionId=version)["PolicyVersion"]["Document"])


def allow_more(account: Account) -> None:
    wider = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    account.iam.create_policy_version(PolicyArn=BOUNDARY, PolicyDocument=json.dumps(wider), SetAsDefault=True)


def trust_everybody(account: Account) -> None:
    trust = with_statement(role(account)["AssumeRolePolicyDocument"], Principal={"AWS": "*"}, Action="sts:AssumeRole")
    account.iam.update_assume_role_policy(RoleName=GITHUB, PolicyDocument=trust)


def widen_flow_log_role(account: Account) -> None:
    name = account.flow_log_role()
    wider = with_statement(inline_of_role(account, name)["write"], Action="logs:*", Resource="*")
    account.iam.put_role_policy(RoleName=name, PolicyName="write", PolicyDocument=wider)


def add_policy_to_flow_log_role(account: Account) -> None:
    theirs = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    account.iam.put_role_policy(RoleName=account.flow_log_role(), PolicyName="theirs", PolicyDocument=json.dumps(theirs))


def key_policy(account: Account, purpose: str) -> dict:
    return document(account.kms.get_key_policy(KeyId=account.key(purpose), PolicyName="default")["Policy"])


def open_key(account: Account, purpose: str) -> None:
    wider = with_statement(key_policy(account, purpose), Principal={"AWS": "*"}, Action="kms:Decrypt", Resource="*")
    account.kms.put_key_policy(KeyId=account.key(purpose), PolicyName="default", Policy=wider)


def key_tags(account: Account, purpose: str) -> dict:
    found = account.kms.list_resource_tags(KeyId=account.key(purpose))["Tags"]
    return plain([{"Key": t["TagKey"], "Value": t["TagValue"]} for t in found])


def alias_targets(account: Account, purpose: str) -> list[str]:
    found = account.kms.list_aliases()["Aliases"]
    return [a["TargetKeyId"] for a in found if a["AliasName"] == f"alias/{PREFIX}-{purpose}"]


def key_state(account: Account, purpose: str) -> str:
    """Of the key that the alias stands for."""
    return account.kms.describe_key(KeyId=f"alias/{PREFIX}-{purpose}")["KeyMetadata"]["KeyState"]


def secret(account: Account, path: str) -> dict:
    found = account.secretsmanager.list_secrets(Filters=[{"Key": "name", "Values": [f"/{PREFIX}/{path}"]}])["SecretList"]
    return found[0] if found else {}


def secret_value(account: Account, path: str) -> str:
    return account.secretsmanager.get_secret_value(SecretId=f"/{PREFIX}/{path}")["SecretString"]


def secret_tags(account: Account, path: str) -> dict:
    return plain(secret(account, path)["Tags"])


CHANGES = [
    Change(
        "a managed policy is detached from a role",
        "identity/github-role",
        "attached_policies",
        lambda a: attached_to_role(a, GITHUB),
        lambda a: a.iam.detach_role_policy(RoleName=GITHUB, PolicyArn=POWER),
        ("iam:AttachRolePolicy",),
    ),
    Change(
        "sessions of a role last longer",
        "identity/github-role",
        "max_session_duration",
        lambda a: role(a)["MaxSessionDuration"],
        lambda a: a.iam.update_role(RoleName=GITHUB, MaxSessionDuration=43200, Description=role(a)["Description"]),
        ("iam:UpdateRole",),
    ),
    Change(
        "a role trusts everybody",
        "identity/github-role",
        "assume_role_policy_document",
        lambda a: role(a)["AssumeRolePolicyDocument"],
        trust_everybody,
        ("iam:UpdateAssumeRolePolicy",),
    ),
    Change(
        "a role steps out of its boundary",
        "identity/github-role",
        "permissions_boundary",
        lambda a: role(a).get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        lambda a: a.iam.delete_role_permissions_boundary(RoleName=GITHUB),
        ("iam:PutRolePermissionsBoundary",),
    ),
    Change(
        "an inline policy of a role gets one more statement",
        "network/flow-log-role",
        "policies[write]",
        lambda a: inline_of_role(a, a.flow_log_role()).get("write"),
        widen_flow_log_role,
        ("iam:PutRolePolicy",),
    ),
    Change(
        "a role gets an inline policy of somebody else",
        "network/flow-log-role",
        "policies[theirs]",
        lambda a: inline_of_role(a, a.flow_log_role()).get("theirs"),
        add_policy_to_flow_log_role,
        ("iam:DeleteRolePolicy",),
    ),
    foreign(
        "a managed policy is attached to a role for which the program says nothing about them",
        "network/flow-log-role",
        "attached_policies",
        lambda a: attached_to_role(a, a.flow_log_role()),
        lambda a: a.iam.attach_role_policy(RoleName=a.flow_log_role(), PolicyArn=READ_ONLY),
    ),
    Change(
        "an inline policy of a group is deleted",
        "identity/people",
        "policies",
        lambda a: a.iam.list_group_policies(GroupName=PEOPLE)["PolicyNames"],
        lambda a: a.iam.delete_group_policy(GroupName=PEOPLE, PolicyName="deny-without-mfa"),
        ("iam:PutGroupPolicy",),
    ),
    Change(
        "a group gets a managed policy of somebody else",
        "identity/people",
        f"attached_policies[{POWER}]",
        attached_to_people,
        lambda a: a.iam.attach_group_policy(GroupName=PEOPLE, PolicyArn=POWER),
        ("iam:DetachGroupPolicy",),
    ),
    Change(
        "a managed policy gets a new default version",
        "identity/boundary",
        "policy_document",
        boundary_document,
        allow_more,
        ("iam:CreatePolicyVersion",),
    ),
    Change(
        "a tag of a managed policy has another value",
        "identity/boundary",
        "tags[owner]",
        lambda a: plain(a.iam.list_policy_tags(PolicyArn=BOUNDARY)["Tags"])["owner"],
        lambda a: a.iam.tag_policy(PolicyArn=BOUNDARY, Tags=[{"Key": "owner", "Value": "nobody"}]),
        ("iam:TagPolicy",),
    ),
    Change(
        "tokens for another audience are taken",
        "identity/github",
        "client_id_list[https://github.com/theirs]",
        lambda a: sorted(a.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=ISSUER)["ClientIDList"]),
        lambda a: a.iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=ISSUER, ClientID="https://github.com/theirs"),
        ("iam:RemoveClientIDFromOpenIDConnectProvider",),
    ),
    Change(
        "passwords may be shorter",
        "identity/password-policy",
        "minimum_password_length",
        lambda a: a.iam.get_account_password_policy()["PasswordPolicy"]["MinimumPasswordLength"],
        lambda a: a.iam.update_account_password_policy(
            AllowUsersToChangePassword=True,
            MaxPasswordAge=90,
            MinimumPasswordLength=8,
            PasswordReusePrevention=24,
            RequireLowercaseCharacters=True,
            RequireNumbers=True,
            RequireSymbols=True,
            RequireUppercaseCharacters=True,
        ),
        ("iam:UpdateAccountPasswordPolicy",),
    ),
    Change(
        "a key no longer rotates",
        "security/lake-key",
        "rotation.key_rotation_enabled",
        lambda a: a.kms.get_key_rotation_status(KeyId=a.key("lake"))["KeyRotationEnabled"],
        lambda a: a.kms.disable_key_rotation(KeyId=a.key("lake")),
        ("kms:EnableKeyRotation",),
    ),
    foreign(
        "a key is disabled, of which the program says nothing",
        "security/database-key",
        "enabled",
        lambda a: a.kms.describe_key(KeyId=a.key("database"))["KeyMetadata"]["Enabled"],
        lambda a: a.kms.disable_key(KeyId=a.key("database")),
    ),
    Change(
        "a key is described otherwise",
        "security/database-key",
        "description",
        lambda a: a.kms.describe_key(KeyId=a.key("database"))["KeyMetadata"]["Description"],
        lambda a: a.kms.update_key_description(KeyId=a.key("database"), Description="not in use"),
        ("kms:UpdateKeyDescription",),
    ),
    Change(
        "everybody may decrypt with a key",
        "security/secrets-key",
        "policy",
        lambda a: key_policy(a, "secrets"),
        lambda a: open_key(a, "secrets"),
        ("kms:PutKeyPolicy",),
    ),
    Change(
        "a tag of a key is taken off",
        "security/logs-key",
        "tags[project]",
        lambda a: key_tags(a, "logs").get("project"),
        lambda a: a.kms.untag_resource(KeyId=a.key("logs"), TagKeys=["project"]),
        ("kms:TagResource",),
    ),
    Change(
        "an alias is pointed at another key",
        "security/secrets-alias",
        "target_key_id",
        lambda a: alias_targets(a, "secrets"),
        lambda a: a.kms.update_alias(AliasName=f"alias/{PREFIX}-secrets", TargetKeyId=a.key("lake")),
        ("kms:UpdateAlias",),
    ),
    gone(
        "an alias is deleted",
        "security/logs-alias",
        lambda a: alias_targets(a, "logs"),
        lambda a: a.kms.delete_alias(AliasName=f"alias/{PREFIX}-logs"),
        "kms:CreateAlias",
    ),
    gone(
        "a key is scheduled for deletion, with all that only it can decrypt",
        "security/registry-key",
        lambda a: key_state(a, "registry"),
        lambda a: a.kms.schedule_key_deletion(KeyId=a.key("registry"), PendingWindowInDays=7),
        "kms:CancelKeyDeletion",
        "kms:TagResource",
        "kms:EnableKey",
        "kms:PutKeyPolicy",
        "kms:EnableKeyRotation",
    ),
    Change(
        "a secret is described otherwise",
        "secrets/mongodb-connection-string",
        "description",
        lambda a: secret(a, "mongodb/connection-string")["Description"],
        lambda a: a.secretsmanager.update_secret(SecretId=f"/{PREFIX}/mongodb/connection-string", Description="moved"),
        ("secretsmanager:UpdateSecret",),
    ),
    Change(
        "a tag of a secret has another value",
        "secrets/mongodb-connection-string",
        "tags[environment]",
        lambda a: secret_tags(a, "mongodb/connection-string")["environment"],
        lambda a: a.secretsmanager.tag_resource(
            SecretId=f"/{PREFIX}/mongodb/connection-string", Tags=[{"Key": "environment", "Value": "prod"}]
        ),
        ("secretsmanager:TagResource",),
    ),
    Change(
        "a secret is encrypted with another key",
        "secrets/prefect-database-connection",
        "kms_key_id",
        lambda a: secret(a, "prefect/database/connection")["KmsKeyId"].split("/")[-1],
        lambda a: a.secretsmanager.update_secret(SecretId=f"/{PREFIX}/prefect/database/connection", KmsKeyId=a.key("lake")),
        ("secretsmanager:UpdateSecret",),
    ),
    Change(
        "a secret gets another value",
        "secrets/mongodb-connection-string",
        "secret_string",
        lambda a: secret_value(a, "mongodb/connection-string"),
        lambda a: a.secretsmanager.put_secret_value(SecretId=f"/{PREFIX}/mongodb/connection-string", SecretString="theirs"),
        ("secretsmanager:PutSecretValue",),
    ),
    gone(
        "a secret is deleted",
        "secrets/monitoring-datadog-api-key",
        lambda a: secret(a, "monitoring/datadog-api-key").get("Description"),
        lambda a: a.secretsmanager.delete_secret(SecretId=f"/{PREFIX}/monitoring/datadog-api-key", ForceDeleteWithoutRecovery=True),
        "secretsmanager:CreateSecret",
    ),
    gone(
        "a secret is deleted as AWS does it when nothing is said: it can be taken back for a while",
        "secrets/fmp-api-api-key",
        lambda a: a.secretsmanager.describe_secret(SecretId=f"/{PREFIX}/fmp-api/api-key").get("DeletedDate"),
        lambda a: a.secretsmanager.delete_secret(SecretId=f"/{PREFIX}/fmp-api/api-key"),
        "secretsmanager:RestoreSecret",
        "secretsmanager:TagResource",
    ),
    foreign(
        "a value is put into a secret that the program leaves empty",
        "secrets/dbt-profiles-production",
        "",
        lambda a: list(secret(a, "dbt/profiles/production").get("SecretVersionsToStages", {}).values()),
        lambda a: a.secretsmanager.put_secret_value(SecretId=f"/{PREFIX}/dbt/profiles/production", SecretString="theirs"),
    ),
]
