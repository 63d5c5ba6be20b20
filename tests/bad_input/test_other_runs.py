"""What another run holds, or has changed since a plan was made: this run says so and changes nothing."""

import re

from outcome import refused

HELD = """error: Another run works on this stack
  file .strata/state/local/sound/lock: held for "up" by tester@HOST (process N) since TIME; its lease ends in N s unless it is renewed.
  Wait until it has ended and try again, or let this command wait:
    --lock-timeout 300
"""


def test_a_held_lock_answers_four_and_names_its_owner(trial):
    trial.faults("sqs:CreateQueue#1=pause")
    holder = trial.start("up", "sound", "--yes")
    trial.wait_for_held()

    for command in ("up sound --yes", "destroy sound --yes", "refresh sound --yes"):
        said = trial.run(*command.split())
        shown = re.sub(r"since \S+; its lease ends in \d+ s", "since TIME; its lease ends in N s", said.err)
        assert (said.code, shown) == (4, HELD), command
    assert trial.run("preview", "sound").code == 0

    trial.admin("POST", "release")
    assert trial.finish(holder).code == 0


def test_a_plan_that_no_longer_fits_answers_eight_and_says_why(deployed):
    assert deployed.run("preview", "sound", "--replace", "apart", "--save-plan", "review.plan").code == 0
    assert deployed.run("up", "sound", "--yes", "--replace", "first").code == 0

    said = refused(deployed, 8, "up", "--plan", "review.plan")
    assert re.sub(r"serial was \d+ and is now \d+", "serial was N and is now N", said) == """error: The saved plan no longer fits
  review.plan: sound: the state's serial was N and is now N.
  Nothing was changed. Make and review a new one:
    strata preview --save-plan review.plan
"""
