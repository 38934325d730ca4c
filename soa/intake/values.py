"""Cell values in the product's vocabulary. An unknown word is never guessed: the field stays open, the word is kept."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from soa.intake.raw import Cell
from soa.intake.words import fold, meanings, word_list

Applicability = Literal["undecided", "included", "excluded"]

_TICKED = frozenset("x×✓✔☑✅☒✗✘❌●■√•yjos1")  # noqa: RUF001 - a multiplication sign is how some write a cross
_YES, _NO = frozenset("x✓✔☑✅☒√×"), frozenset("✗✘❌")  # noqa: RUF001 - as above
_OPEN_BOXES = re.compile(r"☐|\[\s?\]|□")
_TICKED_BOX = re.compile(r"(?:☑|☒|✅|✔|✓|\[[xX✓✔]\])\s*([^☑☒☐□✅✔✓\[\]]+)")
_DASHES = re.compile(r"[-\u2010-\u2015\u2212.\u2026_/\s]+")
_HEAD = re.compile(r"^(.+?)(?:\s[-/\u2010-\u2015]\s|[\u2013\u2014:,;(\n]|\.\s).*$", re.DOTALL)
_DATED = re.compile(
    r"^([^\W\d]+(?: [^\W\d]+)??)(?:\s*[-\u2013\u2014:,;(]\s*|\s+)(?:for\s|by\s)?((?=.*\d)[^)]*)\)?$", re.DOTALL
)
_FAULT = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)")
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s?%")
_FILE_LIKE = re.compile(r".*(?:\.\w{2,5}|[A-Z]{2,}[-_ ]?\d+\S*)", re.DOTALL)
_LONGEST_NAME = 200  # characters of a file name, or of a status with its date
_BULLET = re.compile(r"^\s*(?:[\u2022\u25cf\u25aa]\s*|[*\u2013-]\s+)(?=\S)")


@dataclass(frozen=True, slots=True)
class Reading:
    """A value read from a cell; `remark` is set where the cell says more, or nothing that is understood."""

    value: str
    remark: str = ""


def text_of(cell: Cell) -> str:
    """Return a cell as text; a dash alone is an empty cell."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    text = f"{cell:g}" if isinstance(cell, float) else str(cell)
    return "" if _DASHES.fullmatch(text) else text


def is_ticked(cell: Cell) -> bool:
    """Tell a mark in a column of tick-boxes; any mark counts there, a cross too."""
    text = text_of(cell).strip().casefold()
    return text in _TICKED or fold(text) in ("yes", "ja", "oui", "si", "true")


def is_tick_or_no(cell: Cell) -> bool:
    """Tell whether a cell only says yes or no, in whatever way."""
    return (
        is_ticked(cell) or fold(text_of(cell)) in ("", "no", "n", "nein", "non", "false", "0") or text_of(cell) in _NO
    )


def read_applicability(cell: Cell) -> Reading:
    """Read whether a control applies, in four languages and in ticks."""
    text = _chosen_box(text_of(cell))
    if not text:
        return Reading("undecided")
    mark = text.strip().casefold()
    if mark in _YES or mark in _NO:
        return Reading("included" if mark in _YES else "excluded")
    if _FAULT.fullmatch(text) or _OPEN_BOXES.search(text):
        return Reading("undecided", f"“{text}” is not a decision.")
    meaning, more = _meaning(text, _applicabilities())
    if meaning == "partly":
        return Reading("included", f"“{text}” read as included.")
    if meaning:
        return Reading(meaning, f"“{text}” read as {meaning}." if more else "")
    return Reading("undecided", f"“{text}” is not a decision.")


def read_implementation(cell: Cell, *, is_percent: bool = False) -> Reading:
    """Read how far a control is in place: words, ticks, or a percentage."""
    text = _chosen_box(text_of(cell))
    if not text:
        return Reading("")
    if found := _PERCENT.fullmatch(text):
        return _from_percent(float(found[1].replace(",", ".")))
    if is_percent and isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_percent(cell * 100 if 0 < cell <= 1 and isinstance(cell, float) else cell)
    mark = text.strip().casefold()
    if mark in _YES or mark in _NO:
        return Reading("implemented" if mark in _YES else "not_started")
    meaning, more = _meaning(text, _implementations())
    if (
        meaning is None
        and (found := _DATED.match(text[:_LONGEST_NAME]))
        and (meaning := _implementations().get(fold(found[1])))
    ):
        return Reading(meaning, f"“{text}” read as {meaning}.")
    if meaning == "nothing":
        return Reading("", f"“{text}” read as no implementation status." if more else "")
    return Reading(
        meaning or "", "" if meaning and not more else f"“{text}” read as {meaning or 'no implementation status'}."
    )


