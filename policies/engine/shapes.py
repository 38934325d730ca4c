"""What goes into the engine and what comes out of it."""

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """What became of one record under one policy; an error never counts as passed."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Source:
    """A policy as text, and what to call it: the name of its file; `fault` says why a file could not be read."""

    name: str
    text: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a policy is not used; `line` is 0 where no line can be named."""

    name: str
    line: int
    words: str

    def __str__(self) -> str:
        place = f"{self.name}:{self.line}" if self.line else self.name
        return f"{place}: {self.words}"


@dataclass(frozen=True, slots=True)
class Denial:
    """A message of a policy, and the place of the record it is about where the policy names one."""

    message: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy says about one record."""

    state: State
    denials: tuple[Denial, ...] = ()
    error: str = ""

    @property
    def messages(self) -> tuple[str, ...]:
        """The texts for people: what is denied, or what went wrong."""
        return (self.error,) if self.error else tuple(denial.message for denial in self.denials)


PASSED = Outcome(State.PASSED)


@dataclass(frozen=True, slots=True)
class Limits:
    """What judging may take: CPU of one policy for one record, memory of the process, policies and records at once."""

    seconds: float = 2.0
    memory: int = 768 * 1024 * 1024
    strikes: int = 3
    most_text: int = 256 * 1024
    batch: int = 4_000
    batch_bytes: int = 32 * 1024 * 1024


LIMITS = Limits()


@dataclass(slots=True)
class Judgement:
    """What all policies say about all records, in their order.

    `faults` are policies that were not used; `packages` says which sources each judged package comes from; `about` has
    the package of each source, empty where it could not be read.
    """

    faults: list[Fault] = field(default_factory=list)
    packages: dict[str, tuple[str, ...]] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    outcomes: list[dict[str, Outcome]] = field(default_factory=list)


class NoEngine(Exception):
    """Policies cannot be judged on this machine, or the engine fell over; the message is for people."""
