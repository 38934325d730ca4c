"""Deputies: named for some days, recorded as standing in, apart from their own work and from whom they stand for."""

import json
from datetime import timedelta
from itertools import combinations, product
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.actions import end_deputy, name_deputy, revoke
from aims.actions.deputy import NotDeputy
from aims.authority import authority_of
from aims.live import in_force
from aims.models import Aims, Membership
from aims.queries import aims_of, roles_by_aims
from assessments.actions import accept_risk, decide_assessment
from assessments.actions.accept import NotAcceptable
from assessments.actions.decide import OwnWork
from assessments.models import Decision
from ledger.models import Record
from soa.actions import amend, approve
from soa.actions.approve import NotApprovable
from soa.models import Entry
from soa.queries.approvers import approvers_for
from tests.aims.make import a_deputy, now_as
from tests.api.make import a_machine
from tests.assessments.make import a_risk, a_submitted_assessment
from tests.make import a_member, signed_in, trace_of
from tests.soa.make import a_statement, a_version, an_entry, decided, included
from tests.systems.make import person_of


def now(actor: Actor, aims: Aims) -> Actor:
    found = now_as(actor, aims)
    assert found is not None
    return found


def shown(version: Any) -> dict[str, Any]:
    return {"digest": version.digest, "confirms_warnings": True, "seen": version.version}


def own_role(actor: Actor, role: Role) -> Membership:
    return Membership.objects.get(user_id=actor.user_id, role=role, deputises__isnull=True)


@pytest.mark.db_both
def test_what_a_deputy_does_names_both(aims: Aims, officer: Actor) -> None:
    boss, deputy = a_member(aims, Role.APPROVER, by=officer, name="Bea Boss"), a_member(aims, Role.REVIEWER, by=officer)
    row = a_deputy(boss, deputy, Role.APPROVER)
    assert trace_of(row.ref) == ["membership.deputised"]
    decided(officer)
    version = a_version(aims, officer)
    assert {person.pk for person in approvers_for(version)} == {boss.user_id, deputy.user_id}
    approve(version, actor=now(deputy, aims), **shown(version))
    record = Record.objects.get(event="version.approved")
    body = json.loads(bytes(record.body))
    assert (body["actor"]["pseudonym"], body["authority"]["deputy_of"]) == (deputy.pseudonym, boss.pseudonym)
    assert body["authority"]["membership"] == row.pk
    told = authority_of([record])[record.pk]
    assert told.valid_then
    assert told.label == "Approver, deputy of Bea Boss"
    own = Record.objects.get(event="version.submitted")
    assert "deputy_of" not in json.loads(bytes(own.body))["authority"]


@pytest.mark.db_both
def test_it_holds_on_its_days_and_no_longer_than_the_role(aims: Aims, officer: Actor) -> None:
    boss, deputy = a_member(aims, Role.APPROVER, by=officer), a_member(aims, Role.OWNER, by=officer)
    begins = clock.now() + timedelta(days=5)
    ends = begins + timedelta(days=3)
    mine = own_role(boss, Role.APPROVER)
    name_deputy(mine, person_of(deputy), valid_from=begins, valid_until=ends, actor=boss)
    for at, holds in ((begins - timedelta(seconds=1), False), (begins, True), (ends, False)):
        with time_machine.travel(at, tick=False):
            assert now(deputy, aims).holds(Role.APPROVER) is holds
    with time_machine.travel(begins, tick=False):
        revoke(mine, reason="Left", seen=mine.version, actor=officer)
        assert now(deputy, aims).roles == {Role.OWNER}


def test_an_act_after_the_role_ended_is_told_as_a_fault(aims: Aims, officer: Actor) -> None:
    """Even where the deputy's own days go on: the chain is asked for both."""
    boss, deputy = a_member(aims, Role.APPROVER, by=officer), a_member(aims, Role.REVIEWER, by=officer)
    a_deputy(boss, deputy, Role.APPROVER)
    decided(officer)
    version = a_version(aims, officer)
    stale = now(deputy, aims)
    mine = own_role(boss, Role.APPROVER)
    revoke(mine, reason="Left", seen=mine.version, actor=officer)
    approve(version, actor=stale, **shown(version))
    record = Record.objects.get(event="version.approved")
    assert not authority_of([record])[record.pk].valid_then