def day_in(text: str) -> str:
    """Return what follows the status in `Planned Q3 2026` or `planned for June 2026`."""
    found = _DATED.match(text[:_LONGEST_NAME])
    return found[2] if found else ""


def decides(text: str) -> Applicability | None:
    """Return the decision that a word states which is no implementation status: `Excluded` in a column of statuses."""
    word = fold(text)
    meaning = _applicabilities().get(word)
    if meaning not in ("included", "excluded") or _implementations().get(word, "nothing") != "nothing":
        return None
    return "included" if meaning == "included" else "excluded"


def read_performer(cell: Cell) -> Reading:
    """Read who performs a control: us, shared, group or provider."""
    text = text_of(cell)
    meaning = _performers().get(fold(text), "")
    return Reading(meaning, f"“{text}” does not say who performs it." if text and not meaning else "")


def read_reasons(cell: Cell) -> tuple[tuple[str, ...], str]:
    """Read reason codes, ours or those of ISO/IEC 27001 templates; return them with the text that is none."""
    codes: dict[str, None] = {}
    unknown: list[str] = []
    text = text_of(cell)
    pieces = [text] if fold(text) in _reasons() else re.split(r"[,;/+&\n|]|\s(?:and|und|et|y)\s", text)
    for piece in filter(None, map(str.strip, pieces)):
        runs = [piece] if fold(piece) in _reasons() else piece.split() if piece.isupper() else [piece]
        for run in runs:
            meaning = _reasons().get(fold(run))
            codes.update({meaning: None} if meaning else {})
            unknown.extend([] if meaning else [run])
    return tuple(codes), ", ".join(unknown)


def read_names(cell: Cell) -> tuple[str, ...]:
    """Split a cell into the documents it names: by line and semicolon, by comma only between what look like files."""
    names: dict[str, None] = {}
    for line in re.split(r"[;\n]", text_of(cell)):
        pieces = [piece.strip() for piece in re.split(r",\s+", line)]
        for piece in pieces if len(pieces) > 1 and all(_is_file_like(one) for one in pieces) else [line]:
            name = _BULLET.sub("", piece).strip(" \t`")
            if name and any(mark.isalnum() for mark in name):
                names[name] = None
    return tuple(names)


def _is_file_like(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and _FILE_LIKE.fullmatch(name) is not None


def is_nothing(text: str) -> bool:
    """Tell a word that says no document is named."""
    return fold(text) in _nothings()


def _meaning(text: str, known: dict[str, str]) -> tuple[str | None, bool]:
    """Return what a cell means, by all of it or by its first words before a dash, comma or bracket."""
    if meaning := known.get(fold(text)):
        return meaning, False
    head = _HEAD.match(text)
    return (known.get(fold(head[1])), True) if head and not _offers_both(text, known) else (None, False)


def _offers_both(text: str, known: dict[str, str]) -> bool:
    """Tell a form nobody filled in: `Yes / No` names two answers."""
    answers = {known.get(fold(option)) for option in re.split(r"[/|]", text)}
    return len(answers) > 1 and None not in answers


def _chosen_box(text: str) -> str:
    """Return the ticked option of `☒ Yes ☐ No`, the text itself where it holds no such boxes."""
    ticked = _TICKED_BOX.findall(text)
    return ticked[0].strip() if len(ticked) == 1 and ticked[0].strip() else text


def _from_percent(percent: float) -> Reading:
    if not 0 <= percent <= 100:
        return Reading("", f"“{percent:g} %” read as no implementation status.")
    return Reading("not_started" if percent == 0 else "implemented" if percent == 100 else "partly")


@cache
def _applicabilities() -> dict[str, str]:
    return meanings(word_list("values")["applicability"])


@cache
def _implementations() -> dict[str, str]:
    return meanings(word_list("values")["implementation"])


@cache
def _performers() -> dict[str, str]:
    return meanings(word_list("values")["performed_by"])


@cache
def _reasons() -> dict[str, str]:
    return meanings(word_list("values")["reasons"])


@cache
def _nothings() -> frozenset[str]:
    return frozenset(fold(str(word)) for word in word_list("values")["nothing"])
