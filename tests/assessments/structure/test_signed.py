"""A signed screening is the record: in history and lists, at the gate, in the trace, until something happens."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from aims.days import short_day
from aims.models import Aims
from assessments.actions import start_assessment
from assessments.gate import assessed
from assessments.models import Screening
from assessments.portfolio_page import drawn_history
from assessments.queries.past import judgements_of
from assessments.queries.portfolio import narrowed, portfolio
from assessments.screening.actions import sign_screening
from duties.models import Task
from ledger.actions import seal
from systems.actions import edit_system, say_scope
from systems.models import AiSystem
from tests.assessments.make import an_approver
from tests.assessments.structure.test_answers import concluded
from trace.lineage.query import lineage_of
from trace.lineage.shapes import Lineage

pytestmark = pytest.mark.db_both
NEVER = "is in scope and has no impact assessment that was decided"


@pytest.fixture
def signed(aims: Aims, officer: Actor) -> Screening:
    row = concluded(officer, "no", "Sorts our own build logs.", model_version="1.0")
    say_scope(row.system, is_in_scope=True, reason="Builds.", seen=row.system.version, actor=officer)
    day = clock.today(aims.time_zone) + timedelta(days=200)
    return sign_screening(row, next_review_on=day, seen=row.version, actor=an_approver(aims, officer))


def words_of(aims: Aims, row: Screening) -> str:
    assert row.signed_by
    return f"Not due, screened by {row.signed_by.display_name} on {short_day(clock.today(aims.time_zone))}"


def told_of(aims: Aims, subject: str) -> Lineage:
    seal(aims.pk)
    return lineage_of(subject, aims)


def faults(system: AiSystem) -> tuple[str, str]:
    [check] = assessed(AiSystem.objects.get(pk=system.pk), "deployment")
    return check.state, check.note


def test_it_is_a_point_of_the_history_and_a_line_of_lists(aims: Aims, officer: Actor, browser: Client) -> None:
    row = concluded(officer, "no", "Sorts our own build logs.")
    before = clock.now()
    with time_machine.travel(before + timedelta(minutes=5)):
        day = clock.today(aims.time_zone) + timedelta(days=200)
        row = sign_screening(row, next_review_on=day, seen=row.version, actor=an_approver(aims, officer))
        [point] = judgements_of(row.system)
        assert (point.code, point.is_screening, point.now) == (row.code, True, None)
        assert judgements_of(row.system, before) == ()
        picture = drawn_history([point])
        assert 'data-kind="screening"' in picture
        assert "screened, no assessment is due" in picture
        words = words_of(aims, row)
        [line] = portfolio().systems
        assert (line.words, line.is_unjudged, line.next_review_on) == (words, False, day)
        assert portfolio(before).systems[0].is_unjudged
        today = clock.today(aims.time_zone)
        assert [narrowed([line], today=today, state=state) == [line] for state in ("screened", "none")] == [True, False]
        places = (
            reverse("assessments:portfolio", args=[aims.slug]),
            reverse("assessments:history", args=[aims.slug, row.system.code]),
            reverse("systems:detail", args=[aims.slug, row.system.code]),
        )
        for place in places:
            page = browser.get(place).content.decode()
            assert words in page, place
            assert f"/screenings/{row.code}/" in page, place
        start_assessment(row.system, actor=officer)
        assert portfolio().systems[0].words == "Draft"


def test_the_gate_takes_it_for_its_day_and_the_version_that_was_screened(
    aims: Aims, officer: Actor, signed: Screening
) -> None:
    assert faults(signed.system) == ("met", "")
    with time_machine.travel(clock.now() + timedelta(days=201)):
        assert faults(signed.system) == (
            "failing",
            f"The review of {signed.code} was due on {short_day(signed.next_review_on)}.",  # type: ignore[arg-type]
        )
    system = AiSystem.objects.get(pk=signed.system_id)
    edit_system(system, model_version="2.0", seen=system.version, actor=officer)
    assert faults(system) == ("failing", f"{signed.code} screened version 1.0; 2.0 is in use.")
    task = Task.objects.get(kind="screening.again", closed_at__isnull=True)
    assert task.subject == system.ref
    assert task.title.startswith(f"Screen {system.name} again: Model changed")


def test_the_trace_of_a_system_leads_to_it(aims: Aims, officer: Actor, signed: Screening) -> None:
    system = AiSystem.objects.get(pk=signed.system_id)
    found = told_of(aims, system.ref)
    assert signed.ref in found.nodes
    assert not any(NEVER in gap.text for gap in found.gaps)
    assert (found.nodes[signed.ref].state, words_of(aims, signed)) == ("ok", dict(found.node.facts)["Screening"])
    back = told_of(aims, signed.ref)
    assert system.ref in back.nodes
    edit_system(system, model_version="2.0", seen=system.version, actor=officer)
    told = {gap.text for gap in told_of(aims, system.ref).gaps}
    assert f"{system.name} runs 2.0 but was last screened at 1.0." in told
