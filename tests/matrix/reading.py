"""What an answer says, however it is packed: headers, text, members of archives, pages of PDFs."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote
from zipfile import BadZipFile, ZipFile

import pypdfium2

RANDOM = re.compile(
    rb'(?:content|value|nonce)="[\w+/=-]{16,}"|nonce-[\w+/=-]+|csrftoken=\w+|"X-CSRFToken": ?"\w+"|'
    rb'(?:request|id)[-_ ]?(?:id)?["\': ]+[0-9a-f]{32}\b|[0-9]+(?:[.,][0-9]+)? ?ms\b'
)
VARYING = frozenset({"X-Request-Id", "Content-Length", "Set-Cookie", "ETag"})


def body_of(answer: Any) -> bytes:
    """The bytes of an answer, streamed or not; they can be asked for again."""
    if getattr(answer, "streaming", False):
        if not hasattr(answer, "kept"):
            answer.kept = b"".join(answer.streaming_content)
        kept: bytes = answer.kept
        return kept
    content: bytes = answer.content
    return content


def told(answer: Any, *asked: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body without what differs each time, and without the words that were `asked` about."""
    headers = {name: _plain(value.encode(), asked).decode() for name, value in answer.headers.items()}
    kept = {name: value for name, value in headers.items() if name not in VARYING}
    return answer.status_code, kept, _plain(body_of(answer), asked)


def _plain(data: bytes, asked: tuple[str, ...]) -> bytes:
    data = RANDOM.sub(b"", data)
    if data.startswith(b"PK"):
        data = b"".join(part for part in opened(data) if b"dcterms:" not in part and not part.startswith(b"PK"))
    for word in sorted(asked, key=len, reverse=True):
        data = re.sub(rb"(?<![\w-])" + re.escape(word.encode()) + rb"(?!\w| [A-Z][a-z]+ \d{4})", b"(asked)", data)
    return data


def spellings(value: Any) -> list[str]:
    """The ways in which a page could repeat what was asked: as it is, in an address, without its kind."""
    text = str(value)
    words = [text, text.rpartition(" ")[2]]
    if ":" in text:
        words += [text.rpartition(":")[2], text.rpartition(":")[2].partition("@")[0]]
    return list(dict.fromkeys([*words, *(quote(word) for word in words), *(quote(word, safe="") for word in words)]))


def said(answer: Any) -> bytes:
    """Everything that somebody could read in an answer, in small letters."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return b"\n".join([head.encode(), *opened(body_of(answer))]).lower()


def opened(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes, and what is in them when they are an archive or a PDF."""
    yield data
    if data.startswith(b"PK") and depth < 4:
        yield from _members(data, depth)
    if data.startswith(b"%PDF"):
        yield from _pages(data, depth)


def _members(data: bytes, depth: int) -> Iterator[bytes]:
    try:
        with ZipFile(BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from opened(archive.read(name), depth + 1)
    except BadZipFile:
        return


def _pages(data: bytes, depth: int) -> Iterator[bytes]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return
    for page in document:
        yield page.get_textpage().get_text_bounded().encode()
    for number in range(document.count_attachments()):
        yield from opened(bytes(document.get_attachment(number).get_data()), depth + 1)
    document.close()
