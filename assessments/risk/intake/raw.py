"""What a file holds before anybody interprets it: tables of numbered rows, every cell a text."""

from dataclasses import dataclass, field

from systems.registers.decoding import NotATable

__all__ = ["Grid", "NotATable", "Row"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row by the line it stands on; `merged` are the columns whose text was spread from a merged cell."""

    line: int
    cells: tuple[str, ...]
    merged: frozenset[int] = field(default_factory=frozenset)

    def at(self, column: int | None) -> str:
        """Return the text of a column, or nothing beyond the last."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(bool(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet, a table of a Markdown file, or the whole of another file."""

    name: str
    rows: tuple[Row, ...]
    has_head: bool = False
