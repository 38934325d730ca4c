"""Take the words out of one file, shut in: a process of its own, with the standard library and PDFium only.

Standard input: the file. Standard output: one line of JSON, `{"pages": [text, …], "count": n, "why": …}`; no text never
means that there is nothing, and `why` then says what was in the way. Whatever lies in the file can make this process
run out of its time or memory, or crash it; it reaches neither network nor files.
"""

import argparse
import email
import email.policy
import json
import os
import re
import runpy
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

HERE = Path(__file__).resolve().parent
GUARD = runpy.run_path(str(HERE.parent.parent / "jobs" / "shut_in.py"))
OFFICE = runpy.run_path(str(HERE / "office.py"))
Unread, Enough = OFFICE["Unread"], OFFICE["Enough"]
MOST_TEXT = 1_000_000
MOST_PAGES = 1_000
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"\x00\x00\x00\x18ftypheic")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
CLOSED = "EncryptedPackage".encode("utf-16-le")
MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){3}")
MAIL_MARK = re.compile(
    rb"^(?:from|received|return-path|message-id|mime-version|delivered-to):", re.IGNORECASE | re.MULTILINE
)
CHARSET = re.compile(rb"charset=[\"']?([\w-]{3,20})", re.IGNORECASE)
BLOCKS = {
    "p",
    "div",
    "br",
    "li",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "title",
    "section",
    "table",
    "dd",
    "dt",
    "hr",
}
CELLS = {"td", "th"}
MUTE = {"script", "style", "template"}


class Words:
    """The pages so far, of bounded length in all."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = [[]]
        self.size = 0
        self.count = 0

    def add(self, text: str) -> None:
        """Take a text in, raising Enough."""
        self.pages[-1].append(text[: MOST_TEXT - self.size])
        self.size += len(text)
        if self.size >= MOST_TEXT:
            raise Enough

    def turn(self) -> None:
        """Begin a page, unless the last is still empty."""
        if any(part.strip() for part in self.pages[-1]):
            if len(self.pages) >= MOST_PAGES:
                raise Enough
            self.pages.append([])

    def told(self) -> list[str]:
        """Return each page, its blanks run together and its lines kept; a page without words stays, as an empty one."""
        pages = [tidied("".join(parts)) for parts in self.pages]
        while pages and not pages[-1]:
            pages.pop()
        return pages


def tidied(text: str) -> str:
    """Return a text without control characters, with single blanks and at most one empty line at a time."""
    text = re.sub(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u00ad\ufffe\uffff\ud800-\udfff]", "", text)
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in re.split(r"\r\n?|[\n\x0c\u2028\u2029]", text))
    return re.sub(
        r"\n{3,}", "\n\n", "\n".join(line.strip(" |") if set(line) <= {" ", "|"} else line for line in lines)
    ).strip()


def of_pdf(data: bytes, words: Words) -> None:
    """Read a PDF page by page; what a form holds is read with its page."""
    import pypdfium2  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unread("it has a password" if "password" in str(error).lower() else "it is a damaged PDF") from error
    words.count = len(document)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        if number:
            words.pages.append([])
        words.add(page.get_textpage().get_text_bounded(errors="replace").replace("\x02", "-") + "\n")
        page.close()


class Page(HTMLParser):
    """The words of a web page; scripts and styles have none."""

    def __init__(self, words: Words) -> None:
        super().__init__(convert_charrefs=True)
        self.words, self.mute = words, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Break the line before a block."""
        self.mute += tag in MUTE
        if tag in BLOCKS:
            self.words.add("\n")

    def handle_endtag(self, tag: str) -> None:
        """End the line or the cell."""
        self.mute = max(0, self.mute - (tag in MUTE))
        if tag in CELLS:
            self.words.add(" | ")
        elif tag in BLOCKS:
            self.words.add("\n\n" if tag in {"p", "table"} or tag.startswith("h") else "\n")

    def handle_data(self, data: str) -> None:
        """Take words in; a line break in the source is a blank."""
        if not self.mute:
            self.words.add(re.sub(r"\s+", " ", data))


