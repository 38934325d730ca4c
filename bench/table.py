"""How benchmarks answer: a table of rows, some with a bar that they should not pass."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, the value in words, and the bar in words with whether it was kept."""

    what: str
    value: str
    bar: str = ""
    is_kept: bool = True


def show(title: str, rows: Sequence[Row]) -> int:
    """Print the rows in columns and return 1 when a bar was missed."""
    print(title)
    what, value, bar = (max(len(getattr(row, name)) for row in rows) for name in ("what", "value", "bar"))
    for row in rows:
        verdict = ("kept" if row.is_kept else "MISSED") if row.bar else ""
        print(f"  {row.what:<{what}}  {row.value:>{value}}  {row.bar:<{bar}}  {verdict}".rstrip())
    return 0 if all(row.is_kept for row in rows) else 1
