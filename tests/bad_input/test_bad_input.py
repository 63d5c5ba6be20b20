"""Wrong input and broken surroundings: one clear error each, the documented exit code, and state as it was."""

import json
import os
import pathlib
import re
import socketserver
import threading

import pytest
from trial import CONFIG, PASSWORD, STRATA

SOURCE = pathlib.Path(__file__).with_name("mistaken_program.cpp")


def at(text: str) -> str:
    """Where the program's source holds that text, as errors name it; the text must stand there once."""
    (line,) = (number for number, line in enumerate(SOURCE.read_text().splitlines(), 1) if text in line)
    return f"tests/bad_input/mistaken_program.cpp:{line}"


def refused(trial, code: int, *arguments: str, **options) -> str:
    """Runs what must be refused before anything is changed; what it said to stderr."""
    before = trial.remembered()
    changes = trial.changes()
    said = trial.run(*arguments, **options)
    assert said.code == code, said
    assert trial.changes() == changes
    assert trial.remembered() == before
    return said.err


@pytest.fixture
def deployed(trial):
    """The stack `sound`, deployed."""
    said = trial.run("up", "sound", "--yes")
    assert said.code == 0, said
    return trial


# --- the command line ---

USAGE = {
    "unknown verb": (
        "prevew",
        """error: Unknown command
  strata has no command "prevew".
  Did you mean "preview"?
  See what there is:
    strata --help
""",
    ),
    "unknown flag": (
        "up sound --parralel 4",
        """error: Unknown flag
  strata up has no flag "--parralel".
  Did you mean "--parallel"?
  See what there is:
    strata up --help
""",
    ),
    "unknown stack": (
        "up soudn --yes",
        """error: Unknown stack
  The program has no stack "soudn". It has: sound, wide, secret, unchecked, cycle, duplicate-address, bad-cidr, bad-values, unknown-stack, endless, throws.
  Did you mean "sound"?
""",
    ),
    "no stack": (
        "up --yes",
        """error: Which stacks?
  The program has several: sound, wide, secret, unchecked, cycle, duplicate-address, bad-cidr, bad-values, unknown-stack, endless, throws.
  Name one or more, or give --all.
""",
    ),
    "unknown environment": (
        "up sound --yes --env locla",
        """error: Unknown environment
  config has no file "locla.yaml"; there are local.
  Did you mean "local"?
""",
    ),
    "unknown address": (
        "up sound --yes --target secnod",
        """error: Unknown address
  Nothing in sound has the address "secnod".
  Did you mean "second"?
""",
    ),
    "no configuration": (
        "up sound --yes --config-dir elsewhere",
        """error: Unknown environment
  elsewhere holds no environment's file.
  Write elsewhere/local.yaml, or run the command in the project's folder.
""",
    ),
    "no terminal and no --yes": (
        "up sound",
        """error: Declined
  Nobody can be asked here: input or output is no terminal.
  Nothing was changed. To go ahead without being asked, give --yes.
""",
    ),
    "a plan that is not there": (
        "up --plan review.plan",
        """error: Cannot read file
  review.plan: No such file or directory.
""",
    ),
}


@pytest.mark.parametrize(("command", "text"), USAGE.values(), ids=USAGE)
def test_a_wrong_command_line_is_refused(trial, command, text):
    assert refused(trial, 1, *command.split()) == text


def test_help_needs_no_configuration_and_answers_zero(trial):
    (trial.folder / "config/local.yaml").unlink()

    assert trial.run("--help").code == 0


# --- configuration ---

SETTINGS = {
    "unknown setting": (
        [("    nat: single", "    natt: single")],
        """error: Missing setting
  config/local.yaml:26: network does not set "nat", which is required.
  Give "nat" a value.
error: Unknown setting
  config/local.yaml:29: network has no setting "natt".
  Did you mean "nat"?
""",
    ),
    "wrong type": (
        [("    zones: 2", "    zones: two")],
        """error: Setting of the wrong type
  config/local.yaml:28: network.zones must be a whole number, but is text ("two").
""",
    ),
    "no address range": (
        [("cidr: 10.0.0.0/16", "cidr: 10.0.0.0/33")],
        """error: Invalid setting
  config/local.yaml:27: network.cidr must be an IPv4 network in CIDR form, but is "10.0.0.0/33".
  Write it like 10.0.0.0/16.
""",
    ),
    "no YAML": (
        [("settings:\n", "settings: {\n")],
        """error: Configuration is not valid YAML
  config/local.yaml:18: the map that opens here with { is not closed.
  Add the missing } or comma.
""",
    ),
    "several": (
        [("account: 123456789012", "account: 12345"), ("    zones: 2", "    zones: two"), ("recovery_days: 0", "recovery_dyas: 0")],
        """error: Invalid setting
  config/local.yaml:2: account must be an account id of twelve digits, but is "12345".
error: Setting of the wrong type
  config/local.yaml:28: network.zones must be a whole number, but is text ("two").
error: Unknown setting
  config/local.yaml:49: secrets has no setting "recovery_dyas".
  Did you mean "recovery_days"?
""",
    ),
}


