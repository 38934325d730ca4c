"""A document cut into pieces that are slices of its text, so that what is shown is always verbatim."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST = 420
SENTENCE = re.compile(r"(?<=[.!?;])\s+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A slice of the document: `text[start:end]`."""

    start: int
    end: int


def chunks_of(text: str) -> list[Chunk]:
    """Join neighbouring lines or sentences until a piece is about as long as a paragraph."""
    found: list[Chunk] = []
    for start, end in _units(text):
        if found and end - found[-1].start <= MOST:
            found[-1] = Chunk(found[-1].start, end)
        else:
            found.append(Chunk(start, end))
    return found


def _units(text: str) -> list[tuple[int, int]]:
    units: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        cuts = [start + cut.end() for cut in SENTENCE.finditer(line.group())] if len(line.group()) > MOST else []
        for end in [*cuts, line.end()]:
            units.extend(_trimmed(text, at, min(at + MOST, end)) for at in range(start, end, MOST))
            start = end
    return [(start, end) for start, end in units if end > start]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def sampled(count: int, scores: Sequence[float], most: int) -> list[int]:
    """Choose which pieces are read for their meaning: the first two, those with most terms, the rest evenly."""
    if count <= most:
        return list(range(count))
    chosen = {0, 1}
    best = sorted(range(count), key=lambda index: -scores[index])
    chosen.update(best[: most // 2])
    step = count / max(1, most - len(chosen))
    chosen.update(int(number * step) for number in range(most - len(chosen)))
    return sorted(chosen)
