"""What is known of the EU AI Act, read from `fixtures/applying/eu_ai_act.yaml`: points, dates, duties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from systems.applying.conditions import Condition, read_condition
from systems.applying.rules import Rule, Strength, read_data

EU = ("classification", "eu_ai_act")


@dataclass(frozen=True, slots=True)
class Point:
    """An article, point or act with its short label; `starts` names a date of application other than the usual."""

    key: str
    article: str
    label: str
    starts: str = ""
    is_area: bool = False
    who: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """From when something applies, and by which provision."""

    key: str
    on: date
    basis: str
    what: str


@dataclass(frozen=True, slots=True)
class DutyRule:
    """A duty: when it falls, from when, on whom, and the nearest requirements; `is_outside` has none."""

    article: str
    label: str
    rule: Rule
    starts: str
    controls: tuple[str, ...]
    is_high: bool
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A duty of Art. 50 that facts suggest."""

    duty: str
    when: tuple[Condition, ...]
    words: str


@cache
def about_act() -> dict[str, Any]:
    """Return the whole file: its edition, date, sources and points."""
    return read_data("eu_ai_act")


@cache
def points(kind: str) -> dict[str, Point]:
    """Return the points of one kind, such as prohibited_practices or annex_iii, by key."""
    return {str(key): _point(kind, str(key), told) for key, told in about_act()[kind].items()}


def _point(kind: str, key: str, told: Mapping[str, Any]) -> Point:
    article = told.get("article") or told.get("act") or (f"Annex III, point {key}" if kind == "annex_iii" else "")
    return Point(key, article, told["label"], told.get("starts", ""), bool(told.get("area")), told.get("who", ""))


@cache
def starts() -> dict[str, Start]:
    """Return the dates of application by name, in order."""
    found = (Start(key, told["on"], told["basis"], told["what"]) for key, told in about_act()["dates"].items())
    return {start.key: start for start in sorted(found, key=lambda start: start.on)}


@cache
def duties() -> tuple[DutyRule, ...]:
    """Return every duty, in the order of the Act."""
    return tuple(_duty(told) for told in about_act()["duties"])


@cache
def suggestions() -> tuple[Suggestion, ...]:
    """Return what facts suggest of Art. 50."""
    return tuple(
        Suggestion(told["duty"], tuple(map(read_condition, told["when"])), told["words"])
        for told in about_act()["suggested"]
    )


@cache
def high_when() -> tuple[tuple[Condition, ...], ...]:
    """Return the ways in which facts make a system high-risk, each of which is enough."""
    return tuple(tuple(map(read_condition, way)) for way in about_act()["high_when"])


def _duty(told: Mapping[str, Any]) -> DutyRule:
    ways: tuple[tuple[Condition, ...], ...] = ((),)
    if "when" in told:
        ways = (tuple(map(read_condition, told["when"])),)
    if told.get("high"):
        ways = tuple((*way, *high) for way in ways for high in high_when())
    if "who" in told:
        role = read_condition({"at": ".".join((*EU, "role")), "is": [told["who"]]})
        ways = tuple((*way, role) for way in ways)
    asks = dict.fromkeys(map(str, told["controls"]), Strength.PROPOSES)
    words = f"{{system}}: {told['article']} of the EU AI Act ({_lowered(told['label'])})"
    rule = Rule(f"eu-{told['article'].removeprefix('Art. ').replace(' ', '-')}", ways, asks, words, "LG")
    return DutyRule(
        told["article"],
        told["label"],
        rule,
        told.get("starts", ""),
        tuple(asks),
        bool(told.get("high")),
        bool(told.get("is_outside")),
    )


def _lowered(label: str) -> str:
    return label[0].lower() + label[1:] if not label[:2].isupper() else label
