"""What the page of one system costs, however much the rooms after this one have to show of it."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from aims.models import Aims
from changes.actions import withdraw_change
from controls.models import Requirement
from evidence.actions import link_evidence
from systems.models import AiSystem
from tests.assessments.make import a_risk
from tests.changes.make import a_live_system, a_plan
from tests.evidence.make import a_note
from tests.incidents.make import an_incident
from tests.make import signed_in
from tests.operations.make import a_signal, an_evaluation, post

MOST = 29


def more_of_everything(system: AiSystem, actor: Actor) -> None:
    """Something of each kind that stands on the page."""
    plan = a_plan(actor, system)
    withdraw_change(plan, reason="Put off.", seen=plan.version, actor=actor)
    an_incident(actor, system)
    a_risk(actor, system=system)
    controls = Requirement.objects.decidable().in_order()[:2]
    link_evidence(a_note(actor=actor), controls, system=system, actor=actor)
    post(actor, a_signal(actor, system, limits={"lower": "0.8"}), [0.9, 0.5])
    an_evaluation(actor, system)


def test_what_other_rooms_show_adds_no_queries(aims: Aims, officer: Actor) -> None:
    system, browser = a_live_system(officer), signed_in(officer)
    place = reverse("systems:detail", args=[aims.slug, system.code])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(place).content.decode()
        assert page.count("INC-") >= 1
        return len(queries)

    more_of_everything(system, officer)
    cost()
    few = cost()
    for _each in range(4):
        more_of_everything(system, officer)
    assert cost() == few <= MOST
