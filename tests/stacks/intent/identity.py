"""Keys, secrets, roles and rules for people of stack foundation."""

from account import Account, document, plain

from intent.network import role
from intent.wanted import Wanted, policy, some, tags

ROOT = "arn:aws:iam::123456789012:root"
ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"
BOUNDARY = "arn:aws:iam::123456789012:policy/findata-local-boundary"
PASSWORDS = {
    "AllowUsersToChangePassword": True,
    "MaxPasswordAge": 90,
    "MinimumPasswordLength": 14,
    "PasswordReusePrevention": 24,
    "RequireLowercaseCharacters": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "RequireUppercaseCharacters": True,
}
ACCOUNT_STATEMENT = {"Sid": "Account", "Effect": "Allow", "Action": "kms:*", "Principal": {"AWS": [ROOT]}, "Resource": ["*"]}
LOGS_STATEMENT = {
    "Sid": "Logs",
    "Effect": "Allow",
    "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
    "Principal": {"Service": ["logs.ca-central-1.amazonaws.com"]},
    "Resource": ["*"],
    "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": ["arn:aws:logs:ca-central-1:123456789012:*"]}},
}


def key(purpose: str, about: str, *more_statements: dict) -> tuple[str, Wanted]:
    address = f"security/{purpose}-key"

    def read(account: Account) -> dict:
        key_id = account.key(purpose)
        found = account.kms.describe_key(KeyId=key_id)["KeyMetadata"]
        seen = account.kms.list_resource_tags(KeyId=key_id)["Tags"]
        return {
            **some(found, "Description", "Enabled", "KeySpec", "KeyUsage"),
            "Policy": document(account.kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]),
            "Rotation": account.kms.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"],
            "Tags": plain([{"Key": t["TagKey"], "Value": t["TagValue"]} for t in seen]),
        }

    return address, Wanted(
        {
            "Description": about,
            "Enabled": True,
            "KeySpec": "SYMMETRIC_DEFAULT",
            "KeyUsage": "ENCRYPT_DECRYPT",
            "Policy": policy(ACCOUNT_STATEMENT, *more_statements),
            "Rotation": True,
            "Tags": tags(address),
        },
        read,
    )


def alias(purpose: str) -> tuple[str, Wanted]:
    name = f"alias/findata-local-{purpose}"

    def read(account: Account) -> dict:
        (found,) = [a for a in account.kms.list_aliases()["Aliases"] if a["AliasName"] == name]
        return some(found, "AliasName", "TargetKeyId")

    return f"security/{purpose}-alias", Wanted({"AliasName": name, "TargetKeyId": f"{{security/{purpose}-key}}"}, read)


def secret(path: str, about: str, value: str | None = None) -> tuple[str, Wanted]:
    """A secret without a value is made empty."""
    address = f"secrets/{path.replace('/', '-')}"
    name = f"/findata-local/{path}"

    def read(account: Account) -> dict:
        found = account.secretsmanager.describe_secret(SecretId=name)
        has_value = any("AWSCURRENT" in stages for stages in found.get("VersionIdsToStages", {}).values())
        return {
            **some(found, "Description", "KmsKeyId", "Name"),
            "SecretString": account.secretsmanager.get_secret_value(SecretId=name)["SecretString"] if has_value else None,
            "Tags": plain(found["Tags"]),
        }

    return address, Wanted(
        {
            "Description": about,
            "KmsKeyId": "arn:aws:kms:ca-central-1:123456789012:key/{security/secrets-key}",
            "Name": name,
            "SecretString": value,
            "Tags": tags(address),
        },
        read,
    )


def boundary(account: Account) -> dict:
    found = account.iam.get_policy(PolicyArn=BOUNDARY)["Policy"]
    version = account.iam.get_policy_version(PolicyArn=BOUNDARY, VersionId=found["DefaultVersionId"])["PolicyVersion"]
    return {
        **some(found, "Description", "PolicyName"),
        "PolicyDocument": document(version["Document"]),
        "Tags": plain(account.iam.list_policy_tags(PolicyArn=BOUNDARY)["Tags"]),
    }


