"""Rows of CSV and its kin; the delimiter is the one under which the table makes most sense."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from django.utils.translation import gettext as _

from systems.registers.decoding import NotATable, decode
from systems.registers.sheets import MOST_COLUMNS, MOST_ROWS, Line, Sheet, clean

DELIMITERS = ",;\t|"
NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SAMPLE = 200
MOST_SIGNS = 4 * 1024 * 1024
_DECLARED = re.compile(r'\A"?sep=(?P<mark>[^"\r\n])"?[^\S\r\n\t]*(?:\r\n|\r|\n)', re.IGNORECASE)


def read_delimited(data: bytes, telling: Callable[[Sequence[str]], int]) -> Sheet:
    """Read every record with the line it begins on; `telling` counts the headers in one."""
    text, encoding = decode(data)
    found = _DECLARED.match(text)
    first, text = (2, text[found.end() :]) if found else (1, text)
    mark = found["mark"] if found else max(DELIMITERS, key=lambda each: _worth(text, each, telling))
    lines: list[Line] = []
    for number, cells in _records(text, mark, first):
        if len(lines) == MOST_ROWS:
            raise NotATable(_("The file has more than %d rows.") % MOST_ROWS)
        lines.append(Line(number, tuple(clean(cell) for cell in cells[:MOST_COLUMNS])))
    return Sheet("", tuple(lines), f"{encoding}, {NAMES.get(mark, mark)}")


def _worth(text: str, mark: str, telling: Callable[[Sequence[str]], int]) -> tuple[int, float, int]:
    try:
        sample = [cells for _line, cells in islice(_records(text, mark, 1), SAMPLE) if any(cells)]
    except NotATable:
        return 0, 0.0, 0
    widths = Counter(len(cells) for cells in sample)
    width, times = widths.most_common(1)[0] if widths else (1, 0)
    told = max((telling(cells) for cells in sample[:5]), default=0)
    return told, times / max(len(sample), 1) if width > 1 else 0.0, width


def _records(text: str, mark: str, first: int) -> Iterator[tuple[int, list[str]]]:
    is_quoted = _closes_quotes(text, mark)
    before = csv.field_size_limit(MOST_SIGNS)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=mark, quoting=csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE
    )
    line = first
    try:
        for cells in reader:
            yield line, cells if is_quoted else [cell.strip('"') for cell in cells]
            line = first + reader.line_num
    except csv.Error as broken:
        raise NotATable(_("Line %(line)d cannot be read: %(why)s.") % {"line": line, "why": broken}) from broken
    finally:
        csv.field_size_limit(before)


def _closes_quotes(text: str, mark: str) -> bool:
    """Tell whether quotation marks pair up: one that never closes would swallow every row below it."""
    before = csv.field_size_limit(MOST_SIGNS)
    try:
        for _cells in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            pass
    except csv.Error as broken:
        return "unexpected end of data" not in str(broken) and "larger than" not in str(broken)
    finally:
        csv.field_size_limit(before)
    return True
