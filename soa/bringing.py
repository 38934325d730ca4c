"""Between the spreadsheet reader and the statement: the catalogue it needs, its plan as stored, rows as exported."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from controls.models import Requirement, RequirementKind
from soa.intake.catalogue import Catalogue, CatalogueControl
from soa.intake.plan import ImportedEntry, Plan
from soa.intake.plan import Row as PlanRow
from soa.intake.write import ExportRow
from soa.models import Performer
from soa.queries.rows import Row, Sheet

DATES = ("review_on", "planned_on")
LISTS = ("reasons", "evidence")


def catalogue() -> Catalogue:
    """Return the catalogue and this AIMS's own controls as the reader wants them: one query."""
    rows = list(Requirement.objects.in_order())
    by_kind: dict[str, dict[str, str]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, {})[row.code] = row.title
    controls = [
        CatalogueControl(row.code, row.title, row.details.get("titles", {}), row.details.get("also_called", ()))
        for row in rows
        if row.kind == RequirementKind.CONTROL
    ]
    return Catalogue(
        controls,
        by_kind.get(RequirementKind.AREA, {}),
        by_kind.get(RequirementKind.CLAUSE, {}),
        by_kind.get(RequirementKind.OWN, {}),
    )


def stored(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON keeps it."""
    return {
        "missing": list(plan.missing),
        "sheets": [
            {"name": sheet.name, "rows": sheet.rows, "columns": dict(sheet.columns), "remarks": list(sheet.remarks)}
            for sheet in plan.sheets
        ],
        "rows": [_stored_row(row) for row in plan.rows],
    }


def _stored_row(row: PlanRow) -> dict[str, Any]:
    names = ("line", "sheet", "verdict", "id", "title", "reason")
    entry = _stored_entry(row.entry) if row.entry else None
    return {name: getattr(row, name) for name in names} | {
        "notes": list(row.notes),
        "entry": entry,
        "raw": {str(key): str(value) for key, value in row.raw.items()},
    }


def _stored_entry(entry: ImportedEntry) -> dict[str, Any]:
    fields = {name: getattr(entry, name) for name in ImportedEntry.__dataclass_fields__}
    fields |= {name: fields[name].isoformat() if fields[name] else None for name in DATES}
    return fields | {name: list(fields[name]) for name in LISTS}


def entry_from(data: dict[str, Any]) -> ImportedEntry:
    """Read a stored row's decision back."""
    fields = dict(data)
    fields |= {name: date.fromisoformat(fields[name]) if fields[name] else None for name in DATES}
    fields |= {name: tuple(fields[name]) for name in LISTS}
    return ImportedEntry(**fields)


def exported(sheet: Sheet) -> Iterable[ExportRow]:
    """Return the draft's rows in the vocabulary that an import speaks."""
    return (ExportRow(row.code, row.requirement.title, _exported(row)) for row in sheet.rows)


def _exported(row: Row) -> ImportedEntry:
    entry = row.entry
    return ImportedEntry(
        applicability=entry.applicability,  # type: ignore[arg-type]
        why=entry.why,
        reasons=tuple(dict.fromkeys(reason["code"] for reason in entry.reasons)),
        implementation=entry.implementation,
        how=entry.how,
        document=entry.how_document,
        evidence=(*(ref.title for ref in row.evidence.refs), *row.evidence.awaited),
        owner=entry.owner.display_name if entry.owner else "",
        review_on=entry.review_on,
        planned_on=entry.planned_on,
        performed_by=entry.performed_by if entry.provider or entry.performed_by != Performer.US else "",
        provider=entry.provider,
        notes=entry.notes,
    )
