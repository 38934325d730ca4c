"""Checkpoints by mail: to whom, when, byte for byte, once, and recorded once they left."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.actions import grant, invite_owner_by_name, revoke
from aims.models import Aims, Membership
from duties.models import Task
from jobs import registry
from jobs.actions import run_job, send_waiting, tick
from jobs.models import Delivery, DeliveryState, Job, JobState
from ledger import known
from ledger.keys import keys_of
from ledger.models import Anchor, AnchorKind, Annex, Log, Record
from ledger.notes import checkpoint_of
from tests.jobs.make import at_once
from tests.jobs.test_deliver import Trouble
from tests.ledger.make import signed_over
from tests.make import a_member, an_organisation, trace_of
from tests.trace.outside import (
    MORNING,
    an_auditor,
    attached,
    beat,
    received,
    run_jobs,
    run_the_day,
    sealed,
    something_happens,
)
from trace.actions import NotAnAuditor, send_checkpoint
from trace.anchoring import mailing, schedule
from trace.anchoring.news import newest_news

Org = tuple[Aims, Actor]


@pytest.fixture
def auditor(organisation: Org) -> Membership:
    """Return the membership of the certification body's auditor."""
    return an_auditor(*organisation)


@pytest.fixture
def hourly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the daily mail as the only schedule."""
    monkeypatch.setattr(
        registry, "_schedules", {"d": registry.Schedule("d", timedelta(hours=1), schedule.ask_each_day)}
    )


@pytest.fixture
def trouble(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Trouble]]:
    """Return a mail server that fails as it is told to, in use."""
    settings.EMAIL_BACKEND = "tests.jobs.test_deliver.Trouble"
    for name, value in (("at_open", None), ("at_mail", {}), ("sent", [])):
        monkeypatch.setattr(Trouble, name, value)
    return Trouble


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_the_auditor_receives_the_checkpoint_as_it_was_signed(organisation: Org, auditor: Membership) -> None:
    aims, _officer = organisation
    assert run_the_day() == 1
    message = received()
    name, data = attached(message)
    with acting_in(aims):
        row = Anchor.objects.get(kind=AnchorKind.MAIL).checkpoint
        log = Log.objects.get()
        head = checkpoint_of(data.decode(), keys_of(log))
    assert data == bytes(row.note)
    assert (head.origin, head.size, head.root.hex()) == (log.origin, row.size, row.root)
    assert name == f"checkpoint-{aims.slug}-{row.size}.txt"
    assert (message["To"], message["Message-ID"]) == (auditor.user.email, Delivery.objects.get().message_id)


@pytest.mark.django_db
def test_the_mail_says_what_it_is_and_how_to_use_it(organisation: Org, auditor: Membership) -> None:
    aims, _officer = organisation
    run_the_day()
    message = received()
    with acting_in(aims):
        row = Anchor.objects.get().checkpoint
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    for words in (
        "Dear Ingrid Solheim,",
        f"chain of {aims.organisation}. It is sent to you because you are named there as certification-body auditor.",
        f"Records: 1-{row.size}",
        f"Signed: 15 March {MORNING.year}, 09:30 (Europe/London)",
        f"Root begins: {row.root[:16]}",
        f"python3 verify.py --pin checkpoint-{aims.slug}-{row.size}.txt",
        "verify.html",
        row.text,
        f"http://127.0.0.1:8000/a/{aims.slug}/",
    ):
        assert words in text
    assert message["Subject"] == f"Checkpoint of {aims.name}, records 1 to {row.size}"
    assert "witness" not in text.lower()
    assert "\n\n\n" not in text
    assert "demo" not in text


@pytest.mark.django_db
def test_it_is_recorded_by_pseudonym_and_without_the_address(organisation: Org, auditor: Membership) -> None:
    aims, _officer = organisation
    run_the_day()
    with acting_in(aims):
        anchor = Anchor.objects.select_related("checkpoint").get()
        row = anchor.checkpoint
        assert trace_of(row.ref) == ["checkpoint.sent"]
        record = Record.objects.get(subject=row.ref)
        body = bytes(record.body).decode()
        assert f'"outcome":"sent to {auditor.user.pseudonym}"' in body
        assert f'"after_hash":"{sha256(row.note).hexdigest()}"' in body
        assert '"pseudonym":"service-anchors"' in body
        assert (anchor.person_id, anchor.place) == (auditor.user_id, f"membership:{auditor.pk}")
        texts = "".join(Annex.objects.filter(record=record).values_list("text", flat=True))
    assert "Ingrid Solheim" in texts
    for word in (auditor.user.email, "Solheim", "@example"):
        assert word not in body
    assert auditor.user.email not in texts


@pytest.mark.django_db
def test_a_mail_is_no_reason_for_another(organisation: Org, auditor: Membership) -> None:
    aims, officer = organisation
    an_auditor(aims, officer, Role.AUDITOR, "Joy Adeyemi")
    assert [run_the_day(day) for day in range(4)] == [2, 0, 0, 0]
    something_happens(aims, officer, "O-9")
    assert [run_the_day(day) for day in range(4, 7)] == [2, 0, 0]
    with acting_in(aims):
        sent = list(Record.objects.filter(event="checkpoint.sent").values_list("subject", flat=True))
        sizes = sorted(set(Anchor.objects.values_list("checkpoint__size", flat=True)))
    assert len(sent) == 4
    assert {f"checkpoint:{size}" for size in sizes} == set(sent)


@pytest.mark.django_db
def test_who_is_named_later_is_sent_the_newest_and_so_is_everybody(organisation: Org, auditor: Membership) -> None:
    aims, officer = organisation
    run_the_day()
    an_auditor(aims, officer, Role.AUDITOR, "Joy Adeyemi")
    assert run_the_day(1) == 2  # naming an auditor is news
    assert run_the_day(2) == 0


@pytest.mark.django_db
def test_only_auditors_of_this_aims_whose_membership_holds(organisation: Org) -> None:
    aims, officer = organisation
    other, stranger = an_organisation()
    expected = an_auditor(aims, officer).user.email
    theirs = an_auditor(other, stranger, name="Somebody Else").user.email
    for role in set(Role) - {Role.CERTIFIER, Role.AUDITOR}:
        a_member(aims, role, by=officer)
    gone = an_auditor(aims, officer, Role.AUDITOR, "Revoked")
    ended = an_auditor(aims, officer, Role.AUDITOR, "Expired")
    not_yet = an_auditor(aims, officer, Role.AUDITOR, "Not yet")
    barred = an_auditor(aims, officer, Role.AUDITOR, "Barred")
    named = an_auditor(aims, officer, Role.AUDITOR, "Only named")
    with acting_in(aims, officer):
        revoke(gone, reason="Left", seen=1, actor=officer)
    Membership.unscoped.filter(pk=ended.pk).update(valid_until=MORNING - timedelta(minutes=1))
    Membership.unscoped.filter(pk=not_yet.pk).update(valid_from=MORNING + timedelta(minutes=1))
    User.objects.filter(pk=barred.user_id).update(is_active=False)
    User.objects.filter(pk=named.user_id).update(email="only.named@invited.invalid")
    run_the_day()
    assert sorted(sent.to for sent in mail.outbox) == sorted([[expected], [theirs]])
    bodies = {sent.to[0]: str(sent.body) for sent in mail.outbox}
    assert aims.organisation in bodies[expected]
    assert other.organisation not in bodies[expected]


@pytest.mark.django_db
def test_one_mail_for_a_person_of_two_roles(organisation: Org, auditor: Membership) -> None:
    aims, officer = organisation
    with acting_in(aims, officer):
        grant(auditor.user, Role.AUDITOR, actor=officer)
    assert run_the_day() == 1
    assert "named there as certification-body auditor" in str(mail.outbox[0].body)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "utc_hour", "asked"),
    [
        ("Europe/London", 6, False),
        ("Europe/London", 7, True),
        ("Pacific/Auckland", 17, False),
        ("Pacific/Auckland", 18, True),
    ],
)
def test_it_waits_for_the_morning_where_the_organisation_is(zone: str, utc_hour: int, *, asked: bool) -> None:
    aims, officer = an_organisation(time_zone=zone)
    an_auditor(aims, officer)
    at = MORNING.replace(hour=utc_hour, minute=5)
    assert run_the_day(at=at) == int(asked)
    day = at.date() + timedelta(days=zone != "Europe/London")
    assert [job.dedupe_key for job in Job.objects.filter(kind=mailing.KIND)] == [f"{aims.pk}:{day}"] * asked


@pytest.mark.django_db(transaction=True)
@pytest.mark.db_both
def test_two_tickers_and_two_workers_send_one_mail(organisation: Org, auditor: Membership, hourly: None) -> None:
    def at_ten(action: Any) -> list[Any]:
        def run() -> Any:
            with clock.standing_at(MORNING):
                return action()

        return at_once(run)

    beat()
    at_ten(tick)
    (job,) = Job.objects.all()
    at_ten(lambda: run_job(job.pk))
    at_ten(tick)
    assert sum(at_ten(send_waiting)) == 1
    assert len(mail.outbox) == 1
    with acting_in(organisation[0]):
        assert Record.objects.filter(event="checkpoint.sent").count() == Anchor.objects.count() == 1


@pytest.mark.django_db
def test_a_removed_aims_sends_nothing(organisation: Org, auditor: Membership) -> None:
    with clock.standing_at(MORNING):
        schedule.ask_each_day()
    Aims.objects.filter(pk=organisation[0].pk).update(removed_at=clock.now())
    assert run_the_day() == 0
    assert Job.objects.get().state == JobState.FAILED
    assert run_the_day(1) == 0


@pytest.mark.django_db
def test_while_the_mail_server_is_away_one_mail_waits(
    organisation: Org, auditor: Membership, trouble: type[Trouble]
) -> None:
    aims, officer = organisation
    trouble.at_open = ConnectionRefusedError("refused")
    for day in range(3):
        something_happens(aims, officer, f"O-{day}")
        assert run_the_day(day) == 0
    trouble.at_open = None
    assert [run_the_day(day) for day in (3, 4)] == [1, 1]  # the one that waited, then what was new since
    assert run_the_day(5) == 0


@pytest.mark.django_db
def test_a_refused_mail_is_neither_recorded_nor_forgotten(
    organisation: Org, auditor: Membership, trouble: type[Trouble]
) -> None:
    aims, _officer = organisation
    trouble.at_mail = {auditor.user.email: SMTPRecipientsRefused({"x": (550, b"no such user")})}
    assert [run_the_day(day) for day in (0, 1)] == [0, 0]
    with acting_in(aims):
        assert not Anchor.objects.exists()
        assert not Record.objects.filter(event="checkpoint.sent").exists()
        task = Task.objects.get(closed_at__isnull=True)
    assert task.title.startswith("No checkpoint reaches Ingrid Solheim by mail: SMTPRecipientsRefused")
    trouble.at_mail = {}
    assert run_the_day(2) == 1
    with acting_in(aims):
        assert not Task.objects.filter(closed_at__isnull=True).exists()
        assert Anchor.objects.count() == 1


@pytest.mark.django_db
def test_a_mail_that_was_cut_off_is_told_to_a_person(organisation: Org, auditor: Membership) -> None:
    aims, officer = organisation
    run_the_day()
    Delivery.objects.update(state=DeliveryState.SENDING, created_at=MORNING)
    something_happens(aims, officer, "O-1")
    assert run_the_day(1) == 1
    with acting_in(aims):
        titles = list(Task.objects.values_list("title", flat=True))
    assert titles == ["No checkpoint reaches Ingrid Solheim by mail: it was cut off on its way"]


@pytest.mark.django_db
def test_many_auditors_cost_few_reads_more(organisation: Org) -> None:
    aims, officer = organisation

    def reads(day: int) -> int:
        beat()
        with clock.standing_at(MORNING + timedelta(days=day)), CaptureQueriesContext(connection) as queries:
            schedule.ask_each_day()
            run_jobs()
        return sum(query["sql"].startswith("SELECT") for query in queries)

    def grow(count: int) -> None:
        for _number in range(count):
            an_auditor(aims, officer, name="Auditor")
        run_the_day(count)

    grow(3)
    few = reads(100)
    grow(9)
    assert reads(200) == few


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_who_may_send_one_now(organisation: Org, auditor: Membership, role: Role) -> None:
    aims, officer = organisation
    actor = a_member(aims, role, by=officer)
    beat()
    with acting_in(aims, actor):
        if role in (Role.ADMINISTRATOR, Role.OFFICER, Role.AUDITOR):
            assert send_checkpoint(aims, auditor, actor=actor).to == auditor.user.email
        else:
            with pytest.raises(NotAllowed):
                send_checkpoint(aims, auditor, actor=actor)
            assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_sent_by_hand_it_is_recorded_under_the_senders_authority(organisation: Org, auditor: Membership) -> None:
    aims, officer = organisation
    beat()
    with acting_in(aims, officer):
        item = send_checkpoint(aims, auditor, actor=officer)
        assert send_checkpoint(aims, auditor, actor=officer).pk == item.pk
    sealed(aims)
    assert not Anchor.unscoped.exists()
    assert send_waiting() == 1
    with acting_in(aims):
        record = Record.objects.get(event="checkpoint.sent")
        assert record.pseudonym == officer.pseudonym
        assert f'"request_id":"{officer.request_id}"' in bytes(record.body).decode()
        assert Anchor.objects.get().checkpoint.size == newest_news(1_000)
    assert run_the_day() == 0


@pytest.mark.django_db
def test_it_can_be_sent_again_after_it_was_refused(
    organisation: Org, auditor: Membership, trouble: type[Trouble]
) -> None:
    aims, officer = organisation
    trouble.at_mail = {auditor.user.email: SMTPRecipientsRefused({"x": (550, b"full")})}
    beat()
    with acting_in(aims, officer):
        send_checkpoint(aims, auditor, actor=officer)
    send_waiting()
    trouble.at_mail = {}
    with acting_in(aims, officer):
        send_checkpoint(aims, auditor, actor=officer)
    assert send_waiting() == 1
    assert len({item.message_id for item in Delivery.objects.all()}) == 2


@pytest.mark.django_db
def test_nobody_else_can_be_chosen(organisation: Org, auditor: Membership) -> None:
    aims, officer = organisation
    other, stranger = an_organisation()
    foreign = an_auditor(other, stranger)
    with acting_in(aims, officer):
        own = Membership.objects.filter(user_id=officer.user_id)[0]
        named = Membership.objects.get(user=invite_owner_by_name("Ana Lima", actor=officer), role=Role.OWNER)
        for membership in (own, foreign, named):
            with pytest.raises(NotAnAuditor, match="membership is in force"):
                send_checkpoint(aims, membership, actor=officer)
        revoke(auditor, reason="Left", seen=1, actor=officer)
        with pytest.raises(NotAnAuditor):
            send_checkpoint(aims, auditor, actor=officer)
        User.objects.filter(pk=foreign.user_id).update(email="ana@invited.invalid")
        row = grant(User.objects.get(pk=foreign.user_id), Role.AUDITOR, actor=officer)
        with pytest.raises(NotAnAuditor, match="has no e-mail address yet"):
            send_checkpoint(aims, row, actor=officer)
    assert not Delivery.objects.filter(topic="checkpoint").exists()


@pytest.mark.django_db
def test_a_log_that_is_too_old_sends_nothing(organisation: Org, auditor: Membership) -> None:
    aims, officer = organisation
    beat()
    log = sealed(aims)
    known.keep(signed_over(log, log.size + 50, bytes(32)))
    assert run_the_day() == 0
    job = Job.objects.get()
    assert (job.state, job.error[:8]) == (JobState.FAILED, "ROLLBACK")
    assert sealed(aims).halted.startswith("ROLLBACK")
    with acting_in(aims, officer), pytest.raises(known.RolledBack):
        send_checkpoint(aims, auditor, actor=officer)
    assert mail.outbox == []


@pytest.mark.django_db
def test_before_the_first_signature_nothing_is_sent(organisation: Org, auditor: Membership) -> None:
    with clock.standing_at(MORNING):
        schedule.ask_each_day()
        (job,) = run_jobs()
    assert (job.state, job.error[:32]) == (JobState.FAILED, "Nothing has been signed yet. The")


@pytest.mark.django_db
def test_who_lost_every_role_before_the_mail_left_is_not_its_author(organisation: Org, auditor: Membership) -> None:
    aims, officer = organisation
    sender = a_member(aims, Role.OFFICER, by=officer)
    with acting_in(aims, sender):
        send_checkpoint(aims, auditor, actor=sender)
    with acting_in(aims, officer):
        revoke(Membership.objects.get(user_id=sender.user_id), reason="Left", seen=1, actor=officer)
    assert send_waiting() == 1
    with acting_in(aims):
        assert Record.objects.get(event="checkpoint.sent").pseudonym == "service-anchors"
