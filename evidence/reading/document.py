"""What was read of a file: its text, the passages in it, each to be quoted as it stands, and its language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.reading.language import language_of

PAGE = "\f"
SHORT, GOOD, LONG = 60, 450, 900
SENTENCE = re.compile(r"(?<=[.!?;:])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the text that stands for itself: `document.text[start:start + len(text)] == text`."""

    text: str
    page: int
    start: int


@dataclass(frozen=True, slots=True)
class Document:
    """The words of a file; no text means "not extracted", never "nothing there", and `why` says the reason.

    Pages are divided by a form feed. `language` is a two-letter code, empty when it cannot be told.
    """

    text: str
    passages: tuple[Passage, ...] = ()
    language: str = ""
    pages: int = 0
    why: str = ""


def document_of(text: str, *, pages: int = 0, why: str = "") -> Document:
    """Return the document that a stored or given text makes, with its passages and its language."""
    if not text.strip():
        return Document("", pages=pages, why=why or "it holds no text")
    return Document(text, tuple(passages_of(text)), language_of(text), pages or text.count(PAGE) + 1)


def passages_of(text: str) -> Iterator[Passage]:
    """Cut a text into passages of a few sentences, each verbatim; a heading goes with what follows it."""
    start = 0
    for number, page in enumerate(text.split(PAGE), 1):
        for begin, end in _blocks(page):
            said = page[begin:end]
            lead = len(said) - len(said.lstrip())
            if said.strip():
                yield Passage(said.strip(), number, start + begin + lead)
        start += len(page) + 1


def _blocks(page: str) -> Iterator[tuple[int, int]]:
    """Yield where passages begin and end in a page."""
    begin = end = 0
    for first, last in _pieces(page):
        size = end - begin
        is_full = size and (size + last - first > LONG or (size >= GOOD and _is_break(page, end, first)))
        is_apart = size >= SHORT and "\n\n" in page[end:first]
        if is_full or is_apart:
            yield begin, end
            begin = first
        end = last
    if end > begin:
        yield begin, end


def _is_break(page: str, end: int, first: int) -> bool:
    return page[:end].rstrip()[-1:] in ".!?;:|" or "\n" in page[end:first]


def _pieces(page: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of a page, long ones by sentences, and what has no sentences by length."""
    for line in re.finditer(r"[^\n]+", page):
        if line.end() - line.start() <= LONG:
            yield line.start(), line.end()
            continue
        start = line.start()
        for mark in [*SENTENCE.finditer(page, line.start(), line.end()), None]:
            stop = mark.start() if mark else line.end()
            while stop - start > LONG:
                yield start, start + LONG
                start += LONG
            if stop > start:
                yield start, stop
            start = mark.end() if mark else line.end()