@pytest.mark.parametrize(("changes", "text"), SETTINGS.values(), ids=SETTINGS)
def test_mistakes_in_the_configuration_are_all_reported_with_their_lines(trial, changes, text):
    trial.configure_our_stacks(*changes)

    assert refused(trial, 1, "up", "--all", "--yes", program=STRATA) == text
    assert trial.calls() == []


# --- the program ---

PROGRAM = {
    "cycle": f"""error: Resources depend on each other in a circle
  {at('"cycle-first"')}: first -> second -> first.
  Break the circle: let one of them use a name or ARN that is known beforehand, or move the shared part into a resource of its own.
""",
    "duplicate-address": f"""error: Two resources have one address
  {at('"queue", {.queue_name = "second"}')}: "queue" was declared already at {at('"queue", {.queue_name = "first"}')}.
  Give one of them another name, or put it into a component of its own.
""",
    "bad-cidr": f"""error: Invalid property
  {at('"10.0.0.0/33"')}: network (aws.ec2.Vpc) cidr_block: "10.0.0.0/33" is no address range.
  Write it like 10.0.0.0/16.
error: Invalid property
  {at('"10.0.0.300/24"')}: subnet (aws.ec2.Subnet) cidr_block: "10.0.0.300/24" is no address range.
  Write it like 10.0.0.0/16.
""",
    "bad-values": f"""error: Invalid property
  {at(".delay_seconds = 901")}: slow (aws.sqs.Queue) delay_seconds: 901 is out of range.
  Choose 0 to 900.
error: Invalid property
  {at('"two words"')}: spaced (aws.logs.LogGroup) log_group_name: "two words" does not have the form that the service wants.
  It must match [\\.\\-_/#A-Za-z0-9]+
error: Invalid property
  {at('"nameless"')}: nameless (aws.ssm.Parameter): "value" is missing.
  Set `.value`.
""",
    "throws": """error: The program failed
  Stack throws threw: the zone list is empty
  Mend the function that declares the stack.
""",
}


@pytest.mark.parametrize(("stack", "text"), PROGRAM.items(), ids=PROGRAM)
def test_mistakes_in_the_program_are_all_reported_before_any_call(trial, stack, text):
    assert refused(trial, 1, "up", stack, "--yes") == text
    assert trial.calls() == []


def test_several_stacks_report_their_mistakes_in_one_run(trial):
    said = refused(trial, 1, "up", "cycle", "bad-cidr", "--yes")

    assert said == PROGRAM["cycle"] + PROGRAM["bad-cidr"]


def test_what_came_through_an_escape_hatch_is_shown_as_unchecked(trial):
    preview = trial.run("preview", "unchecked")

    assert (preview.code, preview.err) == (
        0,
        f"""warning: Unchecked property
  {at('enum_value("Lightning")')}: fast (aws.ssm.Parameter) tier: sent as it is.
  It came through enum_value() or .additional; only the service will tell whether it is right.
warning: Unchecked property
  {at('{{"Speed",')}: fast (aws.ssm.Parameter) Speed: sent as it is.
  It came through enum_value() or .additional; only the service will tell whether it is right.
""",
    )


def test_an_output_of_a_stack_that_is_not_deployed_is_a_warning_at_preview_and_an_error_at_up(trial):
    cause = f"""Output of another stack is not there
  {at('"elsewhere", "url"')}: "elsewhere.url" has no value: stack elsewhere was not deployed with it.
  Deploy it first:
    strata up elsewhere
"""
    preview = trial.run("preview", "unknown-stack")

    assert (preview.code, preview.err) == (0, "warning: " + cause)
    assert refused(trial, 1, "up", "unknown-stack", "--yes") == "error: " + cause


# --- credentials, account, endpoint ---


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


# --- answers that are none ---

