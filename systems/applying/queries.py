"""Questions about what follows from records, each answered in one query however many systems there are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min

from aims.history import rows_at, then
from systems.applying.asked import CONTROLS, Answer
from systems.applying.evaluate import asked_by, met_of, rules
from systems.applying.models import Implication
from systems.models import AiSystem, Stage


@dataclass(frozen=True, slots=True)
class RuleInPlay:
    """A rule that systems in scope meet: how many, the first by its code, and when that last changed for any."""

    name: str
    count: int
    first: str
    newest: datetime


@dataclass(frozen=True, slots=True)
class Some:
    """How many systems in scope, and the first by its code."""

    count: int
    first: str


@dataclass(frozen=True, slots=True)
class InPlay:
    """What follows from the records of all systems in scope."""

    systems: int
    rules: tuple[RuleInPlay, ...]
    answers: Mapping[str, Mapping[Answer, int]]
    unanswered: Mapping[str, Some]
    clashing: Some


NOTHING = InPlay(0, (), {}, {}, Some(0, ""))


def in_play(at: datetime | None = None) -> InPlay:
    """Return what follows from all systems in scope, now or as it stood at an instant; one query.

    The database puts systems together that nothing tells apart, so that a page reads as many rows as there are kinds.
    """
    groups = list(_in_scope(at).values_list("rules", "answers", "clashes", "count", "first", "newest", "scoped"))
    total = sum(group[3] for group in groups)
    clashing = [(count, first) for _rules, _answers, clashes, count, first, *_rest in groups if clashes]
    return InPlay(total, _rules(groups), _answers(groups), _unanswered(groups), _some(clashing))


def _in_scope(at: datetime | None) -> Any:
    rows: Any = Implication.objects.standing_at(at)
    if at is None:
        rows = rows.filter(system__is_in_scope=True).exclude(system__stage=Stage.RETIRED)
        rows = rows.annotate(said=F("system__scope_said_at"))
    else:
        told = {name: then(AiSystem, name, "system_id", at) for name in ("is_in_scope", "stage", "scope_said_at")}
        rows = rows.annotate(is_in=told["is_in_scope"], stage=told["stage"], said=told["scope_said_at"])
        rows = rows.filter(is_in=True).exclude(stage=Stage.RETIRED)
    rows = rows.order_by().values("rules", "answers", "clashes")
    return rows.annotate(count=Count("id"), first=Min("system__code"), newest=Max("since"), scoped=Max("said"))


def _rules(groups: Iterable[tuple[Any, ...]]) -> tuple[RuleInPlay, ...]:
    found: dict[str, tuple[int, str, datetime]] = {}
    for names, _answers, _clashes, count, first, newest, scoped in groups:
        last = max(newest, scoped) if scoped else newest
        for name in names.split():
            held = found.get(name)
            found[name] = (held[0] + count, min(held[1], first), max(held[2], last)) if held else (count, first, last)
    return tuple(RuleInPlay(name, *found[name]) for name in rules() if name in found)


def _answers(groups: Iterable[tuple[Any, ...]]) -> dict[str, dict[Answer, int]]:
    found = {control: Counter[str]() for control in CONTROLS}
    for _names, letters, _clashes, count, *_rest in groups:
        for control, letter in zip(CONTROLS, letters, strict=False):
            found[control][letter] += count
    return {control: {answer: counts[answer] for answer in Answer} for control, counts in found.items()}


def _unanswered(groups: Iterable[tuple[Any, ...]]) -> dict[str, Some]:
    """Count who says nothing of a control that their own roles or facts speak for."""
    found: dict[str, list[tuple[int, str]]] = {}
    for names, letters, _clashes, count, first, *_rest in groups:
        asked = asked_by(names.split())
        for control, letter in zip(CONTROLS, letters, strict=False):
            if letter == Answer.NOTHING and control in asked:
                found.setdefault(control, []).append((count, first))
    return {control: _some(some) for control, some in found.items()}


def _some(found: list[tuple[int, str]]) -> Some:
    return Some(sum(count for count, _first in found), min((first for _count, first in found), default=""))


def rules_of_systems(at: datetime | None = None) -> Any:
    """Return what follows for an outer query's `system_id`, to be annotated as a subquery."""
    return Implication.objects.standing_at(at).values("rules")


@dataclass(frozen=True, slots=True)
class Because:
    """A system that meets a rule, in the rule's sentence."""

    rule: str
    code: str
    sentence: str


def because(asked: Iterable[tuple[str, str]], at: datetime | None = None) -> list[Because]:
    """Return the sentences of rules for systems by their codes, as their records stand or stood; one query."""
    pairs = list(asked)
    codes = {code for _rule, code in pairs}
    records = dict(rows_at(AiSystem, at).filter(code__in=codes).values_list("code", "record")) if codes else {}
    found = []
    for name, code in pairs:
        rule = rules()[name]
        met = met_of(rule, records.get(code, {}))
        if met is not None:
            found.append(Because(name, code, rule.sentence(code, met.what)))
    return found


def systems_meeting(names: Iterable[str], most: int) -> list[tuple[str, tuple[str, ...]]]:
    """Return the first systems in scope that meet any of some rules, each with the rules it meets; one query."""
    wanted = set(names)
    rows = Implication.objects.current().meeting(wanted)
    rows = rows.filter(system__is_in_scope=True).exclude(system__stage=Stage.RETIRED).order_by("system__code")
    found = rows.values_list("system__code", "rules")[:most]
    return [(code, tuple(name for name in said.split() if name in wanted)) for code, said in found]
