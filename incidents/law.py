"""What is shipped as data: the wording of severities, and the duties to notify that law puts on an organisation."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

WORST, LEAST = 1, 4
NOTABLE = (1, 2)


@dataclass(frozen=True, slots=True)
class Severity:
    """A severity with its wording."""

    level: int
    name: str
    tone: str
    meaning: str

    def __str__(self) -> str:
        return f"{self.level} {self.name}"


@dataclass(frozen=True, slots=True)
class LegalDuty:
    """A duty to notify: where and on what it hangs, to whom, and within what; without a limit it is due at once.

    `roles` are those of the EU AI Act. Of duties with one `instead` only the one with the shortest limit stands.
    """

    key: str
    title: str
    authority: str
    source: str
    where: str = ""
    any: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    high_risk: bool = False
    hours: int | None = None
    days: int | None = None
    instead: str = ""
    kinds: frozenset[str] = frozenset()
    least_severity: int = 0


@dataclass(frozen=True, slots=True)
class Law:
    """The duties as they were checked on a day, and which words of records mean which place."""

    version: int
    checked_on: date
    duties: tuple[LegalDuty, ...]
    places: dict[str, str]
    regions: dict[str, str]
    region_exceptions: dict[str, str]


def _read(name: str) -> Any:
    text = (settings.FIXTURES / "incidents" / f"{name}.yaml").read_text(encoding="utf-8")
    return YAML(typ="safe").load(text)


@cache
def severities() -> tuple[Severity, ...]:
    """Return the four, the worst first."""
    return tuple(Severity(**row) for row in _read("severities")["levels"])


def severity_of(level: int | None) -> Severity | None:
    """Return the wording of a severity, or nothing before triage."""
    return next((row for row in severities() if row.level == level), None)


@cache
def law() -> Law:
    """Return the shipped duties."""
    read = _read("duties")
    places = {str(word): place for place, words in read["places"].items() for word in words}
    duties = tuple(LegalDuty(**{name: _value(name, value) for name, value in row.items()}) for row in read["duties"])
    return Law(read["version"], read["checked_on"], duties, places, read["regions"], read["region_exceptions"])


def _value(name: str, value: Any) -> Any:
    return frozenset(value) if name in {"any", "all", "roles", "kinds"} else value
