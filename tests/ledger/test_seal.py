"""Sealing on PostgreSQL: records wait for their number, nobody queues, nothing forged gets in."""

import logging
from collections.abc import Callable
from importlib import import_module
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from ledger.actions import seal, seal_now, seal_waiting
from ledger.actions.seal import Forged, mac_of
from ledger.models import Checkpoint, Leaf, Log, Record, Waiting
from ledger.receipts import receipt_of
from ledger.verify import verify
from tests.ledger.make import an_act, numbers, some_acts

SEALING = import_module("ledger.actions.seal")


def a_waiting_record(aims: Aims, *, mac: str = "") -> Record:
    """A record as PostgreSQL holds it before the sealer comes, on either database; a `mac` of one's own is forged."""
    body = bytes(Record.objects.order_by("pk")[0].body)
    row = Record(event_id=UUID(int=7 << 64 | Record.objects.count()), aims_id=aims.pk, body=body)
    row.mac, row.event, row.subject, row.pseudonym = mac or mac_of(body), "x", "y:z", "p"
    row.occurred_at = Record.objects.order_by("pk")[0].occurred_at
    row.save()
    Waiting(record=row, aims_id=aims.pk).save()
    return row


def elsewhere(work: Callable[[], Any]) -> Any:
    """Do it on another connection, while this one holds what it holds."""
    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(work())
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return answers[0]


def test_waiting_records_get_the_next_numbers(aims: Aims) -> None:
    before = Log.objects.get().size
    rows = [a_waiting_record(aims) for _ in range(3)]
    assert receipt_of(rows[0]).is_pending
    assert seal(aims.pk) == 3
    assert [receipt_of(row).number for row in rows] == [before + 1, before + 2, before + 3]
    assert not Waiting.objects.exists()
    assert seal(aims.pk) == 0


def test_a_lower_id_that_commits_late_is_not_lost(aims: Aims, officer: Actor) -> None:
    late = a_waiting_record(aims)
    Waiting.objects.all().delete()
    some_acts(officer, 2, aims_id=aims.pk)
    early = a_waiting_record(aims)
    seal(aims.pk)
    Waiting(record=late, aims_id=aims.pk).save()
    seal(aims.pk)
    assert receipt_of(late).number == receipt_of(early).number + 1
    assert late.pk < early.pk
    assert numbers() == list(range(1, Log.objects.get().size + 1))


def test_batches_follow_each_other(aims: Aims, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SEALING, "BATCH", 2)
    for _ in range(5):
        a_waiting_record(aims)
    assert seal_waiting() == 5
    assert numbers() == list(range(1, Log.objects.get().size + 1))


@pytest.mark.db_both
def test_a_forged_record_is_refused_and_named(aims: Aims, caplog: pytest.LogCaptureFixture) -> None:
    seal(aims.pk)
    size = Log.objects.get().size
    forged = a_waiting_record(aims, mac="00" * 32)
    with pytest.raises(Forged, match=str(forged.event_id)), transaction.atomic():
        seal(aims.pk)
    with caplog.at_level(logging.ERROR):
        assert seal_waiting() == 0
    assert "not sealed any further" in caplog.text
    assert (Log.objects.get().size, Leaf.objects.filter(record=forged).exists()) == (size, False)
    assert f"Record {forged.event_id} waits for its number" in verify(Log.objects.get()).fault


def test_an_aims_without_a_log_has_nothing_to_seal(db: None) -> None:
    assert seal(0) == 0
    assert seal_waiting() == 0


def test_a_decision_is_sealed_once_it_is_committed(
    aims: Aims, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    row = a_waiting_record(aims)
    with django_capture_on_commit_callbacks(execute=True):
        seal_now(aims.pk)
        assert receipt_of(row).is_pending
    assert not receipt_of(row).is_pending
    with django_capture_on_commit_callbacks(execute=True):
        seal_now(aims.pk)


@pytest.mark.db_both
@pytest.mark.django_db(transaction=True)
def test_the_ticker_seals(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with acting_in(aims, officer):
        row = an_act(officer, aims_id=aims.pk)
    call_command("ticker", "--once")
    with acting_in(aims, officer):
        assert receipt_of(row).number == len(numbers()) - 1 == Log.objects.get().size - 1
        assert Checkpoint.objects.get().size == Log.objects.get().signed_size == len(numbers())
        assert verify(Log.objects.get()).is_sound


@pytest.mark.db_both
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_busy_head_leaves_the_receipt_pending(
    organisation: tuple[Aims, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite records are numbered where they are written")
    monkeypatch.setattr("ledger.holding.PATIENCE", "50ms")
    aims, _officer = organisation
    with acting_in(aims):
        Log.objects.select_for_update().get()
        assert elsewhere(lambda: seal(aims.pk, wait=False)) == 0
        assert elsewhere(seal_waiting) == 0
        elsewhere(lambda: seal_now(aims.pk))
        assert Waiting.unscoped.filter(aims_id=aims.pk).exists()
    elsewhere(lambda: seal_now(aims.pk))
    assert not Waiting.unscoped.filter(aims_id=aims.pk).exists()
