"""Dates as people write them in cells; what could mean two days is left open and said so."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from soa.intake.raw import Cell
from soa.intake.words import fold, meanings, word_list

Order = Literal["day first", "month first", "unknown"]

_SERIALS = range(36_526, 73_051)  # the years 2000 to 2099, as days since 1899-12-30
_EPOCH = date(1899, 12, 30)
_CENTURY = 100
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_SLASHED = re.compile(r"(\d{1,2})\s?[/-]\s?(\d{1,2})\s?[/-]\s?(\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?")
_QUARTER = re.compile(r"(?:q|t|quarter|quartal|trimestre)\s?([1-4])\s(\d{4})|(\d{4})\s?(?:q|t)\s?([1-4])")
_ORDINAL_QUARTER = re.compile(r"([1-4])(?:st|nd|rd|th|er|e|eme|o)?\s?(?:q|t|quarter|quartal|trimestre)\s(\d{4})")
_HALF = re.compile(r"(?:h|s|hj|half|semestre)\s?([12])\s(\d{4})|(\d{4})\s?h\s?([12])")
_YEAR_MONTH = re.compile(r"(\d{4})\s(\d{1,2})|(\d{1,2})\s(\d{4})")
_NAMED = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th|er|o)?\s)?([a-z]+)\s(?:(\d{1,2})(?:st|nd|rd|th)?\s)?(\d{4}|\d{2})")
_BEFORE = re.compile(
    r"^(?:by|until|end of|end|due|before|bis|ende|zum|am|fin de|fin|avant|finales de|hasta|para|le|el|planned|mid"
    r"|monday|tuesday|wednesday|thursday|friday)\s"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day read from a cell, None where none can be; `remark` says what was assumed or why nothing was."""

    on: date | None
    remark: str = ""


def order_of(cells: Iterable[Cell]) -> Order:
    """Tell from a whole column which of day and month stands first: one number above 12 settles it."""
    firsts: set[Order] = set()
    for cell in cells:
        found = _SLASHED.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if found and int(found[1]) > 12:
            firsts.add("day first")
        elif found and int(found[2]) > 12:
            firsts.add("month first")
    return firsts.pop() if len(firsts) == 1 else "unknown"


def read_day(cell: Cell, *, order: Order, known_on: date) -> Day:
    """Read one cell; a month, quarter or year is its last day, with a remark."""
    if cell is None or isinstance(cell, bool):
        return Day(None)
    if isinstance(cell, date):
        return Day(cell)
    if isinstance(cell, int | float):
        return _serial(cell)
    return _exact(cell.strip(), order, known_on) or _period(cell, known_on) or Day(None, f"“{cell}” is not a date.")


def _serial(number: float) -> Day:
    if int(number) in _SERIALS:
        return Day(_EPOCH + timedelta(days=int(number)), f"{number:g} read as a spreadsheet's day number.")
    if number in range(2000, 2100):
        return Day(date(int(number), 12, 31), f"{number:g} read as the end of that year.")
    return Day(None, f"“{number:g}” is not a date.")


def _exact(text: str, order: Order, known_on: date) -> Day | None:
    if found := _ISO.fullmatch(text):
        return _valid(int(found[1]), int(found[2]), int(found[3]), text)
    if found := _GERMAN.fullmatch(text):
        return _valid(_year(found[3], known_on), int(found[2]), int(found[1]), text)
    found = _SLASHED.fullmatch(text)
    return _slashed(text, int(found[1]), int(found[2]), _year(found[3], known_on), order) if found else None


def _slashed(text: str, first: int, second: int, year: int, order: Order) -> Day:
    if first > 12 or first == second:
        return _valid(year, second, first, text)
    if second > 12:
        return _valid(year, first, second, text)
    if order == "unknown":
        return Day(None, f"“{text}” is ambiguous: day or month first?")
    return _valid(year, second, first, text) if order == "day first" else _valid(year, first, second, text)


def _period(text: str, known_on: date) -> Day | None:
    plain = fold(text)
    while found := _BEFORE.match(plain):
        plain = plain[found.end() :]
    if found := _QUARTER.fullmatch(plain) or _HALF.fullmatch(plain):
        part, year = (found[1], found[2]) if found[1] else (found[4], found[3])
        return _end_of(int(year), int(part) * (3 if found.re is _QUARTER else 6), text)
    if found := _ORDINAL_QUARTER.fullmatch(plain):
        return _end_of(int(found[2]), int(found[1]) * 3, text)
    if found := _YEAR_MONTH.fullmatch(plain):
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        return _end_of(int(year), int(month), text)
    if re.fullmatch(r"20\d\d", plain):
        return _end_of(int(plain), 12, text)
    return _named(plain, text, known_on)


def _named(plain: str, text: str, known_on: date) -> Day | None:
    """Read `31 December 2026`, `December 31, 2026` and `December 2026`, in four languages."""
    found = _NAMED.fullmatch(re.sub(r"\b(?:de|del|of)\s", "", plain))
    month = _months().get(found[2]) if found else None
    if not found or not month:
        return None
    year, day = _year(found[4], known_on), found[1] or found[3]
    return _valid(year, int(month), int(day), text) if day else _end_of(year, int(month), text)


def _valid(year: int, month: int, day: int, text: str) -> Day:
    try:
        return Day(date(year, month, day))
    except ValueError:
        return Day(None, f"“{text}” is not a day of the calendar.")


def _end_of(year: int, month: int, text: str) -> Day | None:
    if not 1 <= month <= 12 or not date.min.year <= year <= date.max.year:
        return None
    return Day(date(year, month, monthrange(year, month)[1]), f"“{text}” read as its last day.")


def _year(text: str, known_on: date) -> int:
    """Complete a year of two digits to the one nearest to today."""
    year = int(text)
    if len(text) > 2:
        return year
    century = known_on.year - known_on.year % _CENTURY
    return min(
        (century + year + shift for shift in (-_CENTURY, 0, _CENTURY)), key=lambda full: abs(full - known_on.year)
    )


@cache
def _months() -> dict[str, str]:
    return meanings(word_list("values")["months"])
