"""A change holds what differed, and writes its row, version, history and author at once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from accounts.actor import Actor, service
from accounts.refusals import Conflict
from aims.models import Aims, Obligation
from ledger.change import Change, hold_apart, plain
from ledger.events import event, known_events
from ledger.models import Annex, Checkpoint, Leaf, Log, Record, Waiting
from tests.ledger.make import an_act, an_obligation


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (date(2026, 6, 17), "2026-06-17"),
        (datetime(2026, 6, 17, 16, 20, tzinfo=UTC), "2026-06-17T16:20:00+00:00"),
        (Decimal("1.50"), "1.50"),
        (0.5, "0.5"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ({"a": (1, 2.5)}, {"a": [1, "2.5"]}),
        (1j, "1j"),
    ],
)
def test_values_are_held_plainly(value: Any, told: Any) -> None:
    assert plain(value) == told


def test_only_what_differs_is_a_change(aims: Aims, officer: Actor) -> None:
    row = an_obligation("O-1", aims_id=aims.pk)
    Change.new(row).save(actor=officer)
    assert not Change.of(row, title=row.title, kind=row.kind)
    change = Change.of(row, title="AI Act", kind=row.kind, aims=aims)
    assert (change.before, change.after) == ({"title": "Law O-1"}, {"title": "AI Act"})
    change.save(actor=officer, reason="its real name")
    row.refresh_from_db()
    newest = row.history.first()
    assert (row.version, row.title) == (2, "AI Act")
    assert (newest.history_user_id, newest.history_change_reason) == (officer.user_id, "its real name")


def test_a_service_leaves_no_person_in_the_history(aims: Aims) -> None:
    row = an_obligation("O-1", aims_id=aims.pk)
    Change.new(row).save(actor=service("importer"))
    assert row.history.get().history_user_id is None


def test_a_second_writer_is_held_apart(aims: Aims, officer: Actor) -> None:
    row = an_obligation("O-1", aims_id=aims.pk)
    Change.new(row).save(actor=officer)
    hold_apart(row, 1, title="mine")
    Change.of(row, title="AI Act").save(actor=officer)
    with pytest.raises(Conflict) as conflict:
        hold_apart(row, 1, title="mine")
    assert (conflict.value.current, conflict.value.offered) == (row, {"title": "mine"})


def test_a_row_names_itself(aims: Aims, officer: Actor) -> None:
    record = an_act(officer, aims_id=aims.pk, code="O-9")
    leaf, log = Leaf.objects.get(record=record), Log.objects.get()
    assert str(Obligation.objects.get()) == "O-9 Law O-9"
    assert str(record) == "obligation.recorded obligation:O-9"
    assert (str(leaf), str(log)) == (f"#{log.size}", log.origin)
    assert str(record.annexes.all()[0]).endswith(f"of record {record.pk}")
    assert str(Waiting(record=record)) == f"record {record.pk} waits"
    assert str(Checkpoint(size=4)) == "checkpoint at 4"
    assert Annex.objects.count() == Annex.unscoped.count()
    assert Record.objects.filter(pk=record.pk).exists()


def test_an_event_is_declared_once() -> None:
    assert "aims.founded" in known_events()
    with pytest.raises(ValueError, match=r"aims\.founded is declared twice"):
        event("aims.founded", "Again.", verb="found")
