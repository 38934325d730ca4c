"""Carry a change over to a text that is written another way, line by line."""

from collections.abc import Iterator
from difflib import SequenceMatcher

Lines = list[str]


def with_changes(original: str, base: str, changed: str) -> str:
    """Do to `original` what turns `base` into `changed`; both say the same as the original in other words and layout.

    Lines that did not change stay as they were written, and so does every line that holds nothing but a comment.
    """
    mine, ours, theirs = (text.splitlines(keepends=True) for text in (original, base, changed))
    to_mine, to_theirs = dict(_cuts(ours, mine)), dict(_cuts(ours, theirs, after_new=True))
    found = theirs[: to_theirs[0]]
    cuts = sorted(to_mine.keys() & to_theirs.keys())
    for start, end in zip(cuts, cuts[1:], strict=False):
        kept = mine[to_mine[start] : to_mine[end]]
        new = theirs[to_theirs[start] : to_theirs[end]]
        found += kept if new == ours[start:end] else [*new, *_comments(kept, new)]
    return "".join(found + mine[to_mine[len(ours)] :])


def _cuts(before: Lines, after: Lines, *, after_new: bool = False) -> Iterator[tuple[int, int]]:
    """Tell where one may cut both texts at the same place."""
    yield 0, 0
    for kind, start, end, low, high in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from zip(range(start + 1, end + 1), range(low + 1, high + 1), strict=True)
        else:
            yield end, high if after_new or start != end else low


def _comments(kept: Lines, new: Lines) -> Lines:
    there = {line.strip() for line in new}
    return [line for line in kept if line.lstrip().startswith("#") and line.strip() not in there]
