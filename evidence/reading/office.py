"""The words of office documents, taken from their XML as it streams: Word, Excel, PowerPoint, OpenDocument, SVG.

Standard library only, loaded by `child.py` by its path. A document type in the XML is refused, for what its entities
could do; a table keeps its rows as lines, its cells between bars; what was struck out by a tracked change is not read.
"""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZipFile

MOST_XML = 64 * 1024 * 1024
MOST_OUT = 256 * 1024 * 1024
MOST_PARTS = 2_000
CHUNK = 64 * 1024
BREAKS = {"p", "br", "row", "tr", "h", "title", "text", "desc", "line-break", "cr"}
CELLS = {"tc", "table-cell"}
ROWS = {"tr", "table-row"}
FIRST = re.compile(r"word/header\d*\.xml$")
BODY = re.compile(r"(word/document\.xml|ppt/slides/slide\d+\.xml|content\.xml)$")
LAST = re.compile(
    r"(word/(footnotes|endnotes|comments|footer\d*)\.xml|ppt/notesSlides/notesSlide\d+\.xml|styles\.xml)$"
)
SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml$")
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  (a day as Excel counts it)

Handler = Callable[..., Any]


class Unread(Exception):
    """The words cannot be taken out; the message says why."""


class Enough(Exception):
    """There are as many words as are kept."""


class Budget:
    """How many bytes of XML may still come out of one archive."""

    def __init__(self) -> None:
        self.left = MOST_OUT

    def spend(self, size: int) -> None:
        """Count what came out, raising Unread."""
        self.left -= size
        if self.left < 0:
            raise Unread("it unpacks to more than may be read")


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def walk(stream: Any, start: Handler, end: Handler, text: Handler, budget: Budget | None = None) -> None:
    """Stream XML through handlers; anything that declares a document type is left alone."""
    parser, size = ParserCreate(), 0

    def refuse(*_declared: object) -> int:
        raise Unread("its XML declares entities")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.buffer_text = True
    try:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if budget is not None:
                budget.spend(len(piece))
            if size > MOST_XML:
                break
            parser.Parse(piece, False)  # noqa: FBT003
        else:
            parser.Parse(b"", True)  # noqa: FBT003
    except ExpatError as error:
        raise Unread("its XML is damaged") from error


class Flow:
    """The words of flowing text: paragraphs are lines, and so are the rows of a table."""

    def __init__(self, words: Any, *, only: str = "") -> None:
        self.words, self.only = words, only
        self.cells = self.skip = self.inside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        tag = local(name)
        self.skip += tag == "Fallback"
        self.cells += tag in CELLS
        self.inside += tag == self.only
        if tag == "lastRenderedPageBreak" or (tag == "br" and attributes.get("w:type") == "page"):
            if not self.cells:
                self.words.turn()
        elif tag == "textpath" and "string" in attributes:  # a watermark
            self.words.add(f"{attributes['string']}\n")
        elif tag in {"tab", "s"}:
            self.words.add(" ")

    def end(self, name: str) -> None:
        """Leave an element."""
        tag = local(name)
        self.skip -= tag == "Fallback"
        self.inside -= tag == self.only
        if tag in CELLS:
            self.cells -= 1
            self.words.add(" | ")
        elif tag in ROWS:
            self.words.add("\n")
        elif tag in BREAKS:
            self.words.add(" " if self.cells else "\n")

    def text(self, text: str) -> None:
        """Take words in."""
        if not self.skip and (self.inside or not self.only):
            self.words.add(text)


def of_markup(data: bytes, words: Any) -> None:
    """Read the text of XML, such as a drawing."""
    flow = Flow(words)
    walk(io.BytesIO(data), flow.start, flow.end, flow.text)


def number_in(name: str) -> tuple[int, str]:
    """Sort slide2 before slide10."""
    found = re.search(r"(\d+)\.xml$", name)
    return (int(found.group(1)) if found else 0, name)


def of_archive(data: bytes, words: Any) -> None:
    """Read an office document, raising Unread for any other archive."""
    budget = Budget()
    with ZipFile(io.BytesIO(data)) as archive:
        names = sorted((part.filename for part in archive.infolist()[:MOST_PARTS]), key=number_in)
        if any(SHEET.match(name) for name in names) or "xl/sharedStrings.xml" in names:
            return of_workbook(archive, names, words, budget)
        bodies = [name for name in names if BODY.match(name)]
        if not bodies:
            raise Unread("it is an archive")
        words.turn()
        for name in (
            [name for name in names if FIRST.match(name)] + bodies + [name for name in names if LAST.match(name)]
        ):
            if name.startswith("ppt/"):
                words.turn()
            flow = Flow(words, only="" if name in {"content.xml", "styles.xml"} else "t")
            with archive.open(name) as stream:
                walk(stream, flow.start, flow.end, flow.text, budget)
            words.add("\n")
    return None


