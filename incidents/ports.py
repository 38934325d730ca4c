"""What incidents ask of rooms they cannot see: evaluations passed, what references name, who looks again."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

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
class Judgement:
    """An assessment that an incident casts doubt on: its reference, who answers for it, and its page."""

    ref: str
    title: str
    owner_id: int | None
    address: str


JudgementProvider = Callable[[AiSystem], Judgement | None]
_judgements: list[JudgementProvider] = []


def tells_judgements(provider: JudgementProvider) -> JudgementProvider:
    """Register who knows which assessment counts for a system; its owner is asked to look again."""
    if provider not in _judgements:
        _judgements.append(provider)
    return provider


def judgements_of(system: AiSystem) -> list[Judgement]:
    """Return the assessments that count for a system."""
    return [found for provider in _judgements if (found := provider(system)) is not None]