def provider(account: Account) -> dict:
    found = account.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER)
    return {"ClientIDList": found["ClientIDList"], "Url": f"https://{found['Url'].removeprefix('https://')}", "Tags": plain(found["Tags"])}


def people(account: Account) -> dict:
    name = "findata-local-people"
    inline = account.iam.list_group_policies(GroupName=name)["PolicyNames"]
    return {
        "AttachedPolicies": [p["PolicyArn"] for p in account.iam.list_attached_group_policies(GroupName=name)["AttachedPolicies"]],
        "GroupName": account.iam.get_group(GroupName=name)["Group"]["GroupName"],
        "Policies": {p: document(account.iam.get_group_policy(GroupName=name, PolicyName=p)["PolicyDocument"]) for p in inline},
    }


WANTED = {
    **dict(
        [
            key("lake", "Objects of the data lake"),
            key("database", "Databases"),
            key("secrets", "Secrets Manager"),
            key("logs", "Log groups", LOGS_STATEMENT),
            key("registry", "Container images"),
            alias("lake"),
            alias("database"),
            alias("secrets"),
            alias("logs"),
            alias("registry"),
            secret("prefect/database/connection", "Where Prefect's database is, and how to get in"),
            secret("mongodb/connection-string", "Source: MongoDB"),
            secret("fmp-api/api-key", "Source: Financial Modeling Prep", "a key of ours"),
            secret("dbt/profiles/production", "profiles.yml of dbt"),
            secret("monitoring/datadog-api-key", "Metrics and traces"),
        ]
    ),
    "identity/boundary": Wanted(
        {
            "Description": "What no role of this platform may step over",
            "PolicyDocument": policy(
                {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": ["*"]},
                {
                    "Sid": "NoWayAround",
                    "Effect": "Deny",
                    "Action": [
                        "iam:CreateAccessKey",
                        "iam:CreateLoginProfile",
                        "iam:DeleteAccountPasswordPolicy",
                        "iam:DeleteRolePermissionsBoundary",
                        "organizations:*",
                        "account:*",
                    ],
                    "Resource": ["*"],
                },
            ),
            "PolicyName": "findata-local-boundary",
            "Tags": tags("identity/boundary"),
        },
        boundary,
    ),
    "identity/github": Wanted(
        {"ClientIDList": ["sts.amazonaws.com"], "Url": f"https://{ISSUER}", "Tags": tags("identity/github")}, provider
    ),
    "identity/github-role": Wanted(
        {
            "AssumeRolePolicyDocument": policy(
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Principal": {"Federated": [PROVIDER]},
                    "Condition": {
                        "StringEquals": {
                            f"{ISSUER}:aud": ["sts.amazonaws.com"],
                            f"{ISSUER}:sub": ["repo:financial-data/platform:environment:local"],
                        }
                    },
                }
            ),
            "AttachedPolicies": ["arn:aws:iam::aws:policy/PowerUserAccess"],
            "Description": "GitHub Actions of financial-data/platform, environment local",
            "MaxSessionDuration": 3600,
            "PermissionsBoundary": BOUNDARY,
            "RoleName": "findata-local-github",
            "Tags": tags("identity/github-role"),
        },
        role(lambda _: "findata-local-github"),
    ),
    "identity/password-policy": Wanted(
        PASSWORDS, lambda account: some(account.iam.get_account_password_policy()["PasswordPolicy"], *PASSWORDS)
    ),
    "identity/people": Wanted(
        {
            "AttachedPolicies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "GroupName": "findata-local-people",
            "Policies": {
                "deny-without-mfa": policy(
                    {
                        "Sid": "DenyWithoutMfa",
                        "Effect": "Deny",
                        "NotAction": [
                            "iam:ChangePassword",
                            "iam:CreateVirtualMFADevice",
                            "iam:EnableMFADevice",
                            "iam:GetUser",
                            "iam:ListMFADevices",
                            "iam:ListVirtualMFADevices",
                            "iam:ResyncMFADevice",
                            "sts:GetSessionToken",
                        ],
                        "Resource": ["*"],
                        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": ["false"]}},
                    }
                )
            },
        },
        people,
    ),
}
