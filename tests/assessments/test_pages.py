"""The pages of an assessment, as a person at a browser meets them: with scripts and without."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import add_party, edit_assessment, edit_impact, return_assessment
from assessments.models import AffectedParty, Assessment, Impact, Measure
from tests.assessments.make import (
    PURPOSE,
    a_complete_assessment,
    a_control,
    a_decided_assessment,
    a_measure,
    a_submitted_assessment,
    a_system,
    an_approver,
    an_assessment,
    an_impact,
)
from tests.make import a_member, an_organisation, signed_in, trace_of


def at(row: Assessment, tail: str = "") -> str:
    return f"/a/{row.aims.slug}/assessments/{row.code}/{row.edition}/{tail}"


def htmx(target: str) -> dict[str, Any]:
    return {"headers": {"HX-Request": "true", "HX-Target": target}}


def body(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def test_a_system_is_chosen_and_its_assessment_opens_at_the_purpose(
    aims: Aims, officer: Actor, browser: Client
) -> None:
    address = f"/a/{aims.slug}/assessments/new/"
    assert "There is no AI system to assess" in body(browser.get(address))
    system = a_system(officer, "Ranker")
    assert "selected>" in body(browser.get(address, {"system": system.code}))
    assert "error-summary" in body(browser.post(address, {}), 422)
    answer = browser.post(address, {"system": system.pk})
    row = Assessment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, at(row))
    page = body(browser.get(at(row)))
    assert 'name="intended_use"' in page
    again = body(browser.post(address, {"system": system.pk}), 422)
    assert row.code in again


def test_choosing_an_assessed_system_starts_an_edition(aims: Aims, officer: Actor, browser: Client) -> None:
    row = a_decided_assessment(officer, an_approver(aims, officer))
    address = f"/a/{aims.slug}/assessments/new/"
    assert "Say why" in body(browser.post(address, {"system": row.system_id}), 422)
    answer = browser.post(address, {"system": row.system_id, "reason": "Drift"})
    assert answer["Location"].endswith(f"{row.code}/1.1/")
    page = body(browser.get(answer["Location"]))
    assert "Opened because: Drift" in page
    assert at(row) in page


def test_the_page_shows_everything_and_draws_the_matrix(aims: Aims, officer: Actor, browser: Client) -> None:
    row = a_complete_assessment(
        officer,
        a_system(officer, "Ranker"),
        residual_likelihood=2,
        target_likelihood=1,
        target_severity=3,
        target_on="2999-01-01",
    )
    page = body(browser.get(at(row)))
    for words in (
        f"{row.code} Ranker",
        PURPOSE["intended_use"],
        "EU, UK",
        "3,400",
        "Exit survey",
        'class="impact-matrix"',
        'data-kind="inherent"',
        "1 Jan 2999",
        "Every rejection has a written reason",
        "A.9.2",
        "In place",
        "Submit",
    ):
        assert words in page, words
    assert "style=" not in page
    assert "<script>" not in page


def test_the_page_costs_the_same_at_any_length(aims: Aims, officer: Actor, browser: Client) -> None:
    row = a_complete_assessment(officer)
    browser.get(at(row))
    with CaptureQueriesContext(connection) as few:
        browser.get(at(row))
    for number in range(30):
        a_measure(an_impact(row, officer), officer)
        add_party(row, actor=officer, kind="group", name=f"Group {number}")
    with CaptureQueriesContext(connection) as many:
        browser.get(at(row))
    assert len(few) == len(many)
    assert len(many) <= 15


@pytest.mark.db_both
def test_a_save_in_passing_costs_the_same_at_any_length(aims: Aims, officer: Actor, browser: Client) -> None:
    """All is counted but the brackets of transactions: five to come in, the act with its history and its record.

    PostgreSQL is told its context three times more, and its record is one statement where SQLite's are five.
    """
    row = a_complete_assessment(officer)
    impacts = [an_impact(row, officer) for _ in range(20)]
    impact, key = impacts[7], f"i{impacts[7].pk}"
    texts = PURPOSE | {"jurisdictions": "EU, UK", "benefits": "Time", "seen": str(row.version)}
    scores = {f"{key}-seen": impact.version, f"{key}-likelihood": 2, f"{key}-severity": 3}
    said = {"seen": 0, "text": "All of it."}
    assert browser.get(at(row)).status_code == 200
    for place, section, sent, most in (
        ("purpose/", "purpose", texts, 13),
        ("impacts/scores/", "impacts", scores, 14),
        ("answers/scope/", "q-scope", said, 14),
    ):
        with CaptureQueriesContext(connection) as caught:
            answer = browser.post(at(row, place), {**sent, "autosave": "1"}, **htmx(section))
        assert answer.status_code == 200, place
        assert answer["HX-Trigger"] == "assessment-saved" or "assessment-saved" in answer["HX-Trigger"]
        counted = [one["sql"] for one in caught if not one["sql"].startswith(BRACKETS)]
        assert len(counted) <= most, (place, len(counted), counted)
    impact.refresh_from_db()
    assert (impact.likelihood, impact.version) == (2, 2)


BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SELECT set_config")


def test_texts_are_saved_by_a_button_without_scripts(aims: Aims, officer: Actor, browser: Client) -> None:
    row = an_assessment(officer)
    sent = PURPOSE | {"jurisdictions": "EU, UK; CH", "seen": "1", "next_review_on": "2999-05-01"}
    answer = browser.post(at(row, "purpose/"), sent)
    assert (answer.status_code, answer["Location"]) == (302, at(row) + "#purpose")
    row.refresh_from_db()
    assert row.jurisdictions == ["EU", "UK", "CH"]
    assert "next_review_on" in body(
        browser.post(at(row, "purpose/"), sent | {"next_review_on": "soon", "seen": "2"}), 422
    )


def test_texts_are_saved_in_passing_with_htmx(aims: Aims, officer: Actor, browser: Client) -> None:
    row = an_assessment(officer)
    sent = PURPOSE | {"jurisdictions": "EU", "seen": "1", "autosave": "1"}
    page = body(browser.post(at(row, "purpose/"), sent, **htmx("purpose")))
    assert 'id="purpose_seen" value="2" hx-swap-oob="true"' in page
    assert 'id="submit-seen" value="2"' in page
    assert 'id="step-purpose" hx-swap-oob="true"' in page
    assert "Saved" in page
    assert "<textarea" not in page


def test_a_second_writer_is_shown_both_texts(aims: Aims, officer: Actor, browser: Client) -> None:
    row = a_complete_assessment(officer)
    edit_assessment(row, seen=row.version, actor=officer, benefits="Theirs first")
    sent = PURPOSE | {"jurisdictions": "EU, UK", "benefits": "Mine second", "seen": str(row.version)}
    for extra in ({}, htmx("purpose")):
        answer = browser.post(at(row, "purpose/"), sent | {"autosave": "1"}, **extra)
        page = body(answer, 409)
        assert "Theirs first" in page
        assert "Mine second" in page
        assert f'name="seen" value="{row.version + 1}"' in page
        assert "hx-sync" not in page.split('id="purpose_seen"')[0].rpartition("<form")[2]
    assert answer["HX-Reswap"] == "outerHTML"
    row.refresh_from_db()
    assert row.benefits == "Theirs first"


PARTY = {"kind": "group", "name": "Night staff", "per_year": "12", "heard": "", "can_opt_out": ""}


def test_parties_are_added_changed_and_withdrawn(aims: Aims, officer: Actor, browser: Client) -> None:
    row = an_assessment(officer)
    assert 'name="can_opt_out"' in body(browser.get(at(row, "parties/new/")))
    assert "error-summary" in body(browser.post(at(row, "parties/new/"), PARTY | {"name": ""}), 422)
    assert browser.post(at(row, "parties/new/"), PARTY)["Location"].endswith("#parties")
    party = AffectedParty.objects.get()
    assert 'value="Night staff"' in body(browser.get(at(row, f"parties/{party.pk}/")))
    page = body(
        browser.post(at(row, f"parties/{party.pk}/"), PARTY | {"heard": "Survey", "seen": "1"}, **htmx("parties"))
    )
    assert "Survey" in page
    assert "<html" not in page
    assert 'id="rail"' in page
    stale = browser.post(at(row, f"parties/{party.pk}/withdraw/"), {"seen": "1"})
    assert "Someone else saved this" in body(stale, 409)
    browser.post(at(row, f"parties/{party.pk}/withdraw/"), {"seen": "2"})
    assert trace_of(party.ref) == ["party.added", "party.edited", "party.withdrawn"]
    assert browser.get(at(row, f"parties/{party.pk}/")).status_code == 404


IMPACT = {
    "description": "Ranked out of sight",
    "valence": "harm",
    "level": "individual",
    "likelihood": "4",
    "severity": "4",
}


def test_measures_are_added_changed_and_withdrawn(aims: Aims, officer: Actor, browser: Client) -> None:
    row = an_assessment(officer)
    impact = an_impact(row, officer)
    sent = {"impact": impact.pk, "text": "Weekly check", "requirement": a_control().pk, "due_on": "2999-01-01"}
    assert "A.9.2" in body(browser.get(at(row, "measures/new/"), {"impact": impact.pk}))
    assert "error-summary" in body(browser.post(at(row, "measures/new/"), sent | {"impact": ""}), 422)
    browser.post(at(row, "measures/new/"), sent)
    measure = Measure.objects.get()
    assert (measure.requirement, measure.is_in_place) == (a_control(), False)
    del sent["impact"]
    browser.post(at(row, f"measures/{measure.pk}/"), sent | {"is_in_place": "on", "seen": "1"})
    assert "In place" in body(browser.get(at(row)))
    browser.post(at(row, f"measures/{measure.pk}/withdraw/"), {"seen": "2"})
    assert trace_of(measure.ref) == ["measure.added", "measure.edited", "measure.withdrawn"]


def test_a_measure_is_not_hung_on_an_impact_elsewhere(aims: Aims, officer: Actor, browser: Client) -> None:
    row, other = an_assessment(officer), an_impact(an_assessment(officer), officer)
    answer = browser.post(at(row, "measures/new/"), {"impact": other.pk, "text": "Check"})
    assert answer.status_code == 422
    assert Measure.objects.count() == 0
    assert browser.get(at(row, f"impacts/{other.pk}/")).status_code == 404


def test_submitting_says_what_is_missing_with_links(aims: Aims, officer: Actor, browser: Client) -> None:
    row = an_assessment(officer)
    page = body(browser.post(at(row, "submit/"), {"seen": "1"}), 422)
    assert '<a href="#purpose">Say what the system is intended for.</a>' in page
    assert '<a href="#parties">Name who is affected.</a>' in page
    full = a_complete_assessment(officer)
    assert "Someone else saved this" in body(browser.post(at(full, "submit/"), {"seen": "1"}), 409)
    assert browser.post(at(full, "submit/"), {"seen": full.version}).status_code == 302
    page = body(browser.get(at(full)))
    assert "In review" in page
    assert "scale-picker" not in page
    assert (
        browser.post(at(full, "purpose/"), PURPOSE | {"jurisdictions": "EU", "seen": full.version + 1}).status_code
        == 422
    )


def test_an_approver_decides_on_the_page(aims: Aims, officer: Actor) -> None:
    approver = an_approver(aims, officer)
    browser = signed_in(approver)
    row = a_submitted_assessment(officer)
    assert 'class="decision-card"' in body(browser.get(at(row)))
    sent = {"decision": "conditions", "reason": "While watched", "next_review_on": "2999-01-01", "seen": row.version}
    page = body(browser.post(at(row, "decide/"), sent), 422)
    assert "The decision expires on it." in page
    assert "While watched" in page
    assert "error-summary" in body(browser.post(at(row, "decide/"), {"seen": row.version}), 422)
    answer = browser.post(at(row, "decide/"), sent | {"conditions_by": "2998-01-01"})
    assert answer.status_code == 302
    page = body(browser.get(at(row)))
    assert "Proceed with conditions" in page
    assert Assessment.objects.get(pk=row.pk).digest[:16] in page
    assert "While watched" in page
    assert "Start new edition" not in page
    assert body(browser.post(at(row, "decide/"), sent | {"seen": row.version + 1}), 422)


def test_severe_is_refused_on_the_page(aims: Aims, officer: Actor) -> None:
    row = a_submitted_assessment(officer, likelihood=5, severity=5)
    sent = {"decision": "proceed", "reason": "Go", "next_review_on": "2999-01-01", "seen": row.version}
    page = body(signed_in(an_approver(aims, officer)).post(at(row, "decide/"), sent), 422)
    assert "Nobody may accept Severe; mitigate first or decline." in page


def test_an_approver_who_wrote_is_told_so(aims: Aims, officer: Actor) -> None:
    both = a_member(aims, Role.APPROVER, Role.OFFICER, by=officer)
    row = a_complete_assessment(officer)
    edit_impact(Impact.objects.get(), seen=1, actor=both, who="Them")
    row = Assessment.objects.get(pk=row.pk)
    browser = signed_in(both)
    browser.post(at(row, "submit/"), {"seen": row.version})
    page = body(browser.get(at(row)))
    assert "Another approver decides" in page
    assert 'class="decision-card"' not in page
    sent = {"decision": "decline", "reason": "No", "seen": row.version + 1}
    assert browser.post(at(row, "decide/"), sent).status_code == 422
    assert Assessment.objects.get(pk=row.pk).decision == ""


def test_sending_back_shows_the_reason_to_the_author(aims: Aims, officer: Actor, browser: Client) -> None:
    reader = signed_in(an_approver(aims, officer))
    row = a_submitted_assessment(officer)
    assert "What has to change" in body(reader.get(at(row, "return/")))
    assert "error-summary" in body(reader.post(at(row, "return/"), {"seen": row.version}), 422)
    reader.post(at(row, "return/"), {"seen": row.version, "reason": "Ask the works council"})
    page = body(browser.get(at(row)))
    assert "Ask the works council" in page
    assert "Returned" in page
    assert "scale-picker" in page


def test_a_decided_assessment_is_revised_from_its_page(aims: Aims, officer: Actor, browser: Client) -> None:
    row = a_decided_assessment(officer, an_approver(aims, officer))
    assert "Start new edition" in body(browser.get(at(row)))
    assert "Say why it is assessed again" in body(browser.get(at(row, "revise/")))
    assert browser.post(at(row, "revise/"), {"seen": row.version}).status_code == 422
    answer = browser.post(at(row, "revise/"), {"seen": row.version, "reason": "Drift"})
    assert answer["Location"].endswith("/1.1/")
    assert "Start new edition" not in body(browser.get(at(row)))


WRITES = ("purpose/", "parties/new/", "impacts/new/", "measures/new/", "revise/", "decide/", "return/")


@pytest.mark.parametrize("tail", WRITES)
def test_readers_read_and_do_not_write(aims: Aims, officer: Actor, tail: str) -> None:
    row = a_complete_assessment(officer)
    reader = signed_in(a_member(aims, Role.AUDITOR, by=officer))
    page = body(reader.get(at(row)))
    assert "scale-picker" not in page
    assert "Change<" not in page
    assert reader.get(at(row, tail)).status_code == 403
    assert reader.post(at(row, tail), {}).status_code == 403
    assert reader.get(f"/a/{aims.slug}/assessments/new/").status_code == 403


def test_strangers_and_other_organisations_find_nothing(aims: Aims, officer: Actor) -> None:
    row = a_complete_assessment(officer)
    other, boss = an_organisation()
    with acting_in(other, boss):
        foreign = a_complete_assessment(boss)
        party = AffectedParty.objects.get()
    browser = signed_in(officer)
    assert Client().get(at(row)).status_code == 302
    assert browser.get(at(foreign)).status_code == 404
    assert browser.get(f"/a/{aims.slug}/assessments/IA-1999-01/1.0/").status_code == 404
    assert browser.get(f"/a/{aims.slug}/assessments/{row.code}/9.9/").status_code == 404
    assert browser.post(at(row, f"parties/{party.pk}/"), PARTY | {"seen": "1"}).status_code == 404


def test_verbs_that_change_are_posted(aims: Aims, officer: Actor, browser: Client) -> None:
    row = a_complete_assessment(officer)
    party = AffectedParty.objects.get()
    for tail in ("submit/", "impacts/scores/", f"parties/{party.pk}/withdraw/"):
        answer: HttpResponse = browser.get(at(row, tail))  # type: ignore[assignment]
        assert answer.status_code == 405


def test_a_hostile_text_is_printed_as_text(aims: Aims, officer: Actor, browser: Client) -> None:
    row = an_assessment(officer, a_system(officer, "<img src=x>"))
    edit_assessment(row, seen=1, actor=officer, intended_use="<script>alert(1)</script>", jurisdictions=["<b>EU"])
    page = body(browser.get(at(row)))
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "&lt;script&gt;" in page


def test_a_returned_assessment_is_written_on(aims: Aims, officer: Actor, browser: Client) -> None:
    row = a_submitted_assessment(officer)
    row = return_assessment(row, reason="More", seen=row.version, actor=an_approver(aims, officer))
    sent = PURPOSE | {"jurisdictions": "EU", "benefits": "Faster", "seen": str(row.version)}
    assert browser.post(at(row, "purpose/"), sent).status_code == 302


def test_dates_are_proposed_by_cadence(aims: Aims, officer: Actor, browser: Client) -> None:
    row = an_assessment(officer)
    with clock.standing_at(datetime(2027, 8, 31, 12, tzinfo=UTC)):
        assert "Proposed by cadence: 29 February 2028, 31 August 2028" in body(browser.get(at(row, "purpose/")))
        an_impact(row, officer)
        page = body(browser.get(at(row, "measures/new/")))
    assert "30 September 2027, 30 November 2027, 29 February 2028" in page
