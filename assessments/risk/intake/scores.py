"""A score as registers write it: a number of 1 to 5, with or beside its word, or the word alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.risk.intake.words import meanings, ranks_of, said
from systems.registers.guessing import normal

_NUMBER = re.compile(r"(?<![\w.,])[-+−–]?\d+(?:[.,]\d+)?(?![\w])")  # noqa: RUF001  (registers are typed in office programs)
_PLACED = re.compile(  # at the start, in brackets, or after a word or two: “3 - Possible”, “Likely (4)”, “Level 4”
    r"\A[^\w+−–-]*([-+−–]?\d+(?:[.,]\d+)?)(?!\w)|[(\[]\s*([-+−–]?\d+(?:[.,]\d+)?)\s*[)\]]"  # noqa: RUF001
    r"|\A(?:[^\W\d]+\W+){1,2}(\d+(?:[.,]\d+)?)\s*\Z"
)
_LETTERED = re.compile(r"\A[A-Za-z]{1,2}\s*-?([0-9])\b")
_OF = re.compile(r"\A\D*?(\d+(?:[.,]\d+)?)\s*(?:/|of|von|sur|de)\s*(\d+)\s*\Z", re.IGNORECASE)
_PAIR = re.compile(r"\A\D*?(\d+)\s*[x×*·]\s*(\d+)(?:\s*=\s*(\d+))?", re.IGNORECASE)  # noqa: RUF001
_RANGE = re.compile(r"\d\s*(?:-|–|—|to|bis|or)\s*\d", re.IGNORECASE)  # noqa: RUF001
_SCALE_NOTE = re.compile(r"\((?:\s*1\s*(?:-|–|to)\s*5\s*)\)")  # noqa: RUF001
_NAMED = re.compile(
    r"\A\W*(?:likelihood|probability|[LP])\s*[=:]?\s*(\d+)\s*[,;/&|]?\s*(?:impact|severity|consequence|[ISC])\s*[=:]?\s*(\d+)",
    re.IGNORECASE,
)
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Score:
    """What a cell says: a sound value, or why it is none; neither where it says nothing."""

    value: int | None = None
    fault: str = ""
    raw: int | float | str | None = None
    is_loose: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether the cell says nothing."""
        return self.value is None and not self.fault


@dataclass(frozen=True, slots=True)
class Stated:
    """What a register says of a level: its product, the ranks of its words, and both as written."""

    product: float | None = None
    ranks: frozenset[int] = frozenset()
    written: str = ""


def score_of(cell: str, kind: str, scale: Mapping[str, int]) -> Score:
    """Read a score; `kind` is likelihood or severity, `scale` the words of the AIMS's own criteria."""
    if not said(cell):
        return Score()
    cell = _SCALE_NOTE.sub("", cell).strip()
    found = _number(cell)
    if found is not None:
        return found
    plain = normal(cell)
    if plain in scale:
        return Score(scale[plain])
    for name in (f"{kind}_words", "loose_words"):
        if plain in meanings(name):
            return Score(int(meanings(name)[plain]), is_loose=name == "loose_words")
    return Score(fault=_("“%s” is no score of 1 to 5") % cell[:LONGEST], raw=cell[:LONGEST])


def _number(cell: str) -> Score | None:
    """Return the score that a number in the cell gives; None where there is no number."""
    if of := _OF.match(cell):
        return _sound(of[1], cell) if of[2] == "5" else Score(fault=_("“%s” is on another scale") % cell, raw=cell)
    if lettered := _LETTERED.match(cell):
        return _sound(lettered[1], cell)
    found = _PLACED.search(cell)
    if found is None:
        return None
    if "%" in cell or _RANGE.search(cell):
        return Score(fault=_("“%s” is no single score of 1 to 5") % cell[:LONGEST], raw=cell[:LONGEST])
    return _sound(next(number for number in found.groups() if number), cell)


def _sound(number: str, cell: str) -> Score:
    value = float(number.replace(",", ".").replace("−", "-").replace("–", "-"))  # noqa: RUF001
    raw = int(value) if value.is_integer() else value
    if value.is_integer() and 1 <= value <= 5:
        return Score(int(value), raw=raw)
    shown = cell.strip()[:LONGEST]
    return Score(fault=_("“%s” is no whole number from 1 to 5") % shown, raw=raw)


def is_scorelike(cell: str) -> bool:
    """Tell whether a cell looks like a score, sound or not, rather than like prose."""
    if len(cell) > LONGEST:
        return bool(re.match(r"\s*\**\s*[0-9]\b", cell))
    plain = normal(cell)
    known = any(plain in meanings(name) for name in ("likelihood_words", "severity_words", "loose_words"))
    return known or bool(_LETTERED.match(cell) or _PLACED.search(cell) or _PAIR.match(_spelt(cell)))


def is_levellike(cell: str) -> bool:
    """Tell whether a cell looks like a level: its word, its product, or both."""
    return len(cell) <= LONGEST and (bool(ranks_of(cell)) or bool(_NUMBER.search(cell)))


def _spelt(cell: str) -> str:
    """Return “L3 I4” as “3 x 4”."""
    return _NAMED.sub(r"\1 x \2", cell)


def pair_of(cell: str) -> tuple[str, str] | None:
    """Return both scores of a cell such as “4 x 5 = 20”."""
    found = _PAIR.match(_spelt(cell))
    return (found[1], found[2]) if found else None


def stated(score_cell: str, level_cell: str) -> Stated:
    """Gather what a register states of a level from its column of products and its column of words."""
    product = _product(score_cell)
    ranks = ranks_of(level_cell) if said(level_cell) else frozenset[int]()
    written = level_cell
    if not ranks and said(score_cell):
        ranks = ranks_of(score_cell)
        written = level_cell if said(level_cell) else score_cell
    if product is None and said(level_cell):
        in_level = _product(level_cell)
        product = in_level if not said(score_cell) else None
    return Stated(product, ranks, written.strip() if said(written) else "")


def _product(cell: str) -> float | None:
    """Return the product that a cell states: the number, the one after “=”, the first of “15 / 25”."""
    if not said(cell):
        return None
    if pair := _PAIR.match(_spelt(cell)):
        return float(pair[3]) if pair[3] else None
    numbers = _NUMBER.findall(cell)
    if not numbers or "%" in cell:
        return None
    return float(numbers[0].replace(",", ".").replace("−", "-").replace("–", "-"))  # noqa: RUF001
