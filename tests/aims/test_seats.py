"""The seat of a certification-body auditor: what is shared is read, nothing else is, and it ends with its last day."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.models import TokenKind, User
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.actions import date_seat, give_seat, grant, invite, issue_token, revoke, share, unshare
from aims.actions.grant import NotGrantable
from aims.actions.invite import NotInvitable
from aims.actions.seat import Seat
from aims.actions.share import NotShareable
from aims.models import Aims, Invitation, Membership, Share
from aims.ports import kinds
from aims.seats import LOG
from audits.models import MilestoneKind
from evidence.models import Read
from jobs.models import Delivery
from ledger.models import Leaf, Record
from soa.actions import amend
from soa.models import StatementVersion
from tests.aims.make import now_as, seat_of, shared
from tests.assessments.make import a_decided_assessment, an_approver, an_assessment
from tests.audits.make import a_milestone
from tests.evidence.make import a_note, an_evidence
from tests.make import A_SEAT, a_member, an_organisation, signed_in, trace_of
from tests.soa.make import a_version, an_entry, approved, decided
from tests.trace.make import a_checkpoint, an_anchor


def days(begins: int = 0, ends: int = 20, *audits: str) -> Seat:
    return Seat(clock.now() + timedelta(days=begins), clock.now() + timedelta(days=ends), audits)


def seen(client: Client, name: str, aims: Aims, *args: object) -> int:
    return client.get(reverse(name, args=[aims.slug, *args])).status_code


@pytest.fixture
def seat(aims: Aims, officer: Actor) -> Actor:
    return a_member(aims, Role.CERTIFIER, by=officer, name="Ingrid Solheim")


@pytest.fixture
def version(aims: Aims, officer: Actor) -> StatementVersion:
    decided(officer)
    return approved(aims, a_version(aims, officer), officer)


@pytest.mark.db_both
def test_giving_a_seat_names_audit_and_days_and_mails_the_way_in(aims: Aims, officer: Actor) -> None:
    audit = a_milestone(officer, kind=MilestoneKind.STAGE_2)
    row = give_seat("ingrid@body.example", name="Ingrid Solheim", seat=days(0, 20, audit.ref), actor=officer)
    assert (row.role, row.scope, row.user.name) == ("certifier", audit.ref, "Ingrid Solheim")
    assert Share.objects.get(seat=row).subject == audit.ref
    assert trace_of(row.ref) == ["membership.granted"]
    assert trace_of(Share.objects.get().ref) == ["share.made"]
    assert Delivery.objects.get().to == "ingrid@body.example"
    assert Invitation.objects.get(user=row.user).roles == ["certifier"]
    with pytest.raises(NotGrantable, match="has a seat already"):
        give_seat("ingrid@body.example", name="", seat=days(0, 5, audit.ref), actor=officer)


def test_a_seat_needs_its_days_its_audit_and_somebody_who_may_give_it(aims: Aims, officer: Actor) -> None:
    audit = a_milestone(officer, kind=MilestoneKind.STAGE_2).ref
    internal = a_milestone(officer, kind=MilestoneKind.INTERNAL).ref
    person = User.objects.get(pk=a_member(aims, Role.REVIEWER, by=officer).user_id)
    asked = {"name": "Ingrid", "actor": officer}
    for wrong, words in ((days(0, 400, audit), "within a year"), (days(5, 4, audit), "not before the first"),
                         (days(0, 20), "Choose the audit")):  # fmt: skip
        with pytest.raises(NotGrantable, match=words):
            give_seat("ingrid@body.example", seat=wrong, **asked)  # type: ignore[arg-type]
    with pytest.raises(NotShareable, match="nothing that can be shared"):
        give_seat("ingrid@body.example", seat=days(0, 20, internal), **asked)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        give_seat("i@body.example", name="", seat=days(0, 9, audit), actor=a_member(aims, Role.APPROVER, by=officer))
    with pytest.raises(NotGrantable, match="has a last day"):
        grant(person, Role.CERTIFIER, actor=officer)
    with pytest.raises(NotInvitable, match="given a seat"):
        invite("ingrid@body.example", name="", roles=["certifier"], actor=officer)
    assert not Membership.objects.filter(role=Role.CERTIFIER).exists()


@pytest.mark.db_both
def test_it_ends_at_once_in_a_live_session_too(aims: Aims, officer: Actor, seat: Actor, version: Any) -> None:
    """The first request after the last moment finds the session ended; signed in again, nothing is there."""
    shared(version.ref, seat, by=officer)
    client, stranger = signed_in(seat), signed_in(an_organisation()[1])
    place = reverse("soa:version", args=[aims.slug, version.pk])
    ends = clock.now() + timedelta(minutes=20)
    date_seat(seat_of(seat), ends=ends, seen=1, actor=officer)
    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        assert client.get(place).status_code == 200
    with time_machine.travel(ends, tick=False):
        late, foreign = client.get(place), stranger.get(place)
        assert (late.status_code, late["Location"].partition("?")[0]) == (302, reverse("account_login"))
        client.force_login(User.objects.get(pk=seat.user_id))
        again = client.get(place)
        assert again.status_code == foreign.status_code == 404
        assert now_as(seat, aims) is None
        assert client.get("/").status_code == 200


def test_it_begins_on_its_first_day(aims: Aims, officer: Actor) -> None:
    audit = a_milestone(officer, kind=MilestoneKind.STAGE_2)
    row = give_seat("ingrid@body.example", name="Ingrid", seat=days(5, 9, audit.ref), actor=officer)
    client = Client()
    client.force_login(row.user)
    assert seen(client, "desk:seat", aims) == 404
    with time_machine.travel(row.valid_from, tick=False):
        client.force_login(row.user)
        assert seen(client, "desk:seat", aims) == 200


def test_a_password_can_be_set_before_the_seat_begins(aims: Aims, officer: Actor) -> None:
    audit = a_milestone(officer, kind=MilestoneKind.STAGE_2)
    give_seat("ingrid@body.example", name="Ingrid", seat=days(5, 9, audit.ref), actor=officer)
    secret = Delivery.objects.get().body.rpartition("/invitation/")[2].strip().strip("/")
    client = Client()
    client.get(reverse("invitation", args=[secret]))
    joined = {"name": "Ingrid Solheim", "password": "a sentence that nobody guesses"}
    assert client.post(reverse("accept_invitation"), joined)["Location"] == "/"
    assert "no role" in client.get(reverse("me")).content.decode()


def test_what_is_shared_opens_and_closes_at_once(aims: Aims, officer: Actor, seat: Actor, version: Any) -> None:
    client = signed_in(seat)
    assert seen(client, "soa:version", aims, version.pk) == 404
    row = shared(version.ref, seat, by=officer)
    assert shared(version.ref, seat, by=officer) == row
    assert seen(client, "soa:version", aims, version.pk) == 200
    with pytest.raises(NotShareable, match="Say why"):
        unshare(row, reason=" ", seen=1, actor=officer)
    with pytest.raises(Conflict):
        unshare(row, reason="Over", seen=9, actor=officer)
    unshare(row, reason="Over", seen=1, actor=officer)
    assert unshare(row, reason="Over", seen=1, actor=officer).version == 2
    assert seen(client, "soa:version", aims, version.pk) == 404
    assert trace_of(row.ref) == ["share.made", "share.withdrawn"]
    until = clock.now() + timedelta(minutes=20)
    again = shared(version.ref, seat, by=officer, until=until)
    with time_machine.travel(until, tick=False):
        assert seen(client, "soa:version", aims, version.pk) == 404
        assert shared(version.ref, seat, by=officer) != again
        assert seen(client, "soa:version", aims, version.pk) == 200


def test_only_what_is_final_is_shared_with_seats_that_hold(aims: Aims, officer: Actor, seat: Actor) -> None:
    decided(officer)
    draft = an_assessment(officer)
    waiting = a_version(aims, officer)
    for ref in (waiting.ref, draft.ref, "evidence:EV-999", "milestone:x", "member:1", "", LOG + "x"):
        with pytest.raises(NotShareable):
            shared(ref, seat, by=officer)
    note = a_note(actor=officer)
    reviewer = a_member(aims, Role.REVIEWER, by=officer)
    with pytest.raises(NotAllowed):
        shared(note.ref, seat, by=reviewer)
    with pytest.raises(NotShareable, match="seat of a certification-body"):
        share(Membership.objects.get(user_id=reviewer.user_id), note.ref, actor=officer)
    with pytest.raises(NotShareable, match="end of the seat"):
        shared(note.ref, seat, by=officer, until=clock.now() + A_SEAT + timedelta(days=9))
    held = seat_of(seat)
    revoke(held, reason="Over", seen=1, actor=officer)
    with pytest.raises(NotShareable, match="has ended"):
        share(held, note.ref, actor=officer)


def test_a_waiting_or_returned_version_of_a_shared_number_stays_closed(aims: Aims, officer: Actor, seat: Actor) -> None:
    """A number can be used again after a return, so the view itself shows seats approved versions only."""
    decided(officer)
    waiting = a_version(aims, officer)
    Share(aims=aims, seat=seat_of(seat), subject=waiting.ref).save()
    assert seen(signed_in(seat), "soa:version", aims, waiting.pk) == 404


def test_a_shared_page_shows_the_thing_and_leads_nowhere_else(
    aims: Aims, officer: Actor, seat: Actor, version: Any
) -> None:
    """No draft, no other version, no act, no reader, no address of a member; every link answers."""
    email = User.objects.get(pk=officer.user_id).email
    item = an_evidence(actor=officer, title="Test report", serves=["A.2.2"])
    reader = signed_in(officer)
    [file] = item.versions.get().files.all()
    reader.get(reverse("evidence:download", args=[aims.slug, item.code, 1, file.pk]))
    assessment = a_decided_assessment(officer, an_approver(aims, officer))
    amend(an_entry(), {"why": "CANARY of the next draft"}, seen=an_entry().version, actor=officer)
    client = signed_in(seat)
    places = {
        version.ref: reverse("soa:version", args=[aims.slug, version.pk]),
        item.ref: reverse("evidence:detail", args=[aims.slug, item.code]),
        assessment.ref: reverse("assessments:detail", args=[aims.slug, assessment.code, assessment.edition]),
    }
    for ref, place in places.items():
        shared(ref, seat, by=officer)
        page = client.get(place).content.decode()
        assert "CANARY" not in page
        assert email not in page
        assert "Who read it" not in page
        for link in _links(page, aims):
            assert client.get(link).status_code in (200, 302, 409), f"{place} leads to {link}"
        assert client.get(f"{place}?as_of={clock.now().date()}").status_code == 200  # the past is not for seats: today
    front = client.get(reverse("desk:seat", args=[aims.slug])).content.decode()
    for link in _links(front, aims):
        assert client.get(link).status_code in (200, 302, 409), link
    for title in ("Statement version 1", "Test report", assessment.code):
        assert title in front
    assert email not in front


def _links(page: str, aims: Aims) -> set[str]:
    found = {part.partition('"')[0].partition("#")[0] for part in page.split('href="')[1:]}
    return {link for link in found if link.startswith(f"/a/{aims.slug}/")}


def test_the_version_before_is_compared_only_where_it_is_shared(aims: Aims, officer: Actor, seat: Actor) -> None:
    decided(officer)
    first = approved(aims, a_version(aims, officer), officer)
    amend(an_entry(), {"why": "Another reason"}, seen=an_entry().version, actor=officer)
    second = approved(aims, a_version(aims, officer), officer)
    shared(second.ref, seat, by=officer)
    place, client = reverse("soa:version", args=[aims.slug, second.pk]), signed_in(seat)
    page = client.get(place).content.decode()
    assert "Every row of the version." in page
    assert "What differs" not in page
    assert "Because our systems need it." in page
    shared(first.ref, seat, by=officer)
    assert "Compared with version 1." in client.get(place).content.decode()


def test_files_are_taken_out_when_shared_and_each_time_is_noted(aims: Aims, officer: Actor, seat: Actor) -> None:
    item = an_evidence(actor=officer, title="Test report")
    [file] = item.versions.get().files.all()
    client = signed_in(seat)
    assert seen(client, "evidence:download", aims, item.code, 1, file.pk) == 404
    shared(item.ref, seat, by=officer)
    assert seen(client, "evidence:download", aims, item.code, 1, file.pk) == 200
    assert Read.objects.get(file=file).user_id == seat.user_id
    assert seen(client, "evidence:detail", aims, "EV-999") == 404


def test_proofs_open_with_their_subject_or_with_the_log(aims: Aims, officer: Actor, seat: Actor, version: Any) -> None:
    row = a_checkpoint(aims.pk)
    number = Leaf.objects.get(record__subject=version.ref, record__event="version.approved").number
    client = signed_in(seat)
    assert seen(client, "trace:proof", aims, number) == seen(client, "trace:checkpoint", aims, row.size) == 404
    shared(version.ref, seat, by=officer)
    assert seen(client, "trace:proof", aims, number) == 200
    assert seen(client, "trace:proof", aims, 1) == 404
    an_anchor(row, to=seat)
    assert seen(client, "trace:checkpoint", aims, row.size) == 200
    assert f"/chain/checkpoints/{row.size}/" in client.get(reverse("desk:seat", args=[aims.slug])).content.decode()
    shared(LOG, seat, by=officer)
    assert seen(client, "trace:proof", aims, 1) == seen(client, "trace:raw", aims, 1) == 200
    assert seen(client, "trace:records", aims) == seen(client, "trace:export", aims) == 403


def test_another_role_lifts_the_limits(aims: Aims, officer: Actor) -> None:
    both = signed_in(a_member(aims, Role.CERTIFIER, Role.AUDITOR, by=officer))
    assert seen(both, "soa:workbench", aims) == seen(both, "trace:records", aims) == 200
    assert seen(both, "desk:seat", aims) == 200
    assert seen(signed_in(officer), "desk:seat", aims) == 404


def test_the_api_is_closed_and_tokens_of_old_do_not_help(aims: Aims, officer: Actor) -> None:
    """A token acts as its person may act now, and somebody who is here only to certify issues none."""
    member = a_member(aims, Role.REVIEWER, by=officer)
    expires = clock.now() + timedelta(days=30)
    asked: dict[str, Any] = {"name": "CI", "kind": TokenKind.PERSONAL, "scopes": ["read"], "expires_at": expires}
    _token, raw = issue_token(actor=member, **asked)
    held = Membership.objects.get(user_id=member.user_id)
    grant(held.user, Role.CERTIFIER, valid_until=expires, actor=officer)
    revoke(held, reason="Went to the certification body", seen=1, actor=officer)
    item = a_note(actor=officer)
    now = now_as(member, aims)
    assert now is not None
    share(seat_of(now), item.ref, actor=officer)
    machine, browser = Client(headers={"authorization": f"Bearer {raw}"}), signed_in(now)
    for client in (machine, browser):
        for place in ("systems/", "evidence/", f"evidence/{item.code}/", "soa/", "soa/versions/", "lineage/"):
            answer = client.get(f"/api/v1/a/{aims.slug}/{place}")
            assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    with pytest.raises(NotAllowed):
        issue_token(actor=now, **asked)
    assert (
        aims.slug
        not in browser.get(reverse("me")).content.decode().partition("token_aims")[2].partition("</select>")[0]
    )


def test_another_last_day(aims: Aims, officer: Actor, seat: Actor) -> None:
    row = seat_of(seat)
    with pytest.raises(Conflict):
        date_seat(row, ends=clock.now() + timedelta(days=3), seen=7, actor=officer)
    for wrong in (clock.now() - timedelta(days=1), clock.now() + timedelta(days=400)):
        with pytest.raises(NotGrantable):
            date_seat(row, ends=wrong, seen=1, actor=officer)
    ends = clock.now() + timedelta(days=3)
    assert date_seat(row, ends=ends, seen=1, actor=officer).valid_until == ends
    assert trace_of(row.ref)[-1] == "membership.dated"
    with time_machine.travel(ends, tick=False):
        with pytest.raises(NotGrantable, match="has ended"):
            date_seat(row, ends=clock.now() + timedelta(days=3), seen=2, actor=officer)
        new = grant(row.user, Role.CERTIFIER, valid_until=clock.now() + timedelta(days=9), actor=officer)
        assert new.pk != row.pk
        assert trace_of(row.ref)[-1] == "membership.revoked"


def test_from_giving_to_ending_in_the_officers_pages(aims: Aims, officer: Actor, version: Any) -> None:
    audit = a_milestone(officer, kind=MilestoneKind.STAGE_2, due_on=date(2027, 1, 20))
    client, people = signed_in(officer), reverse("aims:people", args=[aims.slug])
    assert "Nobody of a certification body has a seat" in client.get(people).content.decode()
    nobody = client.get(reverse("aims:share", args=[aims.slug]), follow=True).content.decode()
    assert "Nobody has a seat yet. Give one first" in nobody
    today = clock.today(aims.time_zone)
    form = {"name": "Ingrid", "email": "ingrid@body.example", "valid_from": today.isoformat(), "audits": [audit.ref],
            "valid_until": (today + timedelta(days=3)).isoformat()}  # fmt: skip
    new = reverse("aims:seat_new", args=[aims.slug])
    assert client.post(new, form | {"audits": []}).status_code == 422
    assert client.post(new, form | {"valid_until": "2020-01-01"}).status_code == 422
    answer = client.post(new, form)
    row = Membership.objects.get(role=Role.CERTIFIER)
    page = reverse("aims:seat", args=[aims.slug, row.pk])
    assert answer["Location"] == page
    assert "Stage 2" in client.get(people).content.decode()
    place = reverse("aims:share", args=[aims.slug])
    shown = client.get(reverse("soa:version", args=[aims.slug, version.pk])).content.decode()
    assert f"{place}?ref=version%3ASOA-1" in shown
    asked = client.get(f"{place}?ref=version:SOA-1&seat={row.pk}").content.decode()
    assert '<option value="version:SOA-1" selected>' in asked
    assert client.post(place, {"seat": row.pk, "subject": "risk:R-001"}).status_code == 422
    assert client.post(place, {"seat": row.pk, "subject": "version:SOA-1"})["Location"] == page
    assert "Statement version 1" in client.get(page).content.decode()
    end = reverse("aims:unshare", args=[aims.slug, Share.objects.get(subject="version:SOA-1").pk])
    assert client.post(end, {"reason": "Over", "seen": 5}).status_code == 409
    assert client.post(end, {"reason": "Over", "seen": 1})["Location"] == page
    assert "No longer shared" in client.get(page).content.decode()
    day = reverse("aims:seat_date", args=[aims.slug, row.pk])
    assert client.post(day, {"valid_until": today.isoformat(), "seen": 1})["Location"] == page
    assert client.post(day, {"valid_until": today.isoformat(), "seen": 1}).status_code == 409
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    assert "Give a seat" not in reader.get(people).content.decode()
    assert {reader.get(address).status_code for address in (new, page, place, day)} == {403}


def test_lists_cost_the_same_with_many(aims: Aims, officer: Actor) -> None:
    audit = a_milestone(officer, kind=MilestoneKind.STAGE_2)
    first = a_member(aims, Role.CERTIFIER, by=officer)
    shared(audit.ref, first, by=officer)
    shared(a_note(actor=officer).ref, first, by=officer)
    counts = []
    pages = (("aims:people", [], officer), ("aims:seat", [seat_of(first).pk], officer), ("desk:seat", [], first))
    for _round in range(2):
        for name, args, who in pages:
            client = signed_in(who)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(name, args=[aims.slug, *args])).status_code == 200
            counts.append(len(queries))
        for _more in range(4):
            shared(a_note(actor=officer).ref, first, by=officer)
            a_member(aims, Role.CERTIFIER, by=officer)
    assert counts[:3] == counts[3:]


def test_every_room_that_hands_over_registers_what_can_be_shared() -> None:
    assert [kind.word for kind in kinds()] == [
        "assessment", "evidence", "version", "milestone", "log", "pack", "report",
    ]  # fmt: skip


def test_an_auditor_sees_that_no_act_is_recorded_of_reading(aims: Aims, officer: Actor, seat: Actor) -> None:
    records = Record.objects.count()
    page = signed_in(seat).get(reverse("desk:overview", args=[aims.slug]), follow=True).content.decode()
    assert "Nothing is shared with you yet" in page
    assert reverse("desk:search", args=[aims.slug]) not in page
    assert reverse("trace:records", args=[aims.slug]) not in page
    assert Record.objects.count() == records
