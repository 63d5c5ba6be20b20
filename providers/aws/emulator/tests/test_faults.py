"""The fault plan, from the command line and at run time."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.error

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError

from strata_emulator.faults import BadSpec, parse


def status_and_code(function, **params) -> tuple[int, str]:
    with pytest.raises(ClientError) as caught:
        function(**params)
    answer = caught.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


@pytest.fixture
def plan(emulator):
    """Adds faults to the session's emulator, and takes them away after the test."""
    yield lambda *specs: emulator.admin("POST", "faults", {"faults": list(specs)})
    emulator.admin("DELETE", "faults")


@pytest.mark.parametrize(
    ("service", "expected"),
    [("ec2", 503), ("iam", 503), ("sqs", 503), ("ssm", 503), ("s3", 503)],
)
def test_errors_have_the_form_of_the_protocol(aws, plan, service, expected):
    plan(f"{service}:*=error:{expected}:SomeCode")
    calls = {
        "ec2": "describe_vpcs",
        "iam": "list_roles",
        "sqs": "list_queues",
        "ssm": "describe_parameters",
        "s3": "list_buckets",
    }
    assert status_and_code(getattr(aws(service), calls[service])) == (expected, "SomeCode")


def test_the_nth_call_fails(aws, plan, refused):
    plan("ssm:PutParameter#2=error:500:InternalServerError")
    codes = [
        refused(aws("ssm").put_parameter, Name=f"/{i}", Value="v", Type="String") for i in range(3)
    ]
    assert codes == ["", "InternalServerError", ""]


def test_ranges_and_alternatives(aws, plan, refused):
    plan("ssm:GetParameter|GetParameters#2-3=error:500:X")
    codes = [refused(aws("ssm").get_parameters, Names=["/x"]) for _ in range(4)]
    assert codes == ["", "X", "X", ""]


def test_probability_is_repeatable(aws, plan, emulator, refused):
    seen = []
    for _ in range(2):
        plan("ssm:GetParameters%50@7=error:500:X")
        seen.append([refused(aws("ssm").get_parameters, Names=["/x"]) for _ in range(12)])
        emulator.admin("DELETE", "faults")
    assert seen[0] == seen[1] and {"", "X"} == set(seen[0])


def test_an_error_after_has_committed(aws, plan, refused):
    plan("ssm:PutParameter#1=error-after:500:InternalServerError")
    ssm = aws("ssm")
    code = refused(ssm.put_parameter, Name="/a", Value="v", Type="String")
    assert code == "InternalServerError"
    assert ssm.get_parameter(Name="/a")["Parameter"]["Value"] == "v"


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("plain", '/a String t"\u00e9'),
        ("json", '"/a String t\\"\u00e9"'),
        ("ascii", '"/a String t\\"\\u00e9"'),
        ("url", "%2Fa%20String%20t%22%C3%A9"),
        ("form", "%2Fa+String+t%22%C3%A9"),
        ("base64", "L2EgU3RyaW5nIHQiw6k="),
        ("base64url", "L2EgU3RyaW5nIHQiw6k="),
        ("hex", "2f6120537472696e67207422c3a9"),
    ],
)
def test_an_echo_repeats_what_was_sent(aws, plan, spelling, expected):
    plan(f"ssm:PutParameter=echo:400:ValidationException:{spelling}")
    with pytest.raises(ClientError) as caught:
        aws("ssm").put_parameter(Name="/a", Value='t"\u00e9', Type="String")
    assert caught.value.response["Error"]["Message"] == f"Cannot be taken: {expected}"


def test_an_echo_of_the_whole_request_has_its_header_fields_too(aws, plan):
    plan("ssm:PutParameter=echo:403:SignatureDoesNotMatch:request")
    with pytest.raises(ClientError) as caught:
        aws("ssm").put_parameter(Name="/a", Value="v", Type="String")
    message = caught.value.response["Error"]["Message"]
    assert "POST /" in message and "X-Amz-Target:AmazonSSM.PutParameter" in message
    assert "Authorization:AWS4-HMAC-SHA256" in message and '"Value": "v"' in message


