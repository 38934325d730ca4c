"""What became of a row: who changed what, when and why, newest first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from ledger.change import HIDDEN
from ledger.governed import Governed


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Past:
    """One change of a row."""

    version: int
    at: datetime
    who: str
    reason: str
    differences: tuple[Difference, ...]


def past_of(row: Governed, limit: int = 50) -> tuple[Past, ...]:
    """Return the newest changes of a row; two queries and one for each person the fields name."""
    rows = list(row.history.select_related("history_user").order_by("-history_date", "-history_id")[: limit + 1])  # type: ignore[attr-defined]
    pairs = zip(rows, [*rows[1:], None], strict=True)
    return tuple(_past(row, new, old) for new, old in pairs)[:limit]


def _past(row: Governed, new: Any, old: Any) -> Past:
    who = str(new.history_user) if new.history_user_id else "Assay"
    differences = () if old is None else tuple(_differences(row, new, old))
    return Past(new.version, new.history_date, who, new.history_change_reason or "", differences)


def _differences(row: Governed, new: Any, old: Any) -> list[Difference]:
    fields = [field for field in row._meta.concrete_fields if field.name not in HIDDEN]
    return [
        Difference(str(field.verbose_name).capitalize(), _words(field, old), _words(field, new))
        for field in fields
        if getattr(old, field.attname) != getattr(new, field.attname)
    ]


def _words(field: Any, row: Any) -> str:
    value = getattr(row, field.name)
    if value in (None, "", []):
        return _("(empty)")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, models.Model):
        return str(value)
    return str(dict(field.flatchoices).get(value, value))
