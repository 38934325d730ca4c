"""Control ids as people write them: whole cells that are an id, or begin with one and go on with its title."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from soa.intake.raw import Cell

Kind = Literal["annex", "own", "number", "clause", "several", "other"]

_LOOKALIKES = str.maketrans(
    dict(
        zip(
            "\u0410\u0430\u0391\u03b1\u0412\u0392\u0421\u0441\u041e\u043e\u039f\u03bf\u0420\u0413\u2010\u2011\u2012\u2013\u2014\u2212\u00b7\u2022\u2027\u3002",
            "AaAaBBCcOoOoPG------....",
            strict=True,
        )
    )
)
_RAISED = re.compile("[\u00b9\u00b2\u00b3\u2070-\u209f\u200b-\u200f\u2060\ufeff\u00ad]")
_DECORATION = r"[\s'\"`*#\u2022>\[\](){}\u00a7=~-]*"
_STANDARD = r"(?:(?:din[\s-]*)?(?:en[\s-]*)?(?:iso(?:\s*/\s*iec)?[\s-]*)?42001(?:\s*:\s*2023)?[\s,:;/|._-]*)?"
_ANNEX = (
    r"(?:(?:annex|anhang|annexe|anexo|allegato|appendix|anlage)[\s.:_-]*"
    r"(?:a\b[\s,:;/.(\[-]*(?=a[\s.]*\d|control|ctrl))?)?"
)
_CALLED = (
    r"(?:(?:controls?|ctrl|kontrolle|massnahme|ma\u00dfnahme|controle|contr\u00f4le|mesure|medida|ref|reference|referenz|referencia|id)"
    r"\b[\s.:#_-]*)?"
)
_BEFORE = re.compile(_DECORATION + _STANDARD + _ANNEX + _CALLED + _DECORATION, re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\W*(?:iso(?:\s*/\s*iec)?[\s-]*)?(?:27001|27002|27701|27018|9001|22301|nist|gdpr)\b", re.IGNORECASE
)
_OWN = re.compile(r"org\s?[.:_#-]?\s?0*(?P<number>[1-9]\d{0,3})(?![\d.]*\d)", re.IGNORECASE)
_ANNEX_ID = re.compile(
    r"(?P<letter>[A-Za-z])\s?[._:-]?\s?(?P<numbers>\d{1,4}(?:(?:\s?\.\s?|[,_-])\d{1,4})*)(?P<part>\.?[A-Za-z](?![A-Za-z]))?"
)
_SPACED = re.compile(r"(?P<letter>[A-Za-z])[\s._-]*(?P<numbers>\d{1,2}(?:[\s._-]+\d{1,2}){1,3})(?=[\s.:)-]*$)")
_CLAUSE = re.compile(
    r"\W*(?:clauses?|cl|section|sect|kapitel|abschnitt|klausel|ziffer|chapitre|clausula|cl\u00e1usula|apartado|\u00a7)\W*(?P<numbers>\d{1,2}(?:\.\d{1,2})*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?P<numbers>\d{1,2}(?:\s?\.\s?\d{1,2}){1,3})(?![\d.]*\d)")
_OTHER = re.compile(r"(?:[A-Za-z]{1,8}[._-]?|[A-Za-z]{2,8}\s(?=\d+[.-]))\d{1,4}(?:[.-]\d{1,4})*[a-z]?", re.IGNORECASE)
_OTHER_TITLED = re.compile(r"([A-Za-z]{1,8}[ ._-]?\d{1,4}(?:\.\d{1,4})+)(?=[\s:)-])")
_MORE = re.compile(
    r"\s*(?:[,;/&+\n]|-|and\b|und\b|et\b|y\b|to\b|bis\b|through\b)\s*(?:A\s?[._-]?\s?)?\d{1,2}(?:\.\d|\b)",
    re.IGNORECASE,
)
_MORE_LETTERED = re.compile(
    r"\s*(?:[,;/&+\n]|-|and\b|und\b|et\b|y\b|to\b|bis\b|through\b)?\s*A\s?[._-]?\s?\d{1,2}\s?\.\s?\d", re.IGNORECASE
)
_TRAILING = re.compile(
    r"^(?P<title>.{2,150}?)\s*[(\[]\s*(?P<id>A\s?\.?\s?\d{1,2}(?:\.\d{1,2})+)\s*[)\]]\s*$", re.IGNORECASE | re.DOTALL
)
_LONGEST, _WITHIN = 1_000, 60  # characters of a cell with an id, and within which its number begins
_TITLE_MARKS = " \t\n.:;,|)]}*'\"`-_/>#\u2010\u2011\u2012\u2013\u2014\u2212\u00b7\u2022"


@dataclass(frozen=True, slots=True)
class Code:
    """An id found in a cell: how it is written, its parts, and the rest of the cell (a title, usually)."""

    kind: Kind
    written: str
    letter: str = ""
    numbers: tuple[int, ...] = ()
    rest: str = ""

    @property
    def dotted(self) -> str:
        """The id as it would be written by the book; it need not exist."""
        return ".".join([*([self.letter] if self.letter else []), *map(str, self.numbers)])


def text_of_id(cell: Cell) -> str:
    """Return the text of an id cell, undoing what spreadsheets make of 6.2.4: a number or the 6th of February 2004."""
    if isinstance(cell, date):
        return f"{cell.day}.{cell.month}.{cell.year - 2000}" if 2000 < cell.year < 2030 else ""
    if isinstance(cell, bool | int) or cell is None:
        return ""
    return str(cell)


def parse(text: str) -> Code | None:
    """Return the id that a cell is or begins with; None for prose, headings and numbers without a dot."""
    if len(text) > _LONGEST or not any(mark.isdecimal() for mark in text[:_WITHIN]):
        return None
    return _parse(text)


@lru_cache(maxsize=10_000)
def _parse(text: str) -> Code | None:
    shown = _clean(text)
    plain = shown.translate(_LOOKALIKES)
    if _ELSEWHERE.match(plain):
        return Code("other", text.split("\n")[0].strip()[:60])
    if found := _CLAUSE.match(plain):
        return Code("clause", found[0].strip(), "", _ints(found["numbers"]), _rest(shown, found.end()))
    before = _BEFORE.match(plain)
    start = before.end() if before else 0
    return _own(shown, plain, start) or _annex(shown, plain, start) or _number(shown, plain, start) or _other(plain)


def trailing(text: str) -> Code | None:
    """Return the id in brackets at the end of a cell, as in `AI policy (A.2.2)`; the caller must know the title."""
    found = _TRAILING.match(_clean(text)) if len(text) < 200 else None
    code = parse(found["id"]) if found else None
    return Code(code.kind, code.written, code.letter, code.numbers, found["title"]) if code and found else None


def resolve(code: Code, known: Collection[str]) -> str | None:
    """Return the known code that an id means: as written, or the only one its digits spell when dots are missing."""
    if code.dotted in known:
        return code.dotted
    runs = [str(number) for number in code.numbers]
    hits = [one for one in known if one.startswith(f"{code.letter}.") and _spells(runs, one.split(".")[1:])]
    return hits[0] if len(hits) == 1 else None


def _spells(runs: list[str], parts: list[str]) -> bool:
    """Tell whether the runs of digits are those parts, some written together."""
    if not runs:
        return not parts
    return any(
        runs[0] == "".join(parts[:count]) and _spells(runs[1:], parts[count:]) for count in range(1, len(parts) + 1)
    )


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFKC", _RAISED.sub("", text))
    text = "".join(str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in text)
    return re.sub(r"\.{2,}", ".", re.sub(r"[^\S\n]+", " ", text))


def _ints(numbers: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", numbers))


def _rest(shown: str, end: int) -> str:
    return shown[end:].lstrip(_TITLE_MARKS).rstrip(" \n*`")


def _own(shown: str, plain: str, start: int) -> Code | None:
    found = _OWN.match(plain, start)
    if not found:
        return None
    return Code("own", found[0].strip(), "ORG", (int(found["number"]),), _rest(shown, found.end()))


def _annex(shown: str, plain: str, start: int) -> Code | None:
    spaced, found = _SPACED.match(plain, start), _ANNEX_ID.match(plain, start)
    found = spaced if spaced and (not found or spaced.end() > found.end()) else found
    if not found or not _names_annex(found):
        return None
    written, after = found[0].strip(), plain[found.end() :]
    if _MORE.match(after) or _MORE_LETTERED.match(after):
        return Code("several", plain[start:].strip(" *`").replace("\n", ", ")[:80])
    if found.re is _ANNEX_ID and found["part"] and not after[:1].isalpha():
        return Code("other", written, rest=_rest(shown, found.end()))
    end = found.end("numbers")
    return Code("annex", plain[start:end].strip(), found["letter"].upper(), _ints(found["numbers"]), _rest(shown, end))


def _names_annex(found: re.Match[str]) -> bool:
    """Tell an annex from other letters before a number: B2B and v1.0 are not ids of a standard."""
    letter = found["letter"].upper()
    return letter == "A" or (letter in "BCD" and any(mark in found[0] for mark in ". "))


def _number(shown: str, plain: str, start: int) -> Code | None:
    found = _NUMBER.match(plain, start)
    if not found:
        return None
    return Code("number", found[0].strip(), "", _ints(found["numbers"]), _rest(shown, found.end()))


def _other(plain: str) -> Code | None:
    plain = plain.strip(" *`")
    if found := _OTHER.fullmatch(plain):
        return Code("other", found[0])
    titled = _OTHER_TITLED.match(plain)
    return Code("other", titled[1], rest=_rest(plain, titled.end())) if titled else None