ANSWERS = {
    "html": """error: Answer does not come from AWS
  sts GetCallerIdentity: status 500, the body begins with: <!doctype html><html><head><title>500</title></head><body>Server error</body></html>
  Check the endpoint, and any proxy between here and it.
""",
    "portal": """error: Answer does not come from AWS
  sts GetCallerIdentity: status 200, the body begins with: <!doctype html><html><head><title>Sign in</title></head><body>Sign in</body></html>
  Check the endpoint, and any proxy between here and it.
""",
    "truncate": """error: Answer cut short
  POST <endpoint>/: transfer closed with 191 bytes remaining to read.
  Given up after 4 attempts.
  Try again; where it stays so, check what proxies stand in between.
""",
    "big-body:10000000": """error: Answer does not come from AWS
  sts GetCallerIdentity: status 500, the body is 10000000 bytes of white space
  Check the endpoint, and any proxy between here and it.
""",
}


@pytest.mark.parametrize(("fault", "text"), ANSWERS.items(), ids=ANSWERS)
def test_an_answer_that_is_none_is_one_short_error(trial, fault, text):
    trial.faults(f"sts:GetCallerIdentity={fault}")

    assert refused(trial, 1, "up", "sound", "--yes") == text


@pytest.mark.parametrize("fault", [*ANSWERS, "drop-before", "drop-after"])
def test_a_create_without_a_readable_answer_answers_nine_and_the_next_run_finds_out(trial, fault):
    trial.faults(f"sqs:CreateQueue#1={fault}")
    first = trial.run("up", "sound", "--yes")
    trial.faults()

    second = trial.run("up", "sound", "--yes")
    third = trial.run("up", "sound", "--yes")

    assert first.code == 9, first
    assert len(first.err) < 1000, first.err
    assert "error: Outcome unknown\n  first (create): sqs CreateQueue was sent, and no answer says whether it was carried out.\n" in first.err
    assert second.code == 0, second
    assert sorted(trial.changes()) == ["logs:CreateLogGroup", "sqs:CreateQueue", "sqs:CreateQueue", "ssm:PutParameter"]
    assert third.code == 0 and third.out.startswith("Nothing to do"), third


# --- state ---


def cut(content: bytes) -> bytes:
    """In the middle of a text that surely stands there."""
    return content[: content.index(b'"lineage"') + 4]


def unreadable(cause: str) -> str:
    remedy = "Nothing was written. Restore the file from a backup, or from the version history of its bucket."
    return f"error: State cannot be read\n  file .strata/state/local/sound{cause}\n  {remedy}\n"


STATE = {
    "cut": (cut, unreadable(", snapshot: line N, column N: invalid string: missing closing quote")),
    "empty": (lambda content: b"", unreadable(", snapshot: line N, column N: unexpected end of input")),
    "of bytes": (lambda content: bytes(reversed(range(256))), unreadable(", snapshot: line N, column N: invalid literal")),
    "no state": (lambda content: b"[]", unreadable(": It does not say its format.")),
    "newer": (
        lambda content: content.replace(b'"format": 1', b'"format": 7'),
        unreadable(": It has format 7, this Strata reads up to 1: it was written by a newer version."),
    ),
    "a number that is none": (
        lambda content: content.replace(b'"serial": 1', b'"serial": "1"'),
        unreadable(': Its "serial" is not what Strata writes.'),
    ),
    "without an id": (
        lambda content: content.replace(b'"id": "sound-apart"', b'"id": ""'),
        unreadable(": It is not sound: apart has no physical id."),
    ),
    "of another stack": (
        lambda content: content.replace(b'"stack": "sound"', b'"stack": "other"'),
        """error: State belongs to something else
  file .strata/state/local/sound: it is of stack "other", not "sound".
  Nothing was written. Put back the right file, or name another folder under "state" in the environment's configuration.
""",
    ),
}


@pytest.mark.parametrize(("damage", "text"), STATE.values(), ids=STATE)
@pytest.mark.parametrize("command", ["up sound --yes", "state list"])
def test_damaged_state_answers_five_and_is_not_touched(deployed, damage, text, command):
    file = deployed.state_file("sound")
    damaged = damage(file.read_bytes())
    assert damaged != file.read_bytes()
    file.write_bytes(damaged)

    assert re.sub(r"(line|column) \d+", r"\1 N", refused(deployed, 5, *command.split())) == text


