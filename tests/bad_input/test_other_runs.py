"""What another run holds, or has changed since a plan was made: this run says so and changes nothing."""

import re

from outcome import refused

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
