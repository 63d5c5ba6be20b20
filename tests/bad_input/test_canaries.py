"""Each place that takes a secret is given a canary; none of them comes out anywhere, in any spelling, whatever goes wrong."""

import base64
import json
import signal

import pytest
from canaries import written
from vault import PLACES, Vault
from watch import Watch


@pytest.fixture
def vault(watch):
    made = Vault(watch)
    made.fill()
    return made


@pytest.fixture
def deployed_vault(vault, watch):
    watch.works("up", "vault", "--yes")
    return vault


# --- the finder finds ---


def test_every_form_differs_and_is_found_where_it_stands(canaries):
    canary = canaries.make("a secret")
    whole = written(canary.content)
    alone = [form for form in whole if not form.startswith("base64")]

    assert len({whole[form] for form in alone}) == len(alone)
    assert any(whole[f"base64 at {i}"] != whole[f"base64url at {i}"] for i in range(3))
    for form, text in whole.items():
        assert canary.found_in(b"before " + text + b" after"), form
    for word in canary.words:
        for form, text in written(word).items():
            assert canary.found_in(b'{"x": "' + text + b'"}'), form
    assert canary.found_in(canaries.make("another one").content) == []


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("after", ["", "z", "zy"])
def test_base64_is_found_wherever_the_secret_begins_in_what_was_encoded(canaries, before, after):
    canary = canaries.make("a secret")
    around = (before + canary.text + after).encode()

    assert canary.found_in(base64.b64encode(around))
    assert canary.found_in(base64.urlsafe_b64encode(around).rstrip(b"="))


def test_the_watch_sees_output_files_names_of_files_and_command_lines(watch, canaries):
    canary = canaries.make("a secret", "")
    script = f'mkdir -p "$0/sub"; echo {canary.text}; echo {canary.text} >&2; echo {canary.text} > "$0/sub/file"; : > "$0/{canary.text}"; sleep 0.5'
    watch.run("-c", script, str(watch.trial.folder), program="/bin/sh")

    said = " ".join(leak.split("\n")[0] for leak in watch.leaks)
    assert all(sink in said for sink in ("command line", "output of", "errors of", "file sub/file", f"file {canary.text}")), said


# --- the life of a stack ---

LOOKING = [
    *("preview vault --diff --verbose", "preview vault --json --verbose", "preview vault --offline --diff"),
    *("drift vault --full --diff --verbose", "drift vault --json", "stack outputs vault", "stack outputs vault --json"),
    *("stack outputs vault secret", "stack outputs vault document", "stack outputs vault inside", "stack ls", "stack history vault"),
    *("stack graph vault", "stack graph vault --format svg", "stack graph vault --format mermaid", "state list", "state list --json"),
    *("state export vault", "state history vault --json", "state check", "state check --json --verbose", "config ls"),
    *("attach vault", "attach vault --json"),
]
RESOURCES = ["parameter", "described", "tagged", "task", "role", "bucket", "object", "text", "binary", "database"]


def look_at_everything(watch: Watch) -> None:
    """Every command that only shows; what `config ls` says of a setting in clear is the person's own business."""
    for command in LOOKING:
        watch.run(*command.split()) if command != "config ls" else None
    for resource in RESOURCES:
        watch.works("state", "show", resource, "--stack", "vault")
        watch.works("state", "show", resource, "--stack", "vault", "--json")
    for place in PLACES:
        watch.works("config", "get", f"settings.{place}")


