"""Assessments and risks as of a date: drafts, texts, parts, states, decisions and levels as they stood."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import (
    accept_risk,
    add_party,
    clone_edition,
    decide_assessment,
    edit_assessment,
    edit_impact,
    edit_measure,
    edit_party,
    edit_risk,
    return_assessment,
    stop_treating,
    submit_assessment,
    treat,
    withdraw_impact,
    withdraw_risk,
)
from assessments.models import Assessment, Decision, Impact, Risk
from assessments.queries import measures, treatments
from controls.needs import read
from systems.actions import edit_system
from tests.assessments.make import PURPOSE, a_control, a_measure, a_risk, an_assessment, an_impact
from tests.make import a_member, an_organisation, signed_in
from tests.systems.make import a_system

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = datetime(2026, 6, 18, 12, tzinfo=UTC)
pytestmark = pytest.mark.db_both


def on(day: float) -> datetime:
    return START + timedelta(days=day)


@pytest.fixture
def story(db: None) -> tuple[Aims, Actor]:
    """Drafted on day 1, written on 5, submitted on 10, returned on 11, mended on 12, decided on 20, revised from 30."""
    with clock.standing_at(START):
        aims, officer = an_organisation(time_zone="Europe/London")
        approver = a_member(aims, Role.APPROVER, by=officer, name="Marcus")
    with acting_in(aims, officer):
        with clock.standing_at(on(1)):
            system = a_system(officer, name="Ranker")
            row = an_assessment(officer, system)
        with clock.standing_at(on(5)):
            edit_assessment(row, seen=1, actor=officer, **PURPOSE)
            party = add_party(row, kind="individual", name="Applicants", actor=officer)
            harm = an_impact(row, officer)
            other = an_impact(row, officer, description="Second thoughts", likelihood=5, severity=5)
            measure = a_measure(harm, officer)
        with clock.standing_at(on(6)):
            withdraw_impact(other, seen=1, actor=officer)
        with clock.standing_at(on(10)):
            submit_assessment(row, seen=2, actor=officer)
        with clock.standing_at(on(11)):
            return_assessment(row, reason="Say more.", seen=3, actor=approver)
        with clock.standing_at(on(12)):
            edit_assessment(row, seen=4, actor=officer, intended_use="Orders, and nothing else.")
            edit_party(party, seen=1, actor=officer, name="Candidates")
            edit_impact(harm, seen=1, actor=officer, severity=2)
            edit_measure(measure, seen=1, actor=officer, text="Two readers", requirement=a_control("A.5.2"))
            submit_assessment(row, seen=5, actor=officer)
        with clock.standing_at(on(20)):
            review = on(200).date()
            decide_assessment(row, Decision.PROCEED, reason="It may.", next_review_on=review, seen=6, actor=approver)
        with clock.standing_at(on(25)):
            edit_system(system, name="Matcher", seen=1, actor=officer)
        with clock.standing_at(on(30)):
            again = clone_edition(Assessment.objects.get(), reason="A new model.", actor=officer)
            submit_assessment(again, seen=1, actor=officer)
        with clock.standing_at(on(40)):
            decide_assessment(again, Decision.DECLINE, reason="No more.", seen=2, actor=approver)
    return aims, officer


def page(story: tuple[Aims, Actor], name: str, day: float, *args: str, **asked: str) -> Any:
    aims, officer = story
    with clock.standing_at(TODAY):
        place = reverse(f"assessments:{name}", args=[aims.slug, *args])
        return signed_in(officer).get(place, {"as_of": on(day).date().isoformat(), **asked})


CODE = "IA-2026-01"


def test_the_list_as_it_was(story: tuple[Aims, Actor]) -> None:
    def lines(day: float, **asked: str) -> list[tuple[str, str, str, int | None]]:
        found = page(story, "list", day, **asked).context["lines"]
        return [(line.edition, line.system_name, line.words, line.score) for line in found]

    assert lines(0) == []
    assert lines(1) == [("1.0", "Ranker", "Draft", None)]
    assert lines(5) == [("1.0", "Ranker", "Draft", 25)]
    assert lines(6) == [("1.0", "Ranker", "Draft", 12)]
    assert lines(10) == [("1.0", "Ranker", "In review", 12)]
    assert lines(11) == [("1.0", "Ranker", "Returned", 12)]
    assert lines(12) == [("1.0", "Ranker", "In review", 8)]
    assert lines(20) == [("1.0", "Ranker", "Proceed", 8)]
    assert lines(25) == [("1.0", "Matcher", "Proceed", 8)]
    assert lines(30) == [("1.0", "Matcher", "Proceed", 8), ("1.1", "Matcher", "In review", 8)]
    assert lines(40) == [("1.1", "Matcher", "Decline", 8)]
    assert [len(lines(day, q="ranker")) for day in (24, 25)] == [1, 0]
    assert [len(lines(day, state="superseded")) for day in (39, 40)] == [0, 1]
    assert [len(lines(day, band="severe")) for day in (5, 6)] == [1, 0]
    assert "No system was assessed" in page(story, "list", 0).content.decode()


def test_an_assessment_as_it_was(story: tuple[Aims, Actor]) -> None:
    pages = {day: page(story, "detail", day, CODE, "1.0") for day in (1, 5, 6, 10, 11, 12, 20, 25, 30, 40)}
    told = {day: answer.context["page"] for day, answer in pages.items()}
    html = {day: answer.content.decode() for day, answer in pages.items()}
    assert [len(told[day].sheet.impacts) for day in (1, 5, 6)] == [0, 2, 1]
    assert PURPOSE["intended_use"] in html[11]
    assert "Orders, and nothing else." not in html[11]
    assert "Orders, and nothing else." in html[12]
    assert [told[day].sheet.parties[0].name for day in (11, 12)] == ["Applicants", "Candidates"]
    assert [told[day].sheet.worst_now.score for day in (5, 11, 12)] == [25, 12, 8]
    assert [told[day].sheet.measures[0].requirement.code for day in (11, 12)] == ["A.9.2", "A.5.2"]
    assert [told[day].row.state for day in (1, 10, 11, 12, 20, 30, 40)] == [
        *("draft", "submitted", "returned", "submitted", "decided", "decided", "superseded")
    ]
    assert "Say more." in html[11]
    assert "It may." not in html[12]
    assert "It may." in html[20]
    assert [told[day].row.decision for day in (12, 20)] == ["", "proceed"]
    assert [bool(told[day].row.digest) for day in (12, 20)] == [False, True]
    assert ["Matcher" in html[day] for day in (20, 25)] == [False, True]
    assert [[edition.edition for edition in told[day].editions] for day in (25, 30)] == [["1.0"], ["1.0", "1.1"]]
    assert told[10].signatures[1].name == "Marcus"
    assert told[10].signatures[1].words == "May decide"
    assert told[20].signatures[1].words == "Proceed"


def test_nothing_is_offered(story: tuple[Aims, Actor]) -> None:
    aims, _officer = story
    for day in (1, 5, 10, 11, 20):
        answer = page(story, "detail", day, CODE, "1.0")
        shown = answer.context["page"]
        offered = (shown.may_edit, shown.may_submit, shown.may_return, shown.may_decide, shown.may_revise)
        assert offered == (False,) * 5
        assert "hx-post" not in answer.content.decode()
    assert reverse("assessments:new", args=[aims.slug]) not in page(story, "list", 5).content.decode()
    later = page(story, "detail", 25, CODE, "1.1")
    assert later.status_code == 404
    assert "It did not exist yet" in later.content.decode()


def test_who_may_decide_is_told_as_of_then(db: None) -> None:
    with clock.standing_at(START):
        aims, officer = an_organisation(time_zone="Europe/London")
        writer = a_member(aims, Role.OFFICER, Role.APPROVER, by=officer, name="Writer")
    with acting_in(aims, officer):
        with clock.standing_at(on(1)):
            row = an_assessment(officer, a_system(officer))
        with clock.standing_at(on(5)):
            edit_assessment(row, seen=1, actor=writer, oversight="Somebody looks.")
        with clock.standing_at(on(9)):
            a_member(aims, Role.APPROVER, by=officer, name="Later")
    names = {
        day: [line.name for line in page((aims, officer), "detail", day, CODE, "1.0").context["page"].signatures[1:]]
        for day in (4, 5, 9)
    }
    assert names == {4: ["Writer"], 5: [], 9: ["Later"]}


def test_controls_were_needed_by_what_was_in_force(story: tuple[Aims, Actor]) -> None:
    aims, officer = story
    with acting_in(aims, officer):
        found = {
            day: [(need.requirement_id, need.code, need.label) for need in read(measures(on(day)))]
            for day in (4, 5, 12, 25, 30, 40)
        }
        first, second = a_control("A.9.2").pk, a_control("A.5.2").pk
    edition = f"{CODE}@1.0"
    assert found == {
        4: [],
        5: [(first, edition, "Ranker")],
        12: [(second, edition, "Ranker")],
        25: [(second, edition, "Matcher")],
        30: [(second, edition, "Matcher")],
        40: [(second, f"{CODE}@1.1", "Matcher")],
    }


@pytest.fixture
def register(story: tuple[Aims, Actor]) -> tuple[Aims, Actor]:
    """Registered and treated on day 2, renamed on 10, accepted on 12, untreated on 14, taken off on 20."""
    aims, officer = story
    with acting_in(aims, officer):
        with clock.standing_at(on(2)):
            risk = a_risk(officer, title="Drift", owner=None)
            link = treat(risk, a_control(), actor=officer)
        with clock.standing_at(on(10)):
            edit_risk(risk, title="Drift unseen", seen=1, actor=officer)
        with clock.standing_at(on(12)):
            approver = a_member(aims, Role.APPROVER, by=officer, name="Approves")
            accept_risk(risk, reason="We can live with it.", seen=2, actor=approver)
        with clock.standing_at(on(14)):
            stop_treating(link, seen=1, actor=officer)
        with clock.standing_at(on(20)):
            withdraw_risk(risk, reason="Gone.", seen=Risk.objects.get().version, actor=officer)
    return aims, officer


def test_risks_as_they_were(register: tuple[Aims, Actor]) -> None:
    def titles(day: float, **asked: str) -> list[str]:
        return [line.title for line in page(register, "risks", day, **asked).context["lines"]]

    assert [titles(day) for day in (1, 2, 10, 20)] == [[], ["Drift"], ["Drift unseen"], []]
    assert [titles(day, q="unseen") for day in (9, 10)] == [[], ["Drift unseen"]]
    assert [page(register, "risks", day).context["matrix"].total for day in (1, 2, 20)] == [0, 1, 0]
    html = {day: page(register, "risk", day, "R-001").content.decode() for day in (2, 10, 12, 14, 20)}
    assert "Drift unseen" not in html[2]
    assert "We can live with it." not in html[10]
    assert "We can live with it." in html[12]
    assert "No control treats it yet" not in html[12]
    assert "No control treats it yet" in html[14]
    assert "Off the register" not in html[14]
    assert "Off the register" in html[20]
    assert page(register, "risk", 1, "R-001").status_code == 404
    for day, text in html.items():
        assert "Name a control" not in text, day
        assert text.count('method="post"') == 1  # signing out
    aims, officer = register
    with acting_in(aims, officer):
        found = [read(treatments(on(day))) for day in (1, 2, 10, 14)]
    assert [[need.label for need in needs] for needs in found] == [[], ["Drift"], ["Drift unseen"], []]


@pytest.mark.parametrize("name", ["list", "risks", "detail"])
def test_it_costs_the_same_at_any_length(aims: Aims, officer: Actor, name: str) -> None:
    row = an_assessment(officer, a_system(officer))
    args = [row.code, row.edition] if name == "detail" else []
    place, browser = reverse(f"assessments:{name}", args=[aims.slug, *args]), signed_in(officer)

    def cost(**asked: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(place, asked).status_code == 200
        return len(queries)

    def grow(size: int) -> None:
        for _each in range(size):
            system = a_system(officer)
            a_risk(officer, system=system)
            a_measure(an_impact(an_assessment(officer, system), officer), officer)
            a_measure(an_impact(row, officer), officer)

    today = clock.today(aims.time_zone).isoformat()
    grow(3)
    cost(as_of=today)
    few = cost(as_of=today)
    grow(27)
    assert cost(as_of=today) == few
    assert few <= cost() + 1  # the system's own past
    assert Impact.objects.count() == 60
