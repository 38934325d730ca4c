"""What incidents leave behind, made through the actions, with the AIMS's word in each text."""

from datetime import date, timedelta

from accounts import clock
from assessments.models import Risk
from controls.models import Requirement
from incidents.actions import (
    add_duty,
    contain,
    decline_notification,
    edit_incident,
    finish_action,
    hold_drill,
    link,
    move_incident,
    note,
    plan_action,
    report_incident,
    send_notification,
    triage,
    write_runbook,
)
from incidents.models import Incident
from systems.actions import edit_system
from systems.models import AiSystem
from tests.matrix.afterwards import Says
from tests.matrix.tenant import Tenant


def incidents(tenant: Tenant, says: Says, system: AiSystem) -> None:
    """A duty and a runbook; one incident that can be closed, one that nobody judged yet."""
    author = tenant.author
    texts = {"title": says("duty"), "authority": says("customers"), "source": says("contract")}
    add_duty(actor=author, within=24, **texts)
    book = write_runbook(name=says("runbook"), steps=says("steps"), owner=tenant.people["owner"], actor=author)
    drilled = {"tried": says("tried"), "findings": says("findings"), "outcome": "partly"}
    hold_drill(book, held_on=date(2026, 5, 20), actor=author, **drilled)
    _with_a_fallback(tenant, says, system)
    _corrected(tenant, says, _reported(tenant, says, system))
    row = _reported(tenant, says, system)
    plan_action(row, says("next action"), due_on=date(2026, 9, 1), owner=tenant.people["owner"], actor=author)


def _with_a_fallback(tenant: Tenant, says: Says, system: AiSystem) -> None:
    system.refresh_from_db()
    first = dict(system.record["model"])
    models = [first | {"base_model": says("fallback model")}]
    edit_system(system, seen=system.version, actor=tenant.author, record=system.record | {"models": models})


def _reported(tenant: Tenant, says: Says, system: AiSystem) -> Incident:
    texts = {name: says(name) for name in ("title", "what", "affected")}
    row = report_incident(
        system, actor=tenant.author, kind="privacy", happened=["breach"], occurred_at=clock.now() - timedelta(hours=2),
        owner=tenant.people["owner"], affected_count=3, **texts,
    )  # fmt: skip
    note(row, says("seen"), actor=tenant.author)
    link(row, Requirement.objects.get(code="A.8.4"), why=says("bears on it"), actor=tenant.author)
    risk = Risk.objects.order_by("-pk")[0].ref
    more = {"cause": says("cause"), "whys": [says("why")], "lessons": says("lesson"), "references": [risk]}
    return edit_incident(row, seen=row.version, actor=tenant.author, reason=says("learned"), **more)


def _corrected(tenant: Tenant, says: Says, row: Incident) -> None:
    author = tenant.author
    row = triage(row, 2, reason=says("severe"), seen=row.version, actor=author)
    contain(row, "fall-back", why=says("at once"), seen=row.version, actor=author)
    action = plan_action(row, says("action"), due_on=date(2026, 7, 1), actor=author)
    finish_action(action, evidence=says("evidence"), seen=action.version, actor=author)
    first, *rest = row.notifications.order_by("pk")
    send_notification(first, sent_at=None, reference=says("sent"), seen=first.version, actor=author)
    for other in rest:
        decline_notification(other, because=says("not due"), seen=other.version, actor=author)
    row.refresh_from_db()
    move_incident(row, "resolved", reason=says("resolved"), seen=row.version, actor=author)
