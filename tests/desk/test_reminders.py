"""Reminders end to end: asked for once a day, written once with `done`, mailed once, to whom it concerns."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.actions import revoke
from aims.models import Aims, Membership
from audits.actions import edit_milestone, hold_milestone, withdraw_milestone
from audits.models import MilestoneKind
from desk import reminders
from duties.models import Task
from jobs import registry
from jobs.actions import run_job, send_waiting, sweep, tick
from jobs.models import LEASE, Delivery, Job, JobState
from tests.audits.make import a_milestone
from tests.jobs.make import at_once
from tests.make import a_member, an_organisation
from tests.systems.make import person_of


@pytest.fixture
def hourly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the reminders as the only schedule."""
    mine = {reminders.KIND: registry._schedules[reminders.KIND]}
    monkeypatch.setattr(registry, "_schedules", mine)


def today(aims: Aims) -> date:
    """Return the date where the organisation is."""
    return clock.today(aims.time_zone)


def run_the_day(days_later: int = 0) -> int:
    """Beat, work and send on a day, as ticker and worker do; returns how many mails went out."""
    with clock.standing_at(clock.now() + timedelta(days=days_later)):
        reminders.ask_for_reminders()
        for job in Job.objects.filter(state=JobState.QUEUED):
            run_job(job.pk)
        return send_waiting()


@contextmanager
def outside(aims: Aims, officer: Actor) -> Iterator[None]:
    """Act in the AIMS for a moment; the worker begins outside of any."""
    with acting_in(aims, officer):
        yield


