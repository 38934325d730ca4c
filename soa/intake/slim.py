"""A workbook without what nobody can read: some claim 16,000 columns and a million rows for forty.

Openpyxl builds an object for every cell, also for an empty one that merely has a border. Such cells are cut from the
XML in one pass, block by block, before it sees them: memory stays bounded, and the work is that of one decompression.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO

from soa.intake.raw import NotReadable

MOST_BYTES = 200_000_000  # uncompressed, all parts together
MOST_PARTS = 10_000
MOST_KEPT = 48_000_000  # bytes of one part after the empty cells are gone
MOST_RATIO = 250  # real sheets pack 5 to 30 times; a bomb packs 1,000 times
RATIO_FROM = 10_000_000  # bytes below which the ratio says nothing
_BLOCK = 1 << 20
_PART_LIMITS = {"styles.xml": 16_000_000, "sharedStrings.xml": 48_000_000}
_UNUSED = re.compile(
    r"/(drawings|media|charts|embeddings|externalLinks|pivotCache|pivotTables|printerSettings|queryTables|slicers|threadedComments)/"
    r"|/comments[^/]*$|/worksheets/_rels/|^docProps/|^customXml/|vbaProject|calcChain",
    re.IGNORECASE,
)
_DECLARES = re.compile(rb"<!(DOCTYPE|ENTITY)")  # also in UTF-16
_EMPTY_CELL = re.compile(rb"<((?:\w+:)?c)(?:\s[^<>]*)?(?:/>|>\s*</\1>)")
_END_OF_CELLS = re.compile(rb"</(\w+:)?sheetData\s*>")
_NAMED_RANGES = re.compile(rb"<((?:\w+:)?definedNames)>.*?</\1>", re.DOTALL)
_OPENS_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*)?(?:>\s*(?:<[^<>]*)?)?\Z")
_STRICT = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


def slim(data: bytes, *, styled: bool = True) -> io.BytesIO:
    """Return the same workbook with only the parts that hold cells, and only the cells that hold something."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [part for part in archive.infolist() if not _UNUSED.search(part.filename) and not part.is_dir()]
        parts = [part for part in parts if styled or not part.filename.endswith("styles.xml")]
        _refuse_bombs(parts)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
            for part in parts:
                with archive.open(part) as source, copy.open(part.filename, "w") as target:
                    _copy(part.filename, source, target)
    out.seek(0)
    return out


def _refuse_bombs(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise NotReadable("The workbook is far larger than a statement can be. Copy the table into a new workbook.")
    for part in parts:
        if part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise NotReadable("The workbook unpacks to hundreds of times its size, as no table does.")


def _copy(name: str, source: IO[bytes], target: IO[bytes]) -> None:
    limit = next((size for part, size in _PART_LIMITS.items() if name.endswith(part)), MOST_KEPT)
    kept = 0
    tail = b""
    for block in _without_empty_cells(source):
        kept += len(block)
        if _DECLARES.search((tail + block).replace(b"\0", b"")):
            raise NotReadable("The workbook declares entities, as no spreadsheet program writes. Save it again.")
        tail = block[-32:]
        if kept > limit:
            raise NotReadable("A sheet of the workbook holds far more than a statement can. Import the table alone.")
        target.write(block)


def _without_empty_cells(source: IO[bytes]) -> Iterator[bytes]:
    """Yield the XML less its empty cells and, in a sheet, less all that follows the cells: rules, links, merges."""
    tail = source.read(_BLOCK)
    for strict, usual in _STRICT:
        tail = tail.replace(strict, usual)
    while block := source.read(_BLOCK):
        whole = _EMPTY_CELL.sub(b"", _NAMED_RANGES.sub(b"", tail + block))
        if end := _END_OF_CELLS.search(whole):
            yield _ended(whole, end)
            return
        cut = _safe_cut(whole)
        yield whole[:cut]
        tail = whole[cut:]
    whole = _EMPTY_CELL.sub(b"", _NAMED_RANGES.sub(b"", tail))
    end = _END_OF_CELLS.search(whole)
    yield _ended(whole, end) if end else whole


def _ended(xml: bytes, end: re.Match[bytes]) -> bytes:
    return xml[: end.end()] + b"</" + (end[1] or b"") + b"worksheet>"


def _safe_cut(block: bytes) -> int:
    """Return where the block can be cut without splitting a cell that may prove empty."""
    opening = _OPENS_CELL.search(block, max(0, len(block) - 4096))
    if opening:
        return opening.start()
    last = block.rfind(b"<", max(0, len(block) - 4096))
    return last if last > 0 else len(block)
