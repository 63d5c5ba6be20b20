"""State in a bucket that is not what it should be, and buckets that cannot be used: one error each, and nothing is changed."""

import re

import pytest
from outcome import converges, refused
from proxy import ProxyThatForgetsConditions
from servers import REGION
from test_unreadable_state import STATE


def in_s3(text: str) -> str:
    return text.replace("file .strata/state/local/", "<state>/local/")


def test_damaged_state_answers_five_and_is_not_touched(deployed):
    whole = deployed.objects()
    name = deployed.key("sound", "snapshot.json")
    for damage, text in (STATE[kind] for kind in ("cut", "empty", "newer", "without an id", "of another stack")):
        deployed.write(name, damage(whole[name][1]))
        said = refused(deployed, 5, "up", "sound", "--yes")
        assert re.sub(r"(line|column) \d+", r"\1 N", said) == in_s3(text)
    deployed.put_back(whole)
    converges(deployed, "sound")


def test_an_older_copy_of_all_objects_is_noticed_and_not_written_to(deployed):
    older = deployed.objects()
    assert deployed.run("up", "sound", "--yes", "--replace", "apart").code == 0
    newer = deployed.objects()
    deployed.put_back(older)

    for command in ("up sound --yes", "preview sound", "destroy sound --yes"):
        said = refused(deployed, 8, *command.split())
        assert re.sub(r"\d+", "N", said).startswith(
            "error: State is older than it was\n  <state>/local/sound: it has serial N, and this machine has seen N of it: "
        ), said

    deployed.put_back(newer)
    converges(deployed, "sound")


def test_an_older_snapshot_alone_is_made_whole_by_the_journal_or_refused(deployed):
    name = deployed.key("sound", "snapshot.json")
    older = deployed.read(name)
    assert deployed.run("up", "sound", "--yes", "--replace", "apart").code == 0
    newer = deployed.state("sound")
    deployed.write(name, older)

    said = deployed.run("state", "check")
    assert said.code == 0, said
    converges(deployed, "sound")
    assert [record["address"] for record in deployed.state("sound")["resources"]] == [record["address"] for record in newer["resources"]]
    assert deployed.state("sound")["serial"] >= newer["serial"]


def test_the_state_of_another_stack_or_environment_answers_five(deployed):
    deployed.configure("dev", deployed.config())
    for name, (_, content) in deployed.objects().items():
        deployed.write(name.replace("/sound/", "/wide/"), content)
        deployed.write(name.replace("/local/", "/dev/"), content)

    said = refused(deployed, 5, "up", "sound", "--yes", "--env", "dev")
    assert '<state>/dev/sound, snapshot: it is of environment "local", not "dev".' in said, said

    assert (
        refused(deployed, 5, "up", "wide", "--yes")
        == """error: State belongs to something else
  <state>/local/wide, snapshot: it is of stack "sound", not "wide".
  Nothing was written. Put back the right file, or name another folder under "state" in the environment's configuration.
"""
    )


def test_a_wrong_passphrase_answers_five(trial_on_minio):
    trial = trial_on_minio
    with_passphrase = trial.config().replace("key: file", "key: passphrase")
    trial.configure("local", with_passphrase)
    right = {"STRATA_PASSPHRASE": "a long and winding passphrase"}
    wrong = {"STRATA_PASSPHRASE": "a long and winding passphrase, another"}
    assert trial.run("up", "sound", "--yes", environment=right).code == 0

    refused(trial, 5, "up", "sound", "--yes", environment=wrong)
    # Without the line that tells at once, the state does.
    file = trial.folder / "config/local.yaml"
    trial.configure("local", re.sub(r",? *check: *[^,}\n]+", "", file.read_text()))
    assert "check" not in file.read_text()
    assert "<state>/local/sound, snapshot: the key is not the one it was written with" in refused(
        trial, 5, "up", "sound", "--yes", environment=wrong
    )

    assert trial.run("up", "sound", "--yes", environment=right).out.startswith("Nothing to do")


# --- nothing was seen of it: nothing is known of it ---


def test_a_state_that_could_not_be_read_is_not_put_aside(deployed):
    """It may be whole: only its place does not answer."""
    before = deployed.remembered()
    deployed.proxy.faults("snapshot:GET=error:403:AccessDenied")
    said = deployed.run("state", "recover", "sound", "--set-aside", "--yes")
    deployed.proxy.faults()

    assert said.code == 1, said
    assert "--set-aside" not in said.err, said
    assert deployed.remembered() == before


# --- buckets that cannot be used ---


