"""Mistakes in the configuration: all of them in one run, each with its line."""

import pytest
from outcome import refused
from trial import STRATA

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