def test_who_names_whom(aims: Aims, officer: Actor) -> None:
    boss, other = a_member(aims, Role.APPROVER, by=officer), a_member(aims, Role.REVIEWER, by=officer)
    steward = a_member(aims, Role.OFFICER, by=officer)
    auditor = a_member(aims, Role.CERTIFIER, by=officer)
    for actor in (other, steward):
        with pytest.raises(NotAllowed):
            a_deputy(boss, other, Role.APPROVER, by=actor)
    for wrong, words in ((boss, "own deputy"), (auditor, "certification body"), (officer, "cannot name yourself")):
        with pytest.raises(NotDeputy, match=words):
            a_deputy(boss, wrong, Role.APPROVER, by=officer)
    with pytest.raises(NotDeputy, match="stays theirs"):
        a_deputy(auditor, other, Role.CERTIFIER, by=officer)
    row = a_deputy(boss, other, Role.APPROVER, by=officer)
    with pytest.raises(NotDeputy, match="some of these days"):
        a_deputy(boss, other, Role.APPROVER)
    with pytest.raises(NotAllowed):
        name_deputy(
            row, person_of(steward), valid_from=clock.now(), valid_until=row.valid_until, actor=now(other, aims)
        )  # type: ignore[arg-type]
    with pytest.raises(NotDeputy, match="names no deputy"):
        name_deputy(row, person_of(steward), valid_from=clock.now(), valid_until=row.valid_until, actor=officer)  # type: ignore[arg-type]
    with pytest.raises(NotDeputy, match="year at most"):
        a_deputy(boss, steward, Role.APPROVER, days=400)
    end_deputy(row, reason="Back again", seen=row.version, actor=boss)
    assert trace_of(row.ref) == ["membership.deputised", "membership.deputy_ended"]
    assert now(other, aims).roles == {Role.REVIEWER}
    assert a_deputy(boss, other, Role.APPROVER).pk != row.pk


def test_a_deputy_of_the_author_does_not_approve(aims: Aims, officer: Actor) -> None:
    """Nor in the person's stead, nor what the deputy wrote; in their own right, or for somebody else, they may."""
    author = a_member(aims, Role.APPROVER, Role.OFFICER, by=officer, name="Ann Author")
    free = a_member(aims, Role.APPROVER, by=officer)
    deputy = a_member(aims, Role.REVIEWER, by=officer)
    a_deputy(author, deputy, Role.APPROVER)
    decided(author)
    version = a_version(aims, officer)
    with pytest.raises(NotApprovable, match="You stand in for somebody who wrote part"):
        approve(version, actor=now(deputy, aims), **shown(version))
    assert [person.pk for person in approvers_for(version)] == [free.user_id]
    page = signed_in(deputy).get(reverse("soa:version", args=[aims.slug, version.pk])).content.decode()
    assert "You stand in for somebody who wrote part of this version." in page
    assert "Approve version 1" not in page
    answer = a_machine(aims, now(deputy, aims)).act(
        "soa/versions/1/approve/", {"digest": version.digest, "confirms_warnings": True}, seen="*"
    )
    assert (answer.status_code, "stand in" in answer.json()["detail"]) == (422, True)
    second = a_deputy(free, deputy, Role.APPROVER)
    approve(version, actor=now(deputy, aims), **shown(version))
    assert Record.objects.get(event="version.approved").membership_id == second.pk


def test_what_a_deputy_wrote_is_not_approved_by_whom_they_stood_in_for(aims: Aims, officer: Actor) -> None:
    principal = a_member(aims, Role.OFFICER, Role.APPROVER, by=officer)
    deputy, free = a_member(aims, Role.REVIEWER, by=officer), a_member(aims, Role.APPROVER, by=officer)
    a_deputy(principal, deputy, Role.OFFICER)
    a_statement(officer)
    decided_by = now(deputy, aims)
    for code in ("A.2.2", "A.2.3"):
        included(decided_by, code)
    for entry in [row for row in _all_rows() if row.applicability == "undecided"]:
        included(officer, entry.ref_code)
    version = a_version(aims, officer)
    with pytest.raises(NotApprovable, match="You changed rows"):
        approve(version, actor=now(principal, aims), **shown(version))
    assert [person.pk for person in approvers_for(version)] == [free.user_id]


def _all_rows() -> Any:
    return list(Entry.objects.with_names())


def test_a_deputy_owns_what_the_person_owns(aims: Aims, officer: Actor) -> None:
    """And the record says so, though the deputy owns controls in their own right too."""
    owner, deputy = a_member(aims, Role.OWNER, by=officer), a_member(aims, Role.OWNER, by=officer)
    a_statement(officer)
    for code, whose in (("A.2.2", owner), ("A.2.3", officer)):
        amend(an_entry(code), {"owner": person_of(whose)}, seen=an_entry(code).version, actor=officer)
    row = a_deputy(owner, deputy, Role.OWNER)
    amend(an_entry(), {"implementation": "partly"}, seen=an_entry().version, actor=now(deputy, aims))
    assert Record.objects.filter(subject="entry:A.2.2").latest("pk").membership_id == row.pk
    with pytest.raises(NotAllowed):
        amend(an_entry("A.2.3"), {"implementation": "partly"}, seen=2, actor=now(deputy, aims))


