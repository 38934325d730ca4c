"""A treatment that was verified, an impact that feeds it, a plan in force and one that waits."""

from collections.abc import Callable

from accounts import clock
from accounts.actor import Actor
from assessments.actions import approve_plan, feed, return_plan, submit_plan, verify_treatment
from assessments.models import Impact, PlanState, Risk, TreatmentPlan
from assessments.queries.drivers import in_force
from tests.matrix.tenant import Tenant

Says = Callable[[str], str]


def treated(tenant: Tenant, says: Says) -> None:
    """Everything around the newest risk."""
    risk = Risk.objects.order_by("-pk")[0]
    impact = Impact.objects.filter(in_force("assessment__"), withdrawn_at__isnull=True).order_by("-pk")[0]
    feed(risk, impact, actor=tenant.author)
    day = clock.today(tenant.aims.time_zone)
    verify_treatment(risk, outcome="effective", grounds=says("grounds"), verified_on=day, actor=tenant.author)


def planned(tenant: Tenant, says: Says, approver: Actor | None = None) -> None:
    """A plan that waits, or one in force where somebody approves it; one that waits already is sent back first."""
    for waiting in TreatmentPlan.objects.filter(state=PlanState.SUBMITTED):
        return_plan(waiting, reason=says("returned"), seen=waiting.version, actor=tenant.author)
    plan = submit_plan(note=says("note"), actor=tenant.author)
    if approver:
        approve_plan(plan, reason=says("reason"), seen=plan.version, actor=approver)
