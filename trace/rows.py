"""The rows of the list: records, runs of edits folded into one, and the checkpoints between them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import ngettext

from trace import words
from trace.folding import fold
from trace.marks import Mark
from trace.queries import Line
from trace.words import thin


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a record, or a run of them told as one; under the checkpoint that may stand above it.

    A run has its oldest record's number in `first` and says in `times` how many it stands for; its records follow,
    hidden until somebody opens it, and name it in `run_of`.
    """

    line: Line
    mark: Mark | None = None
    first: int = 0
    times: str = ""
    run_of: int = 0
    is_hidden: bool = False


def rows(lines: Sequence[Line], marks: Mapping[int, Mark], *, folds: bool, told: int = 0) -> list[Row]:
    """Return the rows of a page; the run in which the record `told` stands is laid open."""
    cuts = [mark.size for mark in marks.values()]
    runs = fold(lines, cuts) if folds else [(line,) for line in lines]
    return [row for run in runs for row in _rows(run, marks.get(run[0].number), told)]


def _rows(run: tuple[Line, ...], mark: Mark | None, told: int) -> Iterator[Row]:
    newest, oldest = run[0], run[-1]
    if len(run) == 1:
        yield Row(newest, mark)
        return
    before, after = words.summary(newest.kind, oldest.sides[0], newest.sides[1])
    times = ngettext("%(n)s time", "%(n)s times", len(run)) % {"n": thin(len(run))}
    yield Row(replace(newest, before=before, after=after), mark, first=oldest.number, times=times)
    is_hidden = all(line.number != told for line in run)
    for line in run:
        yield Row(line, run_of=newest.number, is_hidden=is_hidden)
