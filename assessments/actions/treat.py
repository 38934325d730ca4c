"""Say which controls treat a risk."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import require
from assessments.actions.risks import on_register
from assessments.actions.shared import linkable
from assessments.events import TREATED, UNTREATED
from assessments.models import Risk, Treatment
from assessments.permissions import may_edit_risk
from assessments.ports import Relied, tell_of_reliance
from controls.models import Requirement
from ledger.actions import record
from ledger.change import Change, hold_apart


@transaction.atomic
def treat(risk: Risk, requirement: Requirement, *, actor: Actor) -> Treatment:
    """Name a control or clause that treats the risk; naming it again changes nothing."""
    row = _treatable(risk, actor)
    linkable(requirement, row.aims_id)
    held = Treatment.objects.filter(risk=row, requirement=requirement, withdrawn_at__isnull=True).first()
    if held is not None:
        return held
    treatment = Treatment(aims_id=row.aims_id, risk=row, requirement=requirement)
    change = Change.new(treatment)
    change.save(actor=actor)
    record(TREATED, row, actor=actor, change=change)
    tell_of_reliance(Relied(requirement, row.ref, str(row), row.system, actor))
    return treatment


@transaction.atomic
def stop_treating(treatment: Treatment, *, seen: int, actor: Actor, reason: str = "") -> Treatment:
    """Take a control out of the treatment; its history stays."""
    risk = _treatable(treatment.risk, actor)
    row = Treatment.objects.select_for_update().get(pk=treatment.pk, withdrawn_at__isnull=True)
    hold_apart(row, seen)
    change = Change.of(row, withdrawn_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(UNTREATED, risk, actor=actor, change=change, reason=reason)
    return row


def _treatable(risk: Risk, actor: Actor) -> Risk:
    row = on_register(risk)
    require(may_edit_risk(actor, row), _("Treating a risk takes a compliance officer or its owner."))
    return row
