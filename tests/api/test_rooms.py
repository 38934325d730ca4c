"""The doors of every room: the same verbs as its pages, through the same actions, by people and by machines."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from accounts.models import TokenKind
from accounts.roles import Role
from aims.actions import save_view
from aims.models import Aims
from assessments.models import Assessment
from audits.models import MilestoneKind
from duties.actions import open_task
from jobs.models import Job, JobState
from ledger.actions import checkpoint, seal_all
from soa.actions import open_statement
from tests.aims.make import an_obligation
from tests.api.make import Machine, a_decided_statement, a_machine
from tests.assessments.criteria.make import newer
from tests.assessments.make import a_complete_assessment, a_risk, an_approver
from tests.audits.make import a_cycle, a_milestone
from tests.evidence.make import an_evidence
from tests.make import a_member, an_organisation, signed_in, trace_of
from tests.reports.test_packs import ready
from tests.reports.test_views import made
from tests.systems.make import a_system

OPEN_PAGES = (
    "organisation", "criteria", "scope", "obligations", "memberships", "deputies", "invitations", "tokens", "tasks",
    "views",
    "assessments", "risks", "evidence/integrity", "cycle", "chain", "chain/records", "chain/checkpoints", "reports",
    "packs", "certificates",
)  # fmt: skip

PLACES = (
    "obligations", "memberships", "deputies", "seats", "tokens", "tasks", "views", "assessments", "risks", "cycle",
)  # fmt: skip


@pytest.fixture
def machine(aims: Aims, officer: Actor) -> Machine:
    """A client that acts for the officer."""
    return a_machine(aims, officer)


def ok(answer: Any, status: int = 200) -> Any:
    """The body of an answer that must have this status."""
    assert answer.status_code == status, answer.content
    return answer.json()


def test_every_room_reads_and_nobody_reads_another_s(aims: Aims, officer: Actor, machine: Machine) -> None:
    reader = a_machine(aims, a_member(aims, Role.AUDITOR, by=officer))
    _theirs, stranger = an_organisation()
    for place in OPEN_PAGES:
        ok(machine.read(f"{place}/"))
        ok(reader.read(f"{place}/"))
        assert signed_in(stranger).get(f"/api/v1/a/{aims.slug}/{place}/").status_code == 404, place


def test_the_organisation_is_described_and_its_scope_stated(aims: Aims, officer: Actor, machine: Machine) -> None:
    tag = machine.tag("organisation/")
    told = ok(machine.act("organisation/", {"short_name": "Org"}, seen=tag, verb="patch"))
    assert (told["short_name"], told["organisation"]) == ("Org", aims.organisation)
    assert machine.act("organisation/", {"short_name": "Other"}, seen=tag, verb="patch").status_code == 412
    said = {"text": "All AI.", "effective_on": "2026-01-05", "seen": 0}
    assert ok(machine.act("scope/", said), 201)["number"] == 1
    assert machine.act("scope/", said | {"text": "Other"}).status_code == 409
    assert ok(machine.act("scope/", said | {"text": "Other", "seen": 1}), 201)["number"] == 2


def test_an_obligation_lives_its_life(aims: Aims, officer: Actor, machine: Machine) -> None:
    code = ok(machine.act("obligations/", {"kind": "law", "title": "AI Act", "owner": officer.email}), 201)["code"]
    place = f"obligations/{code}/"
    told = ok(machine.act(place, {"party": "EU"}, seen=machine.tag(place), verb="patch"))
    assert (told["party"], told["title"], told["owner"]["email"]) == ("EU", "AI Act", officer.email)
    assert machine.act(f"{place}withdraw/", {"reason": ""}, seen=machine.tag(place)).status_code == 422
    assert ok(machine.act(f"{place}withdraw/", {"reason": "Repealed"}, seen=machine.tag(place)))["withdrawn_at"]
    assert len(trace_of(f"obligation:{code}")) == 3


def test_roles_and_invitations(aims: Aims, officer: Actor, machine: Machine, mailoutbox: Any) -> None:
    said = {"email": "new@example.org", "name": "Nia New", "roles": ["reviewer"]}
    invited = ok(machine.act("invitations/", said), 201)
    assert (invited["is_waiting"], invited["person"]["email"]) == (True, "new@example.org")
    ok(machine.act(f"invitations/{invited['id']}/send/", {"email": "new@example.org"}))
    held = ok(machine.act("memberships/", {"person": "new@example.org", "role": "approver"}), 201)
    revoked = machine.act(f"memberships/{held['id']}/revoke/", {"reason": "A mistake"}, seen=f'"{held["version"]}"')
    assert ok(revoked)["revoked_at"]
    live = ok(machine.read("memberships/", person="new@example.org", state="held"))["results"]
    assert [row["role"] for row in live] == ["reviewer"]
    assert machine.act("memberships/", {"person": "nobody@example.org", "role": "approver"}).status_code == 422


def test_a_seat_lives_its_life(aims: Aims, officer: Actor, machine: Machine) -> None:
    audit, now = a_milestone(officer, kind=MilestoneKind.STAGE_2), clock.now()
    said = {"email": "ingrid@body.example", "begins": now.isoformat(), "ends": (now + timedelta(days=9)).isoformat()}
    assert "audits" in machine.act("seats/", said).json()["errors"]
    seat = ok(machine.act("seats/", said | {"audits": [audit.ref]}), 201)
    place = f"seats/{seat['id']}/"
    assert ([share["subject"] for share in seat["shares"]], seat["role"]) == ([audit.ref], "certifier")
    later = {"ends": (now + timedelta(days=20)).isoformat()}
    assert ok(machine.act(f"{place}date/", later, seen=machine.tag(place)))["version"] == 2
    evidence = an_evidence(actor=officer)
    shared = ok(machine.act(f"{place}shares/", {"subject": evidence.ref}), 201)["shares"][-1]
    assert machine.act(f"{place}shares/", {"subject": "evidence:EV-999"}).status_code == 422
    stop = f"{place}shares/{shared['id']}/withdraw/"
    ended = ok(machine.act(stop, {"reason": "No longer asked for"}, seen=f'"{shared["version"]}"'))
    assert [share["subject"] for share in ended["shares"] if share["withdrawn_at"]] == [evidence.ref]
    assert machine.act(stop, {"reason": "Again"}, seen="*").status_code == 404
    reader = a_machine(aims, a_member(aims, Role.REVIEWER, by=officer))
    assert [reader.read(there).status_code for there in ("seats/", place)] == [403, 403]


def test_a_deputy_is_named_and_ended(aims: Aims, officer: Actor, machine: Machine) -> None:
    absent, stand_in = (a_member(aims, role, by=officer) for role in (Role.APPROVER, Role.REVIEWER))
    held = next(
        row for row in ok(machine.read("memberships/", person=absent.email))["results"] if row["role"] == "approver"
    )
    now = clock.now()
    said = {"membership": held["id"], "begins": now.isoformat(), "ends": (now + timedelta(days=9)).isoformat()}
    theirs = a_machine(aims, absent)
    named = ok(theirs.act("deputies/", said | {"person": stand_in.email}), 201)
    assert (named["stands_in_for"]["email"], named["membership"]) == (absent.email, held["id"])
    assert theirs.act("deputies/", said | {"person": "nobody@example.org"}).status_code == 422
    assert theirs.act("deputies/", said | {"membership": 10**8, "person": stand_in.email}).status_code == 422
    ended = theirs.act(f"deputies/{named['id']}/end/", {"reason": "Back"}, seen=f'"{named["version"]}"')
    assert ok(ended)["revoked_at"]
    assert a_machine(aims, stand_in).act("deputies/", said | {"person": officer.email}).status_code == 403


def test_a_token_issues_no_token_and_its_text_is_told_once(aims: Aims, officer: Actor, machine: Machine) -> None:
    expires = (clock.now() + timedelta(days=9)).isoformat()
    said = {"name": "CI", "kind": "personal", "scopes": ["read"], "expires_at": expires}
    assert machine.act("tokens/", said).status_code == 422
    place = f"/api/v1/a/{aims.slug}/tokens/"
    browser = signed_in(officer)
    issued = ok(browser.post(place, said, content_type="application/json"), 201)
    assert issued["text"].startswith(issued["prefix"]) or issued["prefix"] in issued["text"]
    assert issued["text"] not in machine.read("tokens/").content.decode()
    other = a_machine(aims, a_member(aims, Role.AUDITOR, by=officer))
    assert other.act(f"tokens/{issued['prefix']}/revoke/").status_code == 404
    assert ok(machine.act(f"tokens/{issued['prefix']}/revoke/"))["revoked_at"]


def test_views_of_lists(aims: Aims, officer: Actor, machine: Machine) -> None:
    kept = ok(machine.act("views/", {"page": "evidence:list", "name": "Due", "query": "tab=due&page=2"}), 201)
    assert kept["query"] == "tab=due"
    assert ok(machine.act(f"views/{kept['id']}/", {"is_shared": True}, verb="patch"))["is_shared"]
    ok(machine.act(f"views/{kept['id']}/begin/"))
    other = a_machine(aims, a_member(aims, Role.AUDITOR, by=officer))
    assert other.act(f"views/{kept['id']}/delete/").status_code == 403
    ok(machine.act(f"views/{kept['id']}/delete/"))
    assert machine.act(f"views/{kept['id']}/delete/").status_code == 404
    service = a_machine(aims, officer, kind=TokenKind.SERVICE)
    assert service.act("views/", {"page": "evidence:list", "name": "Due"}).status_code == 403


def test_my_tasks_are_mine(aims: Aims, officer: Actor, machine: Machine) -> None:
    other = a_member(aims, Role.OWNER, by=officer)
    for person in (officer, other):
        open_task("look", f"entry:{person.user_id}", "Look", owner_id=person.user_id)
    assert [row["subject"] for row in ok(machine.read("tasks/", state="open"))["results"]] == [
        f"entry:{officer.user_id}"
    ]


def test_an_assessment_from_start_to_decision(aims: Aims, officer: Actor, machine: Machine) -> None:
    a_system(officer)
    ref = ok(machine.act("assessments/", {"system": "SYS-01"}), 201)["ref"]
    place = f"assessments/{ref}/"
    texts = {"intended_use": "Sorts", "foreseeable_misuse": "Haste", "oversight": "People", "jurisdictions": ["EU"]}
    ok(machine.act(place, texts, seen=machine.tag(place), verb="patch"))
    party = ok(machine.act(f"{place}parties/", {"kind": "individual", "name": "Applicants", "heard": "Asked"}), 201)
    part = party["parties"][0]
    ok(machine.act(f"{place}parties/{part['id']}/", {"per_year": 40}, seen=f'"{part["version"]}"', verb="patch"))
    impact = {"level": "individual", "description": "Ranked out of sight", "likelihood": 3, "severity": 2}
    made_impact = ok(machine.act(f"{place}impacts/", impact), 201)["impacts"][0]
    scores = {"residual_likelihood": 1, "residual_severity": 2}
    where = f"{place}impacts/{made_impact['id']}/"
    ok(machine.act(where, scores, seen=f'"{made_impact["version"]}"', verb="patch"))
    measure = {"text": "Written reasons", "control": "A.9.2", "is_in_place": True}
    told = ok(machine.act(f"{where}measures/", measure), 201)
    assert told["impacts"][0]["measures"][0]["control"] == "A.9.2"
    extra = ok(machine.act(f"{where}measures/", {"text": "Other"}), 201)["impacts"][0]["measures"][1]
    gone = machine.act(f"{place}measures/{extra['id']}/withdraw/", seen=f'"{extra["version"]}"')
    assert len(ok(gone)["impacts"][0]["measures"]) == 1
    assert machine.act(f"{place}impacts/999/withdraw/", seen="*").status_code == 404
    newer(officer)
    assert machine.act(f"{place}judge-anew/", seen='"1"').status_code == 412
    assert ok(machine.act(f"{place}judge-anew/", seen=machine.tag(place)))["criteria"] == 2
    assert ok(machine.act(f"{place}submit/", seen=machine.tag(place)))["state"] == "submitted"
    assert machine.act(f"{place}judge-anew/", seen=machine.tag(place)).status_code == 422
    decision = {"decision": "proceed", "reason": "Low", "next_review_on": (clock.now() + timedelta(days=90)).date()}
    assert machine.act(f"{place}decide/", decision, seen="*").status_code == 403
    person = an_approver(aims, officer)
    approver = a_machine(aims, person)
    assert "cannot confirm" in approver.act(f"{place}decide/", decision, seen="*").json()["detail"]
    seen, door = {"if-match": approver.tag(place)}, f"/api/v1/a/{aims.slug}/{place}decide/"
    decided = signed_in(person).post(door, decision, content_type="application/json", headers=seen)
    assert ok(decided)["decision"] == "proceed"
    revised = ok(machine.act(f"{place}revise/", {"reason": "A new version"}), 201)
    assert revised["edition"] == "1.1"
    assert Assessment.objects.count() == 2


def test_an_incomplete_assessment_says_what_it_lacks(aims: Aims, officer: Actor, machine: Machine) -> None:
    a_system(officer)
    place = f"assessments/{ok(machine.act('assessments/', {'system': 'SYS-01'}), 201)['ref']}/"
    assert machine.act(f"{place}submit/", seen="*").status_code == 422
    assert (
        machine.act(f"{place}impacts/", {"level": "individual", "description": "x", "likelihood": 6}).status_code == 400
    )
    assert machine.act("assessments/", {"system": "SYS-99"}).status_code == 422


def test_a_risk_from_register_to_acceptance(aims: Aims, officer: Actor, machine: Machine) -> None:
    a_system(officer)
    said = {"title": "Wrong refunds", "system": "SYS-01", "likelihood": 3, "severity": 2, "owner": officer.email}
    code = ok(machine.act("risks/", said), 201)["code"]
    place = f"risks/{code}/"
    change = {"option": "modify", "residual_likelihood": 1, "residual_severity": 2}
    ok(machine.act(place, change, seen=machine.tag(place), verb="patch"))
    treated = ok(machine.act(f"{place}treatments/", {"control": "A.6.2.4"}), 201)["treatments"][0]
    assert machine.act(f"{place}accept/", {"reason": "Low"}, seen=machine.tag(place)).status_code in (403, 422)
    again = machine.act(f"{place}judge-anew/", seen=machine.tag(place))
    assert (again.status_code, "judges it already" in again.json()["detail"]) == (422, True)
    newer(officer)
    assert ok(machine.act(f"{place}judge-anew/", seen=machine.tag(place)))["criteria"] == 2
    ended = machine.act(f"{place}treatments/{treated['id']}/withdraw/", {"reason": "Moved"}, seen='"1"')
    assert ok(ended)["treatments"] == []
    assert ok(machine.act(f"{place}withdraw/", {"reason": "Gone"}, seen=machine.tag(place)))["withdrawn_at"]


def test_the_cycle_is_planned_moved_and_held(aims: Aims, officer: Actor, machine: Machine) -> None:
    day = (clock.now() + timedelta(days=60)).date().isoformat()
    row = ok(machine.act("cycle/", {"kind": "stage_1", "due_on": day, "body": "Certs"}), 201)
    place = f"cycle/{row['id']}/"
    ok(machine.act(place, {"owner": officer.email}, seen=machine.tag(place), verb="patch"))
    today = clock.today(aims.time_zone).isoformat()
    assert ok(machine.act(f"{place}hold/", {"held_on": today}, seen=machine.tag(place)))["held_on"] == today
    assert ok(machine.act(f"{place}withdraw/", {"reason": "Moved"}, seen=machine.tag(place)))["withdrawn_at"]


def test_the_chain_is_read_proved_verified_and_signed(aims: Aims, officer: Actor, machine: Machine) -> None:
    ok(machine.act("chain/sign/"))
    seal_all(aims.pk, wait=True)
    row = checkpoint(aims.pk)
    told = ok(machine.read("chain/"))
    assert told["size"] == row.size
    first = ok(machine.read("chain/records/1/"))
    raw = machine.read("chain/records/1/raw/")
    assert raw.json() == first["body"]
    proof = machine.read("chain/records/1/proof/")
    assert proof.status_code == 200
    assert proof["Content-Disposition"] == f'attachment; filename="{aims.slug}-record-1.tlog-proof"'
    assert ok(machine.read(f"chain/checkpoints/{row.size}/"))["note"] == row.text
    named = ok(machine.read("chain/records/", subject=first["subject"]))["results"]
    assert {row["subject"] for row in named} == {first["subject"]}
    assert ok(machine.act("chain/verify/"))["tone"] == "info"
    assert machine.read("chain/records/99999/").status_code == 404


def test_reports_are_asked_for_and_taken_out(aims: Aims, officer: Actor, machine: Machine) -> None:
    open_statement(actor=officer)
    from reports.models import Report  # noqa: PLC0415

    row = ok(machine.act("reports/", {"edition": "full"}), 201)
    assert (row["state"], row["version"]) == ("queued", None)
    place = f"reports/{row['id']}/"
    assert machine.read(f"{place}download/").status_code == 410
    made(Report.objects.get(), officer)
    Job.objects.update(state=JobState.DONE)
    assert ok(machine.read(place))["state"] == "done"
    taken = machine.read(f"{place}download/")
    assert (taken.status_code, taken["Content-Type"]) == (200, "application/pdf")
    assert trace_of(f"report:{row['id']}")[-1] == "report.downloaded"
    assert machine.act(f"{place}cancel/").status_code == 422
    assert machine.act("reports/", {"edition": "full", "version": 7}).status_code == 422
    of_one = {"kind": "assessment", "assessment": a_complete_assessment(officer).ref_code}
    asked = ok(machine.act("reports/", of_one), 201)
    assert (asked["kind"], asked["assessment"], asked["digest"]) == ("assessment", of_one["assessment"], "")
    assert ok(machine.act("reports/", {"kind": "portfolio"}), 201)["assessment"] is None
    for unknown in ({"kind": "assessment", "assessment": "IA-1999-01"}, {"kind": "assessment"}):
        assert machine.act("reports/", unknown).status_code == 422


def test_packs_are_asked_for_and_taken_out(aims: Aims, officer: Actor, machine: Machine) -> None:
    from reports.models import Pack  # noqa: PLC0415

    assert machine.act("packs/", {"preset": "stage2"}).status_code == 422
    a_decided_statement(officer)
    pack = Pack(aims=aims, code="PK-001", preset="stage2", asked_by_id=officer.user_id, controls=[])
    pack.save()
    assert machine.read("packs/PK-001/download/").status_code == 410
    ready(pack, officer)
    assert machine.read("packs/PK-001/download/").status_code == 200
    assert trace_of("pack:PK-001")[-1] == "pack.downloaded"
    assert ok(machine.read("packs/PK-001/"))["state"] == "done"


def test_stored_files_are_checked_on_demand(aims: Aims, officer: Actor, machine: Machine) -> None:
    an_evidence(actor=officer)
    assert ok(machine.act("evidence/integrity/"), 201)["state"] == "queued"
    assert ok(machine.act("evidence/integrity/stop/"))["state"] == "cancelled"
    assert machine.act("evidence/integrity/stop/").status_code == 422


def test_every_list_costs_the_same_with_many(aims: Aims, officer: Actor, machine: Machine) -> None:
    def more(count: int) -> None:
        for number in range(count):
            an_obligation(officer)
            a_risk(officer)
            save_view("evidence:list", f"{count} {number}", "", actor=officer)
            open_task("look", f"x:{count}:{number}", "Look", owner_id=officer.user_id)
        a_complete_assessment(officer)
        a_cycle(officer) if count == 1 else None

    def counts() -> dict[str, int]:
        found = {}
        for place in (
            "obligations",
            "memberships",
            "deputies",
            "seats",
            "tokens",
            "tasks",
            "views",
            "assessments",
            "risks",
            "cycle",
        ):
            with CaptureQueriesContext(connection) as caught:
                machine.read(f"{place}/")
            found[place] = len(caught)
        return found

    more(1)
    counts()
    few = counts()
    more(6)
    assert counts() == few