def test_no_secret_comes_out_in_the_life_of_a_stack(vault, watch):
    watch.works("preview", "vault", "--diff", "--verbose", "--save-plan", "first.plan")
    watch.works("up", "--plan", "first.plan", "--yes", "--verbose")
    look_at_everything(watch)
    watch.works("preview", "reader", "--diff", "--verbose")
    watch.works("up", "reader", "--yes", "--verbose", "--json")
    watch.works("stack", "outputs", "reader", "--json")

    vault.fill()
    watch.works("preview", "vault", "--json", "--verbose", "--save-plan", "second.plan")
    watch.works("preview", "vault", "reader", "--diff")
    watch.works("preview", "vault", "--diff", "--replace", "parameter", "--replace", "tagged")
    look_at_everything(watch)
    watch.works("up", "vault", "reader", "--yes", "--diff", "--verbose", "--continue-on-error")
    refusal = watch.works("up", "--plan", "second.plan", "--yes", code=8)
    assert "no longer fits" in refusal
    look_at_everything(watch)

    watch.works("rollback", "2", "--stack", "vault", "--yes", "--verbose")
    look_at_everything(watch)
    watch.works("state", "restore", "vault", "2", "--yes")
    look_at_everything(watch)
    watch.works("up", "vault", "--yes", "--json")
    watch.works("state", "mv", "tagged", "renamed", "--stack", "vault")
    watch.works("preview", "vault", "--diff", "--verbose")
    watch.works("up", "vault", "--yes", "--json", "--verbose")
    watch.works("destroy", "reader", "--yes", "--verbose")
    watch.works("destroy", "vault", "--yes", "--verbose", "--json")

    watch.found_nothing()


def test_no_secret_comes_out_of_what_was_changed_outside(deployed_vault, watch, canaries):
    """New secrets that somebody put there, old ones that he left in, and new neighbours of old ones."""
    foreign = {place: canaries.make(f"foreign value of {place}").text for place in ("parameter", "description", "tag", "policy")}
    client = watch.trial.emulated.client
    client("ssm").put_parameter(Name="/vault/parameter", Value=foreign["parameter"], Type="SecureString", Overwrite=True)
    client("ssm").put_parameter(Name="/vault/described", Value="other", Type="String", Description=foreign["description"], Overwrite=True)
    sqs = client("sqs")
    sqs.tag_queue(QueueUrl=sqs.get_queue_url(QueueName="vault-tagged")["QueueUrl"], Tags={"token": foreign["tag"]})
    iam = client("iam")
    policy = iam.get_role_policy(RoleName="vault", PolicyName="read")["PolicyDocument"]
    policy["Statement"][0]["Action"] = "s3:PutObject"
    iam.put_role_policy(RoleName="vault", PolicyName="read", PolicyDocument=json.dumps(policy))
    trust = iam.get_role(RoleName="vault")["Role"]["AssumeRolePolicyDocument"]
    trust["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"] = foreign["policy"]
    iam.update_assume_role_policy(RoleName="vault", PolicyDocument=json.dumps(trust))
    client("secretsmanager").put_secret_value(SecretId="vault/text", SecretString=foreign["parameter"])

    look_at_everything(watch)
    watch.works("refresh", "vault", "--yes", "--diff", "--verbose")
    look_at_everything(watch)
    watch.works("up", "vault", "--yes", "--diff", "--verbose")
    look_at_everything(watch)

    watch.found_nothing()


def test_no_secret_comes_out_of_what_is_imported(watch, canaries):
    vault = Vault(watch)
    vault.fill("parameter", "label")
    before = {place: canaries.make(f"value of {place} before the import").text for place in ("parameter", "label")}
    watch.trial.emulated.client("ssm").put_parameter(Name="/taken/parameter", Value=before["parameter"], Type="SecureString")
    queue = watch.trial.emulated.client("sqs").create_queue(QueueName="taken-tagged", tags={"token": before["label"]})["QueueUrl"]

    watch.works("preview", "taken", "--diff", "--verbose")
    watch.works("import", "tagged", queue, "--stack", "taken", "--yes", "--diff", "--verbose")
    watch.works("preview", "taken", "--json", "--verbose")
    watch.works("state", "export", "taken")
    watch.works("up", "taken", "--yes", "--diff", "--verbose", "--json")
    watch.works("state", "export", "taken")

    watch.found_nothing()


