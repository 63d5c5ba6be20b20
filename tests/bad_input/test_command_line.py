"""A command line with mistakes, or without what it needs: one error that says what there is; and --exit-code, which asks for a code."""

import pytest
from outcome import refused

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
  The program has no stack "soudn". It has: sound, wide, secret, unchecked, cycle, duplicate-address, bad-cidr, bad-values, unknown-stack, user, endless, throws.
  Did you mean "sound"?
""",
    ),
    "no stack": (
        "up --yes",
        """error: Which stacks?
  The program has several: sound, wide, secret, unchecked, cycle, duplicate-address, bad-cidr, bad-values, unknown-stack, user, endless, throws.
  Name one or more, or give --all.
""",
    ),
    "unknown flag of a verb in a group": (
        "state history --all",
        """error: Unknown flag
  strata state history has no flag "--all".
  See what there is:
    strata state history --help
""",
    ),
    **{
        f"no stack for {verb}": (
            verb,
            f"""error: Which stack?
  The program has several: sound, wide, secret, unchecked, cycle, duplicate-address, bad-cidr, bad-values, unknown-stack, user, endless, throws.
  {remedy}.
""",
        )
        for verb, remedy in {
            "state history": "Name one",
            "stack outputs": "Name one",
            "stack graph": "Name one",
            "attach": "Name one",
            "rollback 1": "Name one with --stack",
        }.items()
    },
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


def test_pending_changes_answer_two_only_when_asked(trial):
    assert trial.run("preview", "sound").code == 0
    assert trial.run("preview", "sound", "--exit-code").code == 2


@pytest.mark.parametrize("text", ["soon", "5s", "-1", "99999"])
def test_a_patience_that_is_no_number_of_seconds_is_refused(trial, text):
    said = trial.run("up", "sound", "--yes", environment={"STRATA_VISIBLE_WITHIN": text})

    assert said.code == 1, said
    assert (
        said.err
        == f"""error: Unusable patience
  STRATA_VISIBLE_WITHIN is "{text}".
  Give it a number of seconds, 0 to 3600, or leave it out.
"""
    )
    assert trial.changes() == []
