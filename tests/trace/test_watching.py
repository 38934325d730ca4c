"""What stops a log reaches those who can act: a task, and one mail a day for each fault."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.actor import Actor
from accounts.clock import now, standing_at
from accounts.models import User
from accounts.roles import Role
from aims.invitations import NOWHERE
from aims.models import Aims
from duties.models import Task
from jobs.actions import tick
from jobs.models import Delivery
from jobs.registry import schedules
from ledger.actions import seal_waiting
from ledger.known import place_of
from ledger.models import Log
from ledger.ports import raise_alarm
from tests.ledger.test_watch import a_newer_one_outside
from tests.make import a_member, an_organisation
from tests.trace.make import a_checkpoint
from tests.trace.test_log_pages import a_forged_record
from trace.alarm import TASK, alarm
from trace.anchoring.recipients import auditors
from trace.holders import holders
from trace.watching import SCHEDULE, watch_all

Later = Callable[..., Any]


@pytest.fixture
def watched(django_capture_on_commit_callbacks: Later) -> Callable[[], None]:
    """Return a beat of the watch, with what follows its commit."""

    def beat() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            watch_all()

    return beat


def test_the_watch_is_on_the_ticker(db: None) -> None:
    [schedule] = [one for one in schedules() if one.name == SCHEDULE]
    assert schedule.every == timedelta(minutes=5)
    assert SCHEDULE in tick()


@pytest.mark.db_both
def test_a_restored_database_raises_the_alarm(aims: Aims, officer: Actor, watched: Callable[[], None]) -> None:
    a_checkpoint(aims.pk)
    watched()
    assert not Task.objects.exists()
    a_newer_one_outside(Log.objects.get())
    watched()
    watched()
    task = Task.objects.get(kind=TASK)
    assert (task.subject, task.owner_id, task.address) == ("log", officer.user_id, f"/a/{aims.slug}/chain/anchors/")
    mail = Delivery.objects.get()
    assert (mail.to, mail.aims_id) == (officer.email, aims.pk)
    assert "ROLLBACK: this log has" in mail.body
    assert task.address in mail.body
    assert mail.subject == f"The governance chain of {aims.name} stands still"


def test_each_day_and_each_fault_are_told_once(aims: Aims, officer: Actor, watched: Callable[[], None]) -> None:
    Log.objects.update(unsigned="A private key cannot be opened.")
    watched()
    Log.objects.update(halted="Record x is not ours.")
    watched()
    watched()
    assert Delivery.objects.count() == 2
    with standing_at(now() + timedelta(days=1)):
        watched()
        watched()
    assert Delivery.objects.count() == 4
    assert Task.objects.count() == 1


def test_the_task_closes_when_the_log_goes_on(aims: Aims, officer: Actor, watched: Callable[[], None]) -> None:
    a_checkpoint(aims.pk)
    log = Log.objects.get()
    a_newer_one_outside(log)
    watched()
    assert Task.objects.get().closed_at is None
    place_of(log.origin).unlink()
    watched()
    assert Task.objects.get().closed_at is not None
    watched()
    assert Task.objects.count() == 1


def test_administrators_come_first_and_everybody_who_can_act_is_mailed(
    aims: Aims, officer: Actor, watched: Callable[[], None]
) -> None:
    steward = a_member(aims, Role.OFFICER, by=officer)
    a_member(aims, Role.OWNER, by=officer)
    gone = a_member(aims, Role.ADMINISTRATOR, by=officer)
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    Log.objects.update(fault="Record #3 does not match its leaf hash: it was changed.")
    watched()
    assert Task.objects.get().owner_id == officer.user_id
    assert set(Delivery.objects.values_list("to", flat=True)) == {officer.email, steward.email}


def test_a_log_that_nobody_can_be_told_of_still_has_its_task(
    aims: Aims, officer: Actor, watched: Callable[[], None]
) -> None:
    User.objects.update(email=f"somebody{NOWHERE}")
    Log.objects.update(halted="Record x is not ours.")
    watched()
    assert Task.objects.get().owner_id is None
    assert not Delivery.objects.exists()


@pytest.mark.db_both
def test_a_forged_record_raises_the_alarm_at_once(
    aims: Aims, officer: Actor, django_capture_on_commit_callbacks: Later
) -> None:
    row = a_forged_record(aims)
    Log.objects.update(halted="")
    with django_capture_on_commit_callbacks(execute=True):
        seal_waiting()
    assert str(row.event_id) in Delivery.objects.get().body


def test_an_act_that_rolls_back_tells_nothing_by_itself(aims: Aims, django_capture_on_commit_callbacks: Later) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        raise_alarm(aims.pk, "Record x is not ours.")
        transaction.set_rollback(True)
    assert not Task.objects.exists()


def test_an_alarm_that_fails_stops_nobody(
    aims: Aims, django_capture_on_commit_callbacks: Later, caplog: pytest.LogCaptureFixture, monkeypatch: Any
) -> None:
    def fail(*_args: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("trace.alarm._tell", fail)
    with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):
        alarm(aims.pk, "Record x is not ours.")
    assert "the disk is full" in caplog.text


def test_a_removed_organisation_is_left_alone(
    aims: Aims, officer: Actor, watched: Callable[[], None], django_capture_on_commit_callbacks: Later
) -> None:
    Log.objects.update(halted="Record x is not ours.")
    Aims.objects.filter(pk=aims.pk).update(removed_at=now())
    watched()
    with django_capture_on_commit_callbacks(execute=True):
        alarm(aims.pk, "Record x is not ours.")
    assert not Task.objects.exists()


def test_organisations_are_told_of_their_own_log_only(aims: Aims, officer: Actor, watched: Callable[[], None]) -> None:
    other, stranger = an_organisation()
    Log.unscoped.filter(aims_id=other.pk).update(halted="Record x is not ours.")
    watched()
    assert Delivery.objects.get().to == stranger.email
    assert not Task.objects.exists()


def test_who_holds_a_role_now(aims: Aims, officer: Actor) -> None:
    outside = a_member(aims, Role.CERTIFIER, by=officer)
    inside = a_member(aims, Role.AUDITOR, Role.CERTIFIER, by=officer)
    assert [row.user_id for row in auditors()] == [outside.user_id, inside.user_id]
    assert [person.pk for person in holders(Role.REVIEWER)] == []
