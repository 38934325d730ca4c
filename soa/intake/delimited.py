"""Rows of CSV, TSV and their kin: the delimiter is the one under which the table makes most sense."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator

from soa.intake.codes import parse
from soa.intake.raw import NotReadable, RawRow, RawSheet, row_of

MOST_ROWS = 20_000
MOST_COLUMNS = 200
_DELIMITERS = ",;\t|"
_SAMPLE = 200  # records looked at to choose the delimiter
_DECLARED = re.compile(r'\A"?sep=(?P<mark>[^"\r\n])"?[^\S\r\n\t]*(?:\r\n|\r|\n)', re.IGNORECASE)
_GUARDED = re.compile(r"\A'+[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - full-width signs start formulas too

Record = tuple[int, list[str]]


def read_delimited(text: str, *, hint: str, is_telling: Callable[[str], bool]) -> RawSheet:
    """Read records with the physical line each starts on; `is_telling` knows the cells a statement is made of."""
    first, text, declared = _declaration(text)
    mark = declared or _best(text, hint=hint, is_telling=is_telling)
    rows: list[RawRow] = []
    for line, cells in _records(text, mark, first):
        if len(rows) == MOST_ROWS:
            raise NotReadable(f"The file has more than {MOST_ROWS:,} rows. Import the statement alone.")
        rows.append(row_of(line, [_unguard(cell) for cell in cells[:MOST_COLUMNS]]))
    if not any(row.cells for row in rows):
        raise NotReadable("The file holds no rows.")
    if mark not in text and not any(_is_entry(str(cell)) for row in rows for cell in row.cells):
        raise NotReadable("The file holds no table: no columns and no control ids.")
    return RawSheet("", tuple(rows))


def _is_entry(cell: str) -> bool:
    code = parse(cell)
    return code is not None and code.kind in ("annex", "own")


def _declaration(text: str) -> tuple[int, str, str | None]:
    """Take Excel's own first line `sep=;` off; it is no row."""
    found = _DECLARED.match(text)
    return (2, text[found.end() :], found["mark"]) if found else (1, text, None)


def _unguard(cell: str) -> str:
    """Take off the apostrophe that exports put before text a spreadsheet would run as a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _best(text: str, *, hint: str, is_telling: Callable[[str], bool]) -> str:
    def worth(mark: str) -> tuple[int, float, bool]:
        sample = [cells for _, cells in _sample(text, mark) if any(cells)]
        widths = Counter(len(cells) for cells in sample)
        width, times = widths.most_common(1)[0] if widths else (1, 0)
        telling = sum(is_telling(cell) for cells in sample for cell in cells[:MOST_COLUMNS])
        return telling, times / max(len(sample), 1) if width > 1 else 0.0, mark == hint

    return max(_DELIMITERS, key=worth)


def _sample(text: str, mark: str) -> Iterator[Record]:
    records = _records(text, mark, 1)
    for _ in range(_SAMPLE):
        try:
            yield next(records)
        except (StopIteration, NotReadable):
            return


def _records(text: str, mark: str, first: int) -> Iterator[Record]:
    lines, is_quoted = io.StringIO(text, newline=""), _closes_quotes(text, mark)
    reader = csv.reader(lines, delimiter=mark, quoting=csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE)
    line = first
    try:
        for cells in reader:
            yield line, cells if is_quoted else [cell.strip('"') for cell in cells]
            line = first + reader.line_num
    except csv.Error as broken:
        raise NotReadable(f"Line {line} cannot be read: {broken}.") from broken


def _closes_quotes(text: str, mark: str) -> bool:
    """Tell whether quotation marks pair up: one that never closes would swallow every row below it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error as broken:
        return not any(fault in str(broken) for fault in ("unexpected end of data", "field larger"))
    return True
