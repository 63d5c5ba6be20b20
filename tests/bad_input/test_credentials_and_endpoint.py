"""Credentials that are missing or refused, an account or region that is not the right one, an endpoint that is none."""

import socketserver
import threading

import pytest
from outcome import refused
from trial import CONFIG, PASSWORD


def go_away(trial, **changes: str) -> list[str]:
    """An environment that is not this machine's, so that credentials count; the words that select it."""
    endpoint = trial.emulated.endpoint.replace("127.0.0.1", "0.0.0.0")
    text = CONFIG.format(endpoint=endpoint)
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    trial.configure("away", text)
    return ["--env", "away", "--yes"]


NOBODY = {"AWS_EC2_METADATA_DISABLED": "true"}
SOMEBODY = {**NOBODY, "AWS_ACCESS_KEY_ID": "AKIATESTING", "AWS_SECRET_ACCESS_KEY": PASSWORD}


def test_missing_credentials_say_where_they_were_looked_for(trial):
    said = refused(trial, 1, "up", "sound", *go_away(trial), environment=NOBODY)

    assert said == """error: No AWS credentials found
  Tried, in this order:
  - environment: AWS_ACCESS_KEY_ID is not set
  - shared files: no profile "default" in <folder>/.aws/config or <folder>/.aws/credentials
  - web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set
  - container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set
  - instance metadata: turned off by AWS_EC2_METADATA_DISABLED
  Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile with credentials.
"""
    assert trial.calls() == []


def test_refused_credentials_are_told_apart_from_missing_ones(trial):
    trial.faults("sts:GetCallerIdentity=error:403:InvalidClientTokenId")

    said = refused(trial, 1, "up", "sound", *go_away(trial), environment=SOMEBODY)

    assert said == """error: AWS does not accept the credentials
  sts GetCallerIdentity: A fault of the plan (InvalidClientTokenId, status 403, request ID)
  Renew them, and check the clock of this machine.
"""


def test_the_wrong_account_answers_seven_before_anything_is_read(trial):
    words = go_away(trial, account=("123456789012", "999999999999"))

    said = refused(trial, 7, "up", "sound", *words, environment=SOMEBODY)

    assert said == """error: Wrong account or region
  config/away.yaml says account 999999999999, but the credentials (arn:aws:sts::123456789012:user/moto) belong to account 123456789012.
  Nothing was read or changed. Use credentials of that account (AWS_PROFILE), or another environment (--env).
"""
    assert [call["operation"] for call in trial.calls()] == ["GetCallerIdentity"]


def test_another_region_than_the_state_says_answers_seven(deployed):
    deployed.configure("local", CONFIG.format(endpoint=deployed.emulated.endpoint).replace("ca-central-1", "us-east-1"))

    said = refused(deployed, 7, "up", "sound", "--yes")

    cause = "Stack sound of local was deployed to account 123456789012 in ca-central-1; "
    cause += 'provider "aws" now leads to account 123456789012 in us-east-1.'
    remedy = "Nothing was read or changed. Go back to the account and region that the stack lives in, "
    remedy += "or use another environment for the new one."
    assert said == f"error: Wrong account or region\n  {cause}\n  {remedy}\n"


@pytest.mark.parametrize(
    ("endpoint", "text"),
    [
        (
            "http://127.0.0.1:9",
            """error: The emulator does not answer
  http://127.0.0.1:9: GET http://127.0.0.1:9/_strata/instance: Connection refused.
  Start it:
    strata local up
""",
        ),
        (
            "http://0.0.0.0:9",
            """error: Cannot connect
  POST http://0.0.0.0:9/: Connection refused.
  Given up after 4 attempts.
  Check that the service runs, and that nothing between here and there blocks the port.
""",
        ),
        (
            "http://no-such-host.invalid",
            """error: Host name not found
  POST http://no-such-host.invalid/: Could not resolve host: no-such-host.invalid.
  Given up after 4 attempts.
  Check the network connection, the region and the endpoint's name.
""",
        ),
    ],
)
def test_an_endpoint_that_is_down_is_named(trial, endpoint, text):
    trial.configure("local", CONFIG.format(endpoint=endpoint))

    assert refused(trial, 1, "up", "sound", "--yes", environment=SOMEBODY) == text


def test_an_endpoint_that_speaks_no_http_is_named(trial):
    with socketserver.TCPServer(("0.0.0.0", 0), NoHttp) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        trial.configure("local", CONFIG.format(endpoint=f"http://0.0.0.0:{server.server_address[1]}"))
        said = refused(trial, 1, "up", "sound", "--yes", environment=SOMEBODY)
        server.shutdown()

    assert said.replace(str(server.server_address[1]), "PORT") == """error: Answer is not HTTP
  POST http://0.0.0.0:PORT/: Received HTTP/0.9 when not allowed.
  Check the endpoint's port, and whether it wants https.
"""


class NoHttp(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.recv(65536)
        self.request.sendall(b"220 mail.example.com ESMTP\r\n")


@pytest.mark.parametrize("command", ["preview sound --exit-code", "drift sound --exit-code", "up sound --yes", "refresh sound --yes"])
def test_what_may_not_be_read_answers_three_and_is_not_taken_for_unchanged(deployed, command):
    deployed.faults("ssm:GetParameters=error:403:AccessDeniedException")
    before = deployed.changes()

    said = deployed.run(*command.split())

    assert said.code == 3, said
    assert said.err.startswith("error: Some resources could not be read\n  sound last: nothing was changed there."), said
    assert "AccessDeniedException" in said.out
    assert deployed.changes() == before
