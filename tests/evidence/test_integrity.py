"""Stored files are hashed again: what was altered or is gone is named, told once and put on record."""

import errno
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.actions import revoke
from aims.models import Aims, Membership
from duties.models import Task
from evidence.actions import NotRunning, ask_for_check, stop_check
from evidence.actions.check import KIND
from evidence.integrity import check as checking
from evidence.integrity import job as checking_job
from evidence.integrity.check import Fault, State, Tally, check, look
from evidence.integrity.holdings import Holdings
from evidence.models import Immutable, IntegrityCheck
from evidence.ports import StoredFile, stored_files
from evidence.store import Stored, keep
from jobs.actions import run_job
from jobs.models import Job, JobState
from ledger.models import Annex, Record
from tests.evidence.make import a_check, a_version, an_evidence, place, spoil, the_file
from tests.make import a_member, an_organisation, signed_in, trace_of
from trace.ports import address_of


@pytest.mark.django_db
@pytest.mark.db_both
def test_all_as_given_is_kept_and_not_recorded(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer, data=b"one")
    a_version(item, actor=officer, data=b"three")
    an_evidence(actor=officer, name="copy.pdf", data=b"one")
    records = Record.objects.count()
    row = a_check(officer)
    assert (row.files, row.bytes, row.altered, row.missing, row.faults) == (2, 8, 0, 0, [])
    assert (row.sound, row.wrong, row.by_id) == (2, 0, officer.user_id)
    assert Record.objects.count() == records
    assert not Task.objects.exists()


@pytest.mark.django_db
@pytest.mark.db_both
def test_altered_and_missing_files_are_named_with_all_they_belong_to(aims: Aims, officer: Actor) -> None:
    an_evidence(actor=officer, name="a.pdf", data=b"one", title="First")
    an_evidence(actor=officer, name="b.pdf", data=b"one", title="Second")
    an_evidence(actor=officer, name="c.pdf", data=b"two")
    altered, missing = sha256(b"one").hexdigest(), sha256(b"two").hexdigest()
    spoil(altered)
    place(missing).unlink()
    row = a_check(officer)
    assert (row.files, row.altered, row.missing) == (2, 1, 1)
    faults = {told.state: told for told in map(Fault.of, row.faults)}
    assert faults[State.ALTERED].found == sha256(b"forged").hexdigest()
    assert [holder.what for holder in faults[State.ALTERED].holders] == ["evidence:EV-001@1", "evidence:EV-002@1"]
    assert (faults[State.MISSING].sha256, faults[State.MISSING].found) == (missing, "")


@pytest.mark.django_db
@pytest.mark.db_both
def test_a_fault_is_recorded_when_it_is_new_and_when_it_is_gone(aims: Aims, officer: Actor) -> None:
    an_evidence(actor=officer)
    digest = the_file().sha256
    good = place(digest).read_bytes()
    spoil(digest)
    first = a_check(officer)
    assert trace_of(first.ref) == ["integrity.failed"]
    again = a_check(officer)
    assert (again.wrong, trace_of(again.ref)) == (1, [])
    spoil(digest, b"forged otherwise")
    other = a_check(officer)
    assert trace_of(other.ref) == ["integrity.failed"]
    spoil(digest, good)
    whole = a_check(officer)
    assert (whole.wrong, trace_of(whole.ref)) == (0, ["integrity.restored"])
    assert trace_of(a_check(officer).ref) == []


def test_the_record_names_the_versions_and_the_list(aims: Aims, officer: Actor) -> None:
    item = an_evidence(actor=officer, name="policy.pdf")
    spoil(the_file().sha256)
    row = a_check(officer)
    record = Record.objects.get(subject=row.ref)
    body = json.loads(bytes(record.body))
    assert body["evidence"] == [{"id": item.code, "version": 1, "sha256": the_file().sha256, "size": the_file().size}]
    assert body["subject"]["after_hash"] == row.faults_digest
    assert body["actor"]["pseudonym"] == "service-integrity"
    assert f"evidence:{item.code}@1 policy.pdf" in Annex.objects.get(record=record, field="after").text
    assert address_of(aims.slug, row.ref) == reverse("evidence:integrity", args=[aims.slug])


def test_the_stewards_have_one_task_as_long_as_something_is_wrong(aims: Aims, officer: Actor) -> None:
    an_evidence(actor=officer)
    digest = the_file().sha256
    good = place(digest).read_bytes()
    place(digest).unlink()
    for _night in range(2):
        a_check(officer)
    task = Task.objects.get()
    assert (task.kind, task.owner_id, task.closed_at) == ("integrity", officer.user_id, None)
    assert task.title == "1 stored file is altered or missing"
    assert task.address == reverse("evidence:integrity", args=[aims.slug])
    keep(BytesIO(good))
    a_check(officer)
    task.refresh_from_db()
    assert task.closed_at is not None


