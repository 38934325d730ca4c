"""Signing a log: once for each size, never over what is inconsistent, with keys that can be replaced."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts import clock
from accounts.actor import Actor
from accounts.sealed import CannotUnseal
from aims.models import Aims
from ledger import ports
from ledger.actions import add_key, checkpoint, seal_all, sign_grown
from ledger.keys import keys_of
from ledger.merkle import is_consistent, root_from_inclusion
from ledger.models import Checkpoint, Leaf, Log, LogKey, Record
from ledger.notes import Head, Note, Proof, checkpoint_of
from ledger.receipts import receipt_of
from ledger.tree import Tree
from ledger.verify import verify
from tests.ledger.make import an_act, some_acts

pytestmark = pytest.mark.db_both


def test_a_checkpoint_covers_all_that_is_numbered_and_its_own_key(aims: Aims, officer: Actor) -> None:
    """The first key is made on first use, and its record lies under the first root."""
    some_acts(officer, 3, aims_id=aims.pk)
    row = checkpoint(aims.pk)
    log = Log.objects.get()
    assert (row.size, row.root) == (log.size, log.root)
    assert checkpoint_of(row.text, keys_of(log)) == Head(log.origin, log.size, bytes.fromhex(log.root))
    assert Record.objects.get(event="log.key_added").leaf.number <= row.size
    assert log.signed_size == log.size


def test_nothing_new_is_signed_over_nothing_new(aims: Aims, officer: Actor) -> None:
    """One checkpoint for a size."""
    first = checkpoint(aims.pk)
    assert checkpoint(aims.pk) == first
    assert sign_grown() == 0
    an_act(officer, aims_id=aims.pk)
    seal_all(aims.pk, wait=True)
    assert sign_grown() == 1
    assert Checkpoint.objects.count() == 2


def test_any_two_checkpoints_are_consistent(aims: Aims, officer: Actor) -> None:
    """A later one proves that it only added to an earlier one."""
    rows = []
    for number in range(4):
        some_acts(officer, number * 3 + 1, aims_id=aims.pk)
        seal_all(aims.pk, wait=True)
        rows.append(checkpoint(aims.pk))
    log = Log.objects.get()
    for old in rows:
        for new in rows[rows.index(old) :]:
            path = Tree(log, new.size).consistency(old.size)
            roots = bytes.fromhex(old.root), bytes.fromhex(new.root)
            assert is_consistent(old.size, roots[0], new.size, roots[1], path)


def test_a_new_key_is_introduced_by_the_old_one(aims: Aims, officer: Actor) -> None:
    """Both sign the first checkpoint after the change; what either signed holds for ever."""
    first = checkpoint(aims.pk)
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        add_key(aims.pk, actor=officer, reason="yearly")
        second = checkpoint(aims.pk)
        an_act(officer, aims_id=aims.pk)
        seal_all(aims.pk, wait=True)
        third = checkpoint(aims.pk)
    old, new = keys_of(Log.objects.get())
    assert Note.read(first.text).signers([old, new]) == [old]
    assert set(map(str, Note.read(second.text).signers([old, new]))) == {str(old), str(new)}
    assert Note.read(third.text).signers([old, new]) == [new]
    verdict = verify(Log.objects.get())
    assert (verdict.fault, verdict.checkpoints) == ("", 3)


def test_a_lost_secret_stops_signing_until_there_is_a_new_key(
    aims: Aims, officer: Actor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told once, nothing else stops, and the new key signs alone."""
    checkpoint(aims.pk)
    told: list[str] = []
    monkeypatch.setattr(ports, "_alarms", [lambda _aims, fault: told.append(fault)])
    settings.SIGNING_SECRET = "another"
    an_act(officer, aims_id=aims.pk)
    seal_all(aims.pk, wait=True)
    with pytest.raises(CannotUnseal):
        checkpoint(aims.pk)
    assert (sign_grown(), sign_grown(), len(told)) == (0, 0, 1)
    assert "SIGNING_SECRET" in Log.objects.get().unsigned
    add_key(aims.pk, actor=officer)
    row = checkpoint(aims.pk)
    old, new = keys_of(Log.objects.get())
    assert Note.read(row.text).signers([old, new]) == [new]
    assert Log.objects.get().unsigned == ""


def test_a_receipt_carries_a_proof_that_anybody_can_check(aims: Aims, officer: Actor) -> None:
    """The record, its path, and the checkpoint that signs the root."""
    record = an_act(officer, aims_id=aims.pk)
    some_acts(officer, 5, aims_id=aims.pk)
    seal_all(aims.pk, wait=True)
    assert receipt_of(record).proof == ""
    row = checkpoint(aims.pk)
    receipt = receipt_of(record)
    proof = Proof.read(receipt.proof)
    head = checkpoint_of(proof.checkpoint, keys_of(Log.objects.get()))
    leaf = bytes.fromhex(receipt.leaf_hash)
    assert root_from_inclusion(leaf, proof.index, head.size, proof.path) == head.root
    assert (proof.extra, receipt.checkpoint, receipt.number) == (bytes(record.body), row.size, proof.index + 1)


def test_a_clock_that_was_set_back_breaks_nothing_and_is_told(aims: Aims, officer: Actor) -> None:
    """Order is the tree's; the verdict names the first record that says an earlier time."""
    an_act(officer, aims_id=aims.pk)
    with clock.standing_at(clock.now() - timedelta(days=400)):
        late = an_act(officer, aims_id=aims.pk, code="O-2")
        seal_all(aims.pk, wait=True)
        checkpoint(aims.pk)
    an_act(officer, aims_id=aims.pk, code="O-3")
    seal_all(aims.pk, wait=True)
    checkpoint(aims.pk)
    verdict = verify(Log.objects.get())
    assert verdict.is_sound
    assert f"Record #{Leaf.objects.get(record=late).number} says an earlier time" in verdict.notes[0]


def test_private_keys_lie_sealed(aims: Aims) -> None:
    """The row that a backup or a dump holds opens nothing without the secret outside the database."""
    checkpoint(aims.pk)
    row = LogKey.objects.get()
    assert len(bytes(row.private)) > 32
    with connection.cursor() as cursor:
        cursor.execute("SELECT private FROM ledger_logkey")
        raw = bytes(cursor.fetchone()[0])
    assert bytes.fromhex(row.public) not in raw
