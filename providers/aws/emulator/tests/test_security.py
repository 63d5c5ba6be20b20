"""KMS, Secrets Manager and SSM."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    }
)


@pytest.fixture
def kms(aws):
    return aws("kms")


@pytest.fixture
def key(kms) -> str:
    return kms.create_key()["KeyMetadata"]["KeyId"]


def test_a_key_made_without_saying_what_for_encrypts(kms, key):
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyUsage"] == "ENCRYPT_DECRYPT"


def test_rotation_has_a_period(kms, key, refused):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    status = kms.get_key_rotation_status(KeyId=key)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 180)
    kms.enable_key_rotation(KeyId=key)
    assert kms.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365
    kms.disable_key_rotation(KeyId=key)
    assert "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key)


def test_the_policy_needs_no_name(kms, key, refused):
    assert "Statement" in kms.get_key_policy(KeyId=key)["Policy"]
    kms.put_key_policy(KeyId=key, Policy=POLICY)
    assert kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"] == POLICY
    wrong = refused(kms.put_key_policy, KeyId=key, Policy="{nope")
    assert wrong == "MalformedPolicyDocumentException"


def test_states_forbid(kms, key, refused):
    kms.disable_key(KeyId=key)
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x") == "DisabledException"
    assert refused(kms.enable_key_rotation, KeyId=key) == "DisabledException"
    assert refused(kms.disable_key_rotation, KeyId=key) == "DisabledException"
    short = refused(kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=3)
    assert short == "ValidationException"
    answer = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert answer["KeyState"] == "PendingDeletion"
    again = refused(kms.schedule_key_deletion, KeyId=key)
    assert again == "KMSInvalidStateException"
    assert refused(kms.enable_key, KeyId=key) == "KMSInvalidStateException"
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    kms.encrypt(KeyId=key, Plaintext=b"x")


def test_a_data_key_opens_with_its_key_and_context_only(kms, key, refused):
    context = {"strata:environment": "dev"}
    made = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)
    blob = made["CiphertextBlob"]
    kms.create_alias(AliasName="alias/strata", TargetKeyId=key)
    opened = kms.decrypt(KeyId="alias/strata", CiphertextBlob=blob, EncryptionContext=context)
    assert opened["Plaintext"] == made["Plaintext"]
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    assert (
        refused(kms.decrypt, CiphertextBlob=blob, KeyId=other, EncryptionContext=context)
        == "IncorrectKeyException"
    )
    assert refused(kms.decrypt, KeyId="alias/none", CiphertextBlob=blob) == "NotFoundException"
    for wrong in (
        {"CiphertextBlob": blob},
        {"CiphertextBlob": b"x" + blob[1:], "EncryptionContext": context},
    ):
        assert refused(kms.decrypt, KeyId=key, **wrong) == "InvalidCiphertextException"


def test_reserved_aliases_and_foreign_material(kms, key, refused):
    wrong = refused(kms.create_alias, AliasName="alias/aws/mine", TargetKeyId=key)
    assert wrong == "NotAuthorizedException"
    made = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]
    assert made["KeyState"] == "PendingImport"


@pytest.fixture
def secrets(aws):
    return aws("secretsmanager")


def test_missing_secrets_have_status_400(secrets):
    with pytest.raises(ClientError) as caught:
        secrets.describe_secret(SecretId="none")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_forgotten_secrets_keep_their_names(secrets, refused):
    secrets.create_secret(Name="s", SecretString="one")
    secrets.delete_secret(SecretId="s")
    assert refused(secrets.create_secret, Name="s") == "InvalidRequestException"
    secrets.restore_secret(SecretId="s")
    assert refused(secrets.create_secret, Name="s") == "ResourceExistsException"
    secrets.delete_secret(SecretId="s", ForceDeleteWithoutRecovery=True)
    secrets.create_secret(Name="s")


def test_rotation_is_a_record(secrets, refused):
    arn = secrets.create_secret(Name="s", SecretString="canary")["ARN"]
    function = "arn:aws:lambda:eu-west-1:111111111111:function:f"
    rules = {"ScheduleExpression": "rate(10 days)", "Duration": "3h"}
    assert refused(secrets.rotate_secret, SecretId="s") == "InvalidRequestException"
    secrets.rotate_secret(SecretId="s", RotationLambdaARN=function, RotationRules=rules)
    shown = secrets.describe_secret(SecretId="s")
    assert shown["RotationRules"] == rules and shown["RotationEnabled"] is True
    assert shown["RotationLambdaARN"] == function
    versions = secrets.list_secret_version_ids(SecretId="s")
    assert versions["ARN"] == arn and len(versions["Versions"]) == 1
    secrets.cancel_rotate_secret(SecretId="s")
    assert not secrets.describe_secret(SecretId="s")["RotationEnabled"]


def test_a_description_can_be_taken_off(secrets):
    secrets.create_secret(Name="s", SecretString="canary", Description="old")
    secrets.update_secret(SecretId="s", Description="")
    assert not secrets.describe_secret(SecretId="s").get("Description")


def test_secret_policies_are_checked(secrets, refused):
    secrets.create_secret(Name="s", SecretString="x")
    wrong = refused(secrets.put_resource_policy, SecretId="s", ResourcePolicy="{nope")
    assert wrong == "MalformedPolicyDocumentException"
    secrets.put_resource_policy(SecretId="s", ResourcePolicy=POLICY)
    assert secrets.validate_resource_policy(ResourcePolicy=POLICY)["PolicyValidationPassed"]


@pytest.fixture
def ssm(aws):
    return aws("ssm")


def test_secure_strings_are_not_readable(ssm):
    ssm.put_parameter(Name="/p", Value="canary", Type="SecureString")
    assert "canary" not in ssm.get_parameter(Name="/p")["Parameter"]["Value"]
    shown = ssm.get_parameter(Name="/p", WithDecryption=True)["Parameter"]
    assert shown["Value"] == "canary"
    ssm.put_parameter(Name="/p", Value="plain", Type="String", Overwrite=True)
    described = ssm.describe_parameters()["Parameters"][0]
    assert "KeyId" not in described and described["Tier"] == "Standard"


def test_parameters_are_checked_and_filtered(ssm, refused):
    put = ssm.put_parameter
    wrong = refused(put, Name="/a", Value="x", Type="String", AllowedPattern="^[0-9]+$")
    assert wrong == "ParameterPatternMismatchException"
    assert refused(put, Name="/a", Value="x" * 5000, Type="String") == "ValidationException"
    policies = json.dumps(
        [
            {
                "Type": "Expiration",
                "Version": "1.0",
                "Attributes": {"Timestamp": "2030-01-01T00:00:00.000Z"},
            }
        ]
    )
    put(Name="/a", Value="x" * 5000, Type="String", Tier="Advanced", Policies=policies)
    down = refused(put, Name="/a", Value="x", Type="String", Tier="Standard", Overwrite=True)
    assert down == "ValidationException"
    for i in range(15):
        put(Name=f"/n{i}", Value="1", Type="String")
    by_tier = [{"Key": "Tier", "Values": ["Advanced"]}]
    found = ssm.describe_parameters(ParameterFilters=by_tier)["Parameters"]
    assert [p["Name"] for p in found] == ["/a"]
    assert json.loads(found[0]["Policies"][0]["PolicyText"])["Type"] == "Expiration"
    assert len(ssm.describe_parameters(MaxResults=50)["Parameters"]) == 16
    by_name = [{"Key": "Name", "Option": "Equals", "Values": ["/n1", "/n2"]}]
    assert len(ssm.describe_parameters(ParameterFilters=by_name)["Parameters"]) == 2
