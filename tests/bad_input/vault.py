"""The stack `vault`, which takes a secret in wherever one can stand."""

from __future__ import annotations

import json

from canaries import ANYTHING, ASCII, ONE_LINE, Canary
from watch import Watch

# What a service takes: RDS has no use for some characters in a password, a header field for all but printable ASCII.
SPECIAL = {"header": ASCII, "password": "%+<&>=\\'$`{}"}
PLACES = [
    *("binary", "command", "description", "document", "header", "label", "output", "parameter"),
    *("password", "policy", "text", "variable"),
]


class Vault:
    """The stack `vault` with a canary at every place, and its environment's file."""

    def __init__(
        self, watch: Watch, environment: str = "local", encryption: str = "{key: file}", state: str = ".strata/state", **variables: str
    ):
        self.watch = watch
        self.environment = environment
        self.header = f"state: {state}\nencryption: {encryption}\n"
        self.variables = variables
        self.generation = 0
        self.now: dict[str, Canary] = {}

    def fill(self, *places: str) -> None:
        """New canaries at these places, or at all: the ones before are old values then."""
        self.generation += 1
        if not self.now:
            self.configure()
        for place in places or [*PLACES, "ordinary"]:
            canary = self.watch.canaries.make(f"value {self.generation} of {place}", self.special(place))
            self.now[place] = canary
            if place != "ordinary":
                self.seal(place, canary)
        if "ordinary" in self.now and self.now["ordinary"].name.startswith(f"value {self.generation} "):
            self.put_ordinary()

    def special(self, place: str) -> str:
        return SPECIAL.get(place, ONE_LINE if len(place) % 2 else ANYTHING)

    @property
    def file(self) -> str:
        return f"config/{self.environment}.yaml"

    def configure(self) -> None:
        text = f"account: 123456789012\nregion: ca-central-1\nendpoint: {self.watch.trial.emulated.endpoint}\n"
        self.watch.write(self.file, text + self.header + "settings:\n  ordinary: nothing yet\n")

    def seal(self, place: str, canary: Canary) -> None:
        """From the input, or, where it has several lines, from the command line: the person's own."""
        key = ["config", "set", f"settings.{place}", "--secret", "--env", self.environment]
        if "\n" in canary.text:
            self.watch.works(*key, "--", canary.text, may_hold={canary}, environment=self.variables)
        else:
            self.watch.works(*key, stdin=canary.text + "\n", environment=self.variables)

    def put_ordinary(self) -> None:
        """It stands in the file in clear: there the person has put it."""
        self.watch.owns(self.file, self.now["ordinary"])
        file = self.watch.trial.folder / self.file
        written_before = file.read_text().splitlines()
        at = next(i for i, line in enumerate(written_before) if line.startswith("  ordinary:"))
        written_before[at] = f"  ordinary: {json.dumps(self.now['ordinary'].text, ensure_ascii=False)}"
        file.write_text("\n".join(written_before) + "\n")
