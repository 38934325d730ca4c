"""Which id a row is about, and what it is an id of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from soa.intake.catalogue import Catalogue
from soa.intake.codes import Code, parse, resolve, text_of_id, trailing
from soa.intake.columns import cannot_be_id
from soa.intake.headings import Section
from soa.intake.raw import RawRow
from soa.intake.table import Table
from soa.intake.titles import Titles
from soa.intake.values import text_of

Kind = Literal["control", "own", "area", "objective", "clause", "annex", "several", "unknown"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a row is about: a canonical code where it is known, else the id as written; and its title."""

    kind: Kind
    code: str
    written: str
    title: str
    strays_to: str = ""  # another control that the title column names by number


class Identifier:
    """Knows every number of the standard and what it stands for."""

    def __init__(self, catalogue: Catalogue, titles: Titles) -> None:
        self._titles = titles
        self._clauses = catalogue.clauses
        self._controls = frozenset(control.code for control in catalogue.controls)
        self._areas = frozenset(catalogue.areas)
        self._objectives = catalogue.objectives()
        self._known = (*self._controls, *self._areas, *self._objectives)

    def resolve(self, code: Code) -> str | None:
        """Return the control that an id means, own controls included."""
        if code.kind == "own":
            return code.dotted
        found = resolve(code, self._known) if code.kind == "annex" else None
        return found if found in self._controls else None

    def subject(self, table: Table, row: RawRow, *, numbers_are_annex: bool) -> Subject | None:
        """Return what a row is about, None where it has no cell like an id."""
        code = self._code(table, row)
        if code is None:
            return None
        title, strays_to = self._title(table, row, code)
        if code.kind == "number":
            return self._by_number(code, title, numbers_are_annex=numbers_are_annex)
        kind, known = self._kind(code)
        return Subject(kind, known, code.written, title, strays_to)

    def numbers_are_annex(self, table: Table, section: Section, rows: Sequence[RawRow]) -> bool:
        """Tell whether bare numbers such as 6.1.3 mean Annex A in a table, or clauses: titles and unique ones vote."""
        votes = 0
        for row in (rows[at] for at in section.rows):
            code = parse(text_of_id(row.at(table.id))) if table.id is not None else None
            if code and code.kind == "number":
                votes += self._vote(code, self._title(table, row, code)[0])
        return votes > 0

    def _vote(self, code: Code, title: str) -> int:
        annex, clause = f"A.{code.dotted}", code.dotted
        if annex in self._controls and title and self._titles.compare(title, annex).kind == "same":
            return 2
        if clause in self._clauses and self._titles.is_title_of_clause(title, clause):
            return -2
        return (annex in self._controls) - (clause in self._clauses)

    def _code(self, table: Table, row: RawRow) -> Code | None:
        if table.id is not None and (code := self._in_id_column(text_of_id(row.at(table.id)))):
            return code
        for at, cell in enumerate(row.cells):
            if (
                at == table.id
                or at in table.fields.values()
                or not isinstance(cell, str)
                or cannot_be_id(table.label(at))
            ):
                continue
            code = parse(cell)
            if code and code.kind in ("annex", "own") and self.resolve(code):
                return code
        return None

    def _in_id_column(self, text: str) -> Code | None:
        if code := parse(text):
            return code
        code = trailing(text)
        known = self.resolve(code) if code else None
        return code if code and known and self._titles.compare(code.rest, known).kind in ("same", "foreign") else None

    def _title(self, table: Table, row: RawRow, code: Code) -> tuple[str, str]:
        """Return the title of a row; an id repeated before it is dropped, another's is told."""
        text = text_of(row.at(table.title)) if table.title is not None else ""
        if not text or (code.rest and table.is_loose):
            text = code.rest or text
        repeated = parse(text)
        known = self.resolve(repeated) if repeated and repeated.kind in ("annex", "own") else None
        if repeated is None or known is None:
            return text, ""
        return repeated.rest, "" if known == self.resolve(code) else known

    def _kind(self, code: Code) -> tuple[Kind, str]:
        if code.kind == "own":
            return "own", code.dotted
        if code.kind == "annex":
            return self._annex_kind(code)
        kinds: dict[str, Kind] = {"clause": "clause", "several": "several"}
        return kinds.get(code.kind, "unknown"), code.written

    def _annex_kind(self, code: Code) -> tuple[Kind, str]:
        if code.letter != "A":
            return "annex", code.written
        known = resolve(code, self._known)
        if known is None:
            return "unknown", code.written
        return "control" if known in self._controls else "area" if known in self._areas else "objective", known

    def _by_number(self, code: Code, title: str, *, numbers_are_annex: bool) -> Subject:
        """Settle a bare number: its title decides, then what the numbers of the table usually mean."""
        annex = f"A.{code.dotted}"
        if annex in self._controls:
            verdict = self._titles.compare(title, annex)
            if verdict.kind == "same" or verdict.belongs_to == annex or numbers_are_annex:
                return Subject("control", annex, code.written, title)
        if numbers_are_annex and annex in self._areas:
            return Subject("area", annex, code.written, title)
        if numbers_are_annex and annex in self._objectives:
            return Subject("objective", annex, code.written, title)
        return Subject("clause" if code.dotted in self._clauses else "unknown", code.written, code.written, title)
