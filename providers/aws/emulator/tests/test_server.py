"""The server, the ledger, the admin endpoints, latency, throttling, TLS."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError

from strata_emulator.errors import AwsError
from strata_emulator.throttle import Throttle

SCOPE = "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/{}/aws4_request"


def connection(emulator) -> http.client.HTTPConnection:
    made = http.client.HTTPConnection(emulator.url.removeprefix("http://"))
    made.connect()
    return made


def sts_call(emulator, wire: http.client.HTTPConnection, **headers: str):
    wire.request(
        "POST",
        "/",
        "Action=GetCallerIdentity&Version=2011-06-15",
        {
            "Authorization": SCOPE.format("sts"),
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            **headers,
        },
    )
    return wire.getresponse()


def test_connections_stay_open_after_errors(emulator):
    wire = connection(emulator)
    first = wire.sock
    for path in ("/none-such", "/none-such/key"):
        wire.request("GET", path, headers={"Authorization": SCOPE.format("s3")})
        answer = wire.getresponse()
        answer.read()
        assert answer.status == 404
    assert sts_call(emulator, wire).read()
    wire.request("PUT", "/b?nonsense", headers={"Authorization": SCOPE.format("s3")})
    assert wire.getresponse().read()
    assert wire.sock is first


def test_what_is_not_emulated_answers_in_its_protocol(emulator):
    wire = connection(emulator)
    headers = {
        "Authorization": SCOPE.format("glue"),
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSGlue.ListStatements",
    }
    wire.request("POST", "/", '{"SessionId": "s"}', headers)
    answer = wire.getresponse()
    body = json.load(answer)
    assert (answer.status, body["__type"]) == (501, "NotEmulated")
    headers["Authorization"] = SCOPE.format("redshift-serverless")
    headers["X-Amz-Target"] = "RedshiftServerless.ListWorkgroups"
    wire.request("POST", "/", "{}", headers)
    answer = wire.getresponse()
    assert (answer.status, json.load(answer)["__type"]) == (501, "NotEmulated")


def test_one_100_continue(emulator):
    host, port = emulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as raw:
        head = (
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 43\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
            f"Authorization: {SCOPE.format('sts')}\r\n\r\n"
        )
        raw.sendall(head.encode())
        assert raw.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        raw.sendall(b"Action=GetCallerIdentity&Version=2011-06-15")
        answer = b""
        while data := raw.recv(65536):
            answer += data
    assert answer.startswith(b"HTTP/1.1 200") and answer.count(b"HTTP/1.1") == 1


def test_chunked_bodies_are_read(emulator):
    wire = connection(emulator)
    wire.request(
        "POST",
        "/",
        iter([b"Action=GetCaller", b"Identity&Version=2011-06-15"]),
        {
            "Authorization": SCOPE.format("sts"),
            "Content-Type": "application/x-www-form-urlencoded",
            "Transfer-Encoding": "chunked",
        },
        encode_chunked=True,
    )
    assert b"GetCallerIdentityResult" in wire.getresponse().read()


def test_each_answer_has_its_request_id_and_one_server(emulator):
    wire = connection(emulator)
    answers = [sts_call(emulator, wire) for _ in range(1)]
    answers[0].read()
    assert len(answers[0].headers.get_all("Server")) == 1
    first = answers[0].headers["x-amzn-RequestId"]
    second = sts_call(emulator, wire)
    second.read()
    assert first != second.headers["x-amzn-RequestId"]


def test_presigned_calls_reach_their_service(emulator, aws):
    url = aws("sts").generate_presigned_url("get_caller_identity")
    wire = connection(emulator)
    wire.request("GET", "/" + url.split("/", 3)[3])
    assert b"GetCallerIdentityResult" in wire.getresponse().read()


def test_the_ledger_tells_reads_from_writes_and_hides_secrets(start, tmp_path):
    file = tmp_path / "ledger.jsonl"
    running = start("--ledger", str(file))
    ssm, secrets = running.client("ssm"), running.client("secretsmanager")
    ssm.put_parameter(Name="/a", Value="canary", Type="SecureString")
    ssm.get_parameter(Name="/a", WithDecryption=True)
    secrets.create_secret(Name="s", SecretString="canary", ClientRequestToken="t" * 32)
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name="/none")
    entries = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(e["operation"], e["mutating"]) for e in entries] == [
        ("PutParameter", True),
        ("GetParameter", False),
        ("CreateSecret", True),
        ("GetParameter", False),
    ]
    assert "canary" not in file.read_text()
    assert entries[0]["params"]["Name"] == "/a"
    assert entries[2]["token"] == "t" * 32
    assert (entries[3]["status"], entries[3]["error"]) == (400, "ParameterNotFound")
    assert all(e["handler_ms"] > 0 and e["region"] == "eu-west-1" for e in entries)
    later = running.admin("GET", f"ledger?since={entries[1]['seq']}")
    assert [entry["seq"] for entry in later] == [entry["seq"] for entry in entries[2:]]


def test_the_ledger_names_what_was_made_also_when_its_answer_was_spoilt(start):
    running = start("--fault", "ec2:CreateVpc#2=error-after:500:InternalError")
    ec2, sqs = running.client("ec2"), running.client("sqs")
    first = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    with pytest.raises(ClientError):
        ec2.create_vpc(CidrBlock="10.0.0.0/16")
    url = sqs.create_queue(QueueName="work")["QueueUrl"]
    ids = [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]
    made = [entry["made"] for entry in running.admin("GET", "ledger")]
    assert first in made[0]
    assert next(vpc for vpc in ids if vpc != first) in made[1]
    assert made[2:] == [sorted([url, "work"]), []]


def test_instances_are_told_apart(start, tmp_path):
    file = tmp_path / "instance"
    running = start("--instance-file", str(file))
    first = running.admin("GET", "instance")["instance"]
    assert file.read_text().strip() == first
    assert running.admin("GET", "health")["status"] == "ok"
    sqs = running.client("sqs")
    sqs.create_queue(QueueName="q", Attributes={"RedriveAllowPolicy": "{}"})
    second = running.admin("POST", "reset")["instance"]
    assert first != second and file.read_text().strip() == second
    assert "QueueUrls" not in sqs.list_queues()
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert "RedriveAllowPolicy" not in read


def test_latency_is_waited_for_in_parallel(start):
    running = start("--latency-ms", "100")
    wires = [connection(running) for _ in range(64)]
    sts_call(running, wires[0]).read()
    started = time.monotonic()
    with ThreadPoolExecutor(64) as pool:
        list(pool.map(lambda wire: sts_call(running, wire).read(), wires))
    wall = time.monotonic() - started
    # One after the other they would take 6.4 s.
    assert 0.1 < wall < 3


def test_throttling_follows_the_limits_of_aws(start, refused):
    running = start("--throttle")
    ec2 = running.client("ec2")
    endpoint = {"VpcId": "vpc-0", "ServiceName": "com.amazonaws.eu-west-1.s3"}
    codes = [refused(ec2.create_vpc_endpoint, **endpoint) for _ in range(12)]
    assert set(codes[:4]) == {"InvalidVpcID.NotFound"}
    assert "RequestLimitExceeded" in codes
    other = running.client("ec2", region="us-east-1")
    assert refused(other.create_vpc_endpoint, **endpoint) == "InvalidVpcID.NotFound"
    iam = running.client("iam")
    codes = [refused(iam.get_role, RoleName="x") for _ in range(40)]
    assert "Throttling" in codes
    ecs = running.client("ecs")
    definition = {"family": "f", "containerDefinitions": []}
    codes = [refused(ecs.register_task_definition, **definition) for _ in range(25)]
    assert "ThrottlingException" in codes


@dataclass
class FakeCall:
    service: str = "ec2"
    operation: str = "CreateVpcEndpoint"
    protocol: str = "ec2"
    account: str = "1"
    region: str = "eu-west-1"


def test_buckets_fill_at_their_rate():
    now = [0.0]
    throttle = Throttle(lambda: now[0])

    def passes() -> bool:
        try:
            throttle.check(FakeCall())
        except AwsError as error:
            return (error.code, error.status) != ("RequestLimitExceeded", 503)
        return True

    assert [passes() for _ in range(5)] == [True] * 4 + [False]
    now[0] += 3.4
    assert [passes() for _ in range(2)] == [True, False]


def make_certificate(folder: Path) -> tuple[str, str]:
    certificate, key = str(folder / "c.pem"), str(folder / "k.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-subj", "/CN=localhost", "-days", "1"]
        + ["-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    return certificate, key


def test_tls(start, tmp_path):
    certificate, key = make_certificate(tmp_path)
    running = start("--tls-cert", certificate, "--tls-key", key)
    assert running.url.startswith("https://")
    assert running.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_it_starts_and_ends_on_sigterm(start):
    started = time.monotonic()
    running = start()
    # About a second on an idle machine; the rest is for one that compiles at the same time.
    assert time.monotonic() - started < 20
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(5) == 0


def test_wrong_faults_are_told_at_the_start():
    made = subprocess.run(
        [sys.executable, "-m", "strata_emulator", "--port", "0", "--fault", "nonsense"],
        cwd=__file__.rsplit("/tests/", 1)[0],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert made.returncode == 2 and "not a fault: 'nonsense'" in made.stderr


def test_tags_written_while_they_are_read(aws):
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def write(i: int) -> None:
        ec2.create_tags(Resources=[vpc], Tags=[{"Key": f"k{i % 40}", "Value": str(i)}])

    def read(_: int) -> None:
        ec2.describe_vpcs()

    with ThreadPoolExecutor(16) as pool:
        done = [pool.submit(job, i) for i in range(150) for job in (write, read)]
    for future in done:
        future.result()


def test_broken_requests_are_refused_and_the_connection_stays(emulator):
    wire = connection(emulator)
    headers = {
        "Authorization": SCOPE.format("ssm"),
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.PutParameter",
    }
    for body, code in (("{nope", "SerializationException"), ("[]", "SerializationException")):
        wire.request("POST", "/", body, headers)
        answer = wire.getresponse()
        assert (answer.status, json.load(answer)["__type"]) == (400, code)
    wire.request("POST", "/", '{"Name": "/a"}', headers)
    answer = wire.getresponse()
    assert (answer.status, json.load(answer)["__type"]) == (400, "ValidationException")
    form = {
        "Authorization": SCOPE.format("ec2"),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    wire.request("POST", "/", "Action=CreateSubnet&Version=2016-11-15", form)
    answer = wire.getresponse()
    assert (answer.status, b"MissingParameter" in answer.read()) == (400, True)


@pytest.mark.parametrize(
    ("service", "body", "expected"),
    [
        (
            "sqs",
            "Action=CreateQueue&QueueName=wire&Version=2012-11-05"
            "&Attribute.1.Name=RedriveAllowPolicy&Attribute.1.Value=%7B%7D",
            b"<QueueUrl>",
        ),
        (
            "sqs",
            "Action=GetQueueAttributes&QueueUrl=http://x/123456789012/wire&Version=2012-11-05"
            "&AttributeName.1=RedriveAllowPolicy",
            b"<Name>RedriveAllowPolicy</Name><Value>{}</Value>",
        ),
        ("sqs", "Action=DeleteQueue&QueueUrl=http://x/1/none&Version=2012-11-05", b"<Code>"),
        ("monitoring", "Action=DescribeAlarms&Version=2010-08-01", b"<MetricAlarms/>"),
        ("sns", "Action=ListTopics&Version=2010-03-31", b"<ListTopicsResult>"),
    ],
)
def test_the_query_protocol_is_served_too(emulator, service, body, expected):
    wire = connection(emulator)
    headers = {
        "Authorization": SCOPE.format(service),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    wire.request("POST", "/", body, headers)
    assert expected in wire.getresponse().read()


def test_buckets_may_be_in_the_host_name(emulator, aws, account):
    where = {"LocationConstraint": "eu-west-1"}
    aws("s3").create_bucket(Bucket=f"host-{account}", CreateBucketConfiguration=where)
    wire = connection(emulator)
    headers = {
        "Authorization": SCOPE.format("s3"),
        "Host": f"host-{account}.s3.eu-west-1.amazonaws.com",
        "x-moto-account-id": account,
    }
    wire.request("PUT", "/a%2Fb//c", b"1", headers)
    answer = wire.getresponse()
    answer.read()
    assert answer.status == 200
    listed = aws("s3").list_objects_v2(Bucket=f"host-{account}")["Contents"]
    assert [item["Key"] for item in listed] == ["a/b//c"]


def test_presigned_objects(emulator, aws, account):
    where = {"LocationConstraint": "eu-west-1"}
    bucket = {"Bucket": f"signed-{account}", "Key": "ü b+c"}
    aws("s3").create_bucket(Bucket=bucket["Bucket"], CreateBucketConfiguration=where)
    url = aws("s3").generate_presigned_url("put_object", Params=bucket)
    wire = connection(emulator)
    headers = {"x-moto-account-id": account}
    wire.request("PUT", "/" + url.split("/", 3)[3], b"signed", headers)
    answer = wire.getresponse()
    answer.read()
    assert answer.status == 200
    assert aws("s3").get_object(**bucket)["Body"].read() == b"signed"


def test_dropped_connections_over_tls_end_at_once(start, tmp_path):
    certificate, key = make_certificate(tmp_path)
    running = start(*("--tls-cert", certificate, "--tls-key", key, "--fault", "sts:*#1=drop-after"))
    sts = running.client("sts")
    started = time.monotonic()
    with pytest.raises((ConnectionClosedError, HTTPClientError)):
        sts.get_caller_identity()
    assert time.monotonic() - started < 5
    assert sts.get_caller_identity()["Account"] == "123456789012"