def of_html(data: bytes, words: Words) -> None:
    """Read a web page."""
    said = CHARSET.search(data[:2048])
    page = Page(words)
    page.feed(decoded(data, said.group(1).decode() if said else ""))
    page.close()


def of_mail(data: bytes, words: Words) -> None:
    """Read a message: who, when, about what, its text, and the names of what is attached."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for name in ("From", "To", "Cc", "Date", "Subject"):
        if message[name]:
            words.add(f"{name}: {message[name]}\n")
    words.add("\n")
    body = message.get_body(preferencelist=("plain", "html"))
    content = body.get_content() if body is not None else ""
    if body is not None and body.get_content_subtype() == "html":
        Page(words).feed(str(content))
    else:
        words.add(str(content))
    for part in message.iter_attachments():
        words.add(f"\nAttachment: {part.get_filename() or part.get_content_type()}\n")


def of_text(data: bytes, words: Words) -> None:
    """Read plain text, Markdown, CSV, JSON; a form feed begins a page."""
    for number, page in enumerate(decoded(data[: 4 * MOST_TEXT]).split("\f")):
        if number:
            words.turn()
        words.add(page)


def decoded(data: bytes, said: str = "") -> str:
    """Return bytes as text, in the encoding they name or show, raising Unread."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\x00" in data[:4096]:
        raise Unread("it is of a kind that is not read")
    for encoding in ("utf-8-sig", said):
        try:
            return data.decode(encoding or "utf-8-sig", "strict" if len(data) < 4 * MOST_TEXT else "ignore")
        except (UnicodeDecodeError, LookupError):
            continue
    high, odd = sum(byte > 0x7F for byte in data[:65536]), sum(byte < 9 or 13 < byte < 32 for byte in data[:65536])
    if odd or high > 0.3 * len(data[:65536]):
        raise Unread("it is of a kind that is not read")
    return data.decode("cp1252", "replace")


def of_nothing(_data: bytes, _words: Words) -> None:
    """Say that there is nothing."""
    raise Unread("it is empty")


def of_picture(_data: bytes, _words: Words) -> None:
    """Say that a picture has no words to take."""
    raise Unread("it is a picture, and its words are not extracted")


def of_old_office(data: bytes, _words: Words) -> None:
    """Say what is in the way of a compound file: a password, or its age."""
    raise Unread("it has a password" if CLOSED in data else "it is of an old office format that is not read")


def reader_of(data: bytes) -> Callable[[bytes, Words], None]:
    """Return how to read a file, by its first bytes."""
    if not data.strip():
        return of_nothing
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    known: tuple[tuple[bytes | tuple[bytes, ...], Callable[[bytes, Words], None]], ...] = (
        (b"%PDF-", of_pdf),
        (b"PK\x03\x04", OFFICE["of_archive"]),
        (OLE, of_old_office),
        (PICTURES, of_picture),
    )
    for mark, reader in known:
        if data.startswith(mark):
            return reader
    if start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<?xml") and b"<html" in start):
        return of_html
    if start.startswith((b"<svg", b"<?xml")):
        return OFFICE["of_markup"]  # type: ignore[no-any-return]
    if b"%PDF-" in data[:1024]:
        return of_pdf
    return of_mail if MAIL.match(data) and MAIL_MARK.search(data[:4096]) else of_text


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
    except ExpatError:
        why = "its XML is damaged"
    except (
        BadZipFile,
        ValueError,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        LookupError,
        TypeError,
    ) as error:
        why = f"it could not be read ({type(error).__name__})"
    pages = [] if why else words.told()
    if not any(pages):
        pages, why = [], why or "it holds no text, or only pictures, whose words are not extracted"
    return {"pages": pages, "count": words.count or len(pages), "why": why}


def main() -> None:
    """Close every door, read, answer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    given = parser.parse_args()
    GUARD["limit"](given.memory, given.seconds)
    import pypdfium2  # noqa: F401, PLC0415

    GUARD["shut_in"]()
    answer = json.dumps(taken_from(sys.stdin.buffer.read()), ensure_ascii=False)
    sys.stdout.buffer.write(answer.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
