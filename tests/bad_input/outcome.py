"""What a run comes to: refused with nothing changed, or all done after one run more."""


def refused(trial, code: int, *arguments: str, **options) -> str:
    """Runs what must be refused before anything is changed; what it said to stderr."""
    before = trial.remembered()
    changes = trial.changes()
    said = trial.run(*arguments, **options)
    assert said.code == code, said
    assert trial.changes() == changes
    assert trial.remembered() == before
    return said.err


def converges(trial, *stacks: str) -> list[str]:
    """Runs `up` until nothing is to be done, which is the second time; every change that was ever carried out."""
    trial.faults()
    again = trial.run("up", *stacks, "--yes")
    last = trial.run("up", *stacks, "--yes")
    assert again.code == 0, again
    assert last.code == 0 and last.out.startswith("Nothing to do"), last
    return sorted(trial.changes())
