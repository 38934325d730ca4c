"""Where the headings of a sheet stand: not always on top, sometimes on two lines, often once per area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from soa.intake.codes import parse
from soa.intake.columns import LONGEST_HEADING, exact_fields, is_name, matches
from soa.intake.raw import Cell, RawRow
from soa.intake.values import is_tick_or_no

_NAMES_A_ROW = frozenset({"id", "control", "title"})
_LOOK_UP = 10  # filled rows above the first id in which an unusual heading is looked for


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading: positions in the sheet, the heading's own among them, and a label per column."""

    heads: frozenset[int]
    rows: range
    labels: tuple[str, ...]

    @property
    def is_headed(self) -> bool:
        """Whether the section has a heading at all."""
        return bool(self.heads)


def has_id(row: RawRow) -> bool:
    """Tell whether some cell of a row is a control id, or begins with one."""
    return any(is_id(cell) for cell in row.cells)


def is_id(cell: Cell) -> bool:
    """Tell a cell that is an id of an annex or of an own control, whatever its column."""
    code = parse(cell) if isinstance(cell, str) else None
    return code is not None and code.kind in ("annex", "own", "several")


def is_telling(cell: str) -> bool:
    """Tell a cell that only a statement would hold: an id alone, or the heading of a known column."""
    cell = cell.strip()
    if not cell or len(cell) > LONGEST_HEADING:
        return False
    code = parse(cell)
    return bool(exact_fields(cell)) or (code is not None and code.kind in ("annex", "own") and not code.rest)


def sections(rows: Sequence[RawRow]) -> list[Section]:
    """Cut a sheet at its headings; rows above the first one form a section without."""
    heads = [at for at, row in enumerate(rows) if row.is_head or _is_heading(row)]
    first = next((at for at, row in enumerate(rows) if has_id(row)), None)
    if first is not None and not any(at < first for at in heads):
        heads = sorted({*heads, *_unusual_heading(rows, first)})
    blocks = _blocks(heads)
    starts = [*([0] if not blocks or blocks[0][0] > 0 else []), *(block[0] for block in blocks)]
    return [_section(rows, start, stop, blocks) for start, stop in zip(starts, [*starts[1:], len(rows)], strict=True)]


def _section(rows: Sequence[RawRow], start: int, stop: int, blocks: list[list[int]]) -> Section:
    block = next((block for block in blocks if block[0] == start), [])
    if not block:
        return Section(frozenset(), range(start, stop), ())
    below = block[-1] + 1
    if below < stop and _continues(rows[block[-1]], rows[below]):
        block = [*block, below]
    above = [rows[start - 1]] if start > 0 and not has_id(rows[start - 1]) else []
    return Section(frozenset(block), range(start, stop), _labels([*above, *(rows[at] for at in block)]))


def _is_heading(row: RawRow) -> bool:
    if any(_is_data(cell) for cell in row.cells):
        return False
    fields = {names[0] for cell in row.cells if isinstance(cell, str) and (names := exact_fields(cell))}
    return len(fields) >= 3 or (len(fields) == 2 and bool(fields & _NAMES_A_ROW))


def _is_data(cell: Cell) -> bool:
    """Tell a cell that no heading has: an id, a bare number of a control, a date, a long text."""
    if not isinstance(cell, str):
        return isinstance(cell, bool | float | date)
    return len(cell) > LONGEST_HEADING or is_id(cell) or ((code := parse(cell)) is not None and code.kind == "number")


def _unusual_heading(rows: Sequence[RawRow], first: int) -> list[int]:
    """Find a heading by words within its cells; failing that, the last row of texts above serves as labels."""
    above = [at for at in range(first) if len([cell for cell in rows[at].cells if cell is not None]) > 1][-_LOOK_UP:]
    known = {
        at: len({found[0].field for cell in rows[at].cells if isinstance(cell, str) and (found := matches(cell))})
        for at in above
    }
    best = max(above, key=lambda at: (known[at], at), default=None)
    if best is None or (not known[best] and not all(isinstance(cell, str | None) for cell in rows[best].cells)):
        return []
    return [best]


def _blocks(heads: list[int]) -> list[list[int]]:
    blocks: list[list[int]] = []
    for at in heads:
        if blocks and blocks[-1][-1] == at - 1:
            blocks[-1].append(at)
        else:
            blocks.append([at])
    return blocks


def _continues(upper: RawRow, lower: RawRow) -> bool:
    """Tell the second line of a heading from data: half its cells are names, some of them under a group heading."""
    cells = [(at, str(cell)) for at, cell in enumerate(lower.cells) if cell is not None]
    if not cells or lower.is_head or upper.is_head or has_id(lower) or any(is_tick_or_no(cell) for _, cell in cells):
        return False
    above = _reaching(["" if upper.at(at) is None else str(upper.at(at)) for at in range(len(lower.cells))])
    joined = [is_name(f"{above[at]} {cell}") for at, cell in cells]
    known = sum(made or bool(exact_fields(cell)) for made, (_, cell) in zip(joined, cells, strict=True))
    return known * 2 >= len(cells) and (any(joined) or any(upper.at(at) is None for at, _ in cells))


def _labels(lines: list[RawRow]) -> tuple[str, ...]:
    """Name the columns: by the lowest filled line, led by the group heading above where the two make a known name."""
    width = max(len(line.cells) for line in lines)
    labels, texts = [""] * width, [""] * width
    for line in lines:
        above = _reaching(texts)
        labels = [_label(above[at], labels[at], line.at(at)) for at in range(width)]
        texts = [texts[at] if line.at(at) is None else str(line.at(at)) for at in range(width)]
    return tuple(" ".join(label.split()) for label in labels)


def _label(group: str, before: str, cell: Cell) -> str:
    if cell is None:
        return before
    joined = f"{group} {cell}".strip()
    return joined if is_name(joined) else str(cell)


def _reaching(labels: Sequence[str]) -> list[str]:
    """Return for each column its own text or that of the merged cell that reaches over it from the left."""
    reaching: list[str] = []
    for label in labels:
        reaching.append(label or (reaching[-1] if reaching else ""))
    return reaching
