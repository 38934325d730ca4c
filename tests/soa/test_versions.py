"""Versions: frozen whole, approved by somebody who wrote none of it, compared, superseded."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.models import Aims
from duties.models import Task
from ledger.canonical import canonical
from ledger.models import Record
from soa.actions import (
    add_own_control,
    amend,
    approve,
    decide_for_system,
    in_bulk,
    read_in,
    return_version,
    submit,
    take_in,
    undo,
)
from soa.actions.approve import NotApprovable
from soa.actions.submit import NotReturnable, NotSubmittable
from soa.freeze import frozen, statement_body
from soa.models import Applicability, StatementVersion
from soa.queries.approvers import approvers_for
from soa.queries.rows import body_of, read_sheet
from tests.aims.make import a_scope, an_obligation
from tests.evidence.make import a_note
from tests.make import a_member, an_organisation, signed_in, trace_of
from tests.soa.intake.make import titles
from tests.soa.make import CODE, a_statement, a_version, an_entry, approved, decided, excluded
from tests.systems.make import a_system


def digest_of(aims: Aims) -> str:
    return frozen(statement_body(read_sheet(aims)))[1]


def said(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.content.decode()


def address(aims: Aims, name: str, *args: Any) -> str:
    return reverse(f"soa:{name}", args=[aims.slug, *args])


def test_the_frozen_body_is_canonical_and_the_digest_stable(aims: Aims, officer: Actor) -> None:
    decided(officer)
    body = statement_body(read_sheet(aims))
    data, digest = frozen(body)
    assert data == canonical(json.loads(data))
    assert digest == digest_of(aims)
    version = a_version(aims, officer)
    assert (bytes(version.body), version.digest) == (data, digest)


CHANGES: dict[str, Any] = {
    "why": "Another reason.", "reasons": [{"code": "BP", "ref": ""}], "review_on": "2027-01-01", "how": "By hand.",
    "how_document": "POL-1", "implementation": "partly", "planned_on": "2027-01-01", "performed_by": "shared",
    "provider": "Acme", "agreement": "MSA", "notes": "Noted.", "no_evidence_reason": "x",
}  # fmt: skip


def test_whatever_changes_changes_the_digest(aims: Aims, officer: Actor) -> None:
    decided(officer)
    seen = {digest_of(aims)}
    for name, value in CHANGES.items():
        row = an_entry()
        amend(row, {name: value}, seen=row.version, actor=officer)
        seen.add(digest_of(aims))
    assert len(seen) == len(CHANGES) + 1


def test_inputs_are_frozen_too(aims: Aims, officer: Actor) -> None:
    decided(officer)
    seen = {digest_of(aims)}
    makers: list[Callable[[], object]] = [
        lambda: an_obligation(officer),
        lambda: a_scope(officer),
        lambda: a_system(officer, in_scope=True),
        lambda: a_note(actor=officer, serves=[CODE]),
    ]
    for make in makers:
        make()
        seen.add(digest_of(aims))
    assert len(seen) == len(makers) + 1


def test_submitting_waits_for_what_blocks(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotSubmittable, match="Open the statement"):
        a_version(aims, officer)
    a_statement(officer)
    with pytest.raises(NotSubmittable, match="38 rows block"):
        a_version(aims, officer)
    assert not StatementVersion.objects.exists()


@pytest.mark.db_both
def test_one_version_waits_at_a_time_and_unchanged_ones_never(aims: Aims, officer: Actor) -> None:
    decided(officer)
    version = a_version(aims, officer)
    with pytest.raises(NotSubmittable, match="waits for approval"):
        a_version(aims, officer)
    approved(aims, version, officer)
    with pytest.raises(NotSubmittable, match="Nothing has changed since version 1"):
        a_version(aims, officer)
    a_scope(officer)
    assert a_version(aims, officer, summary="").summary == "Scope changed."


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.OFFICER)])
def test_who_may_not_submit(aims: Aims, officer: Actor, role: Role) -> None:
    decided(officer)
    actor = a_member(aims, role, by=officer)
    with pytest.raises(NotAllowed):
        a_version(aims, actor)
    said(signed_in(actor).post(address(aims, "submit"), {"summary": "x"}), 403)
    assert not StatementVersion.objects.exists()


@pytest.mark.db_both
def test_returned_with_a_reason_and_submitted_again_under_its_number(aims: Aims, officer: Actor) -> None:
    decided(officer)
    approver = a_member(aims, Role.APPROVER, by=officer)
    version = a_version(aims, officer)
    assert Task.objects.filter(subject=version.ref, closed_at__isnull=True).count() == 1
    with pytest.raises(NotReturnable, match="Say what"):
        return_version(version, reason=" ", seen=version.version, actor=approver)
    with pytest.raises(Conflict):
        return_version(version, reason="x", seen=9, actor=approver)
    with pytest.raises(NotAllowed):
        return_version(version, reason="x", seen=1, actor=a_member(aims, Role.AUDITOR, by=officer))
    back = return_version(version, reason="Say more.", seen=version.version, actor=approver)
    assert (back.state, back.decision_note, back.decided_by_id) == ("returned", "Say more.", approver.user_id)
    assert not Task.objects.filter(subject=version.ref, closed_at__isnull=True).exists()
    with pytest.raises(NotReturnable, match="is not waiting"):
        return_version(back, reason="again", seen=back.version, actor=approver)
    again = a_version(aims, officer)
    assert (again.number, again.state) == (1, "submitted")
    assert trace_of("version:SOA-1") == ["version.submitted", "version.returned", "version.submitted"]
    return_version(again, reason="Taken back.", seen=again.version, actor=officer)


@pytest.mark.db_both
def test_approving_names_the_digest_and_confirms_the_warnings(aims: Aims, officer: Actor) -> None:
    decided(officer)
    approver = a_member(aims, Role.APPROVER, by=officer)
    version = a_version(aims, officer)
    assert version.warnings
    given: dict[str, Any] = {
        "digest": version.digest, "confirms_warnings": True, "seen": version.version, "actor": approver,
    }  # fmt: skip
    with pytest.raises(NotApprovable, match="not the version you were shown"):
        approve(version, **given | {"digest": "0" * 64})
    with pytest.raises(NotApprovable, match="Confirm the warnings"):
        approve(version, **given | {"confirms_warnings": False})
    with pytest.raises(Conflict):
        approve(version, **given | {"seen": 7})
    done = approve(version, **given)
    assert (done.state, done.decided_by_id) == ("approved", approver.user_id)
    assert done.history.count() == 2
    told = json.loads(bytes(Record.objects.get(event="version.approved").body))
    assert told["subject"]["after_hash"] == version.digest
    with pytest.raises(NotApprovable, match="is not waiting"):
        approve(done, **given | {"seen": done.version})


@pytest.mark.db_both
def test_approving_supersedes_the_last_and_leaves_its_body_alone(aims: Aims, officer: Actor) -> None:
    decided(officer)
    first = approved(aims, a_version(aims, officer), officer)
    body = bytes(first.body)
    row = an_entry()
    amend(row, {"how": "New how."}, seen=row.version, actor=officer)
    assert read_sheet(aims).changed == {CODE}
    second = approved(aims, a_version(aims, officer), officer)
    first.refresh_from_db()
    assert (first.state, second.state, bytes(first.body)) == ("superseded", "approved", body)
    assert read_sheet(aims).changed == frozenset()
    since = {row["code"]: row["since"] for row in body_of(second)["entries"]}
    assert (since[CODE], since["A.2.3"]) == (2, 1)


def in_bulk_(aims: Aims, actor: Actor) -> None:
    in_bulk(["A.2.2"], {"implementation": "partly"}, actor=actor)


def undoing(aims: Aims, actor: Actor) -> None:
    row = amend(an_entry(), {"how": "x"}, seen=an_entry().version, actor=actor)
    undo(row, seen=row.version, actor=actor)
    amend(an_entry("A.2.3"), {"how": "x"}, seen=an_entry("A.2.3").version, actor=actor)


def importing(aims: Aims, actor: Actor) -> None:
    text = f"Control ID,Title,Justification\nA.2.2,{titles()['A.2.2']},Imported words\n"
    take_in(read_in(text.encode(), "soa.csv", aims, actor=actor), flagged=(), actor=actor)


def per_system(aims: Aims, actor: Actor) -> None:
    decide_for_system(
        an_entry(), a_system(actor, in_scope=True), applicability=Applicability.INCLUDED, why="It differs.",
        implementation="partly", seen=0, actor=actor,
    )  # fmt: skip


def adding(aims: Aims, actor: Actor) -> None:
    entry = add_own_control("Model cards", actor=actor)
    in_bulk([entry.ref_code], {"applicability": "included"}, actor=actor)
    amend(an_entry(entry.ref_code), {"why": "We promise it."}, seen=2, actor=actor)


def excluding(aims: Aims, actor: Actor) -> None:
    excluded(actor, "A.2.4")


@pytest.mark.parametrize("write", [in_bulk_, undoing, importing, per_system, adding, excluding])
def test_nobody_approves_what_they_wrote(aims: Aims, officer: Actor, write: Callable[[Aims, Actor], None]) -> None:
    decided(officer)
    approved(aims, a_version(aims, officer), officer)
    author = a_member(aims, Role.APPROVER, Role.OFFICER, by=officer)
    free = a_member(aims, Role.APPROVER, Role.OFFICER, by=officer)
    write(aims, author)
    version = a_version(aims, officer)
    given: dict[str, Any] = {"digest": version.digest, "confirms_warnings": True, "seen": version.version}
    with pytest.raises(NotApprovable, match="You changed rows"):
        approve(version, actor=author, **given)
    assert author.user_id not in {person.pk for person in approvers_for(version)}
    assert approve(version, actor=free, **given).state == "approved"


def test_nobody_approves_what_they_submitted(aims: Aims, officer: Actor) -> None:
    decided(officer)
    both = a_member(aims, Role.APPROVER, Role.OFFICER, by=officer)
    version = submit(aims, summary="", actor=both)
    with pytest.raises(NotApprovable, match="You submitted"):
        approve(version, digest=version.digest, confirms_warnings=True, seen=1, actor=both)
    page = said(signed_in(both).get(address(aims, "version", version.pk)))
    assert "You submitted this version. Someone else has to approve it." in page
    assert address(aims, "approve", version.pk) not in page


def test_from_submitting_to_approving_in_pages(aims: Aims, officer: Actor) -> None:
    decided(officer)
    browser = signed_in(officer)
    page = said(browser.get(address(aims, "submit")))
    assert "Submit 38 changes" in page
    assert "<ins>" in page
    version = StatementVersion.objects.get(
        pk=browser.post(address(aims, "submit"), {"summary": "One"})["Location"].split("/")[-2]
    )
    said(browser.post(address(aims, "submit"), {"summary": "Two"}), 422)
    approver = signed_in(a_member(aims, Role.APPROVER, by=officer))
    page = said(approver.get(address(aims, "version", version.pk)))
    for words in (version.digest, "Approve version 1", "Return version", version.warnings[0]["message"]):
        assert words in page
    approve_at, typed = address(aims, "approve", version.pk), {"digest": version.digest, "seen": 1, "note": "Well done"}
    page = said(approver.post(approve_at, typed), 422)
    assert "Confirm the warnings" in page
    assert "Well done" in page
    page = said(approver.post(approve_at, typed | {"seen": 5, "confirms_warnings": "on"}), 409)
    assert "Well done" in page
    said(approver.post(approve_at, {}), 422)
    answer = approver.post(approve_at, typed | {"confirms_warnings": "on"})
    assert answer["Location"] == address(aims, "version", version.pk)
    assert "is approved and in force" in said(approver.get(answer["Location"]))
    said(approver.post(approve_at, typed | {"seen": 2, "confirms_warnings": "on"}), 422)


def test_returning_in_pages(aims: Aims, officer: Actor) -> None:
    decided(officer)
    version = a_version(aims, officer)
    place = address(aims, "return", version.pk)
    approver = signed_in(a_member(aims, Role.APPROVER, by=officer))
    said(approver.post(place, {"seen": 1, "reason": ""}), 422)
    assert "Say more" in said(approver.post(place, {"seen": 4, "reason": "Say more"}), 409)
    said(approver.post(place, {"seen": 1, "reason": "Say more"}), 302)
    said(approver.post(place, {"seen": 2, "reason": "Say more"}), 422)
    assert "Say more" in said(approver.get(address(aims, "version", version.pk)))


READERS = [Role.OWNER, Role.REVIEWER, Role.AUDITOR]


@pytest.mark.parametrize("role", READERS)
def test_readers_see_versions_and_decide_nothing(aims: Aims, officer: Actor, role: Role) -> None:
    decided(officer)
    version = a_version(aims, officer)
    reader = signed_in(a_member(aims, role, by=officer))
    assert version.digest[:8] in said(reader.get(address(aims, "versions")))
    page = said(reader.get(address(aims, "version", version.pk)))
    said(reader.get(address(aims, "compare")))
    for name in ("approve", "return"):
        assert address(aims, name, version.pk) not in page
        said(reader.post(address(aims, name, version.pk), {"seen": 1, "digest": version.digest, "reason": "x"}), 403)
    assert address(aims, "submit") not in said(reader.get(address(aims, "versions")))
    version.refresh_from_db()
    assert version.state == "submitted"


def test_any_two_versions_are_compared(aims: Aims, officer: Actor) -> None:
    decided(officer)
    first = approved(aims, a_version(aims, officer), officer)
    row = an_entry()
    amend(row, {"why": "Because our customers need it."}, seen=row.version, actor=officer)
    browser = signed_in(officer)
    assert "1 row has drifted since version 1" in said(browser.get(address(aims, "versions")))
    page = said(browser.get(address(aims, "compare"), {"from": first.pk}))
    assert "<del>systems </del><ins>customers </ins>" in page
    second = approved(aims, a_version(aims, officer), officer)
    page = said(browser.get(address(aims, "compare"), {"from": second.pk, "to": first.pk}))
    assert "<del>customers </del><ins>systems </ins>" in page
    assert "No row differs" in said(browser.get(address(aims, "compare"), {"from": second.pk}))
    assert "<ins>" in said(browser.get(address(aims, "version", second.pk)))
    for wrong in ("999", "²", "x", "99999999999999999999"):
        said(browser.get(address(aims, "compare"), {"from": wrong}), 404)


def test_drift_after_submitting_is_told_against_what_waits(aims: Aims, officer: Actor) -> None:
    decided(officer)
    approved(aims, a_version(aims, officer), officer)
    for code in ("A.2.2", "A.2.3"):
        amend(an_entry(code), {"how": "x"}, seen=an_entry(code).version, actor=officer)
    waiting = a_version(aims, officer)
    amend(an_entry("A.2.4"), {"how": "x"}, seen=an_entry("A.2.4").version, actor=officer)
    page = said(signed_in(officer).get(address(aims, "versions")))
    assert f"1 row has drifted since version {waiting.number}" in page
    assert f"?from={waiting.pk}" in page


def test_without_versions_the_pages_say_so(aims: Aims, officer: Actor) -> None:
    browser = signed_in(officer)
    for name in ("versions", "compare", "submit"):
        said(browser.get(address(aims, name)))
    said(browser.get(address(aims, "version", 999)), 404)
    assert "No version yet" in said(browser.get(address(aims, "versions")))


def test_another_organisations_version_is_not_found(aims: Aims, officer: Actor) -> None:
    decided(officer)
    version = a_version(aims, officer)
    other, stranger = an_organisation()
    browser: Client = signed_in(stranger)
    for slug in (other.slug, aims.slug):
        for name in ("approve", "return"):
            data = {"seen": 1, "digest": version.digest, "reason": "x"}
            there, nowhere = (reverse(f"soa:{name}", args=[slug, pk]) for pk in (version.pk, 99999))
            assert browser.post(there, data).status_code == browser.post(nowhere, data).status_code in {403, 404}
        said(browser.get(reverse("soa:version", args=[slug, version.pk])), 404)
        page = browser.get(reverse("soa:compare", args=[slug]), {"from": version.pk})
        assert b"<ins>" not in page.content
    version.refresh_from_db()
    assert version.state == "submitted"
