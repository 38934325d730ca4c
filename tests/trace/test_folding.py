"""Folding loses no record, keeps their order, and never joins what does not belong together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trace.folding import APART, fold

AT = datetime(2026, 6, 17, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Edit:
    """A line as the list has it."""

    number: int
    at: datetime
    alike: str | None
    sides: tuple[dict[str, Any], dict[str, Any]] = field(default=({}, {}))


def edits(*steps: tuple[str | None, int, str, str]) -> list[Edit]:
    """Lines, newest first, from steps in order of time: what they are like, minutes since the one before, two texts."""
    at, lines = AT, []
    for number, (alike, minutes, before, after) in enumerate(steps, start=1):
        at += timedelta(minutes=minutes)
        lines.append(Edit(number, at, alike, ({"why": before}, {"why": after})))
    return lines[::-1]


def numbers(runs: Sequence[tuple[Edit, ...]]) -> list[list[int]]:
    return [[edit.number for edit in run] for run in runs]


def test_one_persons_edits_of_one_field_fold() -> None:
    lines = edits(("mine", 0, "a", "b"), ("mine", 1, "b", "c"), ("mine", 5, "c", "d"))
    assert numbers(fold(lines)) == [[3, 2, 1]]


def test_five_minutes_end_a_run() -> None:
    lines = edits(("mine", 0, "a", "b"), ("mine", 6, "b", "c"))
    assert numbers(fold(lines)) == [[2], [1]]


def test_somebody_elses_edit_ends_a_run() -> None:
    lines = edits(("mine", 0, "a", "b"), ("theirs", 1, "x", "y"), ("mine", 1, "b", "c"))
    assert numbers(fold(lines)) == [[3], [2], [1]]


def test_what_does_not_go_on_from_there_is_no_edit_of_it() -> None:
    links = edits(("link", 0, "", "A.6.2.4"), ("link", 0, "", "A.7.4"))
    assert numbers(fold(links)) == [[2], [1]]


def test_a_record_that_stands_alone_stays_alone() -> None:
    assert numbers(fold(edits((None, 0, "a", "b"), (None, 0, "b", "c")))) == [[2], [1]]


def test_a_checkpoint_is_never_folded_over() -> None:
    lines = edits(*(("mine", 1, str(step), str(step + 1)) for step in range(5)))
    assert numbers(fold(lines, cuts=[3])) == [[5, 4], [3, 2, 1]]
    assert numbers(fold(lines, cuts=[5])) == [[5, 4, 3, 2, 1]]
    assert numbers(fold(lines, cuts=[0])) == [[5, 4, 3, 2, 1]]


TEXTS = st.sampled_from(["a", "b"])
STEPS = st.lists(st.tuples(st.sampled_from(["mine", "theirs", None]), st.integers(0, 7), TEXTS, TEXTS), max_size=30)
CUTS = st.sets(st.integers(0, 31), max_size=6)


@given(STEPS, CUTS)
def test_unfolding_gives_the_same_list_back(steps: list[tuple[str | None, int, str, str]], cuts: set[int]) -> None:
    lines = edits(*steps)
    runs = fold(lines, cuts)
    assert list(chain.from_iterable(runs)) == lines
    assert all(runs)


@given(STEPS, CUTS)
def test_a_run_holds_what_belongs_together_and_all_of_it(
    steps: list[tuple[str | None, int, str, str]], cuts: set[int]
) -> None:
    lines = edits(*steps)
    runs = fold(lines, cuts)
    ends = {run[-1].number for run in runs}
    for newer, older in pairwise(lines):
        belongs = (
            older.alike is not None
            and newer.alike == older.alike
            and newer.sides[0] == older.sides[1]
            and newer.at - older.at <= APART
            and not any(older.number <= cut < newer.number for cut in cuts)
        )
        assert (newer.number not in ends) == belongs


@given(STEPS, CUTS)
def test_folding_again_changes_nothing(steps: list[tuple[str | None, int, str, str]], cuts: set[int]) -> None:
    for run in fold(edits(*steps), cuts):
        assert fold(run, cuts) == [run]
