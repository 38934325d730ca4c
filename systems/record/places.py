"""Where the registry keeps what a record says: words of a file beside the vocabulary, and the columns it sorts by."""

from typing import Any, TypedDict

from systems.record.reading import Path

STAGE_WORDS = {"development": "design", "staging": "verification", "production": "operation"}
MIRRORED: dict[str, Path] = {
    "name": ("name",),
    "purpose": ("classification", "purpose"),
    "roles_played": ("roles",),
    "supplier": ("model", "provider"),
    "model_name": ("model", "base_model"),
    "model_version": ("model", "version"),
}
ROLES = ("provider", "producer", "customer", "partner", "subject", "authority")
LENGTHS = {
    "key": 100,
    "name": 160,
    "supplier": 160,
    "model_name": 160,
    "model_version": 60,
    "owning_team": 254,
    "unit": 160,
}


class Columns(TypedDict):
    """What the registry lists, searches and sorts by; everything else stays in the record."""

    key: str
    name: str
    purpose: str
    roles_played: list[str]
    supplier: str
    model_name: str
    model_version: str
    owning_team: str
    unit: str
    environment: str
    data_sensitivity: str
    risk_tier: str
    claimed_stage: str


def stage_of(word: str) -> str:
    """Return the stage of the vocabulary for a word of a file, such as operation for production."""
    return STAGE_WORDS.get(word, word)


def at(record: Any, *path: str | int) -> Any:
    """Return what stands at a place of a record, or None."""
    for part in path:
        try:
            record = record[part]
        except (KeyError, IndexError, TypeError):
            return None
    return record


def put(record: dict[str, Any], path: Path, value: Any) -> None:
    """Set a place of a record, making the fields around it."""
    *around, last = path
    here: Any = record
    for part in around:
        if not isinstance(here.get(part), dict):
            here[part] = {}
        here = here[part]
    here[last] = value


def models_in_order(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the models of a record: the one in use, then its fallbacks."""
    first, rest = at(record, "model"), at(record, "models") or []
    return [model for model in ([first] if first else []) + list(rest) if isinstance(model, dict)]


def columns_of(record: dict[str, Any]) -> Columns:
    """Return the columns of a record, empty where it says nothing; texts are cut to what a column holds."""
    model = next(iter(models_in_order(record)), {})
    roles = at(record, "roles") or []
    return Columns(
        key=_text(record.get("id"), "key"),
        name=_text(record.get("name"), "name"),
        purpose=_text(at(record, "classification", "purpose"), "purpose"),
        roles_played=[role for role in ROLES if role in roles],
        supplier=_text(model.get("provider"), "supplier"),
        model_name=_text(model.get("base_model"), "model_name"),
        model_version=_text(model.get("version"), "model_version"),
        owning_team=_text(record.get("owner"), "owning_team"),
        unit=_text(record.get("unit"), "unit"),
        environment=_text(at(record, "deployment", "environment"), "environment"),
        data_sensitivity=_text(at(record, "classification", "data_sensitivity"), "data_sensitivity"),
        risk_tier=_text(at(record, "classification", "risk_tier"), "risk_tier"),
        claimed_stage=stage_of(_text(at(record, "lifecycle", "stage"), "claimed_stage")),
    )


def _text(value: Any, column: str) -> str:
    said = "" if value is None else str(value).strip()
    return said[: LENGTHS.get(column, len(said))]
