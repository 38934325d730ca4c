"""Work and mail that could not end by itself: what an administrator sees, what they decide, and who is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.models import Aims
from duties.models import Task
from jobs import registry
from jobs.actions import deliver, enqueue, run_job, send_waiting
from jobs.actions.deliver import Topic
from jobs.models import MAX_ATTEMPTS, Delivery, DeliveryState, Job, JobState
from jobs.registry import JobFailed
from tests.jobs.make import a_kind
from tests.make import a_member, an_organisation, signed_in, trace_of
from upkeep.actions import Fate, NotNow, give_up, retry, settle_mail, tell_stewards
from upkeep.words import KINDS


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def page(browser: Client, aims: Aims, status: int = 200) -> str:
    answer = browser.get(reverse("upkeep:work", args=[aims.slug]))
    assert answer.status_code == status
    return answer.content.decode()


def a_dead_job(aims: Aims, officer: Actor, kind: str = "", key: str = "1") -> Job:
    def broken(_job: Job, _tell: Any) -> None:
        raise OSError("disk full")

    job = enqueue(kind or a_kind(broken), dedupe_key=key, actor=officer, payload={}, aims_id=aims.pk)
    for _attempt in range(MAX_ATTEMPTS):
        run_job(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DEAD
    return job


def a_mail(aims: Aims, state: DeliveryState, key: str = "1", **about: Any) -> Delivery:
    item = deliver(key=key, to="priya@example.org", subject="Due soon", body="B", aims_id=aims.pk, **about)
    Delivery.objects.filter(pk=item.pk).update(state=state, created_at=clock.now() - timedelta(minutes=11))
    item.refresh_from_db()
    return item


def test_the_page_says_what_when_for_whom_and_why(aims: Aims, officer: Actor, browser: Client) -> None:
    def refused(_job: Job, _tell: Any) -> None:
        raise JobFailed("The page cannot be drawn.")

    a_dead_job(aims, officer)
    run_job(enqueue(a_kind(refused), dedupe_key="2", actor=officer, payload={}, aims_id=aims.pk).pk)
    enqueue("reports.soa", dedupe_key="3", actor=officer, payload={}, aims_id=aims.pk)
    a_mail(aims, DeliveryState.SENDING)
    text = page(browser, aims)
    said = ("Given up after 4 attempts", "OSError: disk full", "Could not be done", "The page cannot be drawn.")
    said += ("Report as PDF", "Waits for a worker", officer.name, "Cut off on its way", "priya@example.org")
    for words in (
        *said,
        "Report as PDF",
        "Waits for a worker",
        officer.name,
        "Cut off on its way",
        "priya@example.org",
    ):
        assert words in text


def test_others_than_administrators_see_nothing_of_it(aims: Aims, officer: Actor) -> None:
    reader = signed_in(a_member(aims, Role.OFFICER, by=officer))
    page(reader, aims, status=403)
    job = a_dead_job(aims, officer)
    assert reader.post(reverse("upkeep:retry", args=[aims.slug, job.pk])).status_code == 403
    settings = reverse("aims:settings", args=[aims.slug])
    assert "Jobs and mail" not in reader.get(settings).content.decode()
    assert "Jobs and mail" in signed_in(officer).get(settings).content.decode()


def test_failed_work_is_begun_again_with_all_its_attempts(aims: Aims, officer: Actor, browser: Client) -> None:
    is_mended = []

    def work(_job: Job, _tell: Any) -> None:
        if not is_mended:
            raise OSError("disk full")

    job = a_dead_job(aims, officer, a_kind(work))
    is_mended.append(True)
    answer = browser.post(reverse("upkeep:retry", args=[aims.slug, job.pk]), follow=True)
    assert "It is in the queue again." in answer.content.decode()
    job.refresh_from_db()
    assert (job.state, job.attempt, job.error, job.finished_at) == (JobState.QUEUED, 0, "", None)
    assert run_job(job.pk) is JobState.DONE
    assert trace_of(job.ref) == ["job.retried"]
    refused = browser.post(reverse("upkeep:retry", args=[aims.slug, job.pk]))
    assert (refused.status_code, "not waiting for anybody" in refused.content.decode()) == (409, True)
    assert trace_of(job.ref) == ["job.retried"]


def test_work_is_given_up(aims: Aims, officer: Actor, browser: Client) -> None:
    job = a_dead_job(aims, officer)
    waiting = enqueue(a_kind(), dedupe_key="waits", actor=officer, payload={}, aims_id=aims.pk)
    for one in (job, waiting):
        assert browser.post(reverse("upkeep:give_up", args=[aims.slug, one.pk])).status_code == 302
        one.refresh_from_db()
        assert one.state == JobState.CANCELLED
        assert trace_of(one.ref) == ["job.given_up"]
        with pytest.raises(NotNow):
            give_up(one, actor=officer)
    assert run_job(waiting.pk) is None
    assert "Everything that was asked for was done." in page(browser, aims)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the mails that somebody was told were sent."""
    told: list[str] = []
    monkeypatch.setattr(registry, "_sent", {"test": lambda item: told.append(item.key)})
    return told


