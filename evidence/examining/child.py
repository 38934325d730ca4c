"""Take the words out of one file, shut in: a process of its own, with the standard library and PDFium only.

Standard input: the file. Standard output: one line of JSON, `{"text": …, "pages": n, "why": …}`; an empty text never
means that there is nothing, and `why` then says what was in the way. Whatever lies in the file can make this process
run out of its time or memory, or crash it; it reaches neither network nor files.
"""

import argparse
import io
import json
import os
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

GUARD = runpy.run_path(str(Path(__file__).resolve().parent.parent.parent / "jobs" / "shut_in.py"))
MOST_TEXT = 200_000
MOST_PAGES = 1_000
MOST_XML = 64 * 1024 * 1024
MOST_PARTS = 2_000
BREAKS = {"p", "br", "row", "tr", "si", "h", "title", "text", "desc"}
PARTS = ("word/document.xml", "word/footnotes.xml", "xl/sharedStrings.xml", "ppt/slides/slide", "content.xml")


class Unread(Exception):
    """The words cannot be taken out; the message says why."""


class Enough(Exception):
    """There are as many words as are kept."""


class Words:
    """The text so far, of bounded length."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.pages = 0

    def add(self, text: str) -> None:
        """Take a text in, raising Enough."""
        self.parts.append(text)
        self.size += len(text)
        if self.size > MOST_TEXT:
            raise Enough

    @property
    def text(self) -> str:
        """Everything, its blanks run together."""
        return " ".join("".join(self.parts).replace("\x00", "").split())[:MOST_TEXT]


def of_pdf(data: bytes, words: Words) -> None:
    """Read a PDF page by page."""
    import pypdfium2  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unread("it has a password" if "password" in str(error).lower() else "it is a damaged PDF") from error
    words.pages = len(document)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        words.add(page.get_textpage().get_text_bounded(errors="replace") + "\n")
        page.close()


def of_archive(data: bytes, words: Words) -> None:
    """Read the text of an office document out of its XML."""
    with ZipFile(io.BytesIO(data)) as archive:
        parts = [part for part in archive.infolist()[:MOST_PARTS] if part.filename.startswith(PARTS)]
        if not parts:
            raise Unread("it is an archive")
        for part in sorted(parts, key=lambda part: part.filename):
            with archive.open(part) as stream:
                of_xml(stream.read(MOST_XML), words)


def of_xml(data: bytes, words: Words) -> None:
    """Read the text of XML; one that declares a document type is left alone, for what its entities could do."""
    parser = ParserCreate()

    def refuse(*_declared: object) -> int:
        raise Unread("its XML declares entities")

    def end(name: str) -> None:
        words.add("\n" if name.rpartition(":")[2] in BREAKS else "")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.CharacterDataHandler = words.add
    parser.EndElementHandler = end
    parser.buffer_text = True
    try:
        parser.Parse(data, True)  # noqa: FBT003
    except ExpatError as error:
        raise Unread("its XML is damaged") from error


def of_text(data: bytes, words: Words) -> None:
    """Read plain text, Markdown, CSV, JSON."""
    if b"\x00" in data[:4096]:
        raise Unread("it is of a kind that is not read")
    try:
        words.add(data[: 4 * MOST_TEXT].decode("utf-8-sig", "strict" if len(data) <= 4 * MOST_TEXT else "ignore"))
    except UnicodeDecodeError as error:
        raise Unread("it is of a kind that is not read") from error


def reader_of(data: bytes) -> Callable[[bytes, Words], None]:
    """Return how to read a file, by its first bytes."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"%PDF-"):
        return of_pdf
    if data.startswith(b"PK\x03\x04"):
        return of_archive
    if start.startswith((b"<svg", b"<?xml")):
        return of_xml
    if start.startswith((b"<!doctype", b"<html")):
        raise Unread("it is a web page")
    return of_text


def taken_from(data: bytes) -> dict[str, object]:
    """Return what there is to read, or why there is nothing."""
    words, why = Words(), ""
    try:
        reader_of(data)(data, words)
    except Enough:
        pass
    except Unread as error:
        why = str(error)
    except MemoryError:
        why = "it needs more memory than it may use"
    except (BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        why = f"it could not be read ({type(error).__name__})"
    text = "" if why else words.text
    return {"text": text, "pages": words.pages, "why": why or ("" if text else "it holds no text, or only pictures")}


def lines() -> Iterator[str]:
    """Read the file that was given, and answer."""
    yield json.dumps(taken_from(sys.stdin.buffer.read()))


def main() -> None:
    """Close every door, read, answer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    given = parser.parse_args()
    GUARD["limit"](given.memory, given.seconds)
    import pypdfium2  # noqa: F401, PLC0415

    GUARD["shut_in"]()
    for line in lines():
        sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