def test_assessments_and_risks_keep_deputies_apart_too(aims: Aims, officer: Actor) -> None:
    author = a_member(aims, Role.OFFICER, Role.APPROVER, Role.OWNER, by=officer)
    deputy = a_member(aims, Role.REVIEWER, by=officer)
    for role in (Role.APPROVER, Role.OWNER):
        a_deputy(author, deputy, role)
    assessment = a_submitted_assessment(author)
    review = clock.now().date() + timedelta(days=90)
    with pytest.raises(OwnWork, match="stand in"):
        decide_assessment(
            assessment, Decision.PROCEED, reason="Fine.", next_review_on=review, seen=assessment.version,
            actor=now(deputy, aims),
        )  # fmt: skip
    address = reverse("assessments:detail", args=[aims.slug, assessment.code, assessment.edition])
    assert "You stand in for somebody who wrote part" in signed_in(deputy).get(address).content.decode()
    risk = a_risk(author, owner=person_of(author))
    with pytest.raises(NotAcceptable, match="stand in"):
        accept_risk(risk, reason="Low.", seen=risk.version, actor=now(deputy, aims))
    page = signed_in(deputy).get(reverse("assessments:risk", args=[aims.slug, risk.code])).content.decode()
    assert "You stand in for somebody who wrote the scores." in page
    other = a_risk(officer, owner=person_of(author))
    assert (
        accept_risk(other, reason="Low.", seen=other.version, actor=now(deputy, aims)).accepted_by_id == deputy.user_id
    )


def test_from_naming_to_ending_in_pages(aims: Aims, officer: Actor) -> None:
    boss = a_member(aims, Role.APPROVER, by=officer, name="Bea Boss")
    deputy = a_member(aims, Role.REVIEWER, by=officer, name="Dan Deputy")
    client, people = signed_in(boss), reverse("aims:people", args=[aims.slug])
    mine = own_role(boss, Role.APPROVER)
    address = reverse("aims:deputy_name", args=[aims.slug, mine.pk])
    page = client.get(people).content.decode()
    assert page.count("/deputy/") == 1
    assert address in page
    today = clock.today(aims.time_zone)
    form = {"user": deputy.user_id, "valid_from": today.isoformat(), "valid_until": today.isoformat()}
    assert client.post(address, form | {"valid_until": "2020-01-01"}).status_code == 422
    assert client.post(address, form | {"user": boss.user_id}).status_code == 422
    assert client.post(address, form)["Location"] == people
    row = Membership.objects.get(deputises=mine)
    assert row.valid_until is not None
    assert (row.valid_until - row.valid_from).total_seconds() <= 86_400
    page = client.get(people).content.decode()
    assert "Approver, deputy of Bea Boss" in page
    end = reverse("aims:deputy_end", args=[aims.slug, row.pk])
    assert signed_in(deputy).get(end).status_code == 403
    assert client.post(end, {"reason": "", "seen": 1}).status_code == 422
    assert client.post(end, {"reason": "Back", "seen": 9}).status_code == 409
    assert client.post(end, {"reason": "Back", "seen": 1})["Location"] == people
    assert client.get(end).status_code == 404
    assert signed_in(officer).get(reverse("aims:revoke", args=[aims.slug, row.pk])).status_code == 404


@pytest.mark.db_both
def test_in_force_is_both_windows_at_every_edge(aims: Aims, officer: Actor) -> None:
    """All ways in which a role and its deputy's days can lie, asked at each of their edges and beside them."""
    edges = [clock.now() + timedelta(days=day) for day in range(1, 6)]
    users = [person_of(a_member(aims, Role.REVIEWER, by=officer)) for _two in range(2)]
    mine = Membership(aims=aims, user=users[0], role=Role.APPROVER)
    theirs = Membership(aims=aims, user=users[1], role=Role.APPROVER, deputises=mine)
    windows = list(combinations(range(5), 2))[::2]
    for window, own, revoked in product(windows, windows, (None, 2)):
        _set(mine, edges, own, revoked)
        theirs.deputises = mine
        _set(theirs, edges, window, None)
        asked = [at + timedelta(seconds=shift) for at in edges for shift in (-1, 0, 1)]
        expected = [
            at for at in asked
            if all(edges[first] <= at < edges[last] for first, last in (window, own))
            and (revoked is None or at < edges[revoked])
        ]  # fmt: skip
        found = [at for at in asked if Membership.objects.filter(in_force(at), pk=theirs.pk).exists()]
        assert found == expected, (window, own, revoked)


def _set(row: Membership, edges: list[Any], window: tuple[int, int], revoked: int | None) -> None:
    row.valid_from, row.valid_until = edges[window[0]], edges[window[1]]
    row.revoked_at = None if revoked is None else edges[revoked]
    row.save()


@pytest.mark.db_both
def test_a_deputy_without_a_role_of_their_own_finds_the_organisation(organisation: tuple[Aims, Actor]) -> None:
    """Also outside of it, where the database hides the membership of the person they stand in for."""
    aims, officer = organisation
    with acting_in(aims, officer):
        boss, deputy = a_member(aims, Role.APPROVER, by=officer), a_member(aims, Role.OWNER, by=officer)
        a_deputy(boss, deputy, Role.APPROVER)
        mine = own_role(deputy, Role.OWNER)
        revoke(mine, reason="Moved on", seen=mine.version, actor=officer)
        person = person_of(deputy)
    assert roles_by_aims(person) == {aims.pk: [Role.APPROVER]}
    assert list(aims_of(person)) == [aims]
    with acting_in(aims, officer):
        held = own_role(boss, Role.APPROVER)
        revoke(held, reason="Left", seen=held.version, actor=officer)
    assert roles_by_aims(person) == {}
    assert not aims_of(person)