class Strings:
    """The texts that cells of a workbook share; how a name is spoken is no part of it."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.inside = {"t": 0, "rPh": 0}

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """Enter an element."""
        tag = local(name)
        if tag == "si":
            self.found.append("")
        elif tag in self.inside:
            self.inside[tag] += 1

    def end(self, name: str) -> None:
        """Leave an element."""
        if local(name) in self.inside:
            self.inside[local(name)] -= 1

    def text(self, said: str) -> None:
        """Take words in."""
        if self.found and self.inside["t"] and not self.inside["rPh"]:
            self.found[-1] += said


class Styles:
    """The numbers of the cell styles that show a number as a date."""

    def __init__(self) -> None:
        self.formats, self.found = set(DATE_FORMATS), set[str]()
        self.is_inside, self.count = False, 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        tag = local(name)
        if tag == "numFmt" and self.is_date(attributes.get("formatCode", "")):
            self.formats.add(int(attributes.get("numFmtId", "0")))
        elif tag == "cellXfs":
            self.is_inside = True
        elif tag == "xf" and self.is_inside:
            if int(attributes.get("numFmtId", "0")) in self.formats:
                self.found.add(str(self.count))
            self.count += 1

    def end(self, name: str) -> None:
        """Leave an element."""
        if local(name) == "cellXfs":
            self.is_inside = False

    @staticmethod
    def is_date(code: str) -> bool:
        """Return whether a format shows a day."""
        bare = re.sub(r'"[^"]*"|\[[^\]]*\]', "", code).lower()
        return "y" in bare or ("d" in bare and "m" in bare)


def of_part(archive: ZipFile, name: str, names: list[str], reader: Any, budget: Budget) -> Any:
    """Walk a part that may not be there, and return its reader."""
    if name in names:
        with archive.open(name) as stream:
            walk(stream, reader.start, reader.end, getattr(reader, "text", lambda _text: None), budget)
    return reader


def titles_of(archive: ZipFile, names: list[str], budget: Budget) -> list[str]:
    """Return the names of the sheets, in the order of the book."""
    found: list[str] = []
    if "xl/workbook.xml" in names:
        with archive.open("xl/workbook.xml") as stream:
            walk(
                stream,
                lambda name, attributes: found.append(attributes.get("name", "")) if local(name) == "sheet" else None,
                lambda _name: None,
                lambda _text: None,
                budget,
            )
    return found


class Sheet:
    """The cells of one sheet, a row a line."""

    def __init__(self, words: Any, strings: list[str], dates: set[str]) -> None:
        self.words, self.strings, self.dates = words, strings, dates
        self.kind = self.style = self.said = ""
        self.inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        tag = local(name)
        if tag == "c":
            self.kind, self.style, self.said = attributes.get("t", "n"), attributes.get("s", ""), ""
        self.inside = tag in {"v", "t"}

    def end(self, name: str) -> None:
        """Leave an element; a formula's last value is read, never the formula."""
        tag = local(name)
        self.inside = False
        if tag == "c" and self.said:
            self.words.add(f"{self.value()} | ")
        elif tag == "row":
            self.words.add("\n")

    def text(self, text: str) -> None:
        """Take a value in."""
        if self.inside:
            self.said += text

    def value(self) -> str:
        """Return what a cell shows."""
        if self.kind == "s" and self.said.isdigit():
            return self.strings[int(self.said)] if int(self.said) < len(self.strings) else ""
        if self.kind == "n" and self.style in self.dates:
            return as_date(self.said)
        return self.said


def as_date(said: str) -> str:
    """Return a number of days as the date that a workbook shows."""
    try:
        found = EPOCH + timedelta(days=float(said))
    except (ValueError, OverflowError):
        return said
    return found.strftime("%Y-%m-%d") if 1900 < found.year < 2200 else said


def of_workbook(archive: ZipFile, names: list[str], words: Any, budget: Budget) -> None:
    """Read every sheet, each under its name."""
    strings = of_part(archive, "xl/sharedStrings.xml", names, Strings(), budget).found
    dates = of_part(archive, "xl/styles.xml", names, Styles(), budget).found
    sheets, titles = [name for name in names if SHEET.match(name)], titles_of(archive, names, budget)
    for place, name in enumerate(sheets):
        words.turn()
        words.add(f"{titles[place] if place < len(titles) else ''}\n")
        sheet = Sheet(words, strings, dates)
        with archive.open(name) as stream:
            walk(stream, sheet.start, sheet.end, sheet.text, budget)
    if not sheets:
        words.add("\n".join(strings))
