"""Mistakes in the program: all of them in one run, each with the line that declares it, before any call."""

import pathlib

import pytest
from outcome import refused

SOURCE = pathlib.Path(__file__).with_name("mistaken_program.cpp")


def at(text: str) -> str:
    """Where the program's source holds that text, as errors name it; the text must stand there once."""
    (line,) = (number for number, line in enumerate(SOURCE.read_text().splitlines(), 1) if text in line)
    return f"tests/bad_input/mistaken_program.cpp:{line}"


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