def test_an_administrator_stands_in_for_an_officer_and_nobody_for_nobody(aims: Aims, officer: Actor) -> None:
    an_evidence(actor=officer)
    place(the_file().sha256).unlink()
    second = a_member(aims, Role.ADMINISTRATOR, by=officer)
    revoke(Membership.objects.get(user=officer.user_id, role=Role.OFFICER), reason="leaves", seen=1, actor=officer)
    a_check(second)
    assert Task.objects.get().owner_id == officer.user_id
    Membership.unscoped.filter(aims=aims).update(revoked_at=clock.now())
    a_check(second)
    assert Task.objects.get().owner_id is None


def test_what_cannot_be_read_counts_as_missing_and_says_why(
    monkeypatch: pytest.MonkeyPatch, aims: Aims, officer: Actor
) -> None:
    stored = keep(BytesIO(b"proof"))

    def broken(*_args: Any) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "open", broken)
    fault, read = look(stored)
    assert fault is not None
    assert (fault.state, fault.why, read) == (State.MISSING, "Input/output error", 0)


def test_a_name_that_is_no_hash_is_a_fault_and_stops_nothing() -> None:
    fault, _read = look(Stored("../../etc/passwd", 1))
    assert fault is not None
    assert (fault.state, fault.why) == (State.MISSING, "This is no SHA-256 in hex.")


def test_another_size_than_was_given_is_a_fault() -> None:
    stored = keep(BytesIO(b"proof"))
    fault, _read = look(Stored(stored.sha256, 4))
    assert fault is not None
    assert (fault.state, fault.found, fault.found_size) == (State.ALTERED, stored.sha256, 5)


def listed(*files: Stored) -> Holdings:
    """Holdings of these files, each held by one row."""
    holdings = Holdings()
    holdings.take(
        StoredFile(f.sha256, f.size, f"{n}.pdf", f"evidence:EV-{n}@1", "A title", "") for n, f in enumerate(files)
    )
    return holdings


def test_a_check_goes_on_where_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [keep(BytesIO(bytes([number]))) for number in range(7)]
    for stored in files[:2]:
        spoil(stored.sha256)
    now = iter(range(100))
    monkeypatch.setattr(checking, "monotonic", lambda: float(next(now)))
    tally, rounds = Tally(), 0
    with listed(*files) as holdings:
        while not check(holdings, tally := Tally.of(tally.as_json), seconds=3):
            rounds += 1
    with listed(*files) as holdings:
        assert check(holdings, whole := Tally())
    assert rounds > 1
    assert tally.as_json == whole.as_json
    assert (whole.files, whole.altered) == (7, 2)


def test_faults_beyond_the_first_are_counted() -> None:
    with listed(*(Stored(sha256(bytes([n])).hexdigest(), 1) for n in range(5))) as holdings:
        check(holdings, tally := Tally(most=2))
    assert (tally.missing, len(tally.faults)) == (5, 2)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 3)), max_size=30))
def test_holdings_list_each_file_once_in_order(pairs: list[tuple[str, int]]) -> None:
    with listed(*(Stored(name, size) for name, size in pairs)) as holdings:
        assert list(holdings.after()) == [Stored(*pair) for pair in sorted(set(pairs))]
        assert holdings.totals() == (len(set(pairs)), sum(size for _name, size in set(pairs)))
        for name, size in set(pairs):
            shown, more = holdings.holders(Stored(name, size), 2)
            assert len(shown) + more == pairs.count((name, size))
            assert list(holdings.after(Stored(name, size))) == [
                Stored(*pair) for pair in sorted(set(pairs)) if pair > (name, size)
            ]


def test_a_large_store_takes_several_jobs(monkeypatch: pytest.MonkeyPatch, aims: Aims, officer: Actor) -> None:
    for number in range(5):
        an_evidence(actor=officer, data=bytes([number]) * 3)
    monkeypatch.setattr(checking_job, "SECONDS", 2.0)
    ticks: Iterator[int] = iter(range(1000))
    monkeypatch.setattr(checking, "monotonic", lambda: float(next(ticks)))
    row = a_check(officer)
    jobs = Job.objects.filter(kind=KIND)
    assert jobs.count() > 1
    assert IntegrityCheck.objects.count() == 1
    assert (row.files, row.by_id) == (5, officer.user_id)
    assert len(set(jobs.values_list("dedupe_key", flat=True))) == jobs.count()