def test_a_damaged_journal_answers_five_and_is_not_touched(deployed):
    segment = deployed.state_file("sound").parent / "journal" / "000000000999.json"
    segment.write_text("{}")

    said = refused(deployed, 5, "up", "sound", "--yes")
    assert re.sub(r"segment \d+ is", "segment N is", said) == """error: Journal cannot be read
  file .strata/state/local/sound, journal segment 999: segment N is missing.
  Nothing was written. Restore the folder from a backup.
"""


def test_state_that_another_key_sealed_answers_five(trial):
    assert trial.run("up", "secret", "--yes").code == 0
    (trial.folder / ".strata/key").write_text("a" * 64 + "\n")

    assert refused(trial, 5, "up", "secret", "--yes") == """error: Sealed value cannot be opened
  file .strata/state/local/secret: The key is not the one it was sealed with, or the sealed bytes were changed.
  Check STRATA_PASSPHRASE, or the key file under .strata/.
"""


def test_a_missing_key_is_named_and_no_other_is_made(trial):
    assert trial.run("up", "secret", "--yes").code == 0
    (trial.folder / ".strata/key").unlink()

    assert refused(trial, 1, "up", "secret", "--yes") == """error: Key file is missing
  .strata/key is not there, and the environment's secrets are sealed with it.
  Bring the file back, or set the secrets again with `strata config set KEY --secret`.
"""
    assert not (trial.folder / ".strata/key").exists()


ROOM = """  See that the folder can be written to and its disk has room; "state" in the environment's configuration names it.
"""

KEEP = "Make the folder of the state writable and run the same command again: what was made is found by its token, name or tags. "
KEEP += "Keep the file until that has succeeded."


def numberless(said: str) -> str:
    # It depends on the moment whether the file fails to be written, or to be given its name.
    said = said.replace("Cannot create file", "Cannot write file")
    return re.sub(r"-\d{8}T\d{6}Z\.json", "-TIME.json", re.sub(r"/\d+\.json", "/N.json", said))


# Root may write everywhere, unless it gives up its capabilities.
AS_ANYBODY = {"before": ("setpriv", "--bounding-set", "-all", "--inh-caps", "-all")} if os.geteuid() == 0 else {}


def test_a_folder_that_cannot_be_written_answers_six_and_nothing_is_sent(trial):
    trial.folder.chmod(0o500)

    said = refused(trial, 6, "up", "sound", "--yes", **AS_ANYBODY)
    preview = trial.run("preview", "sound", **AS_ANYBODY)
    trial.folder.chmod(0o700)

    assert said == """error: Cannot make folder
  .strata: Permission denied.
  Make the folder writable, or name another file for the key under "encryption" in the environment's configuration.
"""
    assert (preview.code, preview.err) == (0, "")


def test_a_state_folder_that_cannot_be_written_answers_six_and_nothing_is_sent(deployed):
    folder = deployed.state_file("sound").parent
    sqs = deployed.emulated.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="sound-first")["QueueUrl"])
    folder.chmod(0o500)
    (folder / "journal").chmod(0o500)

    said = refused(deployed, 6, "up", "sound", "--yes", **AS_ANYBODY)
    (folder / "journal").chmod(0o700)
    folder.chmod(0o700)

    assert numberless(said) == "error: Cannot write file\n  .strata/state/local/sound/journal/N.json: Permission denied.\n" + ROOM
    assert list(deployed.folder.glob("strata-recovery-*")) == []


def test_a_journal_that_cannot_be_written_any_more_leaves_a_recovery_file_and_loses_nothing(trial):
    trial.faults("sqs:CreateQueue#1=pause-after")
    run = trial.start("up", "sound", "--yes")
    trial.wait_for_held()
    journal = trial.state_file("sound").parent / "journal"
    journal.rename(journal.with_name("away"))
    journal.write_text("in the way")
    trial.admin("POST", "release")
    said = trial.finish(run)

    assert said.code == 6, said
    assert numberless(said.err) == f"""error: Cannot write file
  .strata/state/local/sound/journal/N.json: Not a directory.
{ROOM}warning: State is in a recovery file
  strata-recovery-local-sound-TIME.json holds what the state of sound should hold; secrets in it are sealed.
  {KEEP}
"""
    (recovery,) = trial.folder.glob("strata-recovery-local-sound-*.json")
    (unfinished,) = (step for step in json.loads(recovery.read_text())["open"] if step["address"] == "first")
    assert unfinished["cursor"]["id"] == f"{trial.emulated.endpoint}/123456789012/sound-first"

    journal.unlink()
    journal.with_name("away").rename(journal)
    assert converges(trial, "sound") == ["logs:CreateLogGroup", "sqs:CreateQueue", "sqs:CreateQueue", "ssm:PutParameter"]


