"""Bytes to text: UTF-8 and UTF-16 by their marks, then the code pages that office programs still write."""

import codecs
import re

from charset_normalizer import from_bytes

from soa.intake.raw import NotReadable

MOST_BYTES = 20_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODE_PAGES = ("cp1252", "mac_roman", "cp850")
_PLAUSIBLE = frozenset(
    "äöüÄÖÜßàâæçéèêëîïôœùûüÿÀÂÇÉÈÊËÎÏÔÙÛáíóúñÁÍÓÚÑ¿¡ãõåøÅØ\u2013\u2014\u2018\u2019\u00a0“”„«»€£§°·•…²³½©®™"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x80-\x9f�]")


def decode(data: bytes) -> str:
    """Return the text of a file; bytes that are no text in any likely encoding are refused."""
    if len(data) > MOST_BYTES:
        raise NotReadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Import the statement alone.")
    text = _decode(data).replace("\0", "").rstrip("\x1a")
    if len(_CONTROL.findall(text)) > len(text) // 50:
        raise NotReadable("The file is neither a workbook nor text. Save it as .xlsx or .csv and import that.")
    return text


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if wide := _wide(data):
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _from_code_page(data)


def _wide(data: bytes) -> str | None:
    """Recognise UTF-16 without its mark: every other byte of Western text is nought."""
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 5 < len(sample) or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _from_code_page(data: bytes) -> str:
    """Take the code page whose letters above 127 look most like Western European text, Windows first."""
    tried = [(_plausibility(text), -rank, text) for rank, text in enumerate(_attempts(data))]
    score, _, text = max(tried)
    if score >= 0.5:
        return text
    best = from_bytes(data[:200_000]).best()
    return data.decode(best.encoding, errors="replace") if best else text


def _attempts(data: bytes) -> list[str]:
    return [data.decode(page, errors="replace") for page in _CODE_PAGES]


def _plausibility(text: str) -> float:
    """Return the share of letters above 127 that stand as Western languages set them: seldom two in a row."""
    high = [(before, mark) for before, mark in zip(f" {text}", text, strict=False) if ord(mark) > 127]
    fitting = sum(mark in _PLAUSIBLE and not _clashes(before, mark) for before, mark in high)
    return fitting / max(len(high), 1)


def _clashes(before: str, mark: str) -> bool:
    is_second = ord(before) > 127 and before.isalpha() and mark.isalpha()
    return is_second or (before.islower() and mark.isupper())
