"""Typed makers of what the overview tells of; each goes through the actions."""

from datetime import timedelta
from itertools import count

from accounts import clock
from accounts.actor import Actor
from duties.actions import open_task
from soa.actions import amend, decide, open_statement
from soa.models import Applicability, Entry
from tests.assessments.make import a_measure, an_assessment, an_impact
from tests.audits.make import a_cycle
from tests.evidence.make import a_note
from tests.systems.make import a_system, person_of

_number = count(1)
ANSWERS = {
    "organisation": "Brook & Vale GmbH",
    "time_zone": "Europe/Berlin",
    "roles_played": ["provider", "customer"],
    "form-TOTAL_FORMS": "5",
    "form-INITIAL_FORMS": "0",
    "form-0-name": "Support assistant",
    "form-0-purpose": "Answers questions of customers",
    "form-1-name": "Ranker",
    "form-1-purpose": "Orders applications",
}


def decided(code: str, actor: Actor, *, why: str = "Customers meet it.", **facts: object) -> Entry:
    """A row that is included; `facts` say how far it is in place."""
    row = Entry.objects.with_names().get(requirement__code=code)
    row = decide(row, Applicability.INCLUDED, why=why, seen=row.version, actor=actor)
    return amend(row, dict(facts), seen=row.version, actor=actor) if facts else row


def a_statement(actor: Actor) -> None:
    """An open statement with one row of each kind: evidenced, implemented only, excluded, undecided."""
    open_statement(actor=actor)
    a_note(actor=actor, title="Policy of 2026", serves=["A.2.2"])
    decided("A.2.2", actor, implementation="implemented", owner=person_of(actor))
    decided("A.2.3", actor, implementation="implemented")
    decided("A.2.4", actor, implementation="partly")
    row = Entry.objects.with_names().get(requirement__code="A.3.2")
    decide(row, Applicability.EXCLUDED, why="We employ nobody.", seen=row.version, actor=actor)


def more_of_everything(actor: Actor, times: int) -> None:
    """So many more systems, assessments, evidence, tasks and decided rows."""
    today = clock.now().date()
    undecided = list(Entry.objects.filter(applicability=Applicability.UNDECIDED).with_names().in_order()[:times])
    for row in undecided:
        decided(row.requirement.code, actor, implementation="implemented", owner=person_of(actor))
    for number in range(times):
        a_note(actor=actor, title=f"Review {next(_number)}", serves=["A.4.2"], renew_by=today + timedelta(days=number))
        assessment = an_assessment(actor, a_system(actor, in_scope=True))
        a_measure(an_impact(assessment, actor), actor)
        open_task("test", str(next(_number)), "Renew it", owner_id=actor.user_id, due_on=today, address="/there/")


def under_way(actor: Actor) -> None:
    """An AIMS with something in every section of the overview."""
    a_statement(actor)
    a_cycle(actor)
    more_of_everything(actor, 2)
