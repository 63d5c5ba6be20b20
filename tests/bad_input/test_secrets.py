"""A secret's value is shown nowhere and remembered nowhere in plain, whatever fails."""

import pytest
from trial import PASSWORD


@pytest.mark.parametrize("fault", ["error:400:ValidationException", "html", "drop-after", "big-body:1000"])
def test_no_secret_is_shown_whatever_fails(trial, fault):
    trial.faults(f"ssm:PutParameter#1={fault}")

    shown = [trial.run("up", "secret", "--yes", "--verbose", "--diff"), trial.run("up", "secret", "--yes", "--json", "--verbose")]
    shown += [trial.run(*command.split()) for command in ("state show key", "state export secret", "stack outputs secret")]

    assert shown[0].code in (3, 9), shown[0]
    assert all(PASSWORD not in said.out + said.err for said in shown)
    assert all(PASSWORD.encode() not in content for content in trial.remembered().values())