def test_a_mail_that_was_cut_off_arrived(aims: Aims, officer: Actor, browser: Client, heard: list[str]) -> None:
    item = a_mail(aims, DeliveryState.SENDING, topic=Topic("test"))
    browser.post(reverse("upkeep:mail", args=[aims.slug, item.pk, "arrived"]))
    item.refresh_from_db()
    assert (item.state, heard) == (DeliveryState.SENT, ["1"])
    assert item.sent_at is not None
    assert trace_of(item.ref) == ["mail.settled"]
    with pytest.raises(NotNow):
        settle_mail(item, Fate.AGAIN, actor=officer)


def test_a_mail_is_sent_again(
    aims: Aims, officer: Actor, browser: Client, mailoutbox: list[Any], heard: list[str]
) -> None:
    item = a_mail(aims, DeliveryState.FAILED, topic=Topic("test"))
    assert send_waiting() == 0
    browser.post(reverse("upkeep:mail", args=[aims.slug, item.pk, "again"]))
    assert (send_waiting(), len(mailoutbox), heard) == (1, 1, ["1"])


def test_a_mail_is_given_up_and_a_refused_one_cannot_have_arrived(aims: Aims, officer: Actor, browser: Client) -> None:
    item = a_mail(aims, DeliveryState.FAILED)
    with pytest.raises(NotNow):
        settle_mail(item, Fate.ARRIVED, actor=officer)
    browser.post(reverse("upkeep:mail", args=[aims.slug, item.pk, "given_up"]))
    item.refresh_from_db()
    assert (item.state, item.settled_at is not None) == (DeliveryState.FAILED, True)
    assert "Due soon" not in page(browser, aims)
    assert browser.post(reverse("upkeep:mail", args=[aims.slug, item.pk, "nonsense"])).status_code == 404


def test_a_mail_that_was_just_claimed_is_left_to_the_ticker(aims: Aims, officer: Actor) -> None:
    item = a_mail(aims, DeliveryState.SENDING)
    Delivery.objects.update(created_at=clock.now())
    with pytest.raises(NotNow):
        settle_mail(item, Fate.AGAIN, actor=officer)


def test_what_belongs_to_others_is_not_there(aims: Aims, officer: Actor, browser: Client) -> None:
    theirs, stranger = an_organisation()
    with acting_in(theirs, stranger):
        job, item = a_dead_job(theirs, stranger), a_mail(theirs, DeliveryState.FAILED)
    missing = browser.post(reverse("upkeep:retry", args=[aims.slug, 999_999]))
    for name, *args in (("retry", job.pk), ("give_up", job.pk), ("mail", item.pk, "again")):
        answer = browser.post(reverse(f"upkeep:{name}", args=[aims.slug, *args]))
        assert (answer.status_code, len(answer.content)) == (404, len(missing.content))
    for verb in (retry, give_up):
        with pytest.raises(NotNow):
            verb(job, actor=officer)
    assert "Due soon" not in page(browser, aims)
    job.refresh_from_db()
    assert job.state == JobState.DEAD


def test_actions_take_administrators_only(aims: Aims, officer: Actor) -> None:
    job, item = a_dead_job(aims, officer), a_mail(aims, DeliveryState.FAILED)
    other = a_member(aims, Role.OFFICER, by=officer)
    for act in (lambda: retry(job, actor=other), lambda: settle_mail(item, Fate.AGAIN, actor=other)):
        with pytest.raises(NotAllowed):
            act()


def test_the_page_asks_as_often_for_many_as_for_few(aims: Aims, officer: Actor, browser: Client) -> None:
    counts = []
    for many in (3, 30):
        for number in range(many):
            job = enqueue("test.none", dedupe_key=f"{many}-{number}", actor=officer, payload={}, aims_id=aims.pk)
            Job.objects.filter(pk=job.pk).update(state=JobState.DEAD, finished_at=clock.now())
            enqueue("test.none", dedupe_key=f"{many}+{number}", actor=officer, payload={}, aims_id=aims.pk)
            a_mail(aims, DeliveryState.FAILED, key=f"{many}-{number}")
        page(browser, aims)
        with CaptureQueriesContext(connection) as found:
            page(browser, aims)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_stewards_have_one_task_as_long_as_something_needs_a_person(aims: Aims, officer: Actor) -> None:
    job = a_dead_job(aims, officer)
    a_mail(aims, DeliveryState.FAILED)
    for _beat in range(2):
        tell_stewards()
    task = Task.objects.get(closed_at=None)
    assert (task.title, task.owner_id) == ("2 jobs or mails need a person", officer.user_id)
    assert task.address == reverse("upkeep:work", args=[aims.slug])
    give_up(job, actor=officer)
    Delivery.objects.update(state=DeliveryState.SENT)
    tell_stewards()
    assert not Task.objects.filter(closed_at=None).exists()


def test_every_kind_of_work_has_words() -> None:
    ours = {kind for kind in registry._handlers if not kind.startswith("test.")}
    assert ours == set(KINDS)
