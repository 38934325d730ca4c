"""Fold a run of edits into one line on screen: one person, one thing, the same fields, minutes apart.

Only the page folds. The log, its export and its proofs know nothing of it.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

APART = timedelta(minutes=5)


class Foldable(Protocol):
    """A line of the list: what the edits of a run have in common, and what stood there before and after.

    `alike` is None for a record that always stands alone.
    """

    @property
    def number(self) -> int:
        """The record's number."""

    @property
    def at(self) -> datetime:
        """When the act happened."""

    @property
    def alike(self) -> Hashable:
        """Who did what to which fields of which thing."""

    @property
    def sides(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The fields' values before and after."""


L = TypeVar("L", bound=Foldable)


def fold(lines: Sequence[L], cuts: Collection[int] = ()) -> list[tuple[L, ...]]:
    """Return the lines, newest first as they come, in runs; a run never reaches across a checkpoint at a cut.

    Put one after the other, the runs are the lines again.
    """
    runs: list[list[L]] = []
    for line in lines:
        if runs and _goes_on(runs[-1][-1], line, cuts):
            runs[-1].append(line)
        else:
            runs.append([line])
    return [tuple(run) for run in runs]


def _goes_on(newer: Foldable, older: Foldable, cuts: Collection[int]) -> bool:
    """Whether an edit went on from where the one before had ended, soon after and under the same checkpoint."""
    if older.alike is None or older.alike != newer.alike or newer.sides[0] != older.sides[1]:
        return False
    return abs(newer.at - older.at) <= APART and not any(older.number <= cut < newer.number for cut in cuts)
