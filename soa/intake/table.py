"""A section of a sheet as a table: which column holds the id, the title and each other field."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from soa.intake.codes import Code, parse, text_of_id, trailing
from soa.intake.columns import Match, cannot_be_id, matches
from soa.intake.headings import Section
from soa.intake.raw import Cell, RawRow
from soa.intake.spelling import run_together
from soa.intake.values import is_tick_or_no, read_implementation, read_reasons, text_of

_SAMPLE = 400  # rows looked at to understand the columns
_ROLES = frozenset({"id", "control", "title", "text", "row_number"})
_PROSE = 20  # characters a cell has on average in a column of texts, not of statuses

Resolve = Callable[[Code], str | None]


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a section by field. `id` and `title` are None where no column holds them."""

    labels: tuple[str, ...]
    id: int | None = None
    title: int | None = None
    fields: Mapping[str, int] = field(default_factory=dict)
    is_loose: bool = False  # the title column may hold descriptions rather than titles
    counts_rows: int | None = None

    def label(self, column: int) -> str:
        """Return the heading of a column, or its letter."""
        text = self.labels[column] if column < len(self.labels) else ""
        return text or f"Column {_letters(column)}"

    def cell(self, row: RawRow, name: str) -> Cell:
        """Return the cell of a row in the column of a field, None without such a column."""
        return row.at(self.fields[name]) if name in self.fields else None

    def raw(self, row: RawRow) -> dict[str, str]:
        """Return every filled cell as text under its heading; a heading used twice gets its column's letter."""
        raw: dict[str, str] = {}
        for at, cell in enumerate(row.cells):
            if cell is not None:
                label = self.label(at)
                raw[f"{label} (column {_letters(at)})" if label in raw else label] = str(cell)
        return raw

    def unmapped(self, row: RawRow) -> Iterable[tuple[str, Cell]]:
        """Yield what no field takes, with its heading."""
        taken = {self.id, self.title, self.counts_rows, *self.fields.values()}
        return ((self.label(at), cell) for at, cell in enumerate(row.cells) if at not in taken and cell is not None)


def understand(section: Section, rows: Sequence[RawRow], *, resolve: Resolve, names: frozenset[str]) -> Table:
    """Settle the columns of a section from its headings and from what its cells hold."""
    body = [rows[at] for at in section.rows if at not in section.heads and rows[at].cells][:_SAMPLE]
    width = max((len(row.cells) for row in body), default=0)
    labels = (*section.labels, *[""] * (width - len(section.labels)))
    found = [_by_content(matches(label), [row.at(at) for row in body]) for at, label in enumerate(labels)]
    id_column = _id_column(labels, found, body, resolve)
    fields = _assign(found, id_column)
    counts = next((at for at in range(len(labels)) if at != id_column and _counts(found[at])), None)
    loose = "title" not in fields
    title = fields.get("title", fields.get("control", fields.get("text")))
    if title is None and id_column is not None:
        taken = {id_column, counts, *fields.values()}
        title = _title_by_content(labels, body, id_column, taken, names, is_headed=section.is_headed)
    kept = {name: at for name, at in fields.items() if name not in _ROLES}
    return Table(labels, id_column, title, kept, loose, counts)


def _by_content(found: Sequence[Match], cells: list[Cell]) -> tuple[Match, ...]:
    """Let the cells correct a heading that stands for several things."""
    texts = [text for cell in cells if (text := text_of(cell))]
    return tuple(Match(match.score, _field_by_content(match.field, texts)) for match in found)


def _field_by_content(name: str, texts: list[str]) -> str:
    """Tell descriptions from statuses, dates from ticks, and codes from reasons in words."""
    if name == "implementation" and sum(map(len, texts)) >= _PROSE * max(len(texts), 1):
        return name if sum(bool(read_implementation(text).value) for text in texts) * 3 >= len(texts) else "how"
    if name.startswith("implementation_") and not all(is_tick_or_no(text) for text in texts):
        return "planned_on" if name == "implementation_planned" else ""
    if name == "why_included" and texts and all(text.isupper() and not read_reasons(text)[1] for text in texts):
        return "reasons"
    return name


