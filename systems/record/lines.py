"""Carry a change over to a text that is written another way, line by line."""

from difflib import SequenceMatcher
from itertools import pairwise

Lines = list[str]
Cuts = dict[int, tuple[int, int]]


def with_changes(original: str, base: str, changed: str) -> str:
    """Do to `original` what turns `base` into `changed`; base says the same as the original in another layout.

    Lines that did not change stay as they were written, and so does every line that holds nothing but a comment.
    """
    mine, ours, theirs = (text.splitlines(keepends=True) for text in (original, base, changed))
    to_mine, to_theirs = _cuts(ours, mine), _cuts(ours, theirs)
    places = sorted(to_mine.keys() & to_theirs.keys())
    found = theirs[: to_theirs[0][1]]
    for start, end in pairwise(places):
        kept = mine[to_mine[start][0] : to_mine[end][0]]
        new = theirs[to_theirs[start][1] : to_theirs[end][0]]
        found += kept if new == ours[start:end] else [*new, *_comments(kept, new)]
        found += theirs[slice(*to_theirs[end])]
    return "".join(found + mine[to_mine[len(ours)][0] :])


def _cuts(before: Lines, after: Lines) -> Cuts:
    """Tell where one may cut both texts; what is new stands between the two places of a cut."""
    cuts = {0: (0, 0)}
    for kind, start, end, low, high in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            cuts |= {start + step: (low + step, low + step) for step in range(1, end - start + 1)}
        else:
            cuts[end] = (low if kind == "insert" else high, high)
    return cuts


def _comments(kept: Lines, new: Lines) -> Lines:
    there = {line.strip() for line in new}
    return [line for line in kept if line.lstrip().startswith("#") and line.strip() not in there]
