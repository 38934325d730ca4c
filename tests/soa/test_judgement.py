"""From judgement to statement: treatments and measures propose, block, reopen; triggers stand on their rows."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from aims.models import Aims
from assessments.actions import (
    Answer,
    answer_triggers,
    clone_edition,
    decide_assessment,
    edit_risk,
    submit_assessment,
    treat,
    withdraw_risk,
)
from assessments.actions.bring import import_assessment
from assessments.models import Assessment, Decision, Impact, Risk, Trigger
from duties.models import Task
from soa.actions import confirm_area, decide_for_system, renew_exclusions, take_drivers
from soa.actions.bulk import NothingSelected
from soa.actions.decide import NotDecidable
from soa.actions.per_system import NotDecidableForSystem
from soa.models import Applicability, Reopening
from soa.queries.drivers import Driver, with_drivers
from soa.queries.rows import Row, read_sheet
from systems.actions import edit_system, say_scope
from systems.models import AiSystem
from tests.assessments.make import (
    a_control,
    a_decided_assessment,
    a_measure,
    a_risk,
    an_approver,
    an_assessment,
    an_impact,
)
from tests.assessments.markdown.test_files import FOREIGN
from tests.make import signed_in, trace_of
from tests.soa.make import a_statement, an_entry, excluded, flagged, included
from tests.systems.make import a_system

CODE = "A.9.2"


@pytest.fixture(autouse=True)
def _statement(aims: Aims, officer: Actor) -> None:
    a_statement(officer)


def row_of(aims: Aims, code: str = CODE) -> Row:
    return next(row for row in read_sheet(aims).rows if row.code == code)


def causes() -> list[tuple[str, str]]:
    rows = Reopening.objects.filter(settled_at__isnull=True).order_by("pk")
    return list(rows.values_list("cause", "words"))


def treated(officer: Actor, code: str = CODE, **about: Any) -> Risk:
    risk = a_risk(officer, **about)
    treat(risk, a_control(code), actor=officer)
    return risk


def judged(aims: Aims, officer: Actor) -> Assessment:
    return a_decided_assessment(officer, an_approver(aims, officer), a_system(officer))


def tell(system: AiSystem, actor: Actor, **facts: Any) -> None:
    system.refresh_from_db()
    edit_system(system, seen=system.version, actor=actor, **facts)


@pytest.mark.db_both
def test_a_confirmed_proposal_names_what_proposed_it(aims: Aims, officer: Actor) -> None:
    risk, assessment = treated(officer), judged(aims, officer)
    assert {driver.ref for driver in row_of(aims).unnamed} == {risk.ref, assessment.ref}
    confirm_area([CODE], actor=officer)
    row = row_of(aims)
    assert row.entry.applicability == Applicability.INCLUDED
    assert row.entry.reasons == [{"code": "RT", "ref": risk.ref}, {"code": "IA", "ref": assessment.ref}]
    assert row.unnamed == ()
    assert trace_of(row.entry.ref) == ["soa.decided"]


@pytest.mark.db_both
def test_taking_drivers_includes_what_is_undecided_and_never_turns_an_exclusion_over(
    aims: Aims, officer: Actor
) -> None:
    included(officer, "A.5.2", reasons=[{"code": "BP", "ref": ""}])
    excluded(officer, "A.5.3")
    risks = {code: treated(officer, code).ref for code in ("A.5.2", "A.5.3", "A.5.4")}
    taken = take_drivers(["A.5.2", "A.5.3", "A.5.4", "A.5.5"], actor=officer)
    assert [entry.requirement.code for entry in taken] == ["A.5.2", "A.5.4"]
    assert an_entry("A.5.2").reasons == [{"code": "RT", "ref": risks["A.5.2"]}, {"code": "BP", "ref": ""}]
    assert an_entry("A.5.3").applicability == Applicability.EXCLUDED
    assert an_entry("A.5.4").applicability == Applicability.INCLUDED
    with pytest.raises(NothingSelected):
        take_drivers(["A.5.2", "A.5.3"], actor=officer)


def test_a_reason_follows_the_edition_in_force() -> None:
    now = Driver("assessment:IA-1@1.1", "IA-1", "", "assessment")
    held: Any = [{"code": "IA", "ref": "assessment:IA-1@1.0"}, {"code": "LG", "ref": "obligation:O-1"}]
    told = with_drivers(held, [now, Driver("system:SYS-1", "SYS-1", "", "system")])
    assert [f"{row['code']} {row['ref']}" for row in told] == ["IA assessment:IA-1@1.1", "LG obligation:O-1"]
    assert with_drivers(told, [now]) == told


@pytest.mark.db_both
def test_excluding_what_judgement_relies_on_names_all_of_it(aims: Aims, officer: Actor) -> None:
    risks = [treated(officer, title=f"Risk {number}") for number in range(6)]
    assessment = judged(aims, officer)
    with pytest.raises(NotDecidable) as refused:
        excluded(officer, CODE)
    assert all(str(risk) in refused.value.message for risk in risks)
    assert assessment.code in refused.value.message
    for risk in risks:
        withdraw_risk(risk, reason="Gone.", seen=risk.version, actor=officer)
    with pytest.raises(NotDecidable, match=assessment.code):
        excluded(officer, CODE)


def test_what_is_judged_of_a_system_cannot_be_excluded_for_it(aims: Aims, officer: Actor) -> None:
    ours, other = (a_system(officer, in_scope=True) for _ in range(2))
    risk = treated(officer, system=ours)
    entry = included(officer, CODE)
    about: dict[str, Any] = {"applicability": Applicability.EXCLUDED, "why": "It is not used there.", "seen": 0}
    with pytest.raises(NotDecidableForSystem, match=risk.code):
        decide_for_system(entry, ours, **about, implementation="", actor=officer)
    decide_for_system(entry, other, **about, implementation="", actor=officer)
    assert flagged(aims, "relied_on") == []
    treated(officer, system=other)
    assert flagged(aims, "relied_on") == [CODE]
    assert causes()[0][0] == "judgement"


@pytest.mark.db_both
def test_a_treatment_or_measure_reopens_the_exclusion_it_names(aims: Aims, officer: Actor) -> None:
    excluded(officer, CODE)
    risk = treated(officer)
    draft = an_assessment(officer, a_system(officer))
    a_measure(an_impact(draft, officer), officer)
    assert causes() == [("judgement", f"{risk} counts on it"), ("judgement", f"{draft} counts on it")]
    task = Task.objects.get(kind="exclusion", closed_at__isnull=True)
    assert f"{draft} counts on it" in task.title
    assert trace_of(f"entry:{CODE}") == ["soa.decided", "soa.exclusion_reopened", "soa.exclusion_reopened"]
    assert flagged(aims, "relied_on") == [CODE]
    assert flagged(aims, "reopened") == [CODE, CODE]
    entry = an_entry(CODE)
    with pytest.raises(NotDecidable):
        renew_exclusions(
            {CODE: entry.version}, expires_on=entry.expires_on or entry.changed_at.date(), why="Still.", actor=officer
        )
    included(officer, CODE)
    assert (causes(), flagged(aims, "reopened")) == ([], [])


@pytest.mark.db_both
def test_an_open_trigger_stands_on_the_rows_that_lean_on_the_assessment(aims: Aims, officer: Actor) -> None:
    assessment = judged(aims, officer)
    included(officer, CODE)
    included(officer, "A.5.2", reasons=[{"code": "IA", "ref": assessment.ref}])
    included(officer, "A.5.3")
    tell(assessment.system, officer, model_version="9.9")
    assert [row.code for row in read_sheet(aims).rows if row.triggers] == ["A.5.2", CODE]
    assert flagged(aims, "open_trigger") == ["A.5.2", CODE]
    page = signed_in(officer).get(reverse("soa:workbench", args=[aims.slug]), {"control": CODE}).content.decode()
    assert f"{assessment.code}: Model changed" in page
    clone_edition(assessment, reason="The model changed.", actor=officer)
    assert flagged(aims, "open_trigger") == ["A.5.2", CODE]  # a draft answers nothing
    trigger = Trigger.objects.get()
    answer_triggers(assessment, {trigger.pk: Answer(1, [], "The same weights.")}, actor=officer)
    assert flagged(aims, "open_trigger") == []


def test_the_pages_propose_and_take(aims: Aims, officer: Actor) -> None:
    risk, assessment = treated(officer), judged(aims, officer)
    browser = signed_in(officer)
    applies = reverse("soa:applies", args=[aims.slug])
    page = browser.get(applies).content.decode()
    assert risk.title in page
    assert "Name them as reasons on 1 control" in page
    assert browser.post(reverse("soa:take", args=[aims.slug]), {"control": CODE}).status_code == 302
    assert {reason["ref"] for reason in an_entry(CODE).reasons} == {risk.ref, assessment.ref}
    assert "Name them as reasons" not in browser.get(applies).content.decode()
    scope = a_system(officer)
    say_scope(scope, is_in_scope=True, reason="Customers.", seen=scope.version, actor=officer)
    place = reverse("api:soa_proposals-list", args=[aims.slug])
    told = [row for row in browser.get(place).json() if row["ref"]]
    assert {(row["rule"], row["ref"], row["reason"]) for row in told if row["control"] == CODE} == {
        ("treatment", risk.ref, "RT"),
        ("measure", assessment.ref, "IA"),
    }


def excluding(browser: Client, aims: Aims) -> tuple[str, str]:
    """Try to exclude at both doors; return what each says."""
    place = reverse("soa:decide", args=[aims.slug, CODE])
    said = {"applicability": "excluded", "seen": an_entry(CODE).version}
    page = browser.post(place, said, headers={"HX-Request": "true"})
    assert page.status_code in (409, 422), page.content.decode()[:400]
    api = reverse("api:soa_entries-decide", args=[aims.slug, CODE])
    told = {"applicability": "excluded", "why": "It is not used."}
    seen = f'"{an_entry(CODE).version}"'
    answer = browser.post(api, told, content_type="application/json", headers={"If-Match": seen})
    assert answer.status_code == 422, answer.content
    return page.content.decode(), answer.content.decode()


@pytest.mark.db_both
def test_what_names_a_control_at_any_door_proposes_it_and_bars_its_exclusion(
    aims: Aims, officer: Actor, tmp_path: Path
) -> None:
    browser, risk = signed_in(officer), a_risk(officer)
    treating = reverse("assessments:treat", args=[aims.slug, risk.code])
    assert browser.post(treating, {"requirement": a_control(CODE).pk}).status_code == 302
    email = User.objects.get(pk=officer.user_id).email
    register = tmp_path / "register.csv"
    register.write_text("ID,Risk,Likelihood,Severity,Controls\nX-1,Answers drift,3,3,A.9.2\n", encoding="utf-8")
    call_command("import_risks", str(register), "--aims", aims.slug, "--as", email, stdout=StringIO())
    imported = Risk.objects.get(reference="X-1")
    system = a_system(officer)
    import_assessment(FOREIGN.replace("A.7.2", CODE).encode(), system, actor=officer)
    assessment = Assessment.objects.get(system=system)
    refs = [risk.ref, imported.ref, assessment.ref]
    assert {driver.ref for driver in row_of(aims).unnamed} == set(refs)
    assert "Name them as reasons on 1 control" in browser.get(reverse("soa:applies", args=[aims.slug])).content.decode()
    for told in excluding(browser, aims):
        assert all(name in told for name in (risk.code, imported.code, assessment.code)), told[:600]
    assert browser.post(reverse("soa:take", args=[aims.slug]), {"control": CODE}).status_code == 302
    assert {reason["ref"] for reason in an_entry(CODE).reasons} == set(refs)


@pytest.mark.db_both
def test_an_import_an_edition_and_a_risk_that_moves_reopen_too(aims: Aims, officer: Actor) -> None:
    approver, system = an_approver(aims, officer), a_system(officer, in_scope=True)
    excluded(officer, "A.7.2")
    import_assessment(FOREIGN.encode(), a_system(officer), actor=officer)
    assert [cause for cause, _words in causes()] == ["judgement"]
    first = a_decided_assessment(officer, approver, system)
    later = clone_edition(first, reason="New use.", actor=officer)
    a_measure(Impact.objects.get(assessment=later), officer, requirement=a_control("A.9.3"))
    excluded(officer, "A.9.3")  # nothing in force relies on it yet
    assert f"{later} counts on it" not in [words for _cause, words in causes()]
    later = Assessment.objects.get(pk=later.pk)
    later = submit_assessment(later, seen=later.version, actor=officer)
    decide_assessment(
        later,
        Decision.PROCEED,
        reason="Fine.",
        next_review_on=clock.now().date() + timedelta(days=90),
        seen=later.version,
        actor=approver,
    )
    assert f"{later} counts on it" in [words for _cause, words in causes()]
    risk = treated(officer)
    about: dict[str, Any] = {"applicability": Applicability.EXCLUDED, "why": "It is not used there.", "seen": 0}
    other = a_system(officer, in_scope=True)
    decide_for_system(included(officer, CODE), other, **about, implementation="", actor=officer)
    edit_risk(risk, seen=risk.version, actor=officer, system=other)
    assert f"{risk} counts on it" in [words for _cause, words in causes()]
