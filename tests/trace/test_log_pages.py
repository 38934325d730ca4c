"""Anchors and keys: what everybody may see, and what an administrator alone does with a log."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor, service
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.models import Aims, Membership
from aims.queries import actor_for
from jobs.models import Delivery
from ledger.actions import checkpoint
from ledger.actions.resume import NotOurs, NotResumable
from ledger.keys import key_of, keys_of
from ledger.models import Anchor, AnchorKind, Checkpoint, Incarnation, Log, LogKey, Record, SetAside, Waiting
from ledger.notes import Note, checkpoint_of
from ledger.verify import verify
from tests.ledger.test_watch import a_newer_one_outside
from tests.make import a_member, a_person, signed_in, trace_of
from tests.trace.make import a_checkpoint, an_anchor, an_obligation
from trace.actions import resume_log, rotate_key, set_aside, sign_now
from trace.actions.reasons import NoReason
from trace.anchors import PAGE
from trace.permissions import may_erase, may_keep, may_sign

Later = Callable[..., Any]


def address(aims: Aims, name: str, *args: object) -> str:
    return reverse(f"trace:{name}", args=[aims.slug, *args])


def page_of(aims: Aims, actor: Actor, **query: object) -> str:
    """The page of anchors and keys in one line."""
    answer = signed_in(actor).get(address(aims, "anchors"), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def a_forged_record(aims: Aims) -> Record:
    """A record that waits and does not carry our mark, as somebody would write who owns the database."""
    like = Record.objects.order_by("pk")[0]
    fields = {name: getattr(like, name) for name in ("aims_id", "body", "event", "subject", "pseudonym", "occurred_at")}
    row = Record.objects.create(event_id=UUID(int=7 << 64), mac="00" * 32, **fields)
    Waiting.objects.create(record=row, aims_id=aims.pk)
    Log.objects.update(halted=f"Record {row.event_id} was not written by Assay, or was changed before it had a number.")
    return row


def test_who_may(aims: Aims, officer: Actor) -> None:
    for role in Role:
        actor = a_member(aims, role, by=officer)
        assert may_sign(actor) == (role != Role.CERTIFIER)
        assert may_keep(actor) == (role == Role.ADMINISTRATOR)
        assert may_erase(actor) == (role in (Role.ADMINISTRATOR, Role.OFFICER))
    machine = service("importer")
    assert not may_keep(machine)
    assert not may_erase(machine)


@pytest.mark.db_both
def test_the_page_before_anything_is_signed(aims: Aims, officer: Actor) -> None:
    page = page_of(aims, officer)
    for words in ("Nothing is signed yet", "No copy is outside yet", "The first key is made when", "Nobody: no cert"):
        assert words in page


@pytest.mark.db_both
def test_the_page_shows_checkpoint_copies_keys_and_who_is_sent_mail(aims: Aims, officer: Actor) -> None:
    auditor = a_member(aims, Role.CERTIFIER, by=officer, name="Ingrid Solheim")
    a_member(aims, Role.AUDITOR, by=officer, name="Joy Adeyemi")
    row = a_checkpoint(aims.pk)
    an_anchor(row, to=auditor)
    an_anchor(row, AnchorKind.TIMESTAMP, place="tsa.example")
    [key] = keys_of(Log.objects.get())
    page = page_of(aims, a_member(aims, Role.OWNER, by=officer))
    for words in (row.text.split("\n")[0], key.text, key.id.hex(), "in use", "verify.py --pin"):
        assert words in page
    assert "Sent by mail</th>" in page
    assert "Timestamped (RFC 3161)</th>" in page
    assert "<td>Ingrid Solheim</td>" in page
    mailed = page.partition('id="mail-title"')[2].partition("</section>")[0]
    assert mailed.index("Ingrid Solheim") < mailed.index("Joy Adeyemi")
    assert address(aims, "checkpoint", row.size) in page
    assert "Rotate key" not in page
    assert "Rotate key" in page_of(aims, officer)


def test_copies_come_in_pages_at_the_same_price(aims: Aims, officer: Actor) -> None:
    row = a_checkpoint(aims.pk)
    an_anchor(row, AnchorKind.BUCKET, place="place 0")
    browser = signed_in(officer)

    def ask(**query: object) -> tuple[int, str]:
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(address(aims, "anchors"), query).content.decode()
        return len(queries), page

    ask()
    few, _page = ask()
    for number in range(1, PAGE + 5):
        an_anchor(row, AnchorKind.BUCKET, place=f"place {number}")
    many, newest = ask()
    assert many == few <= 18
    assert "place 4<" not in newest
    assert f"place {PAGE + 4}<" in newest
    assert "place 4<" in ask(page=2)[1]


@pytest.mark.db_both
def test_a_rotated_key_signs_beside_the_one_before(
    aims: Aims, officer: Actor, django_capture_on_commit_callbacks: Later
) -> None:
    a_checkpoint(aims.pk)
    old = LogKey.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        row = rotate_key(reason="The old one was seen by too many", actor=officer)
    assert trace_of(row.ref) == ["log.key_added"]
    assert Record.objects.get(subject=row.ref).role == Role.ADMINISTRATOR
    log = Log.objects.get()
    newest = Checkpoint.objects.order_by("-size")[0]
    signers = Note.read(newest.text).signers(keys_of(log))
    assert signers == [key_of(row), key_of(old)]
    assert checkpoint_of(newest.text, [key_of(row)]).size == log.size
    assert verify(log).is_sound
    page = page_of(aims, officer)
    assert page.index("in use") < page.index("replaced")


@pytest.mark.parametrize("act", [rotate_key, resume_log])
def test_only_an_administrator_and_only_with_a_reason(aims: Aims, officer: Actor, act: Callable[..., Any]) -> None:
    before = Record.objects.count()
    for actor in (a_member(aims, Role.OFFICER, by=officer), service("importer")):
        with pytest.raises(NotAllowed):
            act(reason="why", actor=actor)
    with pytest.raises(NoReason, match="Say why"):
        act(reason="  ", actor=officer)
    assert Record.objects.filter(event__startswith="log.").count() == 0
    assert Record.objects.count() > before  # the grants of the people above, nothing else


def test_signing_is_for_members(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        sign_now(actor=replace(officer, authorities=()))


def test_the_key_is_rotated_by_a_form(aims: Aims, officer: Actor) -> None:
    a_checkpoint(aims.pk)
    browser = signed_in(officer)
    assert (
        "The next checkpoint is signed by the old key as well" in browser.get(address(aims, "rotate")).content.decode()
    )
    refused = browser.post(address(aims, "rotate"), {"reason": " "})
    assert refused.status_code == 422
    assert LogKey.objects.count() == 1
    done = browser.post(address(aims, "rotate"), {"reason": "A yearly rotation"}, follow=True)
    assert done.redirect_chain == [(address(aims, "anchors"), 302)]
    assert "The key is rotated." in done.content.decode()
    assert LogKey.objects.count() == 2


@pytest.mark.db_both
def test_a_restored_log_is_resumed(aims: Aims, officer: Actor, django_capture_on_commit_callbacks: Later) -> None:
    an_obligation(officer, "O-1", aims_id=aims.pk)
    a_checkpoint(aims.pk)
    log = Log.objects.get()
    a_newer_one_outside(log, more=4)
    size = log.size
    Log.objects.update(halted=f"ROLLBACK: this log has {size} records, but a checkpoint over {size + 4} was signed.")
    page = page_of(aims, officer)
    assert "Nothing is numbered any further" in page
    assert "an administrator resumes the log" in page
    assert address(aims, "resume") in page
    assert address(aims, "resume") not in page_of(aims, a_member_without_a_record(aims, officer))
    with django_capture_on_commit_callbacks(execute=True):
        row = resume_log(reason="The machine burnt", actor=officer)
    assert (row.number, row.restored_size, row.lost_size) == (2, size, size + 4)
    assert trace_of("log:2") == ["log.resumed"]
    assert Record.objects.get(subject="log:2").role == Role.ADMINISTRATOR
    log.refresh_from_db()
    assert (log.origin, log.halted) == (row.origin, "")
    assert Checkpoint.objects.order_by("-size")[0].size == log.size
    assert verify(log).is_sound
    page = page_of(aims, officer)
    assert "Lives of the log" in page
    assert f"#{size + 4}" in page.partition('id="lives-title"')[2]


def a_member_without_a_record(aims: Aims, officer: Actor) -> Actor:
    """The officer without the administrator's role: a halted SQLite log takes no new grants."""
    person = a_person()
    Membership(aims=aims, user=person, role=Role.OFFICER).save()
    actor = actor_for(person, aims, auth_method="password")
    assert actor is not None
    return actor


