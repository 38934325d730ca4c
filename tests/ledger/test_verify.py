"""Verification finds any single change of the database, even by somebody who lifted the guards."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.actor import Actor
from aims.models import Aims
from ledger.actions import check_log, erase
from ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash
from ledger.models import Annex, Leaf, Log, Record, Waiting
from ledger.verify import verify
from tests.databases import drop_guards, drop_walls, guards_lifted
from tests.ledger.make import numbers, some_acts


def sql(statement: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute(statement, params)


def flip_a_byte() -> None:
    record = Leaf.objects.get(number=4).record
    body = bytearray(bytes(record.body))
    body[-9] ^= 1
    sql("UPDATE ledger_record SET body = %s WHERE id = %s", bytes(body), record.pk)


def delete_a_record() -> None:
    sql("DELETE FROM ledger_record WHERE id = (SELECT record_id FROM ledger_leaf WHERE number = 4)")


def delete_a_leaf() -> None:
    sql("DELETE FROM ledger_leaf WHERE number = 4")


def delete_the_last_leaf() -> None:
    sql("DELETE FROM ledger_leaf WHERE number = %s", Log.objects.get().size)


def delete_the_last_leaf_and_set_the_head_back() -> None:
    log = Log.objects.get()
    sql("DELETE FROM ledger_leaf WHERE number = %s", log.size)
    frontier = Frontier()
    for leaf in Leaf.objects.order_by("number"):
        frontier.append(bytes.fromhex(leaf.leaf_hash))
    log.size, log.root = frontier.size, frontier.root.hex()
    log.frontier = [node.hex() for node in frontier.roots]
    log.save()


def swap_two_records() -> None:
    one, two = (Leaf.objects.get(number=number).record_id for number in (4, 6))
    sql("UPDATE ledger_leaf SET record_id = -1 WHERE number = 4")
    sql("UPDATE ledger_leaf SET record_id = %s WHERE number = 6", one)
    sql("UPDATE ledger_leaf SET record_id = %s WHERE number = 4", two)


def swap_two_leaves() -> None:
    sql("UPDATE ledger_leaf SET number = -1 WHERE number = 4")
    sql("UPDATE ledger_leaf SET number = 4 WHERE number = 6")
    sql("UPDATE ledger_leaf SET number = 6 WHERE number = -1")


def leave_a_gap() -> None:
    sql("UPDATE ledger_leaf SET number = 99 WHERE number = 4")


def cut_the_head() -> None:
    Log.objects.update(size=3)


def empty_the_head() -> None:
    Log.objects.update(size=0, root="", frontier=[])


def bend_the_frontier() -> None:
    Log.objects.update(frontier=["00" * 32])


def insert_a_leaf() -> None:
    first = Record.objects.order_by("pk")[0]
    at = timezone.now()
    body = bytes(first.body)
    extra = Record(event_id="018f0000-0000-7000-8000-000000000001", aims_id=first.aims_id, body=body, mac="")
    extra.event, extra.subject, extra.pseudonym, extra.occurred_at = "x", "y", "z", at
    extra.save()
    log = Log.objects.get()
    Leaf(log=log, aims_id=log.aims_id, number=log.size + 1, record=extra, leaf_hash=leaf_hash(body).hex()).save()


def insert_a_leaf_before_the_first() -> None:
    sql("UPDATE ledger_leaf SET number = 0 WHERE number = 4")


def insert_a_record_without_a_leaf() -> None:
    first = Record.objects.order_by("pk")[0]
    first.pk, first.event_id = None, "018f0000-0000-7000-8000-000000000002"
    first.save(force_insert=True)


def rewrite_a_text() -> None:
    Annex.objects.filter(record=Leaf.objects.get(number=6).record, field="rationale").update(text="I never said so")


def empty_the_salt_and_rewrite_the_text() -> None:
    rows = Annex.objects.filter(record=Leaf.objects.get(number=6).record, field="rationale")
    rows.update(text="I never said so", salt=b"")


def file_it_under_another(column: str, value: str) -> Callable[[], None]:
    def change() -> None:
        record = Leaf.objects.get(number=4).record_id
        sql(f"UPDATE ledger_record SET {column} = %s WHERE id = %s", value, record)

    change.__name__ = f"file_it_under_another_{column}"
    return change


def hide_the_leaf_from_its_page() -> None:
    sql("UPDATE ledger_leaf SET aims_id = aims_id + 1 WHERE number = 4")


def rewrite_record_and_leaf() -> None:
    record = Leaf.objects.get(number=4).record
    body = bytes(record.body).replace(b'"password"', b'"passkey"')
    sql("UPDATE ledger_record SET body = %s WHERE id = %s", body, record.pk)
    sql("UPDATE ledger_leaf SET leaf_hash = %s WHERE number = 4", leaf_hash(body).hex())


def write_nonsense_with_a_matching_leaf() -> None:
    record = Leaf.objects.get(number=4).record_id
    sql("UPDATE ledger_record SET body = %s WHERE id = %s", b"{}", record)
    sql("UPDATE ledger_leaf SET leaf_hash = %s WHERE number = 4", leaf_hash(b"{}").hex())


def nothing_else() -> None:
    """The guards alone are gone."""


MUTATIONS = [
    (flip_a_byte, "Record #4 ("),
    (delete_a_record, "Record #4 is missing"),
    (delete_a_leaf, "Record #4 is missing"),
    (delete_the_last_leaf, "Record #9 is missing: the head says 9 records, 8 are there"),
    (delete_the_last_leaf_and_set_the_head_back, "has no number and waits for none"),
    (swap_two_records, "Record #4 ("),
    (swap_two_leaves, "The root over records"),
    (leave_a_gap, "Record #4 is missing"),
    (cut_the_head, "Record #4 is not under the head"),
    (empty_the_head, "Record #1 is not under the head"),
    (bend_the_frontier, "The root over records"),
    (insert_a_leaf, "is not under the head"),
    (insert_a_leaf_before_the_first, "Leaf #0 was added"),
    (insert_a_record_without_a_leaf, "has no number and waits for none"),
    (rewrite_a_text, "Record #6 ("),
    (empty_the_salt_and_rewrite_the_text, "the text of “rationale”"),
    (file_it_under_another("event", "soa.decided"), "the event is not"),
    (file_it_under_another("subject", "entry:A.2.2"), "the subject is not"),
    (file_it_under_another("pseudonym", "somebody"), "the actor is not"),
    (file_it_under_another("role", "approver"), "the role is not"),
    (file_it_under_another("membership_id", "99999"), "the membership is not"),
    (file_it_under_another("occurred_at", "2020-01-01 00:00:00"), "the time is not"),
    (file_it_under_another("event_id", "018f000000007000800000000000000a"), "the event id is not"),
    (hide_the_leaf_from_its_page, "the log is not"),
    (rewrite_record_and_leaf, "The root over records"),
    (write_nonsense_with_a_matching_leaf, "it is not a record"),
    (nothing_else, "Guards are missing"),
]


@pytest.mark.parametrize(("mutate", "fault"), MUTATIONS, ids=lambda item: getattr(item, "__name__", ""))
def test_any_change_is_found(mutate: Callable[[], None], fault: str, aims: Aims, officer: Actor) -> None:
    some_acts(officer, 5, aims_id=aims.pk)
    log = Log.objects.get()
    assert verify(log).is_sound
    with transaction.atomic():
        drop_guards()
        drop_walls()
        mutate()
        verdict = verify(log)
        transaction.set_rollback(True)
    assert fault in verdict.fault
    assert verify(log).is_sound


@pytest.mark.db_both
def test_a_sound_log_says_how_far_it_goes(aims: Aims, officer: Actor) -> None:
    some_acts(officer, 3, aims_id=aims.pk)
    log = Log.objects.get()
    verdict = verify(log)
    assert (verdict.fault, verdict.size) == ("", len(numbers()))
    assert verdict.root == (log.root or EMPTY_ROOT.hex())


def test_a_record_that_waits_is_no_fault(aims: Aims, officer: Actor) -> None:
    some_acts(officer, 1, aims_id=aims.pk)
    first = Record.objects.order_by("pk")[0]
    first.pk, first.event_id = None, "018f0000-0000-7000-8000-000000000003"
    first.save(force_insert=True)
    Waiting(record=first, aims_id=aims.pk).save()
    assert verify(Log.objects.get()).is_sound


def test_an_erased_text_is_no_fault(aims: Aims, officer: Actor) -> None:
    some_acts(officer, 3, aims_id=aims.pk)
    Annex.objects.filter(field__in=("rationale", "after")).update(text="", salt=b"")
    verdict = verify(Log.objects.get())
    assert verdict.is_sound
    assert "no record says that they were erased" in verdict.notes[0]


def test_an_erasure_on_record_leaves_no_question(aims: Aims, officer: Actor) -> None:
    row = some_acts(officer, 3, aims_id=aims.pk)[1]
    erase(row, actor=officer, reason="It named a customer")
    verdict = verify(Log.objects.get())
    assert (verdict.fault, verdict.notes) == ("", ())
    assert not row.annexes.exclude(text="", salt=b"").exists()


def test_progress_is_told(aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.verifying.CHUNK", 2)
    some_acts(officer, 2, aims_id=aims.pk)
    size = Log.objects.get().size
    told: list[tuple[int, int]] = []
    verify(Log.objects.get(), lambda done, of: told.append((done, of)))
    assert told == [(min(done, size), size) for done in range(2, size + 2, 2)]


def test_checking_remembers_the_answer(aims: Aims, officer: Actor) -> None:
    some_acts(officer, 2, aims_id=aims.pk)
    log = Log.objects.get()
    assert check_log(log).is_sound
    log.refresh_from_db()
    assert (log.verified_size, log.fault) == (log.size, "")
    verified_at = log.verified_at
    assert verified_at is not None
    with guards_lifted():
        rewrite_a_text()
    assert not check_log(log).is_sound
    log.refresh_from_db()
    assert log.fault.startswith("Record #6 (")
    assert log.verified_at == verified_at