def test_progress_is_told_by_bytes(monkeypatch: pytest.MonkeyPatch, aims: Aims, officer: Actor) -> None:
    for number in range(4):
        an_evidence(actor=officer, data=bytes([number]) * 3)
    monkeypatch.setattr(checking_job, "PAUSE", 0.0)
    told: list[tuple[int, str]] = []
    job = ask_for_check(actor=officer)
    checking_job.work(job, lambda percent, step: told.append((percent, step)))
    assert told == [
        (0, "0 of 4 files"),
        (25, "1 of 4 files"),
        (50, "2 of 4 files"),
        (75, "3 of 4 files"),
        (99, "4 of 4 files"),
    ]


def test_the_files_are_hashed_outside_transactions(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    aims, officer = an_organisation()
    with acting_in(aims, officer):
        an_evidence(actor=officer)
        job = ask_for_check(actor=officer)
    seen = []
    monkeypatch.setattr(checking, "look", lambda stored: (seen.append(connection.in_atomic_block), (None, 1))[1])
    assert run_job(job.pk) == JobState.DONE
    assert seen == [False]


def test_asking_twice_is_asking_once_and_every_member_may(aims: Aims, officer: Actor) -> None:
    first = ask_for_check(actor=officer)
    assert ask_for_check(actor=a_member(aims, Role.REVIEWER, by=officer)) == first
    run_job(first.pk)
    assert ask_for_check(actor=a_member(aims, Role.AUDITOR, by=officer)) != first
    nobody = an_organisation()[1]
    with pytest.raises(NotAllowed):
        ask_for_check(actor=replace(nobody, authorities=()))


def test_a_check_is_asked_for_once_a_day(aims: Aims, officer: Actor) -> None:
    gone, _founder = an_organisation()
    Aims.objects.filter(pk=gone.pk).update(removed_at=clock.now())
    for _beat in range(3):
        checking_job.ask_nightly()
        for job in Job.objects.filter(kind=KIND, state=JobState.QUEUED):
            run_job(job.pk)
    assert list(Job.objects.filter(kind=KIND).values_list("aims_id", flat=True)) == [aims.pk]
    with clock.standing_at(clock.now() + timedelta(days=1)):
        checking_job.ask_nightly()
    assert Job.objects.filter(kind=KIND).count() == 2
    assert IntegrityCheck.objects.get().by is None


def test_a_check_is_stopped_by_who_asked_or_a_steward(aims: Aims, officer: Actor) -> None:
    auditor, other = (a_member(aims, Role.AUDITOR, by=officer) for _ in range(2))
    job = ask_for_check(actor=auditor)
    with pytest.raises(NotAllowed):
        stop_check(actor=other)
    assert stop_check(actor=auditor) == job
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert run_job(job.pk) is None
    ask_for_check(actor=replace(auditor, request_id="another"))
    stop_check(actor=officer)
    with pytest.raises(NotRunning):
        stop_check(actor=officer)
    assert not IntegrityCheck.objects.exists()


def test_stopping_in_the_middle_drops_what_was_found(
    monkeypatch: pytest.MonkeyPatch, aims: Aims, officer: Actor
) -> None:
    an_evidence(actor=officer)
    place(the_file().sha256).unlink()
    job = ask_for_check(actor=officer)
    honest = checking.look

    def look_and_stop(stored: Stored) -> Any:
        stop_check(actor=officer)
        return honest(stored)

    monkeypatch.setattr(checking, "look", look_and_stop)
    assert run_job(job.pk) == JobState.CANCELLED
    assert not IntegrityCheck.objects.exists()
    assert not Task.objects.exists()


def test_an_aims_that_went_away_ends_the_job(aims: Aims, officer: Actor) -> None:
    job = ask_for_check(actor=officer)
    Aims.objects.filter(pk=aims.pk).update(removed_at=clock.now())
    assert run_job(job.pk) == JobState.FAILED


@pytest.mark.django_db
@pytest.mark.db_both
def test_what_a_check_found_can_be_neither_changed_nor_removed(aims: Aims, officer: Actor) -> None:
    row = a_check(officer)
    with pytest.raises(Immutable):
        row.delete()
    for verb in ("UPDATE evidence_integritycheck SET missing = 0", "DELETE FROM evidence_integritycheck"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)


def test_files_of_another_aims_are_not_looked_at(aims: Aims, officer: Actor) -> None:
    other, founder = an_organisation()
    with acting_in(other, founder):
        an_evidence(actor=founder, data=b"theirs", title="Their secret")
        place(sha256(b"theirs").hexdigest()).unlink()
    an_evidence(actor=officer, data=b"ours")
    row = a_check(officer)
    assert (row.files, row.wrong) == (1, 0)
    assert [file.title for file in stored_files()] == ["report"]
    page = signed_in(officer).get(reverse("evidence:integrity", args=[aims.slug])).content.decode()
    assert "Their secret" not in page