def test_a_log_that_lost_nothing_is_not_resumed(aims: Aims, officer: Actor) -> None:
    a_checkpoint(aims.pk)
    with pytest.raises(NotResumable):
        resume_log(reason="Just to be sure", actor=officer)
    answer = signed_in(officer).post(address(aims, "resume"), {"reason": "Just to be sure"})
    assert answer.status_code == 422
    assert "There is nothing to resume." in answer.content.decode()
    assert not Incarnation.objects.exists()


def test_a_forged_record_is_shown_and_set_aside(
    aims: Aims, officer: Actor, django_capture_on_commit_callbacks: Later
) -> None:
    row = a_forged_record(aims)
    page = page_of(aims, officer)
    assert str(row.event_id) in page
    assert "Records that are not ours" in page
    browser = signed_in(officer)
    asked = browser.get(address(aims, "set_aside", row.event_id)).content.decode()
    assert str(row.event_id) in asked
    assert "was not written by Assay" in asked
    with django_capture_on_commit_callbacks(execute=True):
        done = browser.post(address(aims, "set_aside", row.event_id), {"reason": "Nobody knows it"}, follow=True)
    assert "The record is set aside." in done.content.decode()
    assert SetAside.objects.get().record_id == row.pk
    assert trace_of(f"record:{row.event_id}") == ["log.set_aside"]
    assert Log.objects.get().halted == ""
    assert browser.get(address(aims, "set_aside", row.event_id)).status_code == 404


