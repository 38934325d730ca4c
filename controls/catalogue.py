"""Load the shipped catalogue from `fixtures/catalogue/`: the same data again changes nothing."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from ruamel.yaml import YAML

from controls.models import Framework, Requirement

DETAILS = ("objective", "expects", "cadence_months", "typical", "titles", "also_called", "roles_lean")


def catalogue_files() -> list[Path]:
    """Every framework file that ships."""
    return sorted((settings.FIXTURES / "catalogue").glob("*42001*.yaml"))


def read(path: Path) -> dict[str, Any]:
    """Parse one catalogue file."""
    data: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return data


@transaction.atomic
def load(path: Path) -> tuple[int, int]:
    """Bring one framework up to its file; return how many requirements were made and how many changed."""
    data = read(path)
    about = data["framework"]
    defaults = {key: about[key] for key in ("title", "edition", "revision")}
    framework, _made = Framework.objects.update_or_create(code=about["code"], defaults=defaults)
    known = {row.code: row for row in Requirement.unscoped.filter(framework=framework, aims__isnull=True)}
    made, changed = _upsert(framework, data["requirements"], known)
    _set_areas(data["requirements"], known)
    return made, changed


def _fields(row: dict[str, Any], position: int) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "title": row["title"],
        "position": position,
        "summary": row.get("summary") or "",
        "guidance": row.get("guidance") or "",
        "auditor_looks_for": list(row.get("auditor_looks_for") or []),
        "details": {key: row[key] for key in DETAILS if row.get(key) is not None},
    }


def _upsert(framework: Framework, rows: list[dict[str, Any]], known: dict[str, Requirement]) -> tuple[int, int]:
    new, changed = [], []
    for position, row in enumerate(rows, start=1):
        fields = _fields(row, position * 10)
        current = known.get(row["code"])
        if current is None:
            known[row["code"]] = Requirement(framework=framework, code=row["code"], **fields)
            new.append(known[row["code"]])
        elif any(getattr(current, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(current, name, value)
            current.version += 1
            changed.append(current)
    Requirement.unscoped.bulk_create(new)
    Requirement.unscoped.bulk_update(changed, [*_fields(rows[0], 0), "version"])
    return len(new), len(changed)


def _set_areas(rows: list[dict[str, Any]], known: dict[str, Requirement]) -> None:
    moved = []
    for row in rows:
        area = known.get(_top_area(row) or "")
        current = known[row["code"]]
        if area is not None and area is not current and current.area_id != area.pk:
            current.area = area
            moved.append(current)
    Requirement.unscoped.bulk_update(moved, ["area"])


def _top_area(row: dict[str, Any]) -> str | None:
    """A control stands under its area (A.6.2.4 under A.6), a subclause under its chapter (6.1.3 under 6)."""
    parts = row["code"].split(".")
    return ".".join(parts[:2]) if parts[0] == "A" else parts[0]
