"""IAM: what is refused, boundaries, OIDC clients."""

from __future__ import annotations

import json

import pytest

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
    }
)


@pytest.fixture
def iam(aws):
    return aws("iam")


def test_update_role_keeps_what_is_not_sent(iam):
    iam.create_role(
        RoleName="r", AssumeRolePolicyDocument=TRUST, Description="d", MaxSessionDuration=7200
    )
    iam.update_role(RoleName="r", Description="e")
    assert iam.get_role(RoleName="r")["Role"]["MaxSessionDuration"] == 7200
    iam.update_role(RoleName="r", MaxSessionDuration=3600)
    assert iam.get_role(RoleName="r")["Role"]["Description"] == "e"


def test_documents_and_durations_are_checked(iam, refused):
    create = iam.create_role
    for document in ("{}", "nope"):
        code = refused(create, RoleName="x", AssumeRolePolicyDocument=document)
        assert code == "MalformedPolicyDocument"
    wrong = {"RoleName": "x", "AssumeRolePolicyDocument": TRUST}
    assert refused(create, **wrong, MaxSessionDuration=99999) == "ValidationError"
    assert refused(create, **wrong, PermissionsBoundary="x" * 30) == "ValidationError"


def test_attached_policies_are_not_deleted(iam, refused):
    arn = iam.create_policy(PolicyName="p", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    assert refused(iam.delete_policy, PolicyArn=arn) == "DeleteConflict"
    iam.detach_role_policy(RoleName="r", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=POLICY, SetAsDefault=True)
    assert refused(iam.delete_policy, PolicyArn=arn) == "DeleteConflict"
    assert refused(iam.delete_policy_version, PolicyArn=arn, VersionId="v2") == "DeleteConflict"
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)


def test_groups_and_users_in_use_are_not_deleted(iam, refused):
    iam.create_user(UserName="u")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="u")
    assert refused(iam.delete_group, GroupName="g") == "DeleteConflict"
    assert refused(iam.delete_user, UserName="u") == "DeleteConflict"
    iam.remove_user_from_group(GroupName="g", UserName="u")
    key = iam.create_access_key(UserName="u")["AccessKey"]["AccessKeyId"]
    assert refused(iam.delete_user, UserName="u") == "DeleteConflict"
    iam.delete_access_key(UserName="u", AccessKeyId=key)
    iam.delete_user(UserName="u")
    iam.delete_group(GroupName="g")


def test_user_boundaries_come_back(iam, refused):
    arn = iam.create_policy(PolicyName="b", PolicyDocument=POLICY)["Policy"]["Arn"]
    wanted = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
    made = iam.create_user(UserName="u", PermissionsBoundary=arn)["User"]
    assert made["PermissionsBoundary"] == wanted
    assert iam.get_user(UserName="u")["User"]["PermissionsBoundary"] == wanted
    iam.delete_user_permissions_boundary(UserName="u")
    assert "PermissionsBoundary" not in iam.get_user(UserName="u")["User"]
    assert refused(iam.delete_user_permissions_boundary, UserName="u") == "NoSuchEntity"
    iam.put_user_permissions_boundary(UserName="u", PermissionsBoundary=arn)
    assert iam.get_user(UserName="u")["User"]["PermissionsBoundary"] == wanted


def test_oidc_clients_are_added_and_removed(iam):
    made = iam.create_open_id_connect_provider(
        Url="https://token.example.com", ClientIDList=["a"], ThumbprintList=["0" * 40]
    )
    where = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
    iam.add_client_id_to_open_id_connect_provider(**where, ClientID="b")
    assert iam.get_open_id_connect_provider(**where)["ClientIDList"] == ["a", "b"]
    iam.remove_client_id_from_open_id_connect_provider(**where, ClientID="a")
    assert iam.get_open_id_connect_provider(**where)["ClientIDList"] == ["b"]


def test_instance_profiles_hold_one_role(iam, refused):
    for name in ("r1", "r2"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    tags = [{"Key": "a", "Value": "b"}]
    iam.create_instance_profile(InstanceProfileName="p", Tags=tags)
    assert iam.list_instance_profile_tags(InstanceProfileName="p")["Tags"] == tags
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r1")
    both = {"InstanceProfileName": "p", "RoleName": "r2"}
    assert refused(iam.add_role_to_instance_profile, **both) == "LimitExceeded"
    assert refused(iam.remove_role_from_instance_profile, **both) == "NoSuchEntity"


def test_tags_move_with_the_user(iam):
    tags = [{"Key": "owner", "Value": "data"}]
    iam.create_user(UserName="u", Tags=tags)
    iam.update_user(UserName="u", NewPath="/strata/", NewUserName="v")
    assert iam.list_user_tags(UserName="v")["Tags"] == tags
