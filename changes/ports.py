"""What a change asks of rooms it cannot see: what it touches, which assessments were refreshed, what was evaluated."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from accounts.actor import Actor
from changes.models import Touched
from systems.models import AiSystem


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that a change of a system may touch: its reference, its group, and why it is named."""

    ref: str
    group: str
    title: str
    address: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A change as other rooms are asked about it: the system, the kinds, and the places of its record that differ.

    A place in a list is named without a row, such as ("data", "sources", "provenance"), as `fields_serving` does.
    """

    system: AiSystem
    kinds: frozenset[str]
    places: frozenset[tuple[str, ...]]


TouchProvider = Callable[[Asked], Iterable[Thing]]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """An edition of an impact assessment of the system, decided at an instant."""

    ref: str
    title: str
    at: datetime
    address: str


RefreshProvider = Callable[[AiSystem, datetime], Iterable[Refreshed]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of an evaluation of the system against a named benchmark; `has_passed` is its own word."""

    ref: str
    title: str
    benchmark: str
    value: Decimal | None
    threshold: Decimal | None
    has_passed: bool
    at: datetime
    address: str
    lower_is_better: bool = False


EvaluationProvider = Callable[[AiSystem, datetime], Iterable[Evaluation]]


@dataclass(frozen=True, slots=True)
class SaidOf:
    """What was said of a thing that a change may touch, and who said it; `thing.change` is loaded."""

    thing: Touched
    actor: Actor


SaidListener = Callable[[SaidOf], None]

_said: list[SaidListener] = []
_touches: list[TouchProvider] = []
_refreshed: list[RefreshProvider] = []
_evaluations: list[EvaluationProvider] = []


def touches(provider: TouchProvider) -> TouchProvider:
    """Register who knows what a change may touch, from `AppConfig.ready`; it makes a fixed number of queries."""
    if provider not in _touches:
        _touches.append(provider)
    return provider


def tells_refreshed(provider: RefreshProvider) -> RefreshProvider:
    """Register who knows the editions of assessments that were decided after an instant, the newest first."""
    if provider not in _refreshed:
        _refreshed.append(provider)
    return provider


def tells_evaluations(provider: EvaluationProvider) -> EvaluationProvider:
    """Register who knows the evaluations of a system since an instant, the newest first."""
    if provider not in _evaluations:
        _evaluations.append(provider)
    return provider


def touched_by(asked: Asked) -> list[Thing]:
    """Return everything that a change may touch, each once, in the order of the rooms."""
    found: dict[str, Thing] = {}
    for provider in _touches:
        for thing in provider(asked):
            found.setdefault(thing.ref, thing)
    return list(found.values())


def refreshed_since(system: AiSystem, since: datetime) -> list[Refreshed]:
    """Return the assessments of the system that were decided after an instant."""
    return [each for provider in _refreshed for each in provider(system, since)]


def evaluations_since(system: AiSystem, since: datetime) -> list[Evaluation]:
    """Return the evaluations of the system since an instant."""
    return [each for provider in _evaluations for each in provider(system, since)]


def hears_said(listener: SaidListener) -> SaidListener:
    """Register who hears what is said of the things a change may touch, from `AppConfig.ready`, in that transaction."""
    if listener not in _said:
        _said.append(listener)
    return listener


def tell_said(said: SaidOf) -> None:
    """Tell every room that asks the same of its own things, in the order of the rooms."""
    for listener in _said:
        listener(said)