def test_a_store_that_ignores_conditions_answers_six_and_nothing_is_deployed(trial):
    forgetful = ProxyThatForgetsConditions(trial.server.url, trial.server.credentials, REGION)
    trial.configure("local", trial.config(endpoint=forgetful.endpoint))

    said = refused(trial, 6, "up", "sound", "--yes")
    forgetful.go_away()

    assert (
        said
        == """error: The store ignores conditions
  <state>/local/sound/lock was written a second time although the write asked to be refused (If-None-Match, If-Match): two runs at once would overwrite each other's state.
  Nothing was deployed. Keep state in a store with conditional writes: AWS S3, MinIO, R2, or a folder.
"""
    )
    assert trial.remembered() == {}


def test_a_bucket_that_is_not_there_is_named(trial):
    trial.configure("local", trial.config(bucket="no-such-bucket"))
    for command in ("up sound --yes", "preview sound", "state list"):
        assert (
            refused(trial, 1, *command.split())
            == """error: The bucket of the state is not there
  s3://no-such-bucket/teams/data/local/: s3 ListObjectsV2: The specified bucket does not exist (NoSuchBucket, status 404, request ID)
  Make it, or name another one under "state" in the environment's configuration:
    aws s3 mb s3://no-such-bucket --region ca-central-1 --endpoint-url <s3>
"""
        ), command


def test_a_server_that_cannot_be_reached_is_named(deployed):
    deployed.proxy.go_away()
    said = {command: deployed.run(*command.split()) for command in ("up sound --yes", "preview sound", "state unlock sound --yes")}
    deployed.proxy.come_back()

    for command, one in said.items():
        assert one.code == 1, (command, one)
        assert one.err.startswith("error: Cannot connect\n  <state>/local/"), (
            command,
            one,
        )
    converges(deployed, "sound")


def test_missing_credentials_are_said_to_be_those_for_the_state(trial):
    none = {
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
        "AWS_EC2_METADATA_DISABLED": "true",
    }

    said = refused(trial, 1, "up", "sound", "--yes", environment=none)

    assert said.startswith("error: No AWS credentials found\n  <state>/local/: Tried, in this order:\n"), said
    assert trial.proxy.calls == []


# --- rights ---

RIGHTS = "  State in S3 needs s3:ListBucket on the bucket <bucket>, and s3:GetObject, s3:PutObject and s3:DeleteObject on what is in it; "
MAY_READ = ("s3:GetObject", "s3:ListBucket")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "SignatureDoesNotMatch"),
        ({"AWS_ACCESS_KEY_ID": "nobody"}, "InvalidAccessKeyId"),
    ],
    ids=["secret", "key"],
)
def test_wrong_credentials_are_named(trial_on_minio, wrong, code):
    said = refused(trial_on_minio, 1, "up", "sound", "--yes", environment=wrong)

    assert said.startswith("error: AWS does not accept the credentials\n  <state>/local/: s3 ListObjectsV2: "), said
    assert code in said


def test_who_may_only_read_can_preview_and_not_deploy(trial_on_minio):
    trial = trial_on_minio
    assert trial.run("up", "sound", "--yes").code == 0
    reader = trial.server.session_allowed(*MAY_READ)

    for command in (
        "preview sound",
        "state list",
        "state history sound",
        "stack outputs sound",
    ):
        said = trial.run(*command.split(), environment=reader)
        assert (said.code, said.err) == (0, ""), (command, said)

    said = refused(trial, 6, "up", "sound", "--yes", "--replace", "apart", environment=reader)
    assert said.startswith(
        "error: Not allowed\n  <state>/local/sound/lock: s3 PutObject: Access Denied. (AccessDenied, status 403, request ID)\n" + RIGHTS
    ), said


def test_who_may_not_list_is_told_so_and_nothing_is_taken_as_missing(trial_on_minio):
    trial = trial_on_minio
    assert trial.run("up", "sound", "--yes").code == 0

    said = refused(
        trial,
        1,
        "up",
        "sound",
        "--yes",
        environment=trial.server.session_allowed("s3:GetObject", "s3:PutObject"),
    )

    assert said.startswith("error: Not allowed\n  <state>/local/: s3 ListObjectsV2: Access Denied. "), said
    assert RIGHTS in said


def test_who_may_not_delete_can_deploy_and_the_journal_only_grows(trial_on_minio):
    trial = trial_on_minio
    writer = {"environment": trial.server.session_allowed(*MAY_READ, "s3:PutObject")}
    for command in ("up sound --yes", "destroy sound --yes"):
        said = trial.run(*command.split(), **writer)
        assert (said.code, said.err) == (0, ""), (command, said)
    assert trial.addresses("sound") == []
