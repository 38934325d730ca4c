"""Put what is still judged by an earlier version on the newest criteria: never by itself, always by somebody's act."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from aims.models import Criteria
from aims.queries import current_criteria
from assessments.actions.escalate import escalate
from assessments.actions.risks import on_register
from assessments.actions.shared import changed, opened
from assessments.events import JUDGED_ANEW, RISK_JUDGED_ANEW, UNACCEPTED
from assessments.models import Assessment, Risk
from assessments.permissions import may_edit_risk
from ledger.actions import record
from ledger.change import Change, hold_apart


class JudgedAlready(Refusal):
    """The newest criteria judge it already."""


@transaction.atomic
def judge_assessment_anew(assessment: Assessment, *, seen: int, actor: Actor) -> Assessment:
    """Judge an open assessment by the newest criteria; one that is in review or decided keeps its own."""
    row = opened(assessment, actor)
    newest = _newer_than(row.criteria)
    reason = _("Criteria, version %(n)s") % {"n": newest.number}
    return changed(row, JUDGED_ANEW, seen=seen, actor=actor, reason=reason, criteria=newest)


@transaction.atomic
def judge_risk_anew(risk: Risk, *, seen: int, actor: Actor) -> Risk:
    """Judge the scores of a risk by the newest criteria, which clears an acceptance by the rule of the earlier ones."""
    row = on_register(risk)
    require(may_edit_risk(actor, row), _("Changing a risk takes a compliance officer or its owner."))
    actor = actor.on_behalf_of(row.owner_id)
    hold_apart(row, seen)
    newest = _newer_than(row.criteria)
    reason = _("Criteria, version %(n)s") % {"n": newest.number}
    was_accepted = row.accepted_at is not None
    change = Change.of(row, criteria=newest, accepted_by=None, accepted_at=None, acceptance_reason="")
    change.save(actor=actor, reason=reason)
    record(RISK_JUDGED_ANEW, row, actor=actor, change=change, reason=reason)
    if was_accepted:
        record(UNACCEPTED, row, actor=actor, change=change, reason=reason)
    escalate(row, actor)
    return row


def _newer_than(criteria: Criteria) -> Criteria:
    newest = current_criteria()
    if newest == criteria:
        raise JudgedAlready(_("Version %(n)s, the newest, judges it already.") % {"n": newest.number})
    return newest
