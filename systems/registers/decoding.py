"""Bytes of a table to text: by their mark, else UTF-8, else the code page whose signs look most like a language."""

import codecs

from django.utils.translation import gettext as _

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
PAGES = ("cp1252", "cp1250", "mac_roman", "cp850")
USUAL = frozenset(
    "äöüÄÖÜßàâæçéèêëîïôœùûÿÀÂÆÇÉÈÊËÎÏÔŒÙÛáíóúñÁÍÓÚÑ¿¡ãõåøÅØąćęłńśźżŁŚŻčřšžěůŠŽ"
    "\u2010\u2011\u2012\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2022\u2026\u00a0«»€£§°·²³½©®™"
)


class NotATable(Exception):
    """The file cannot be read as a table; the message is written for whoever gave it."""


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the encoding it was read in."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace").replace("\0", ""), encoding
    encoding = _wide(data) or _narrow(data)
    text = data.decode(encoding, errors="replace").replace("\0", "")
    strange = sum(ord(sign) < 32 and sign not in "\t\n\r\f\v\x1a" for sign in text[:100_000])
    if strange > len(text[:100_000]) // 50:
        raise NotATable(_("This is neither text nor a workbook. Save it as .csv or .xlsx and import that."))
    return text.rstrip("\x1a"), encoding


def _wide(data: bytes) -> str:
    """Recognise UTF-16 without a mark: every other byte of most texts is nought."""
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 5 < len(sample) or min(even, odd) * 4 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _narrow(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return max(PAGES, key=lambda page: (_usual(data.decode(page, errors="replace")), -PAGES.index(page)))
    return "utf-8"


def _usual(text: str) -> float:
    """Return the share of signs beyond ASCII that languages of these pages use, seldom two of them in a row."""
    high = [(before, sign) for before, sign in zip(f" {text}", text, strict=False) if ord(sign) > 127]
    good = sum(sign in USUAL and not (before.islower() and sign.isupper()) for before, sign in high)
    return good / max(len(high), 1)
