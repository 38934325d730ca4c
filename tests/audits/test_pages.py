"""The page of the cycle: chart, table and forms, and what each person may do there."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from audits.actions import edit_milestone
from audits.models import Milestone, MilestoneKind
from audits.queries import cycle
from tests.audits.make import a_cycle, a_milestone
from tests.make import a_member, an_organisation, signed_in
from tests.systems.make import person_of


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    """Return the officer's browser."""
    return signed_in(officer)


def at(aims: Aims, name: str, *args: object) -> str:
    """Return an address of the room."""
    return reverse(f"audits:{name}", args=[aims.slug, *args])


def test_an_empty_cycle_says_what_to_do_next(browser: Client, aims: Aims) -> None:
    assert "Add the first date" in browser.get(at(aims, "cycle")).content.decode()


def test_the_chart_has_its_geometry_in_attributes_and_a_text_twin(aims: Aims, officer: Actor) -> None:
    a_cycle(officer)
    drawn = render_to_string("components/cycle.html", {"cycle": cycle(date(2026, 6, 18))})
    assert 'class="cycle-chart" viewBox="0 0 1140 120"' in drawn
    assert "Today, 18 Jun" in drawn
    assert "style=" not in drawn
    assert '<time datetime="2028-10-29">29 Oct 2028</time>' in drawn


def test_coordinates_keep_their_points_in_every_language(aims: Aims, officer: Actor) -> None:
    a_cycle(officer)
    with translation.override("de"):
        drawn = render_to_string("components/cycle_chart.html", {"chart": cycle(date(2026, 6, 18)).chart})
    assert 'cx="45.5"' in drawn


def test_the_page_tells_what_comes_next(browser: Client, aims: Aims, officer: Actor) -> None:
    soon = clock.today(aims.time_zone) + timedelta(days=12)
    a_milestone(officer, soon, body="Northgate Certification", kind=MilestoneKind.EXPIRES, reference="AI 70418")
    page = browser.get(at(aims, "cycle")).content.decode()
    assert "Northgate Certification, certificate AI 70418" in page
    assert "is in 12 days, on " in page
    assert "in 12 days" in page


def test_the_page_costs_the_same_with_three_dates_and_with_forty(browser: Client, aims: Aims, officer: Actor) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(at(aims, "cycle")).status_code == 200
        return len(queries)

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            day = date(2026, 1, 5) + timedelta(days=number)
            a_milestone(officer, day, kind=MilestoneKind.INTERNAL, owner=person_of(officer))

    grow(0, 3)
    few = cost()
    grow(3, 40)
    assert cost() == few


def test_dates_are_planned_edited_held_and_withdrawn(browser: Client, aims: Aims) -> None:
    planned = {"kind": "stage_1", "due_on": "2026-02-02", "body": "Northgate"}
    assert browser.post(at(aims, "plan"), planned).status_code == 302
    row = Milestone.objects.get()
    assert browser.post(at(aims, "edit", row.pk), planned | {"due_on": "2026-02-03", "seen": 1}).status_code == 302
    assert browser.post(at(aims, "hold", row.pk), {"held_on": "2026-02-03", "seen": 2}).status_code == 302
    assert "Held 3 Feb 2026" in browser.get(at(aims, "cycle")).content.decode()
    assert browser.post(at(aims, "withdraw", row.pk), {"reason": "", "seen": 3}).status_code == 422
    assert browser.post(at(aims, "withdraw", row.pk), {"reason": "Body changed", "seen": 3}).status_code == 302
    assert browser.get(at(aims, "edit", row.pk)).status_code == 404


def test_wrong_input_is_answered_in_place(browser: Client, aims: Aims) -> None:
    answer = browser.post(at(aims, "plan"), {"kind": "stage_1", "due_on": "2026-02-31"})
    assert answer.status_code == 422
    assert '<a href="#id_due_on">' in answer.content.decode()
    answer = browser.post(at(aims, "plan"), {"kind": "stage_1", "due_on": "1926-02-03"})
    assert (answer.status_code, "Check the year." in answer.content.decode()) == (422, True)


def test_both_texts_are_shown_to_the_second_writer(browser: Client, aims: Aims, officer: Actor) -> None:
    row = a_milestone(officer, body="Northgate")
    edit_milestone(row, body="Southgate", seen=1, actor=officer)
    mine = {"kind": row.kind, "due_on": "2026-10-01", "body": "Eastgate", "seen": 1}
    answer = browser.post(at(aims, "edit", row.pk), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Southgate" in page
    assert 'value="Eastgate"' in page
    assert 'name="seen" value="2"' in page


def test_the_owner_may_say_it_was_held_and_readers_nothing(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    row = a_milestone(officer, owner=person_of(owner))
    other = a_milestone(officer, kind=MilestoneKind.STAGE_1)
    page = signed_in(owner).get(at(aims, "cycle")).content.decode()
    assert at(aims, "hold", row.pk) in page
    assert at(aims, "hold", other.pk) not in page
    assert at(aims, "edit", row.pk) not in page
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    for name in ("edit", "hold", "withdraw"):
        assert reader.get(at(aims, name, row.pk)).status_code == 403
    assert reader.post(at(aims, "plan"), {}).status_code == 403
    assert at(aims, "hold", row.pk) not in reader.get(at(aims, "cycle")).content.decode()


def test_what_belongs_to_others_is_not_there(browser: Client, aims: Aims) -> None:
    other, their_officer = an_organisation()
    with acting_in(other, their_officer):
        theirs = a_milestone(their_officer, body="Secret body")
    for name in ("edit", "hold", "withdraw"):
        assert browser.get(at(aims, name, theirs.pk)).status_code == 404
    assert browser.get(at(other, "cycle")).status_code == 404
    assert "Secret body" not in browser.get(at(aims, "cycle")).content.decode()
