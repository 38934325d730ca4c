"""Whether a title is that of its control in substance: a wrong pair is the commonest fault of public statements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from soa.intake.catalogue import Catalogue
from soa.intake.languages import english_words, is_demand, is_foreign
from soa.intake.phrases import Fit, Names
from soa.intake.spelling import run_together, words_of

Kind = Literal["same", "foreign", "different", "none", "wording"]

_LANGUAGES = {"de": "German", "fr": "French", "es": "Spanish"}
# Shares of the words' weight. Words too many say more against a title than words too few.
_PRECISE, _WHOLE, _NEARLY_WHOLE, _ALL = 0.7, 0.55, 0.8, 0.94
_CERTAIN, _CLEARLY, _REMOTELY = 0.85, 0.02, 0.35
_LONG = 14  # words: longer than any title
_LONGEST = 400  # characters looked at
_BLANKS = re.compile(r"[^\S\n]+")
_PARTS = re.compile(
    r"\s*\n\s*|\s*[/|;(\[]\s*|[)\]]|\s*:\s+|\s+[-\u2010-\u2015]+\s+|,?\s+(?:including|incl\.|such as|e\.g\.)\s+|\.\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comparing a title came to; `remark` is for the reader, `belongs_to` the control or area it names instead."""

    kind: Kind
    remark: str = ""
    belongs_to: str = ""


class Titles:
    """All titles of a catalogue, so that a title can be seen to be another control's."""

    def __init__(self, catalogue: Catalogue) -> None:
        controls = catalogue.controls
        self._title = {control.code: control.title for control in controls} | dict(catalogue.own)
        english = {control.code: (control.title, *control.also_called) for control in controls}
        self._english = Names(english | {code: (title,) for code, title in catalogue.own.items()})
        self._exact = {code: {run_together(name) for name in names} for code, names in english.items()}
        self._exact |= {code: {run_together(title)} for code, title in catalogue.own.items()}
        self._abroad = {
            name: Names({control.code: (control.titles.get(code, ""),) for control in controls})
            for code, name in _LANGUAGES.items()
        }
        self._areas = Names({code: (title,) for code, title in catalogue.areas.items()})
        self._clauses = {code: run_together(title) for code, title in catalogue.clauses.items()}
        self._elsewhere = {f"area {code}": run_together(title) for code, title in catalogue.areas.items()}
        self._elsewhere |= {f"clause {code}": name for code, name in self._clauses.items()}
        self.compare = lru_cache(maxsize=20_000)(self._compare)

    def all_names(self) -> frozenset[str]:
        """Return every English name, run together, to recognise a column of titles by its cells."""
        return frozenset().union(*self._exact.values()) if self._exact else frozenset()

    def best(self, title: str) -> str | None:
        """Return the control that a title names beyond doubt."""
        code, fit = self._english.best_other(title, "")
        return code if fit.score >= _CERTAIN else None

    def is_title_of_clause(self, title: str, code: str) -> bool:
        """Tell whether a title is that of a clause."""
        return run_together(title) == self._clauses.get(code)

    def fits_area(self, title: str, code: str) -> bool:
        """Tell whether a heading may be that of an area; a heading without words may."""
        return not words_of(title) or is_foreign(title) or self._areas.fit(title, code).score >= _REMOTELY

    def _compare(self, title: str, code: str, *, others_are_foreign: bool = False) -> Verdict:
        """Compare a title with the control whose id it stands beside."""
        title = _BLANKS.sub(" ", title[:_LONGEST])
        if not any(mark.isalpha() for mark in title):
            return Verdict("none", "There is no title to compare.")
        for part in _parts(title):
            if verdict := self._in_english(part, code):
                return verdict
        if is_foreign(title) or (others_are_foreign and not english_words(title)):
            return self._in_translation(title, code)
        if is_demand(title) or len(words_of(title)) > _LONG:
            return Verdict("wording", "The cell holds the wording of a requirement, not a title; not compared.")
        return self._differs(title, code)

    def _in_english(self, part: str, code: str) -> Verdict | None:
        """Settle a part of a title that is clearly this control's, or clearly another's."""
        if run_together(part) in self._exact.get(code, ()):
            return Verdict("same")
        own = self._english.fit(part, code)
        other, rival = self._english.best_other(part, code)
        if run_together(part) in self._exact.get(other, ()) or (
            rival.score >= _CERTAIN and rival.score > own.score + _CLEARLY
        ):
            return self._belongs(part, code, other)
        if not _fits(own) or own.score + _CLEARLY < rival.score:
            return None
        remark = f"The title is not in English; it is that of {code}."
        return Verdict("foreign", remark, code) if is_foreign(part) else Verdict("same")

    def _in_translation(self, title: str, code: str) -> Verdict:
        for known, names in self._abroad.items():
            own, (other, rival) = names.fit(title, code), names.best_other(title, code)
            if rival.score >= 0.8 and rival.score > own.score + 0.15:
                return self._belongs(title, code, other)
            if _is_own(own, rival):
                return Verdict("foreign", f"The title is in {known} and is that of {code}.", code)
        return Verdict("foreign", "The title is not in English; not compared.")

    def _differs(self, title: str, code: str) -> Verdict:
        other, rival = self._english.best_other(title, code)
        if rival.score >= 0.75:
            return self._belongs(title, code, other)
        for place, name in self._elsewhere.items():
            if name == run_together(title):
                return Verdict(
                    "different", f"“{title}” is the title of {place}; {code} is “{self._title[code]}”.", place
                )
        return Verdict("different", f"“{title}” is not the title of {code}, which is “{self._title[code]}”.")

    def _belongs(self, title: str, code: str, other: str) -> Verdict:
        return Verdict("different", f"“{title}” is the title of {other}; {code} is “{self._title[code]}”.", other)


def _fits(own: Fit) -> bool:
    """Allow a title to be shortened or to be dressed up, not both at once."""
    is_one_sided = max(own.precision, own.recall) >= _ALL or own.score >= _NEARLY_WHOLE
    return own.precision >= _PRECISE and own.recall >= _WHOLE and is_one_sided


def _is_own(own: Fit, rival: Fit) -> bool:
    return own.score >= 0.6 and own.score >= rival.score


def _parts(title: str) -> Iterator[str]:
    """Yield the title, then its pieces: its wording, a remark or a translation may follow it."""
    yield title
    pieces = [piece.strip() for piece in _PARTS.split(title) if piece and piece.strip()]
    if len(pieces) > 1:
        yield from pieces
