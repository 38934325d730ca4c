"""Words to look for, and the text they are looked for in; what is found can be quoted as it stands."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Self

from evidence.reading import Document, Passage

WHOLE = 3  # a word of so few letters stands for itself, a longer one for its beginnings
LONGEST_QUOTE = 240
NEAR = 110  # letters between words that are asked for together
FEWEST = 4  # words of a line that says something; a shorter one is a heading
STOP = re.compile(r"\n|(?<=[.!?;])\s")
GAP = r"[\s\-']+"


@cache
def _folded(letter: str) -> str:
    bare = "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part)).lower()
    return bare if len(bare) == 1 else letter


def folded(text: str) -> str:
    """Return a text in small letters without accents, letter for letter, so that places stay the same."""
    return "".join(map(_folded, text)).replace("ß", "s").replace("\u2019", "'")


@dataclass(frozen=True, slots=True)
class Words:
    """Alternatives, each of which may ask for several groups in one passage."""

    options: tuple[tuple[re.Pattern[str], ...], ...]

    @classmethod
    def of(cls, line: str) -> Self:
        """Read `a|b & c`."""
        single = [option for option in line.split("|") if "&" not in option]
        options: list[tuple[re.Pattern[str], ...]] = [(_pattern(single),)] if single else []
        options += [
            tuple(_pattern([part]) for part in option.split("&")) for option in line.split("|") if "&" in option
        ]
        return cls(tuple(options))

    def among(self, text: str) -> re.Match[str] | None:
        """Return the first place in a folded text, of an alternative all of whose groups stand near to it."""
        return next(self.all_among(text), None)

    def all_among(self, text: str) -> Iterator[re.Match[str]]:
        """Yield every such place."""
        for option in self.options:
            for found in option[0].finditer(text):
                near = text[max(0, found.start() - NEAR) : found.end() + NEAR]
                if all(pattern.search(near) for pattern in option[1:]):
                    yield found


def _pattern(alternatives: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(_one(part.strip()) for part in alternatives if part.strip()))


def _one(alternative: str) -> str:
    start = "" if alternative.startswith("*") else r"(?<!\w)"
    words = re.split(r"[\s\-']+", folded(alternative.lstrip("*")))
    return start + GAP.join(_word(word) for word in words)


def _word(word: str) -> str:
    bare = re.escape(word).replace(r"\\d", r"\d").replace("ß", "s")
    if word.endswith("$"):
        return re.escape(word[:-1]) + r"(?!\w)"
    if word.endswith(r"\d") or not word[-1:].isalnum():
        return bare
    return bare + (r"(?!\w)" if len(word.replace(r"\d", "0")) <= WHOLE else r"\w*")


@dataclass(frozen=True, slots=True)
class Text:
    """A document to look in: its text, folded, without what is not to count."""

    document: Document
    folded: str

    @classmethod
    def of(cls, document: Document) -> Self:
        """Fold a document."""
        return cls(document, folded(document.text))

    def without(self, spans: list[tuple[int, int]]) -> Self:
        """Return the same text with these places blanked; everything else keeps its place."""
        parts, end = list[str](), 0
        for start, stop in sorted(spans):
            if stop > end:
                parts += [self.folded[end : max(start, end)], " " * (stop - max(start, end))]
                end = stop
        return type(self)(self.document, "".join(parts) + self.folded[end:])

    def passages(self) -> Iterator[tuple[Passage, str]]:
        """Yield each passage with its folded words."""
        for passage in self.document.passages:
            yield passage, self.folded[passage.start : passage.start + len(passage.text)]

    def find(self, words: Words, used: Collection[str] = ()) -> int | None:
        """Return where the words are first said in more than a heading, sooner where nothing was quoted yet."""
        spare = None
        for found in words.all_among(self.folded):
            quote = self.quote(found.start())
            if self.is_heading(quote):
                continue
            if quote not in used:
                return found.start()
            spare = found.start() if spare is None else spare
        return spare

    @staticmethod
    def is_heading(quote: str) -> bool:
        """Return whether a line is too short to say something; a cell or a labelled value does."""
        return len(quote.split()) < FEWEST and not set(quote.rstrip(":")) & set(":|=,;0123456789_")

    def quote(self, place: int) -> str:
        """Return the sentence or line around a place, verbatim and short."""
        text = self.document.text
        start = max(
            (mark.end() for mark in STOP.finditer(text, max(0, place - 400), place)), default=max(0, place - 400)
        )
        stop = STOP.search(text, place)
        end = stop.start() if stop else len(text)
        if end - start > LONGEST_QUOTE:
            start = start if place - start < LONGEST_QUOTE // 2 else text.rfind(" ", 0, place - 60) + 1
            end = min(end, start + LONGEST_QUOTE)
        return text[start:end].strip(" \t\r\n\f|")
