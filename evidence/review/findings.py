"""What a reader is told of a document: each finding with the words that show it, or the name of what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass

from evidence.review.authority import Authority
from evidence.review.data import LANGUAGES, rubric
from evidence.review.dates import Dated
from evidence.review.faults import Fault
from evidence.review.specifics import Specifics
from evidence.review.words import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """What speaks for or against a document: what it is, and the words that show it; none when something is missing."""

    says: str
    quote: str = ""

    def __str__(self) -> str:
        return f'{self.says}: "{self.quote}"' if self.quote else f"{self.says}."


@dataclass(frozen=True, slots=True)
class Contents:
    """Which expected contents are there, each with where it is said."""

    elements: tuple[tuple[str, int | None], ...]
    general: tuple[tuple[str, int | None], ...]

    @property
    def share(self) -> float:
        """How much of what the control expects is there, from 0 to 1."""
        return sum(place is not None for _name, place in self.elements) / len(self.elements)

    @property
    def points(self) -> int:
        """Completeness: the control's own contents count twice what every document of the kind holds."""
        general = sum(place is not None for _name, place in self.general) / len(self.general)
        return min(5, int(5 * (2 * min(1.0, self.share / 0.84) + min(1.0, general / 0.8)) / 3 + 0.5))


@dataclass(frozen=True, slots=True)
class Weighed:
    """Everything that was found out about a document."""

    text: Text
    points: dict[str, int]
    contents: Contents
    faults: list[Fault]
    authority: Authority
    specifics: Specifics
    dates: list[Dated]


def findings_of(weighed: Weighed) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return what is strong and what an auditor would flag; what is about something else has no strengths."""
    flags = (*_of_faults(weighed),)
    if weighed.points["relevance"] <= 1:
        return (), flags
    return (*_strengths(weighed),), (*flags, *_missing(weighed))


def _of_faults(weighed: Weighed) -> Iterator[Finding]:
    language, relevance = weighed.text.document.language, weighed.points["relevance"]
    if language and language not in LANGUAGES:
        yield Finding(f"It is written in a language that the rules do not read ({language})")
    if relevance <= 2:
        yield Finding("It hardly speaks of this control" if relevance else "It is about something else")
    for fault in weighed.faults:
        yield Finding(rubric()["faults"][fault.kind]["says"], fault.quote)


def _strengths(weighed: Weighed) -> Iterator[Finding]:
    text, contents, titles = weighed.text, weighed.contents, rubric()["general_titles"]
    if weighed.authority.is_approved:
        yield Finding("It names who approved or signed it", text.quote(weighed.authority.place or 0))
    for name, place in contents.elements:
        if place is not None:
            yield Finding(_capital(name), text.quote(place))
    for name, place in contents.general:
        if name in {"cycle", "numbers"} and place is not None:
            yield Finding(_capital(titles[name]), text.quote(place))


def _missing(weighed: Weighed) -> Iterator[Finding]:
    titles = rubric()["general_titles"]
    if not weighed.authority.is_approved and not any(fault.kind == "unapproved" for fault in weighed.faults):
        yield Finding("Missing: who approved or signed it, by name and office")
    if not weighed.dates:
        yield Finding("Missing: any date")
    for name, place in weighed.contents.general:
        if place is None and name != "approver" and (name != "date" or weighed.dates):
            yield Finding(f"Missing: {titles[name]}")
    for name, place in weighed.contents.elements:
        if place is None:
            yield Finding(f"Missing: {name}")
    if weighed.specifics.is_vague:
        yield Finding("It promises without saying what, when or who", weighed.text.quote(weighed.specifics.vague[0]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
