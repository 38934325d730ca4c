"""What this room asks of the room that holds what is judged: who hears that policies changed, what the results are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.actor import Actor

Listener = Callable[[Actor], None]

_listeners: list[Listener] = []


def hears_of_policies(listener: Listener) -> Listener:
    """Register who judges anew, from `AppConfig.ready`; it runs in the transaction of the change."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell_of_policies(actor: Actor) -> None:
    """Tell that what systems are judged by is not what it was."""
    for listener in _listeners:
        listener(actor)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many systems a policy passes and fails, and since when that stands; `errors` could not be judged."""

    passed: int = 0
    failed: int = 0
    errors: int = 0
    at: datetime | None = None

    @property
    def judged(self) -> int:
        """How many systems it was asked about."""
        return self.passed + self.failed + self.errors


@dataclass(frozen=True, slots=True)
class Failing:
    """A system that a policy does not pass, and what it says."""

    code: str
    title: str
    address: str
    is_error: bool
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the room that holds the systems answers: results by policy, and records to try a text on.

    `failing` returns the first of them and how many there are; `record` returns None where there is no such system.
    """

    standings: Callable[[], Mapping[int, Standing]]
    failing: Callable[[int], tuple[Iterable[Failing], int]]
    choices: Callable[[], list[tuple[str, str]]]
    record: Callable[[str], dict[str, Any] | None]
    address: Callable[[str], str]


_subjects: list[Subjects] = []


def holds_subjects(subjects: Subjects) -> None:
    """Register the room that holds what is judged, from `AppConfig.ready`; there is one."""
    _subjects[:] = [subjects]


def subjects() -> Subjects | None:
    """Return the room that holds what is judged."""
    return _subjects[0] if _subjects else None