@pytest.mark.django_db
def test_the_owner_is_mailed_and_the_task_stands_open(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with outside(aims, officer):
        owner = a_member(aims, Role.REVIEWER, by=officer, name="Tom Okafor")
        due = today(aims) + timedelta(days=30)
        row = a_milestone(officer, due, owner=person_of(owner), body="Northgate", reference="AI 70418")
    assert run_the_day() == 1
    (sent,) = mail.outbox
    assert sent.to == [owner.email]
    assert sent.subject == f"Surveillance 1, in 30 days: {aims.organisation}"
    text = str(sent.body)
    for words in (
        "Dear Tom Okafor,",
        f"Surveillance 1 is in 30 days, on {due.day} {due:%B %Y}.",
        f"Organisation: {aims.organisation}",
        "Certification body: Northgate",
        f"http://127.0.0.1:8000/a/{aims.slug}/cycle/",
    ):
        assert words in text
    assert "\n\n\n" not in text
    with outside(aims, officer):
        task = Task.objects.get()
        assert (task.subject, task.owner_id, task.due_on) == (row.ref, owner.user_id, due)
    assert Delivery.objects.get().key == f"milestone:{row.pk}:{due.isoformat()}:30"


@pytest.mark.django_db
def test_a_year_of_days_sends_each_reminder_once(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with outside(aims, officer):
        a_milestone(officer, today(aims) + timedelta(days=95), owner=person_of(officer))
    per_day = {day: count for day in range(120) if (count := run_the_day(day))}
    assert per_day == {5: 1, 65: 1, 88: 1}


@pytest.mark.django_db
def test_after_downtime_the_latest_missed_one_is_sent_once(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with outside(aims, officer):
        a_milestone(officer, today(aims) + timedelta(days=95), owner=person_of(officer))
    assert [run_the_day(day) for day in (0, 75, 75, 76, 100, 101)] == [0, 1, 0, 0, 1, 0]
    assert "in 20 days" in str(mail.outbox[0].subject)
    assert "5 days ago" in str(mail.outbox[1].body)


@pytest.mark.django_db
def test_without_an_owner_every_officer_is_told_once(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with outside(aims, officer):
        other = a_member(aims, Role.OFFICER, by=officer)
        a_member(aims, Role.AUDITOR, by=officer)
        a_milestone(officer, today(aims) + timedelta(days=7))
    assert run_the_day() == 2
    assert {sent.to[0] for sent in mail.outbox} == {officer.email, other.email}
    assert run_the_day(1) == 0


@pytest.mark.django_db
def test_an_owner_who_left_is_not_mailed(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with outside(aims, officer):
        owner = a_member(aims, Role.OWNER, by=officer)
        a_milestone(officer, today(aims) + timedelta(days=7), owner=person_of(owner))
        revoke(Membership.objects.get(user_id=owner.user_id), reason="Left", seen=1, actor=officer)
    run_the_day()
    assert [sent.to for sent in mail.outbox] == [[officer.email]]


@pytest.mark.django_db
def test_what_was_held_or_withdrawn_reminds_nobody(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with outside(aims, officer):
        due = today(aims) + timedelta(days=7)
        held = a_milestone(officer, due)
        hold_milestone(held, held_on=today(aims), seen=1, actor=officer)
        gone = a_milestone(officer, due, kind=MilestoneKind.STAGE_1)
        withdraw_milestone(gone, reason="Body changed", seen=1, actor=officer)
    assert run_the_day() == 0


@pytest.mark.django_db
def test_a_moved_date_begins_anew(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with outside(aims, officer):
        row = a_milestone(officer, today(aims) + timedelta(days=7))
    assert run_the_day() == 1
    with outside(aims, officer):
        edit_milestone(row, due_on=today(aims) + timedelta(days=31), seen=1, actor=officer)
        assert not Task.objects.filter(closed_at__isnull=True).exists()
    assert [run_the_day(day) for day in (1, 2)] == [1, 0]


@pytest.mark.django_db
def test_the_day_is_the_one_where_the_organisation_is() -> None:
    with clock.standing_at(datetime(2027, 3, 14, 12, 30, tzinfo=UTC)):
        aims, _officer = an_organisation(time_zone="Pacific/Auckland")
        reminders.ask_for_reminders()
    job = Job.objects.get(aims_id=aims.pk)
    assert job.dedupe_key == f"{aims.pk}:2027-03-15"


@pytest.mark.django_db
def test_a_removed_aims_is_left_alone(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with outside(aims, officer):
        a_milestone(officer, today(aims) + timedelta(days=7))
    reminders.ask_for_reminders()
    Aims.objects.filter(pk=aims.pk).update(removed_at=clock.now())
    assert run_the_day() == 0
    assert run_the_day(1) == 0


@pytest.mark.django_db
def test_each_aims_hears_of_its_own_dates_only() -> None:
    first, second = an_organisation(), an_organisation()
    for aims, officer in (first, second):
        with acting_in(aims, officer):
            a_milestone(officer, today(aims) + timedelta(days=7), body=f"Body of {aims.organisation}")
    assert run_the_day() == 2
    for sent, (aims, officer) in zip(mail.outbox, (first, second), strict=True):
        assert sent.to == [officer.email]
        assert f"Body of {aims.organisation}" in sent.body


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_two_tickers_and_two_workers_send_once(organisation: tuple[Aims, Actor], hourly: None) -> None:
    aims, officer = organisation
    with outside(aims, officer):
        a_milestone(officer, today(aims) + timedelta(days=7))
    at_once(tick)
    (job,) = Job.objects.all()
    at_once(lambda: run_job(job.pk))
    assert sum(at_once(send_waiting)) == 1
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_a_worker_that_dies_on_the_way_leaves_nothing_half_done(
    organisation: tuple[Aims, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    aims, officer = organisation
    with outside(aims, officer):
        a_milestone(officer, today(aims) + timedelta(days=7))
    reminders.ask_for_reminders()
    (job,) = Job.objects.all()

    def die(*_args: Any, **_kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(reminders, "open_task", die)
        with pytest.raises(SystemExit):
            run_job(job.pk)
    assert not Delivery.objects.exists()
    with clock.standing_at(clock.now() + 2 * LEASE):
        sweep()
    assert run_job(job.pk) is JobState.DONE
    assert send_waiting() == 1


@pytest.mark.django_db
def test_many_dates_cost_few_reads_more(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation

    def cost(day: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            run_the_day(day)
        return len(queries)

    def grow(first: int, last: int) -> None:
        with outside(aims, officer):
            for number in range(first, last):
                a_milestone(officer, today(aims) + timedelta(days=200 + number), owner=person_of(officer))

    grow(0, 3)
    few = cost(0)
    grow(3, 30)
    assert cost(1) == few