def converges(trial, *stacks: str) -> list[str]:
    """Runs `up` until nothing is to be done, which is the second time; every change that was ever carried out."""
    trial.faults()
    again = trial.run("up", *stacks, "--yes")
    last = trial.run("up", *stacks, "--yes")
    assert again.code == 0, again
    assert last.code == 0 and last.out.startswith("Nothing to do"), last
    return sorted(trial.changes())


def test_a_full_disk_answers_six_and_the_journal_keeps_what_was_done(trial):
    """The limit on the size of files lets pieces of the journal pass, one for each record, and not the whole state."""
    said = trial.run("up", "wide", "--yes", "--parallel", "1", before=("sh", "-c", 'ulimit -f 16; exec "$0" "$@"'))

    assert said.code == 6, said
    assert numberless(said.err) == f"""error: Cannot write file
  .strata/state/local/wide/snapshot.json: File too large.
{ROOM}warning: No recovery file can be written
  Neither the project's folder nor that for temporary files takes strata-recovery-local-wide-TIME.json.
  Make room and run the same command again: what was begun stands in the journal, and what was made is found by its token, name or tags.
"""
    assert converges(trial, "wide") == ["sqs:CreateQueue"] * 40


# --- other runs ---


HELD = """error: Another run works on this stack
  .strata/state/local/sound/lock: held for "up" by tester@HOST (process N) since TIME.
  Wait until it has ended and try again. The lock goes with its process; nothing needs to be removed.
"""


def test_a_held_lock_answers_four_and_names_its_owner(trial):
    trial.faults("sqs:CreateQueue#1=pause")
    holder = trial.start("up", "sound", "--yes")
    trial.wait_for_held()

    for command in ("up sound --yes", "destroy sound --yes", "refresh sound --yes"):
        said = trial.run(*command.split())
        assert (said.code, re.sub(r"since \S+", "since TIME.", said.err)) == (4, HELD), command
    assert trial.run("preview", "sound").code == 0

    trial.admin("POST", "release")
    assert trial.finish(holder).code == 0


def test_a_plan_that_no_longer_fits_answers_eight_and_says_why(deployed):
    assert deployed.run("preview", "sound", "--replace", "apart", "--save-plan", "review.plan").code == 0
    assert deployed.run("up", "sound", "--yes", "--replace", "first").code == 0

    assert refused(deployed, 8, "up", "--plan", "review.plan") == """error: The saved plan no longer fits
  review.plan: sound: the state's serial was 1 and is now 2.
  Nothing was changed. Make and review a new one:
    strata preview --save-plan review.plan
"""


def test_a_refused_step_answers_three_and_the_others_are_carried_out(trial):
    trial.faults("sqs:CreateQueue#2=error:400:InvalidAttributeName")

    said = trial.run("up", "sound", "--yes")

    assert said.code == 3, said
    assert said.err == """error: AWS reported an error
  second (create): sqs CreateQueue: A fault of the plan (InvalidAttributeName, status 400, request ID)
"""
    assert trial.addresses("sound") == ["apart", "first"]
    assert "sound: 2 done, 1 failed, 1 not begun in " in said.out
    assert converges(trial, "sound") == ["logs:CreateLogGroup", "sqs:CreateQueue", "sqs:CreateQueue", "ssm:PutParameter"]


def test_pending_changes_answer_two_only_when_asked(trial):
    assert trial.run("preview", "sound").code == 0
    assert trial.run("preview", "sound", "--exit-code").code == 2


# --- secrets ---


@pytest.mark.parametrize("fault", ["error:400:ValidationException", "html", "drop-after", "big-body:1000"])
def test_no_secret_is_shown_whatever_fails(trial, fault):
    trial.faults(f"ssm:PutParameter#1={fault}")

    shown = [trial.run("up", "secret", "--yes", "--verbose", "--diff"), trial.run("up", "secret", "--yes", "--json", "--verbose")]
    shown += [trial.run(*command.split()) for command in ("state show key", "state export secret", "stack outputs secret")]

    assert shown[0].code in (3, 9), shown[0]
    assert all(PASSWORD not in said.out + said.err for said in shown)
    assert all(PASSWORD.encode() not in content for content in trial.remembered().values())
