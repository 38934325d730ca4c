"""What incidents ask of rooms they cannot see: evaluations passed, what references name, who looks again."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.actor import Actor
from systems.models import AiSystem


@dataclass(frozen=True, slots=True)
class Passed:
    """An evaluation that a system passed: when it was finished, its reference and page."""

    at: datetime
    ref: str
    title: str = ""
    address: str = ""


EvaluationProvider = Callable[[AiSystem, datetime], Passed | None]
_evaluations: list[EvaluationProvider] = []


def tells_evaluations(provider: EvaluationProvider) -> EvaluationProvider:
    """Register who knows of evaluations: given a system and an instant, the newest one passed since then, or None."""
    if provider not in _evaluations:
        _evaluations.append(provider)
    return provider


def passed_since(system: AiSystem, since: datetime) -> Passed | None:
    """Return the newest evaluation that the system passed after an instant, whoever tells of it."""
    found = [passed for provider in _evaluations if (passed := provider(system, since)) is not None]
    return max(found, key=lambda passed: passed.at, default=None)


@dataclass(frozen=True, slots=True)
class Named:
    """What a reference names: its title and its page."""

    ref: str
    title: str
    address: str


Namer = Callable[[Collection[str]], Iterable[Named]]
_namers: dict[str, Namer] = {}


def names_references(kind: str, namer: Namer) -> None:
    """Register who knows the references of a kind, such as `risk`: given codes, it returns those that exist."""
    _namers[kind] = namer


def kinds_named() -> tuple[str, ...]:
    """Return the kinds that an incident can refer to."""
    return tuple(_namers)


def named(refs: Iterable[str]) -> Mapping[str, Named]:
    """Return what exists of these references; one question a kind."""
    codes: dict[str, list[str]] = {}
    for ref in refs:
        kind, _colon, code = ref.partition(":")
        codes.setdefault(kind, []).append(code)
    return {one.ref: one for kind, some in codes.items() if kind in _namers for one in _namers[kind](some)}


@dataclass(frozen=True, slots=True)
class Doubted:
    """A severe incident of a system, which casts doubt on what was judged of it: reference, words and page."""

    system: AiSystem
    ref: str
    words: str
    address: str
    actor: Actor


DoubtListener = Callable[[Doubted], None]
_doubts: list[DoubtListener] = []


def hears_of_doubt(listener: DoubtListener) -> DoubtListener:
    """Register who judged systems and is asked to look again, from `AppConfig.ready`, in that transaction."""
    if listener not in _doubts:
        _doubts.append(listener)
    return listener


def tell_of_doubt(doubted: Doubted) -> None:
    """Tell every room that judged the system, in the order of the rooms."""
    for listener in _doubts:
        listener(doubted)
