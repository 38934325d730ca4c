"""A log is held against what is known of it outside, also while nobody writes to it."""

import pytest

from accounts.actor import Actor
from aims.models import Aims
from ledger import known
from ledger.actions import checkpoint, watch
from ledger.known import ROLLBACK
from ledger.models import Log
from ledger.notes import Head
from tests.ledger.make import an_act


def a_newer_one_outside(log: Log, more: int = 5) -> None:
    """A checkpoint is known over more records than there are, as after the restore of an older database."""
    log.refresh_from_db()
    head = Head(log.origin, log.size + more, b"\x01" * 32)
    place = known.place_of(log.origin)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"{head.text}\n\u2014 {log.origin} AAAAAAA=\n", encoding="utf-8")


@pytest.mark.db_both
def test_a_restored_log_is_halted_and_let_go_again(aims: Aims, officer: Actor) -> None:
    an_act(officer, aims_id=aims.pk)
    checkpoint(aims.pk)
    log = Log.objects.get()
    watch(aims.pk)
    log.refresh_from_db()
    assert log.halted == ""
    a_newer_one_outside(log)
    watch(aims.pk)
    log.refresh_from_db()
    assert log.halted.startswith(ROLLBACK)
    known.place_of(log.origin).unlink()
    watch(aims.pk)
    log.refresh_from_db()
    assert log.halted == ""


def test_what_else_halted_it_stays(aims: Aims, officer: Actor) -> None:
    Log.objects.update(halted="Record x was not written by Assay.")
    watch(aims.pk)
    assert Log.objects.get().halted == "Record x was not written by Assay."


def test_an_aims_without_a_log_is_left_alone(db: None) -> None:
    watch(404)
    assert not Log.unscoped.filter(aims_id=404).exists()
