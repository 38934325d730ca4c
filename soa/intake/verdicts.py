"""The verdict on each row: which control it is about, and whether number and title agree."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from soa.intake.catalogue import Catalogue
from soa.intake.dates import Order, order_of
from soa.intake.entry import DECISIONS, Reader
from soa.intake.headings import Section, sections
from soa.intake.identify import Identifier, Subject
from soa.intake.languages import is_foreign
from soa.intake.plan import Row, SheetRead, Verdict
from soa.intake.raw import RawRow, RawSheet
from soa.intake.spelling import words_of
from soa.intake.table import Table, understand
from soa.intake.titles import Titles
from soa.intake.titles import Verdict as TitleVerdict
from soa.intake.values import text_of

_DESCRIBES = 10  # words from which a cell under a vague heading is a description, not a title
_OTHER_ANNEXES = {
    "B": "Annex B is guidance on the controls of Annex A; a statement lists the controls.",
    "C": "Annex C lists possible objectives and risk sources; a statement lists the controls of Annex A.",
    "D": "Annex D is about use across sectors; a statement lists the controls of Annex A.",
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A section of a sheet with its table, ready to be judged."""

    sheet: RawSheet
    section: Section
    table: Table
    reader: Reader
    numbers_are_annex: bool


class Judge:
    """Judges the rows of one file; it remembers which controls have had their row."""

    def __init__(self, catalogue: Catalogue, known_on: date) -> None:
        self._catalogue = catalogue
        self._known_on = known_on
        self._titles = Titles(catalogue)
        self._identifier = Identifier(catalogue, self._titles)
        self._names = self._titles.all_names()
        self._seen: dict[str, tuple[str, int]] = {}
        self._others_are_foreign = False

    def judge(self, sheets: Sequence[RawSheet]) -> tuple[tuple[Row, ...], tuple[SheetRead, ...]]:
        """Return every row of every sheet with its verdict, and how each sheet was understood."""
        parts = [part for sheet in sheets for part in self._parts(sheet)]
        self._others_are_foreign = self._is_mostly_foreign(parts)
        rows = tuple(self._row(part, at) for part in parts for at in part.section.rows)
        return rows, tuple(_read(sheet, [part.table for part in parts if part.sheet is sheet]) for sheet in sheets)

    def missing(self) -> tuple[str, ...]:
        """Return the controls of Annex A that had no row, in the order of the standard."""
        return tuple(control.code for control in self._catalogue.controls if control.code not in self._seen)

    def _parts(self, sheet: RawSheet) -> list[_Part]:
        parts: list[_Part] = []
        for section in sections(sheet.rows):
            table = understand(section, sheet.rows, resolve=self._identifier.resolve, names=self._names)
            body = [sheet.rows[at] for at in section.rows]
            orders: dict[str, Order] = {
                name: order_of(table.cell(row, name) for row in body) for name in ("review_on", "planned_on")
            }
            numbers = self._identifier.numbers_are_annex(table, section, sheet.rows)
            parts.append(_Part(sheet, section, table, Reader(table, self._known_on, orders), numbers))
        return parts

    def _is_mostly_foreign(self, parts: list[_Part]) -> bool:
        """Tell whether the file speaks another language, so that its shorter titles may be taken to as well."""
        titles = [title for part in parts for at in part.section.rows if (title := self._title_at(part, at))]
        return sum(map(is_foreign, titles)) * 2 > len(titles)

    def _title_at(self, part: _Part, at: int) -> str:
        row = part.sheet.rows[at]
        if at in part.section.heads or row.is_blank:
            return ""
        subject = self._identifier.subject(part.table, row, numbers_are_annex=part.numbers_are_annex)
        return subject.title if subject and subject.kind == "control" else ""

    def _row(self, part: _Part, at: int) -> Row:
        row, table = part.sheet.rows[at], part.table
        if row.is_blank:
            return Row(row.line, part.sheet.name, "skipped", "", "", "Blank row.")
        raw = table.raw(row)
        if at in part.section.heads:
            return Row(row.line, part.sheet.name, "skipped", "", "", "Heading.", raw=raw)
        subject = self._identifier.subject(table, row, numbers_are_annex=part.numbers_are_annex)
        if subject is None:
            return Row(
                row.line, part.sheet.name, "skipped", "", _first_text(row), self._why_skipped(table, row), raw=raw
            )
        verdict, reason = self._settle(part, row, subject)
        if verdict in ("skipped", "rejected"):
            return Row(row.line, part.sheet.name, verdict, subject.code, subject.title, reason, raw=raw)
        entry, remarks = part.reader.read(row)
        notes = (*_reread(subject), *remarks)
        return Row(row.line, part.sheet.name, verdict, subject.code, subject.title, reason, notes, entry, raw)

    def _settle(self, part: _Part, row: RawRow, subject: Subject) -> tuple[Verdict, str]:
        if subject.kind == "control":
            return self._settle_control(part, row, subject)
        if subject.kind == "own":
            return self._settle_own(part, row, subject)
        if subject.kind == "area":
            return self._settle_area(part.table, row, subject)
        return "rejected", self._why_rejected(subject)

    def _settle_control(self, part: _Part, row: RawRow, subject: Subject) -> tuple[Verdict, str]:
        again = self._again(part.sheet, row, subject.code)
        title = self._compare(part.table, subject)
        if again or title.kind == "different":
            return "flagged", " ".join(filter(None, [again, title.remark if title.kind == "different" else ""]))
        return "matched", title.remark

    def _compare(self, table: Table, subject: Subject) -> TitleVerdict:
        if subject.strays_to:
            return TitleVerdict(
                "different", f"The title names {subject.strays_to}; the row is {subject.code}.", subject.strays_to
            )
        verdict = self._titles.compare(subject.title, subject.code, others_are_foreign=self._others_are_foreign)
        is_description = table.is_loose and len(words_of(subject.title)) >= _DESCRIBES
        if verdict.kind == "different" and not verdict.belongs_to and is_description:
            return TitleVerdict("wording", "The cell describes the control rather than naming it; not compared.")
        return verdict

    def _settle_own(self, part: _Part, row: RawRow, subject: Subject) -> tuple[Verdict, str]:
        if again := self._again(part.sheet, row, subject.code):
            return "flagged", again
        if subject.code in self._catalogue.own:
            verdict = self._titles.compare(subject.title, subject.code, others_are_foreign=self._others_are_foreign)
            return ("flagged" if verdict.kind == "different" else "matched"), verdict.remark
        other = self._titles.best(subject.title)
        return "matched", f"New own control; its title is that of {other}." if other else "New own control."

    def _settle_area(self, table: Table, row: RawRow, subject: Subject) -> tuple[Verdict, str]:
        """Skip the heading of an area; an area with a decision of its own is a mistake to show."""
        name = f"{subject.code} is an area (“{self._catalogue.areas[subject.code]}”), not a control."
        decides = any(_is_decision(text_of(table.cell(row, field))) for field in DECISIONS)
        has_columns = any(field in table.fields for field in DECISIONS)
        if decides or (not has_columns and not self._titles.fits_area(subject.title, subject.code)):
            return "rejected", name
        return "skipped", f"Heading: {name}"

    def _again(self, sheet: RawSheet, row: RawRow, code: str) -> str:
        first = self._seen.setdefault(code, (sheet.name, row.line))
        if first == (sheet.name, row.line):
            return ""
        where = f"line {first[1]}" + (f" of sheet “{first[0]}”" if first[0] != sheet.name else "")
        return f"A second row for {code}; the first is on {where}."

    def _why_rejected(self, subject: Subject) -> str:
        if subject.kind == "objective":
            return f"{subject.code} is an objective, not a control."
        if subject.kind == "annex":
            return _OTHER_ANNEXES.get(subject.written[:1].upper(), "Only the controls of Annex A are listed.")
        if subject.kind == "several":
            return f"“{subject.written}” names more than one control; give each its own row."
        if subject.kind == "clause":
            return f"{subject.written} is a clause, not an Annex A control."
        return f"“{subject.written}” is no Annex A control of ISO/IEC 42001 and no own control (ORG.x)."

    def _why_skipped(self, table: Table, row: RawRow) -> str:
        if len([cell for cell in row.cells if cell is not None]) == 1:
            return "Heading or text, with no control id."
        title = text_of(row.at(table.title)) if table.title is not None else ""
        named = self._titles.best(title) if title else None
        return f"No control id; the title is that of {named}." if named else "No control id."


def _reread(subject: Subject) -> tuple[str, ...]:
    """Tell when an id was read as another than it says, beyond case and spaces."""
    is_plain = not subject.written[:1].isdigit() and re.findall(r"\d+", subject.written) == re.findall(
        r"\d+", subject.code
    )
    return () if is_plain else (f"“{subject.written}” read as {subject.code}.",)


def _is_decision(text: str) -> bool:
    """Tell a decision from what summaries put beside an area: nothing, a count, a share."""
    return bool(text) and not text.replace(" ", "").strip("%/").replace("/", "").replace(".", "").isdigit()


def _first_text(row: RawRow) -> str:
    return next((text for cell in row.cells if (text := text_of(cell))), "")[:200]


def _read(sheet: RawSheet, tables: list[Table]) -> SheetRead:
    columns: dict[str, str] = {}
    for table in tables:
        for field, column in {"id": table.id, "title": table.title, **table.fields}.items():
            if column is not None and table.id is not None:
                columns.setdefault(field, table.label(column))
    return SheetRead(sheet.name, len(sheet.rows), columns, sheet.remarks)