def test_no_secret_comes_out_of_a_state_that_is_rebuilt(deployed_vault, watch):
    snapshot = watch.trial.state_file("vault")
    snapshot.write_bytes(snapshot.read_bytes()[:-20])
    watch.works("preview", "vault", "--verbose", code=5)
    watch.works("state", "check", "--verbose", code=5)
    watch.run("state", "recover", "vault", "--set-aside", "--yes", "--verbose", "--diff")
    watch.run("state", "recover", "vault", "--yes", "--json")
    look_at_everything(watch)
    watch.works("up", "vault", "--yes", "--verbose", "--diff")

    watch.found_nothing()


# --- what refuses a secret ---


@pytest.mark.parametrize("stack", ["pattern", "looked-for", "named", "thrown"])
def test_what_is_refused_is_refused_without_its_value(watch, stack):
    vault = Vault(watch)
    vault.fill("pattern", "lookup", "name", "output")
    if stack == "thrown":
        vault.fill(*PLACES)
        watch.works("up", "vault", "--yes")

    for command in ("preview --diff --verbose", "up --yes --verbose", "up --yes --json", "state list", "state check"):
        verb, *flags = command.split()
        watch.run(verb, *([stack] if verb != "state" else []), *flags)

    watch.found_nothing()


# --- services that repeat what they were sent ---

