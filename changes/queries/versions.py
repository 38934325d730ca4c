"""The versions of a system's record: who wrote each, when and why, what each said, and what differs between two."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from aims.differing import Piece, word_diff
from aims.history import past_of
from changes.material import KINDS, judge
from changes.places import place_of, value_in_words
from systems.models import AiSystem
from systems.record.differences import Difference, differences
from systems.record.places import MIRRORED, put
from systems.record.schema import dotted

LONG, TOO_LONG = 60, 20_000
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record, as lists offer it."""

    number: int
    at: datetime
    who: str
    reason: str
    in_use: str


@dataclass(frozen=True, slots=True)
class Row:
    """One place that differs: `kind` is added, removed or changed; `pieces` tell long texts word by word."""

    label: str
    place: str
    kind: str
    kind_label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]
    means: str


@dataclass(frozen=True, slots=True)
class Section:
    """The places of one section of the schema that differ."""

    title: str
    rows: tuple[Row, ...]


def versions_of(system: AiSystem, *, at: datetime | None = None) -> list[Version]:
    """Return the newest hundred versions of a system, the newest first; one query."""
    rows = past_of(AiSystem).filter(id=system.pk)
    if at is not None:
        rows = rows.filter(history_date__lte=at)
    rows = rows.select_related("history_user").defer("record").order_by("-history_id")
    return [
        Version(
            number=row.version,
            at=row.history_date,
            who=row.history_user.display_name if row.history_user else _("Assay"),
            reason=row.history_change_reason or "",
            in_use=row.model_version,
        )
        for row in rows[:SHOWN]
    ]


def records_at(system: AiSystem, numbers: Iterable[int], *, at: datetime | None = None) -> dict[int, dict[str, Any]]:
    """Return the records of some versions of a system, by their number; one query."""
    rows = past_of(AiSystem).filter(id=system.pk, version__in=set(numbers))
    if at is not None:
        rows = rows.filter(history_date__lte=at)
    return {row.version: record_of(row) for row in rows.order_by("history_id")}


def record_of(row: Any) -> dict[str, Any]:
    """Return what a system or one of its versions says; one that is older than records is told from its columns."""
    if row.record:
        return dict(row.record)
    record: dict[str, Any] = {"id": row.key, "name": row.name, "owner": row.owning_team}
    for name, path in MIRRORED.items():
        if value := getattr(row, name):
            put(record, path, value)
    return record


def compared(before: dict[str, Any], after: dict[str, Any]) -> tuple[Section, ...]:
    """Return what differs between two records by section of the schema, in the order of the later one."""
    meant = {each.difference.path: each.kinds for each in judge(before, after).differences}
    sections: dict[str, list[Row]] = {}
    for difference in differences(before, after):
        place = place_of(difference.path)
        kinds = ", ".join(str(KINDS[kind]) for kind in meant.get(difference.path, ()))
        sections.setdefault(place.section, []).append(_row(difference, place.label, kinds))
    return tuple(Section(title, tuple(rows)) for title, rows in sections.items())


def _row(difference: Difference, label: str, means: str) -> Row:
    before, after = value_in_words(difference.before), value_in_words(difference.after)
    kind = "changed" if before and after else "added" if after else "removed"
    is_text = isinstance(difference.before, str) and isinstance(difference.after, str)
    is_long = is_text and LONG < max(len(before), len(after)) <= TOO_LONG
    return Row(
        label=label,
        place=dotted(difference.path),
        kind=kind,
        kind_label={"changed": _("Changed"), "added": _("Added"), "removed": _("Removed")}[kind],
        before=before,
        after=after,
        pieces=word_diff(before, after) if is_long else (),
        means=means,
    )
