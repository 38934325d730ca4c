"""What is known of Articles 9, 26 and 27, read from `fixtures/applying/eu_ai_act_duties.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from systems.applying.rules import read_data


@dataclass(frozen=True, slots=True)
class Element:
    """One element of an article, the parts of an assessment that speak to it, and what lies beyond the standards."""

    key: str
    label: str
    reads: tuple[str, ...]
    beyond: str
    only: str


@dataclass(frozen=True, slots=True)
class Article:
    """An article, whom it binds, and its elements."""

    number: str
    title: str
    who: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """From when a way to be high-risk has its duties, and by which provision."""

    on: date
    basis: str


@dataclass(frozen=True, slots=True)
class Dates:
    """One version of the dates: known from a day on, with its source; `is_secondary` ones are to be checked."""

    version: int
    since: date
    annex_i: Day
    annex_iii: Day
    source: str
    is_secondary: bool


@cache
def about_duties() -> dict[str, Any]:
    """Return the whole file: its edition, its date, dates, articles."""
    return read_data("eu_ai_act_duties")


@cache
def articles() -> Mapping[str, Article]:
    """Return the articles by number, in the order of the Act."""
    return {str(number): _article(str(number), told) for number, told in about_duties()["articles"].items()}


def _article(number: str, told: Mapping[str, Any]) -> Article:
    elements = tuple(
        Element(one["key"], one["label"], tuple(one["reads"]), one.get("beyond", ""), one.get("only", ""))
        for one in told["elements"]
    )
    return Article(number, told["title"], told["who"], elements)


@cache
def all_dates() -> tuple[Dates, ...]:
    """Return every version of the dates, oldest first."""
    return tuple(
        Dates(
            told["version"],
            told["from"],
            Day(**told["annex-i"]),
            Day(**told["annex-iii"]),
            told["source"],
            told["check"],
        )
        for told in sorted(about_duties()["dates"], key=lambda told: (told["from"], told["version"]))
    )


def dates_on(day: date) -> Dates:
    """Return the version that was known on a day; before the first, the first."""
    return next((dates for dates in reversed(all_dates()) if dates.since <= day), all_dates()[0])


@cache
def keys(name: str) -> frozenset[str]:
    """Return a list of the file, such as the acts of Annex I, Section B."""
    return frozenset(map(str, about_duties()[name]))
