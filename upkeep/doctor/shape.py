"""A check is a function that returns what it found; one that breaks is itself a finding."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

MEND_UNKNOWN = "The error above is the database's, the store's or the system's own; mend that and look again."


class Level(StrEnum):
    """How bad it is: a warning lets Assay run, a failure does not, or loses something."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Found:
    """What a check says: how bad, in words, and what to do."""

    level: Level
    words: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, under its name."""

    check: str
    level: Level
    words: str
    mend: str

    @property
    def as_json(self) -> dict[str, Any]:
        """The finding as plain values."""
        return asdict(self)


Check = Callable[[], Found]


def ok(words: str) -> Found:
    """All is well."""
    return Found(Level.OK, words)


def warn(words: str, mend: str) -> Found:
    """Assay runs, and somebody should look."""
    return Found(Level.WARN, words, mend)


def fail(words: str, mend: str) -> Found:
    """Something does not work, or is about to be lost."""
    return Found(Level.FAIL, words, mend)


def examine(checks: Sequence[Check]) -> list[Finding]:
    """Run every check, each whatever became of the others."""
    return [_finding(check) for check in checks]


def name_of(check: Check) -> str:
    """Return what a check is called: `static_files` is "static files"."""
    return check.__name__.replace("_", " ")


def _finding(check: Check) -> Finding:
    try:
        found = check()
    except Exception as error:  # noqa: BLE001  (whatever breaks a check is what it found)
        found = fail(f"{type(error).__name__}: {str(error).strip()}", MEND_UNKNOWN)
    return Finding(name_of(check), found.level, found.words, found.mend)