def test_lost_answers(aws, plan, refused):
    ssm = aws("ssm")
    plan("ssm:PutParameter#1=drop-before", "ssm:PutParameter#2=drop-after")
    for name in ("/before", "/after"):
        with pytest.raises((ConnectionClosedError, HTTPClientError)):
            ssm.put_parameter(Name=name, Value="v", Type="String")
    assert refused(ssm.get_parameter, Name="/before") == "ParameterNotFound"
    assert ssm.get_parameter(Name="/after")["Parameter"]["Value"] == "v"


def test_broken_answers(aws, plan):
    ssm = aws("ssm")
    plan("ssm:DescribeParameters#1=html", "ssm:DescribeParameters#2=throttle")
    assert status_and_code(ssm.describe_parameters)[0] == 500
    assert status_and_code(ssm.describe_parameters) == (400, "ThrottlingException")
    plan("iam:GetRole=throttle", "ec2:DescribeVpcs=throttle")
    assert status_and_code(aws("iam").get_role, RoleName="x") == (400, "Throttling")
    assert status_and_code(aws("ec2").describe_vpcs) == (503, "RequestLimitExceeded")


def test_a_page_may_stand_where_an_answer_should(aws, plan, emulator, refused):
    ssm = aws("ssm")
    plan("ssm:PutParameter=portal")
    assert "Version" not in ssm.put_parameter(Name="/portal", Value="v", Type="String")
    assert emulator.admin("GET", "ledger")[-1]["status"] == 200
    assert refused(ssm.get_parameter, Name="/portal") == "ParameterNotFound"


def test_an_answer_may_be_cut_in_half(emulator, plan):
    plan("sts:GetCallerIdentity=truncate")
    wire = http.client.HTTPConnection(emulator.url.removeprefix("http://"))
    scope = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/sts/aws4_request"
    wire.request("GET", "/?Action=GetCallerIdentity", headers={"Authorization": scope})
    with pytest.raises(http.client.IncompleteRead):
        wire.getresponse().read()


def test_delays_and_big_bodies(aws, plan, emulator):
    ssm = aws("ssm")
    plan("ssm:DescribeParameters#1=delay:150")
    started = time.monotonic()
    ssm.describe_parameters()
    assert time.monotonic() - started > 0.15
    plan("ssm:ListDocuments=big-body:3000000")
    assert status_and_code(ssm.list_documents)[0] == 500
    assert emulator.admin("GET", "ledger")[-1]["bytes_out"] == 3_000_000


def test_fresh_objects_may_be_missing_for_a_while(aws, plan, refused):
    plan("ec2:CreateVpc=notfound-for:0.6", "iam:CreateUser=notfound-for:0.6")
    ec2, iam = aws("ec2"), aws("iam")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    iam.create_user(UserName="u")
    assert refused(ec2.describe_vpcs, VpcIds=[vpc]) == "InvalidVpcID.NotFound"
    assert refused(iam.get_user, UserName="u") == "NoSuchEntity"
    time.sleep(0.7)
    assert ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    assert iam.get_user(UserName="u")


