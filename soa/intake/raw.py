"""What a file holds before anybody interprets it: sheets of numbered rows."""

from dataclasses import dataclass
from datetime import date

Cell = str | int | float | bool | date | None


class NotReadable(ValueError):
    """The file cannot be read as a statement; the message says why and what to do, for the person who chose it."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One physical row, by its 1-based line; trailing empty cells are left off."""

    line: int
    cells: tuple[Cell, ...] = ()
    is_head: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return not self.cells

    def at(self, column: int) -> Cell:
        """Return the cell of a column, None beyond the last."""
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet of a workbook, or the whole of another file."""

    name: str
    rows: tuple[RawRow, ...]
    remarks: tuple[str, ...] = ()


def row_of(line: int, cells: list[Cell], *, is_head: bool = False) -> RawRow:
    """Tidy the cells of one row: text without outer space and with plain newlines, emptiness as None."""
    tidy = [_tidy(cell) for cell in cells]
    while tidy and tidy[-1] is None:
        tidy.pop()
    return RawRow(line, tuple(tidy), is_head)


def _tidy(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    return cell.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip() or None
