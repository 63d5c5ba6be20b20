"""Answers that are none, and one that refuses: a short error each, and the next run goes on from there."""

import pytest
from outcome import converges, refused

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
    "big-body:4000000": """error: Answer does not come from AWS
  sts GetCallerIdentity: status 500, the body is 4000000 bytes of white space
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
