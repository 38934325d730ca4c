"""Questions about what happened to a thing: who did what, when and why, from its records."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from ledger.events import known_events
from ledger.governed import Governed
from ledger.models import Annex, Record

TEXTS = ("rationale", "before", "after")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an act: its name and its values in plain text, empty for none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Act:
    """One record as a page tells it; `number` is None until the record is sealed."""

    number: int | None
    at: datetime
    event: str
    meaning: str
    binds: bool
    subject: str
    who: str
    reason: str
    changes: tuple[FieldChange, ...]


def acts_about(refs: Iterable[str], *told_as: type[Governed], limit: int = 50, at: datetime | None = None) -> list[Act]:
    """Return the newest records about the references, newest first, up to an instant if one is given; one query.

    Changes are told in the words of the models given: their labels and choices, and only what a person can edit.
    """
    rows = Record.objects.filter(subject__in=list(refs))
    if at is not None:
        rows = rows.filter(occurred_at__lte=at)
    newest = rows.order_by("-pk").values("pk")[:limit]
    kinds = {model.ref_kind: model for model in told_as}
    return [_act(record, kinds) for record in _with_words(Record.objects.filter(pk__in=newest)).order_by("-pk")]


def _with_words(rows: QuerySet[Record]) -> QuerySet[Any]:
    """Bring the number, the texts and the name of each record along; what they cost is paid for rows shown only."""
    person = User.objects.filter(pseudonym=OuterRef("pseudonym"))
    texts = {
        f"told_{field}": Subquery(Annex.objects.filter(record=OuterRef("pk"), field=field).values("text")[:1])
        for field in TEXTS
    }
    names = {f"who_{field}": Subquery(person.values(field)[:1]) for field in ("name", "email")}
    return rows.select_related("leaf").annotate(**texts, **names)


def _act(record: Any, kinds: dict[str, type[Governed]]) -> Act:
    texts = {field: getattr(record, f"told_{field}") or "" for field in TEXTS}
    event = known_events().get(record.event)
    leaf = getattr(record, "leaf", None)
    return Act(
        number=leaf.number if leaf else None,
        at=record.occurred_at,
        event=record.event,
        meaning=event.meaning if event else record.event,
        binds=event is not None and event.binds,
        subject=record.subject,
        who=record.who_name or record.who_email or record.pseudonym.removeprefix("service-"),
        reason=texts["rationale"],
        changes=_changes(texts, kinds.get(record.subject.partition(":")[0])),
    )


def _changes(texts: dict[str, str], model: type[Governed] | None) -> tuple[FieldChange, ...]:
    if model is None:
        return ()
    before: dict[str, Any] = json.loads(texts.get("before") or "{}")
    after: dict[str, Any] = json.loads(texts.get("after") or "{}")
    fields = [field for field in map(partial(_editable, model), {**before, **after}) if field is not None]
    rows = [
        row
        for field in sorted(fields, key=lambda field: field.creation_counter)
        for row in _field_changes(field, before.get(field.name), after.get(field.name))
    ]
    return tuple(row for row in rows if row.before or row.after != texts.get("rationale"))


def _field_changes(field: "models.Field[Any, Any]", before: Any, after: Any) -> list[FieldChange]:
    """Tell a field in one row, and a document in one row for each of its places that changed."""
    if isinstance(before, dict) or isinstance(after, dict):
        old, new = before or {}, after or {}
        return [FieldChange(name, _told(field, old.get(name)), _told(field, new.get(name))) for name in {**old, **new}]
    return [FieldChange(capfirst(str(field.verbose_name)), _told(field, before), _told(field, after))]


def _editable(model: type[Governed], name: str) -> "models.Field[Any, Any] | None":
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) and field.editable else None


def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


def _told(field: "models.Field[Any, Any]", value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {item}" for name, item in value.items())
    if field.is_relation:
        return str(value).rpartition(":")[2]
    if isinstance(field, models.DateField):
        return _day(date.fromisoformat(str(value)[:10]))
    return str(dict(field.flatchoices).get(value, value))
