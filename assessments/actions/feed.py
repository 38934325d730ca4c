"""Point a risk at the impacts of assessments that feed it: what they say is shown from there, never copied."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from assessments.actions.risks import on_register
from assessments.events import FED, UNFED
from assessments.models import Impact, Risk, RiskImpact
from assessments.permissions import may_edit_risk
from ledger.actions import record
from ledger.change import Change, hold_apart


class NotFeedable(Refusal):
    """The impact cannot feed a risk."""


@transaction.atomic
def feed(risk: Risk, impact: Impact, *, actor: Actor) -> RiskImpact:
    """Let an impact feed a risk; doing so again, or by another edition of the same impact, changes nothing."""
    row = _fed(risk, actor)
    if impact.aims_id != row.aims_id or impact.withdrawn_at is not None:
        raise NotFeedable(_("Choose an impact of an assessment."), field="impact")
    held = RiskImpact.objects.filter(
        risk=row,
        impact__number=impact.number,
        impact__assessment__code=impact.assessment.code,
        withdrawn_at__isnull=True,
    ).first()
    if held is not None:
        return held
    link = RiskImpact(aims_id=row.aims_id, risk=row, impact=impact)
    change = Change.new(link)
    change.save(actor=actor)
    record(FED, row, actor=actor, change=change)
    return link


@transaction.atomic
def stop_feeding(link: RiskImpact, *, seen: int, actor: Actor, reason: str = "") -> RiskImpact:
    """Take an impact away from a risk; its history stays."""
    risk = _fed(link.risk, actor)
    row = RiskImpact.objects.select_for_update().get(pk=link.pk, withdrawn_at__isnull=True)
    hold_apart(row, seen)
    change = Change.of(row, withdrawn_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(UNFED, risk, actor=actor, change=change, reason=reason)
    return row


def _fed(risk: Risk, actor: Actor) -> Risk:
    row = on_register(risk)
    require(may_edit_risk(actor, row), _("Changing a risk takes a compliance officer or its owner."))
    return row
