"""Every check fires where an auditor would flag something, and nowhere else."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from assessments.actions import treat
from controls.models import Requirement
from soa import ports
from soa.actions import amend, decide_for_system
from soa.checks import CHECKS, Weight, flags_of
from soa.models import Applicability, EntrySystem, Implementation
from soa.pages import flag_address
from soa.ports import OpenFinding
from soa.queries.rows import read_sheet
from tests.aims.make import a_scope, an_obligation
from tests.assessments.make import a_control, a_measure, a_risk, an_assessment, an_impact
from tests.evidence.make import a_note
from tests.make import signed_in
from tests.soa.make import CODE, a_statement, a_version, an_entry, approved, decided, excluded, flagged, included
from tests.systems.make import a_reliance, a_system, person_of

BLOCKING = {"undecided", "no_reason", "template_text", "relied_on", "system_without_reason"}


@pytest.fixture(autouse=True)
def _statement(aims: Aims, officer: Actor) -> None:
    a_statement(officer)


def today(aims: Aims, days: int = 0) -> date:
    return clock.today(aims.time_zone) + timedelta(days=days)


def test_what_blocks_is_short() -> None:
    assert {known.name for known in CHECKS if known.weight is Weight.BLOCK} == BLOCKING
    assert all(known.meaning.endswith(".") for known in CHECKS)


def test_undecided(aims: Aims, officer: Actor) -> None:
    assert len(flagged(aims, "undecided")) == 38
    included(officer)
    assert CODE not in flagged(aims, "undecided")


@pytest.mark.parametrize("make", [included, excluded])
@pytest.mark.parametrize(("why", "fires"), [("", True), ("N/A", True), ("k. A.", True), ("Law asks for it.", False)])
def test_no_reason(aims: Aims, officer: Actor, make: Callable[..., object], why: str, fires: bool) -> None:
    make(officer, why=why)
    assert flagged(aims, "no_reason") == ([CODE] if fires else [])


def test_template_text(aims: Aims, officer: Actor) -> None:
    included(officer, "A.2.2", why="[Insert justification]")
    included(officer, "A.2.3", how="Done by {{ organisation }}")
    included(officer, "A.2.4", how="Done by hand")
    assert flagged(aims, "template_text") == ["A.2.2", "A.2.3"]


def test_relied_on_by_a_system_a_risk_or_a_measure(aims: Aims, officer: Actor) -> None:
    for code in ("A.6.2.4", "A.6.2.5", "A.9.2", "A.9.3"):
        excluded(officer, code)
    assert flagged(aims, "relied_on") == []
    a_reliance(officer, a_system(officer), "A.6.2.4")
    treated(officer, "A.6.2.5")
    a_measure(an_impact(an_assessment(officer, a_system(officer)), officer), officer)
    assert flagged(aims, "relied_on") == ["A.6.2.4", "A.6.2.5", "A.9.2"]


def treated(officer: Actor, code: str) -> None:
    treat(a_risk(officer), a_control(code), actor=officer)


def apart(officer: Actor, applicability: Applicability, why: str = "", implementation: str = "") -> EntrySystem:
    system = a_system(officer, in_scope=True)
    return decide_for_system(
        an_entry(), system, applicability=applicability, why=why, implementation=implementation, seen=0, actor=officer
    )


def test_relied_on_where_every_system_excludes(aims: Aims, officer: Actor) -> None:
    included(officer)
    apart(officer, Applicability.EXCLUDED, "It trains nothing.")
    assert flagged(aims, "relied_on") == []
    treated(officer, CODE)
    assert flagged(aims, "relied_on") == [CODE]


def test_system_without_reason(aims: Aims, officer: Actor) -> None:
    included(officer)
    row = apart(officer, Applicability.EXCLUDED, "It trains nothing.")
    apart(officer, Applicability.INCLUDED)
    assert flagged(aims, "system_without_reason") == []
    for text in ("n/a", "[insert reason]"):
        EntrySystem.objects.filter(pk=row.pk).update(why=text)
        assert flagged(aims, "system_without_reason") == [CODE]


def test_exclusion_expired(aims: Aims, officer: Actor) -> None:
    excluded(officer, "A.2.2", expires_on=today(aims, -1))
    excluded(officer, "A.2.3", expires_on=today(aims))
    excluded(officer, "A.2.4")
    assert flagged(aims, "exclusion_expired") == ["A.2.2"]


def test_no_driver(aims: Aims, officer: Actor) -> None:
    law = an_obligation(officer)
    included(officer, "A.2.2", reasons=[{"code": "LG", "ref": ""}])
    included(officer, "A.2.3", reasons=[{"code": "LG", "ref": law.ref}])
    included(officer, "A.6.2.4")
    excluded(officer, "A.2.4")
    a_reliance(officer, a_system(officer), "A.6.2.4")
    assert flagged(aims, "no_driver") == ["A.2.2"]


def test_no_owner(aims: Aims, officer: Actor) -> None:
    included(officer, "A.2.2")
    included(officer, "A.2.3", owner=person_of(officer))
    excluded(officer, "A.2.4")
    assert flagged(aims, "no_owner") == ["A.2.2"]


def test_implemented_without_evidence(aims: Aims, officer: Actor) -> None:
    for code in ("A.2.2", "A.2.3", "A.2.4", "A.3.2"):
        included(officer, code, implementation="implemented")
    included(officer, "A.3.3", implementation="planned")
    a_note(actor=officer, title="Fine", serves=["A.2.3"], renew_by=today(aims, 400))
    a_note(actor=officer, title="Late", serves=["A.2.4"], renew_by=today(aims, -1))
    amend(an_entry("A.3.2"), {"expects_evidence": False, "no_evidence_reason": "A decision."}, seen=3, actor=officer)
    assert flagged(aims, "implemented_without_evidence") == ["A.2.2", "A.2.4"]
    words = [flag.message for flag in flags_of(read_sheet(aims)) if flag.check == "implemented_without_evidence"]
    assert "no evidence" in words[0]
    assert "overdue" in words[1]


def test_implemented_with_finding(aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    included(officer, "A.2.2", implementation="implemented")
    included(officer, "A.2.3", implementation="partly")
    included(officer, "A.2.4", implementation="implemented")
    monkeypatch.setattr(ports, "_findings", [])
    pks = [Requirement.objects.get(code=code).pk for code in ("A.2.2", "A.2.3")]
    ports.tells_findings(lambda _at: {pk: (OpenFinding("finding:NC-1", "NC-1", "minor"),) for pk in pks})
    assert flagged(aims, "implemented_with_finding") == ["A.2.2"]


def test_planned_in_the_past(aims: Aims, officer: Actor) -> None:
    included(officer, "A.2.2", implementation="planned", planned_on=today(aims, -3))
    included(officer, "A.2.3", implementation="planned", planned_on=today(aims))
    included(officer, "A.2.4", implementation="planned")
    included(officer, "A.3.2", implementation="implemented", planned_on=today(aims, -3))
    included(officer, "A.3.3", implementation="partly", planned_on=today(aims, -3))
    assert flagged(aims, "planned_in_the_past") == ["A.2.2", "A.2.4", "A.3.3"]


def test_review_overdue(aims: Aims, officer: Actor) -> None:
    included(officer, "A.2.2", review_on=today(aims, -1))
    included(officer, "A.2.3", review_on=today(aims))
    excluded(officer, "A.2.4", review_on=today(aims, -1))
    assert flagged(aims, "review_overdue") == ["A.2.2", "A.2.4"]


def test_older_than_scope(aims: Aims, officer: Actor) -> None:
    a_scope(officer, effective_on=today(aims, -40))
    decided(officer)
    assert flagged(aims, "older_than_scope") == []
    approved(aims, a_version(aims, officer), officer)
    assert flagged(aims, "older_than_scope") == []
    a_scope(officer, effective_on=today(aims, 30))
    assert flagged(aims, "older_than_scope") == [""]


def test_treatment_undecided(aims: Aims, officer: Actor) -> None:
    treated(officer, "A.6.2.5")
    treated(officer, "A.6.2.4")
    included(officer, "A.6.2.4")
    assert flagged(aims, "treatment_undecided") == ["A.6.2.5"]


def test_what_blocks_comes_first_then_the_order_of_the_standard(aims: Aims, officer: Actor) -> None:
    included(officer, "A.2.3")
    included(officer, "A.2.2", why="")
    flags = flags_of(read_sheet(aims))
    assert [flag.blocks for flag in flags] == sorted((flag.blocks for flag in flags), reverse=True)
    assert [flag.code for flag in flags if flag.check == "no_owner"] == ["A.2.2", "A.2.3"]


def test_every_flag_leads_to_the_form_that_mends_it(aims: Aims, officer: Actor) -> None:
    included(officer, "A.2.2", why="", implementation="implemented", planned_on=today(aims, -1))
    included(officer, "A.2.4", why="[insert]", how="{{ how }}", implementation="planned", review_on=today(aims, -1))
    excluded(officer, "A.2.3", expires_on=today(aims, -1))
    included(officer, "A.3.2")
    system = a_system(officer, in_scope=True)
    EntrySystem(aims=aims, entry=an_entry("A.3.2"), system=system, applicability="excluded").save()
    browser, base = signed_in(officer), reverse("soa:workbench", args=[aims.slug])
    flags = [flag for flag in flags_of(read_sheet(aims)) if flag.check != "undecided"][:40]
    assert {flag.check for flag in flags} >= {"no_reason", "template_text", "system_without_reason", "no_driver"}
    for flag in {(flag.code, flag.field): flag for flag in flags}.values():
        leads(browser, flag_address(base, flag))


def leads(browser: Client, address: str) -> None:
    place, _hash, anchor = address.partition("#")
    page = browser.get(place)
    assert page.status_code == 200, address
    assert not anchor or f'id="{anchor}"' in page.content.decode(), address


def test_a_row_that_says_everything_has_no_flag(aims: Aims, officer: Actor) -> None:
    a_reliance(officer, a_system(officer, in_scope=True), CODE)
    a_note(actor=officer, serves=[CODE], renew_by=today(aims, 400))
    included(officer, owner=person_of(officer), implementation=Implementation.IMPLEMENTED, how="By hand.")
    assert [flag for flag in flags_of(read_sheet(aims)) if flag.code == CODE] == []