def _assign(found: Sequence[Sequence[Match]], id_column: int | None) -> dict[str, int]:
    """Give each field the column that names it most exactly, leftmost among equals."""
    offers = [
        (-match.score, at, rank, match.field)
        for at, known in enumerate(found)
        for rank, match in enumerate(known)
        if at != id_column
    ]
    fields: dict[str, int] = {}
    for _, at, _, name in sorted(offers):
        if name not in fields and at not in fields.values() and name not in ("", "id", "row_number"):
            fields[name] = at
    return fields


def _id_column(
    labels: Sequence[str], found: Sequence[Sequence[Match]], body: list[RawRow], resolve: Resolve
) -> int | None:
    """Choose the column with most control ids; a heading that says so counts for half of them."""
    if not body:
        return None
    worths = [_Ids.of([row.at(at) for row in body], resolve) for at in range(len(labels))]
    most = max((worth.known for worth in worths), default=0) or len(body) / 2
    ranked: list[tuple[float, int]] = []
    for at, worth in enumerate(worths):
        named = max((match.score for match in found[at] if match.field in ("id", "control")), default=0.0)
        if worth.is_id_column(named):
            ranked.append((worth.score(named) * (0.3 if cannot_be_id(labels[at]) else 1) + named * most * 0.6, -at))
    return -max(ranked)[1] if ranked else None


@dataclass(frozen=True, slots=True)
class _Ids:
    """How many ids of each kind a column holds."""

    known: int
    lettered: int
    numbers: int
    trailing: int

    @classmethod
    def of(cls, cells: list[Cell], resolve: Resolve) -> "_Ids":
        codes = [parse(text_of_id(cell)) for cell in cells]
        known = {code for found in codes if found and found.kind in ("annex", "own") and (code := resolve(found))}
        lettered = sum(found is not None and found.kind in ("annex", "own", "several") for found in codes)
        other = sum(found is not None and found.kind in ("number", "clause", "other") for found in codes)
        tails = sum(
            found is None and isinstance(cell, str) and trailing(cell) is not None
            for found, cell in zip(codes, cells, strict=True)
        )
        return cls(len(known), lettered, other, tails)

    def is_id_column(self, named: float) -> bool:
        return bool(self.lettered or self.trailing or (self.numbers and named))

    def score(self, named: float) -> float:
        return self.known + 0.2 * self.lettered + 0.3 * self.trailing + (0.4 if named else 0.1) * self.numbers


def _title_by_content(
    labels: Sequence[str],
    body: list[RawRow],
    id_column: int,
    taken: set[int | None],
    names: frozenset[str],
    *,
    is_headed: bool,
) -> int | None:
    """Find the titles where no heading says: by titles that are known, else the next column of texts."""
    free = [at for at in range(len(labels)) if at not in taken]
    hits = {
        at: sum(run_together(text_of(row.at(at))) in names for row in body if row.at(at) is not None) for at in free
    }
    best = max(free, key=lambda at: hits[at], default=None)
    if best is not None and hits[best]:
        return best
    codes = [code for row in body if (code := parse(text_of_id(row.at(id_column))))]
    if sum(bool(code.rest) for code in codes) * 2 > len(codes):
        return None
    after = [at for at in free if at > id_column] + [at for at in free if at < id_column]
    if is_headed:
        after = [at for at in after[:1] if at == id_column + 1 and not cannot_be_id(labels[at])]
    return next((at for at in after if _holds_titles([row.at(at) for row in body])), None)


def _holds_titles(cells: list[Cell]) -> bool:
    texts = [text_of(cell) for cell in cells if cell is not None]
    wordy = [text for text in texts if len(text) > 3 and not is_tick_or_no(text)]
    return len(wordy) * 2 > len(texts) and len(set(wordy)) * 5 >= len(wordy) * 4


def _counts(found: Sequence[Match]) -> bool:
    return any(match.field == "row_number" for match in found)


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
