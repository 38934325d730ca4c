"""Rows in bulk: evidence with its versions and links, and years of edits of the statement's rows."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from simple_history.utils import bulk_create_with_history

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from aims.numbering import next_number, start_after
from evidence.models import Evidence, EvidenceForm, EvidenceKind, EvidenceLink, EvidenceVersion
from soa.models import Entry
from trace.frozen import batches

BATCH = 1_000
NOTE = "Checked against the acceptance limits and kept with the release. "
YEARS = timedelta(days=3 * 365)


def add_evidence(count: int, entries: Sequence[Entry], actor: Actor) -> None:
    """Add items with one version each, spread over the controls; a third of them is due for renewal."""
    if count <= 0:
        return
    first = next_number("EV")
    start_after("EV", first + count - 1)
    for numbers in batches(range(first, first + count), BATCH):
        items = bulk_create_with_history(
            [_item(number, actor) for number in numbers], Evidence, batch_size=BATCH, default_user=None
        )
        today = clock.today("UTC")
        EvidenceVersion.objects.bulk_create(_version(row, number, today, actor) for row, number in _with(items, first))
        links = [_link(row, entries[number % len(entries)], actor) for row, number in _with(items, first)]
        bulk_create_with_history(links, EvidenceLink, batch_size=BATCH, default_user=None)


def add_history(count: int, entries: Sequence[Entry], actor: Actor) -> None:
    """Add past edits of the rows' texts, evenly over three years before the first real one."""
    began = entries[0].statement.aims.created_at - YEARS
    rows = _edits(count, entries, began, actor)
    for some in batches(rows, BATCH):
        Entry.history.model.objects.bulk_create(some)


def _item(number: int, actor: Actor) -> Evidence:
    kind = EvidenceKind.RECORD if number % 2 else EvidenceKind.DOCUMENT
    about: dict[str, Any] = {"kind": kind, "form": EvidenceForm.NOTE, "owner_id": actor.user_id}
    return Evidence(aims_id=current_aims_id(), code=f"EV-{number:03d}", title=f"Validation report {number}", **about)


def _with(items: Sequence[Evidence], first: int) -> Iterator[tuple[Evidence, int]]:
    return ((row, int(row.code.removeprefix("EV-")) - first) for row in items)


def _version(row: Evidence, number: int, today: date, actor: Actor) -> EvidenceVersion:
    about = {"made_on": today - timedelta(days=number % 300), "renew_by": today + timedelta(days=number % 300 - 100)}
    return EvidenceVersion(
        aims_id=row.aims_id, evidence=row, number=1, note=NOTE * 3, given_by_id=actor.user_id, **about
    )


def _link(row: Evidence, entry: Entry, actor: Actor) -> EvidenceLink:
    return EvidenceLink(aims_id=row.aims_id, evidence=row, requirement=entry.requirement, by_id=actor.user_id)


def _edits(count: int, entries: Sequence[Entry], began: datetime, actor: Actor) -> Iterator[Any]:
    """Yield the oldest first; each says something else about how a control is done."""
    step = YEARS / max(count, 1)
    fields = {
        entry.pk: {field.attname: getattr(entry, field.attname) for field in Entry.history.model.tracked_fields}
        for entry in entries
    }
    for number in range(count):
        entry = entries[number % len(entries)]
        said = fields[entry.pk] | {"how": f"Done by hand, as procedure {number} says. " * 4, "version": 1}
        made = {"history_date": began + step * number, "history_type": "~", "history_change_reason": "kept current"}
        yield Entry.history.model(**said, **made, history_user_id=actor.user_id)
