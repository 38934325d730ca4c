"""One change of one row: what differed, saved with its version, history row, author and reason."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

from django.db import models

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import Conflict
from ledger.governed import Governed

HIDDEN = frozenset({"id", "version", "changed_at", "aims"})


def plain(value: Any) -> Any:
    """Return a value as records and annexes hold it: text, whole numbers, lists, never floats."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case Decimal() | UUID() | float():
            return str(value)
        case bytes() | memoryview():
            return f"sha256:{sha256(value).hexdigest()}"
        case models.Model():
            return getattr(value, "ref", None) or str(value)
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case _:
            return str(value)


@dataclass(frozen=True, slots=True)
class Facts:
    """Before and after of a row that has no history of its own, such as a token: plain values only."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


class Change:
    """The fields of a row that an action changes, with their values before and after."""

    def __init__(self, row: Governed, before: dict[str, Any], after: dict[str, Any], *, is_new: bool) -> None:
        self.row = row
        self.before = before
        self.after = after
        self.is_new = is_new

    @classmethod
    def of(cls, row: Governed, **fields: Any) -> Self:
        """Compare offered values with the row's; equal ones fall out, so an empty change is false."""
        changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
        before = {name: plain(getattr(row, name)) for name in changed}
        for name, value in changed.items():
            setattr(row, name, value)
        return cls(row, before, {name: plain(value) for name, value in changed.items()}, is_new=False)

    @classmethod
    def new(cls, row: Governed) -> Self:
        """Describe the making of a row: nothing before, its filled fields after."""
        after = {
            field.name: plain(getattr(row, field.name))
            for field in row._meta.concrete_fields
            if field.name not in HIDDEN and getattr(row, field.attname) not in (None, "", [])
        }
        return cls(row, {}, after, is_new=True)

    def __bool__(self) -> bool:
        return bool(self.after) or self.is_new

    def save(self, *, actor: Actor, reason: str = "") -> None:
        """Write the row and its history row, counting the version up."""
        row = self.row
        if not self.is_new:
            row.version += 1
        row.changed_at = clock.now()
        stamp(row, actor=actor, reason=reason)
        row.save(force_insert=self.is_new)


def stamp(row: models.Model, *, actor: Actor, reason: str = "") -> None:
    """Tell the history row who, why and when, before the row is saved."""
    row._history_user = User(pk=actor.user_id) if actor.user_id else None  # type: ignore[attr-defined]
    row._change_reason = reason  # type: ignore[attr-defined]
    row._history_date = clock.now()  # type: ignore[attr-defined]


def hold_apart(row: Governed, seen: int, **offered: Any) -> None:
    """Raise Conflict when someone saved the row since version `seen`, keeping what this writer offered."""
    if row.version != seen:
        raise Conflict(row, offered)