def test_one_of_ours_is_not_set_aside(aims: Aims, officer: Actor) -> None:
    row = Record.objects.order_by("pk")[0]
    with pytest.raises(NotOurs):
        set_aside(row, reason="I do not like it", actor=officer)
    with pytest.raises(NotAllowed):
        set_aside(row, reason="why", actor=a_member(aims, Role.OFFICER, by=officer))
    assert signed_in(officer).get(address(aims, "set_aside", row.event_id)).status_code == 404
    assert signed_in(officer).get(address(aims, "set_aside", UUID(int=1))).status_code == 404


@pytest.mark.parametrize(
    ("field", "fault", "title", "advice"),
    [
        ("halted", "ROLLBACK: this log has 3 records.", "Nothing is numbered any further", "Bring the newest database"),
        ("halted", "Record x is not ours.", "Nothing is numbered any further", "Find out who wrote the record"),
        (
            "unsigned",
            "A private key cannot be opened.",
            "Nothing is signed any further",
            "Verify the whole chain first",
        ),
        ("fault", "Record #3 does not match.", "The chain does not hold", "Leave the database as it is"),
    ],
)
def test_what_stops_a_log_is_red_on_the_chain(
    aims: Aims, officer: Actor, field: str, fault: str, title: str, advice: str
) -> None:
    Log.objects.update(**{field: fault})
    page = signed_in(officer).get(address(aims, "records")).content.decode()
    red = re.findall(r'data-tone="bad" role="alert">(.*?)</div>', page, re.S)
    assert len(red) == 1
    assert title in red[0]
    assert fault in red[0]
    assert advice in red[0]


def test_a_record_that_waits_for_a_checkpoint_says_when_none_will_come(aims: Aims, officer: Actor) -> None:
    Log.objects.update(unsigned="A private key cannot be opened.")
    page = signed_in(officer).get(address(aims, "record", 1)).content.decode()
    assert "nothing is signed until what stops the log is cleared" in " ".join(page.split())


def test_strangers_find_no_log_here(aims: Aims, officer: Actor) -> None:
    reader = signed_in(a_member(aims, Role.CERTIFIER, by=officer))
    for name in ("rotate", "resume"):
        assert reader.get(address(aims, name)).status_code == 403
    assert reader.get(address(aims, "set_aside", UUID(int=0))).status_code == 403
    assert reader.get(address(aims, "erase", 1)).status_code == 403


def test_the_newest_checkpoint_is_sent_to_an_auditor_now(aims: Aims, officer: Actor) -> None:
    """From the page: to auditors only, by those who may, and a foreign membership is none."""
    body = a_member(aims, Role.CERTIFIER, by=officer, name="Ingrid Auditor")
    checkpoint(aims.pk)
    membership = Membership.objects.get(user_id=body.user_id)
    client = signed_in(officer)
    assert "Send now to Ingrid Auditor" in page_of(aims, officer)
    answer = client.post(address(aims, "send"), {"membership": membership.pk}, follow=True)
    assert "The newest checkpoint is on its way to Ingrid Auditor." in answer.content.decode()
    note = bytes(Checkpoint.objects.latest("size").note)
    assert [bytes(file.data) for file in Delivery.objects.get(aims_id=aims.pk).attachments.all()] == [note]
    for wrong in ("0", "x", "9" * 30, Membership.objects.get(user_id=officer.user_id, role=Role.OFFICER).pk):
        assert client.post(address(aims, "send"), {"membership": wrong}).status_code == 404
    assert signed_in(body).post(address(aims, "send"), {"membership": membership.pk}).status_code == 403
    assert "Send now" not in page_of(aims, a_member(aims, Role.REVIEWER, by=officer))


def test_a_timestamp_is_handed_out_beside_its_checkpoint(aims: Aims, officer: Actor) -> None:
    """As the service gave it; a checkpoint without one has none."""
    row = checkpoint(aims.pk)
    client = signed_in(officer)
    place = address(aims, "token", row.size)
    assert client.get(place).status_code == 404
    Anchor(checkpoint=row, aims_id=aims.pk, kind="timestamp", place="tsa.example", token=b"a token").save()
    answer = client.get(place)
    assert (answer.content, answer["Content-Type"]) == (b"a token", "application/vnd.etsi.timestamp-token")
    assert place in page_of(aims, officer)
