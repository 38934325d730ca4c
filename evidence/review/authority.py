"""Who stands behind a document: approved by name and office, by office only, or merely owned by somebody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from evidence.review.data import rubric, said
from evidence.review.dates import Dated
from evidence.review.words import Text

NEAR = 150
MOST = 200_000  # letters in which names are looked for
GIVEN = r"[A-ZÀ-Ý][a-zà-ÿ'\u2019]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)?"
BETWEEN = r"(?:[ ]+(?:de|la|del|van|von|der|den|di|da|le|el|bin|[A-Z]\.))*"
FAMILY = r"(?:[A-ZÀ-Ý]['\u2019])?[A-ZÀ-Ý][a-zà-ÿ'\u2019]+(?:[A-ZÀ-Ý][a-zà-ÿ]+)?(?:-[A-ZÀ-Ý][a-zà-ÿ]+)?"
PERSON = re.compile(rf"(?<!\w){GIVEN}{BETWEEN}[ ]+{FAMILY}(?!\w)|(?<!\w)[A-Z]\.[ ]?[A-ZÀ-Ý][a-zà-ÿ]{{2,}}(?!\w)")


@dataclass(frozen=True, slots=True)
class Authority:
    """How many points the document's authority has, whether somebody approved it, and where it says so."""

    points: int
    is_approved: bool
    place: int | None


def authority_of(text: Text, dates: list[Dated]) -> Authority:
    """Return who stands behind a document: 5 name and date or office, 4 name, 3 office or a named owner, 2 an owner."""
    best = Authority(1, is_approved=False, place=None)
    for name in ("approved", "answers"):
        for place, end in _places(text, name):
            points = _points(text, end, dates, is_approval=name == "approved")
            if points > best.points:
                best = Authority(points, is_approved=name == "approved" and points > 2, place=place)
        if best.points >= 4:
            break
    return best


def people_in(text: Text, start: int = 0, end: int = MOST) -> Iterator[re.Match[str]]:
    """Yield what looks like the name of a person; what was blanked holds none."""
    for match in PERSON.finditer(text.document.text, start, end):
        if is_name(match.group()) and text.folded[match.start() : match.end()].strip():
            yield match


def is_name(said_as: str) -> bool:
    """Return whether two capitalised words are a name and not an office or a heading."""
    words = {word.lower() for word in re.split(r"[\s-]", said_as)}
    return not words & _not_names()


@cache
def _not_names() -> frozenset[str]:
    return frozenset(rubric()["not_names"].split())


def _points(text: Text, end: int, dates: list[Dated], *, is_approval: bool) -> int:
    language = text.document.language
    near = text.folded[end : end + NEAR]
    name = next((match.start() for match in people_in(text, max(0, end - 60), end + NEAR)), None)
    office = said("authority_words", "office").in_language(language).among(near) is not None
    dated = any(-80 <= day.place - end < NEAR for day in dates)
    if not is_approval:
        return 4 if name is not None and (office or dated) else 3 if name is not None else 2 if office else 1
    if name is not None:
        return 5 if office or dated else 4
    return 4 if office and dated else 3 if office else 1


def _places(text: Text, name: str) -> Iterator[tuple[int, int]]:
    language = text.document.language
    if name == "approved":
        yield from (match.span() for match in _approved(language).finditer(text.folded))
        return
    for option in said("authority_words", name).in_language(language).options:
        yield from (match.span() for match in option[0].finditer(text.folded))


@cache
def _approved(language: str) -> re.Pattern[str]:
    words = rubric()["approved_words"]
    return re.compile(words.get(language, words["en"]))