def test_fresh_objects_are_left_out_of_lists_and_searches(aws, plan, refused):
    plan("ec2:CreateVpc=notfound-for:5", "iam:CreatePolicy=notfound-for:5", "sqs:*=notfound-for:5")
    ec2, iam, sqs, tagging = aws("ec2"), aws("iam"), aws("sqs"), aws("resourcegroupstaggingapi")
    tags = [{"Key": "token", "Value": "t"}]
    vpc = ec2.create_vpc(
        CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": tags}]
    )["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    by_token = {"Filters": [{"Name": "tag:token", "Values": ["t"]}]}
    assert ec2.describe_vpcs(**by_token)["Vpcs"] == []
    assert ec2.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Vpcs"] == []
    assert tagging.get_resources(TagFilters=[{"Key": "token"}])["ResourceTagMappingList"] == []
    shown = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Subnets"]
    assert [found["SubnetId"] for found in shown] == [subnet]

    allow = '{"Effect":"Allow","Action":"*","Resource":"*"}'
    document = f'{{"Version":"2012-10-17","Statement":[{allow}]}}'
    policy = iam.create_policy(PolicyName="p", PolicyDocument=document)["Policy"]["Arn"]
    iam.create_user(UserName="u")
    iam.attach_user_policy(UserName="u", PolicyArn=policy)
    assert iam.list_policies(Scope="Local")["Policies"] == []
    assert iam.list_attached_user_policies(UserName="u")["AttachedPolicies"]

    sqs.create_queue(QueueName="q")
    assert sqs.list_queues().get("QueueUrls", []) == []
    assert refused(sqs.get_queue_url, QueueName="q") == "AWS.SimpleQueueService.NonExistentQueue"


@pytest.mark.parametrize(("action", "committed"), [("pause", False), ("pause-after", True)])
def test_calls_wait_until_released(aws, plan, emulator, action, committed, refused):
    plan(f"ssm:PutParameter={action}")
    ssm = aws("ssm")
    ssm.describe_parameters()
    worker = threading.Thread(
        target=ssm.put_parameter, kwargs={"Name": "/w", "Value": "v", "Type": "String"}
    )
    worker.start()
    for _ in range(100):
        waiting = emulator.admin("GET", "waiting")
        if waiting:
            break
        time.sleep(0.02)
    assert waiting[0]["operation"] == "PutParameter"
    assert (refused(aws("ssm").get_parameter, Name="/w") == "") is committed
    assert emulator.admin("POST", f"release?id={waiting[0]['id']}") == {"released": 1}
    worker.join(5)
    assert not worker.is_alive()
    assert ssm.get_parameter(Name="/w")["Parameter"]["Value"] == "v"


def test_mutating_calls_are_counted_together(aws, plan, emulator, refused):
    plan("*:@mutating#2=error:500:X")
    ssm = aws("ssm")
    assert refused(ssm.put_parameter, Name="/1", Value="v", Type="String") == ""
    ssm.describe_parameters()
    assert refused(ssm.delete_parameter, Name="/1") == "X"
    listed = emulator.admin("GET", "faults")[0]
    assert (listed["seen"], listed["fired"]) == (2, 1)


def test_faults_of_the_command_line(start, refused):
    running = start("--fault", "sts:GetCallerIdentity#1=error:403:AccessDenied")
    sts = running.client("sts")
    assert [refused(sts.get_caller_identity) for _ in range(2)] == ["AccessDenied", ""]


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "ec2",
        "ec2:X",
        "ec2:X=nope",
        "ec2:X=error:500",
        "ec2:X=echo:400:Y:loud",
        "ec2:X#=html",
        "ec2:X%=html",
    ],
)
def test_wrong_specs_are_refused(emulator, spec):
    with pytest.raises(BadSpec):
        parse(spec)
    with pytest.raises(urllib.error.HTTPError) as caught:
        emulator.admin("POST", "faults", {"faults": ["ec2:*=html", spec]})
    assert caught.value.code == 400
    assert emulator.admin("GET", "faults") == []


def test_what_holds_the_fresh_object_stays_visible(aws, plan, refused):
    plan("glue:CreateTable=notfound-for:5", "s3:PutObject=notfound-for:5")
    glue, s3 = aws("glue"), aws("s3")
    glue.create_database(DatabaseInput={"Name": "d"})
    glue.create_table(DatabaseName="d", TableInput={"Name": "t"})
    assert glue.get_database(Name="d")
    missing = refused(glue.get_table, DatabaseName="d", Name="t")
    assert missing == "EntityNotFoundException"
    bucket = {"Bucket": "holding-bucket"}
    s3.create_bucket(**bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(**bucket, Key="k", Body=b"1")
    s3.head_bucket(**bucket)
    assert refused(s3.get_object, **bucket, Key="k") == "NoSuchKey"