SPELLINGS = ["plain", "json", "ascii", "url", "form", "base64", "base64url", "hex", "request"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_service_that_repeats_what_it_refuses_gives_nothing_away(vault, watch, spelling):
    watch.trial.faults(f"*:@mutating=echo:400:ValidationException:{spelling}")
    watch.works("up", "vault", "--yes", "--verbose", "--diff", code=3)
    watch.works("up", "vault", "--yes", "--json", code=3)
    watch.trial.faults()
    watch.works("up", "vault", "--yes")

    vault.fill()
    watch.trial.faults(f"*:@mutating=echo:400:ValidationException:{spelling}")
    watch.works("up", "vault", "--yes", "--verbose", "--diff", code=3)
    watch.works("up", "vault", "--yes", "--json", code=3)
    watch.trial.faults(f"*:@reading=echo:403:AccessDeniedException:{spelling}")
    watch.run("up", "vault", "--yes", "--verbose", "--diff")
    watch.run("attach", "vault")

    watch.found_nothing()


@pytest.mark.parametrize("size", [600, 960, 1020, 1100, 4000])
@pytest.mark.parametrize("spelling", ["plain", "json", "request", "base64"])
def test_a_long_secret_is_not_repeated_in_part(watch, canaries, size, spelling):
    """A private key has many lines, and a message is cut somewhere inside it."""
    vault = Vault(watch)
    vault.configure()
    vault.seal("parameter", canaries.make_long("a long secret", size))
    watch.trial.faults(f"ssm:PutParameter=echo:400:ValidationException:{spelling}")
    watch.run("up", "vault", "--yes", "--verbose", "--target", "parameter")
    watch.run("up", "vault", "--yes", "--json", "--target", "parameter")

    watch.found_nothing()


@pytest.mark.parametrize("fault", ["html", "drop-after", "truncate", "big-body:1000", "error-after:500:InternalError", "portal"])
def test_no_secret_comes_out_when_answers_are_lost_or_broken(vault, watch, fault):
    watch.trial.faults(f"*:@mutating#1-4={fault}")
    watch.run("up", "vault", "--yes", "--verbose", "--diff")
    watch.run("state", "check", "--json")
    watch.run("up", "vault", "--yes", "--json", "--verbose")
    watch.run("state", "export", "vault")

    watch.found_nothing()


@pytest.mark.parametrize("extra", [[], ["--verbose"], ["--print-request"], ["--verbose", "--json"]])
def test_a_single_call_says_nothing_of_its_parameters_that_are_secret(watch, canaries, extra):
    Vault(watch).configure()
    value = canaries.make("value of a parameter")
    calls = {
        "ssm PutParameter": {"Name": "/single", "Type": "SecureString", "Value": value.text},
        "secretsmanager CreateSecret": {"Name": "single", "SecretString": value.text},
        "rds ModifyDBInstance": {"DBInstanceIdentifier": "single", "MasterUserPassword": value.text},
    }
    for spelling in ("plain", "request"):
        watch.trial.faults(f"*:@mutating#2-=echo:400:ValidationException:{spelling}")
        for call, params in calls.items():
            watch.write("call.json", json.dumps(params), value)
            watch.run("aws", "call", *call.split(), "--params", "@call.json", *extra)

    watch.found_nothing()


# --- cut short ---


def cut_short(watch: Watch, fault: str) -> None:
    """A run that a call is held of, seen from outside, followed, asked to stop and killed."""
    watch.trial.faults(fault)
    running = watch.start("up", "vault", "--yes", "--verbose", "--parallel", "1")
    watch.trial.wait_for_held()
    watch.look_at_processes(running, "while it works")
    watch.look_at_files("while the run works")
    watch.works("up", "vault", "--yes", code=4)
    attached = watch.start("attach", "vault", "--json")
    asking = watch.start("cancel", "vault")
    watch.trial.wait_until(lambda: list(watch.trial.folder.rglob("request")))
    watch.look_at_files("while the run is asked to stop")
    for follower in (asking, attached):
        follower.send_signal(signal.SIGINT)
        watch.finish(follower)
    running.kill()
    watch.finish(running)
    watch.trial.faults()
    watch.trial.admin("POST", "release")


def test_what_a_run_leaves_while_it_works_and_when_it_is_killed_holds_no_secret(vault, watch):
    """Lock, request and journal, the command lines, and what the next run finds."""
    for fault in ("*:@mutating#1=pause", "*:@mutating#3=pause-after", "*:@mutating#3=pause-after"):
        cut_short(watch, fault)
        watch.run("state", "check", "--json")
    watch.works("up", "vault", "--yes", "--verbose", "--diff")

    watch.found_nothing()


def test_a_bucket_of_state_holds_no_secret(watch):
    """Every object that was ever written there: lock and journal too, which a run takes away again."""
    s3 = watch.trial.emulated.client("s3")
    s3.create_bucket(Bucket="canary-state", CreateBucketConfiguration={"LocationConstraint": "ca-central-1"})
    s3.put_bucket_versioning(Bucket="canary-state", VersioningConfiguration={"Status": "Enabled"})
    vault = Vault(watch, state=f"{{url: 's3://canary-state/team', endpoint: '{watch.trial.emulated.endpoint}'}}")
    for _ in range(2):
        vault.fill()
        watch.works("up", "vault", "--yes", "--verbose")
    watch.works("state", "rekey", "--verbose")
    watch.works("destroy", "vault", "--yes", "--verbose")

    versions = s3.list_object_versions(Bucket="canary-state")["Versions"]
    assert any("journal" in one["Key"] for one in versions) and any(one["Key"].endswith("lock") for one in versions)
    for one in versions:
        content = s3.get_object(Bucket="canary-state", Key=one["Key"], VersionId=one["VersionId"])["Body"].read()
        watch.look(f"object {one['Key']}", one["Key"].encode() + content)
    watch.found_nothing()


def test_state_that_cannot_be_saved_is_told_and_kept_without_secrets(vault, watch):
    watch.trial.faults("*:@mutating#5=pause-after")
    running = watch.start("up", "vault", "--yes", "--verbose")
    watch.trial.wait_for_held()
    journal = watch.trial.state_file("vault").parent / "journal"
    journal.rename(journal.with_name("away"))
    journal.write_text("in the way")
    watch.trial.admin("POST", "release")
    code, _, err = watch.finish(running)
    assert code == 6, err
    (recovery,) = watch.trial.folder.glob("strata-recovery-local-vault-*.json")
    journal.unlink()
    journal.with_name("away").rename(journal)

    watch.run("state", "restore", "vault", "--file", recovery.name, "--yes", "--verbose")
    watch.works("up", "vault", "--yes", "--verbose")

    watch.found_nothing()
