"""Whether a change of a record is material, of which kinds it is and what they demand: pure, from versioned data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path as File
from typing import Any

from django.utils.translation import gettext_lazy as _
from ruamel.yaml import YAML

from systems.record.differences import Difference, differences
from systems.record.reading import Path

FILE = File(__file__).with_name("material.yaml")
EACH = "[]"

KINDS = {
    "model": _("Model"),
    "prompt": _("Prompt"),
    "tool": _("Tool"),
    "data": _("Data"),
    "purpose": _("Purpose"),
    "users": _("Users"),
    "region": _("Region"),
    "automation": _("Automation"),
    "supplier": _("Supplier"),
}
CHOICES = list(KINDS.items())
DEMANDS = {
    "assessment": _("Refreshed impact assessment"),
    "evaluation": _("Regression evaluation"),
    "canary": _("Canary"),
    "approval": _("Approval"),
}


class NotRules(ValueError):
    """The data does not say what is material."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Places that mean one kind of change, and what that demands."""

    kind: str
    places: tuple[Path, ...]
    demands: frozenset[str]


@dataclass(frozen=True, slots=True)
class Demanded:
    """When a demand is made, and whether a person may say that it does not apply."""

    name: str
    is_always: bool
    stages: frozenset[str]
    may_be_waived: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of what is material."""

    version: int
    rules: tuple[Rule, ...]
    demands: dict[str, Demanded]
    judged_from: frozenset[str]
    emergency_days: int


@dataclass(frozen=True, slots=True)
class Material:
    """A place that differs, and the kinds of change it means."""

    difference: Difference
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a change is and what it demands, in the order of the vocabulary; empty when nothing material differs."""

    kinds: tuple[str, ...]
    demands: tuple[str, ...]
    differences: tuple[Material, ...]

    def __bool__(self) -> bool:
        return bool(self.kinds)


@cache
def rules() -> Rules:
    """Return the rules in force, read once."""
    return rules_of(YAML(typ="safe").load(FILE.read_text(encoding="utf-8")))


def rules_of(data: Any) -> Rules:
    """Return rules from their data; a kind or demand that the vocabulary lacks is a fault of the data."""
    demands = {
        name: Demanded(
            name,
            is_always=said.get("always", False),
            stages=frozenset(said.get("stages", ())),
            may_be_waived=said["may_be_waived"],
        )
        for name, said in data["demands"].items()
    }
    found = tuple(
        Rule(row["kind"], tuple(_place(text) for text in row["places"]), frozenset(row["demands"]))
        for row in data["rules"]
    )
    strange = {rule.kind for rule in found} - KINDS.keys() | demands.keys() ^ DEMANDS.keys()
    strange |= frozenset().union(*(rule.demands for rule in found)) - demands.keys()
    if strange:
        raise NotRules(f"material.yaml speaks of {', '.join(sorted(strange))}")
    return Rules(data["version"], found, demands, frozenset(data["judged_from"]), data["emergency_days"])


def judge(before: dict[str, Any], after: dict[str, Any], *, stage: str = "", by: Rules | None = None) -> Judgement:
    """Judge a change of a record; a demand that is made in some stages only is left out in others."""
    said = by or rules()
    found: list[Material] = []
    demands: set[str] = set()
    for difference in differences(tidied(before), tidied(after)):
        meant = [rule for rule in said.rules if any(_means(difference, place) for place in rule.places)]
        if meant:
            found.append(Material(difference, _in_order((rule.kind for rule in meant), KINDS)))
            demands = demands.union(*(rule.demands for rule in meant))
    if found:
        demands |= {name for name, demanded in said.demands.items() if demanded.is_always}
    demands -= {
        name for name in demands if stage and said.demands[name].stages and stage not in said.demands[name].stages
    }
    return Judgement(
        kinds=_in_order((kind for each in found for kind in each.kinds), KINDS),
        demands=_in_order(demands, DEMANDS),
        differences=tuple(found),
    )


def demanded_of(kinds: Iterable[str], stage: str) -> tuple[str, ...]:
    """Return what a change that is only planned will demand: everything its kinds may, at this stage."""
    said, named = rules(), set(kinds)
    demands = {name for name, demanded in said.demands.items() if demanded.is_always}
    demands = demands.union(*(rule.demands for rule in said.rules if rule.kind in named))
    kept = (name for name in demands if not said.demands[name].stages or stage in said.demands[name].stages)
    return _in_order(kept, DEMANDS)


def tidied(value: Any) -> Any:
    """Return a record without what is only formatting: blanks around and within texts, the order of lists of words."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {name: tidied(item) for name, item in value.items()}
    if not isinstance(value, list):
        return value
    rows = [tidied(item) for item in value]
    return sorted(rows) if all(isinstance(row, str) for row in rows) else rows


def _place(text: str) -> Path:
    return tuple(part for name in text.split(".") for part in ((name[:-2], EACH) if name.endswith(EACH) else (name,)))


def _means(difference: Difference, place: Path) -> bool:
    """Tell whether a difference is one of the place: at it or within it, or around it and the place differs therein."""
    path = difference.path
    shared = min(len(path), len(place))
    if not all(wanted in (EACH, part) for part, wanted in zip(path, place, strict=False)):
        return False
    if len(path) >= len(place):
        return True
    rest = place[shared:]
    return list(_leaves(difference.before, rest)) != list(_leaves(difference.after, rest))


def _leaves(value: Any, place: Path) -> Iterator[Any]:
    if not place:
        if value not in (None, "", [], {}):
            yield value
        return
    name, *rest = place
    if name == EACH:
        for item in value if isinstance(value, list) else ():
            yield from _leaves(item, tuple(rest))
    elif isinstance(value, dict):
        yield from _leaves(value.get(name), tuple(rest))


def _in_order(names: Iterable[str], vocabulary: Iterable[str]) -> tuple[str, ...]:
    found = set(names)
    return tuple(name for name in vocabulary if name in found)
