"""The dates in a text, in four languages, each with what it is the date of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evidence.review.data import said
from evidence.review.words import Text

MONTHS = {
    "jan": 1, "ene": 1, "feb": 2, "fev": 2, "mar": 3, "mrz": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5, "mai": 5,
    "jun": 6, "juin": 6, "jul": 7, "juil": 7, "aug": 8, "aou": 8, "ago": 8, "sep": 9, "set": 9, "oct": 10, "okt": 10,
    "nov": 11, "dec": 12, "dez": 12, "dic": 12,
}  # fmt: skip
NAME = (
    r"(?P<month>jan(?:uary|uar|vier)?|ene(?:ro)?|feb(?:ruary|ruar|rero)?|fev(?:rier)?|mar(?:ch|s|zo)?|mrz|marz|maerz|"
    r"apr(?:il)?|avr(?:il)?|abr(?:il)?|may(?:o)?|mai|june?|juni|juin|junio|july?|juli|juil(?:let)?|julio|"
    r"aug(?:ust)?|aout|ago(?:sto)?|sep(?:t|tember|tembre|tiembre)?|o[ck]t(?:ober|obre|ubre)?|nov(?:ember|embre|iembre)?|"
    r"de[cz](?:ember|embre)?|dic(?:iembre)?)\.?"
)
FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<day>\d\d)(?!\d)",
        rf"(?<!\d)(?P<day>\d\d?)(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?{NAME}\s*,?\s+(?:de\s+|del\s+)?(?P<year>20\d\d)",
        rf"(?<!\w){NAME}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?\s*,?\s+(?P<year>20\d\d)",
        r"(?<![\d.])(?P<day>\d\d?)[./](?P<m>\d\d?)[./](?P<year>20\d\d)(?!\d)",
        rf"(?<![\w])(?<!\d\s){NAME}\s+(?:de\s+)?(?P<year>20\d\d)",
        r"(?<!\w)q(?P<quarter>[1-4])\s*/?\s*(?P<year>20\d\d)",
        r"(?<!\d)(?P<year>20\d\d)-(?P<m>\d\d)(?![\d-])",
    )
)
BEFORE = 70


@dataclass(frozen=True, slots=True)
class Dated:
    """A day that the text names: `due` for when it must be looked at again, `made` for when it was made or approved."""

    on: date
    kind: str
    is_act: bool
    place: int


def dates_in(text: Text) -> list[Dated]:
    """Return the dates of a text in their order, the last day of a month or quarter where no day is given."""
    taken: set[int] = set()
    found: list[Dated] = []
    for form in FORMS:
        for match in form.finditer(text.folded):
            span = range(match.start(), match.end())
            if not taken.isdisjoint(span):
                continue
            on = _day(match)
            if on is not None:
                taken.update(span)
                found.append(Dated(on, *_kind(text, match.start()), match.start()))
    return sorted(found, key=lambda dated: dated.place)


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    year = int(parts["year"])
    month = (
        int(parts.get("m") or 0)
        or 3 * int(parts.get("quarter") or 0)
        or MONTHS.get(_short(parts.get("month") or ""), 0)
    )
    try:
        return date(year, month, int(parts["day"])) if parts.get("day") else date(year, month, 28)
    except ValueError:
        return _turned(year, month, int(parts.get("day") or 0))


def _turned(year: int, month: int, day: int) -> date | None:
    """Read a month and a day that stand the other way round."""
    try:
        return date(year, day, month)
    except ValueError:
        return None


def _short(name: str) -> str:
    return next((name[:size] for size in (4, 3) if name[:size] in MONTHS), "")


def _kind(text: Text, place: int) -> tuple[str, bool]:
    """Return what the words before a date in its line make of it; the nearest counts."""
    start = max(text.folded.rfind("\n", 0, place) + 1, place - BEFORE)
    before = text.folded[start:place]
    if len(before.strip(" |:-")) < 3:  # the label stands in the line above
        start = max(0, text.folded.rfind("\n", 0, max(0, start - 1)) + 1, place - BEFORE)
        before = text.folded[start:place]
    language = text.document.language
    due, made, act = (_last(before, name, language) for name in ("due", "made", "past"))
    if due > -1 and due >= made - 12:
        return "due", False
    return ("made", act > -1) if made > -1 else ("", False)


def _last(before: str, name: str, language: str) -> int:
    return max((place for place in _places(before, name, language)), default=-1)


def _places(before: str, name: str, language: str) -> Iterator[int]:
    for option in said("dates", name).in_language(language).options:
        yield from (match.start() for match in option[0].finditer(before))
