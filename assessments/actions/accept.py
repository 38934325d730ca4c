"""Accept what remains of a risk: two people are needed, the one who scored it and the one who accepts."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import NotAllowed, Refusal
from accounts.separation import apart
from aims.acceptance import rule_of
from aims.queries import names_of
from aims.vocabulary import Band
from assessments.actions.escalate import escalate
from assessments.actions.risks import on_register
from assessments.actions.shared import told
from assessments.bands import judged
from assessments.events import ACCEPTED
from assessments.models import Risk
from assessments.permissions import may_accept
from assessments.policies import own_scores
from assessments.queries import score_writers
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart


class NotAcceptable(Refusal):
    """What remains cannot be accepted, or not by this person."""


@transaction.atomic
def accept_risk(risk: Risk, *, reason: str, seen: int, actor: Actor) -> Risk:
    """Accept the residual risk by the rule of its band; a band that nobody may accept is refused to everyone."""
    row = on_register(risk)
    band = _residual_band(row)
    if not may_accept(actor, row, band):
        rule = rule_of(row.criteria, band)
        words = {"band": band.label, "who": rule.words(names_of(rule.named))}
        raise NotAllowed(_("Accepting a %(band)s risk takes %(who)s.") % words)
    hold_apart(row, seen, reason=reason)
    if row.accepted_at is not None:
        raise NotAcceptable(_("%(code)s is accepted already.") % {"code": row.code})
    writers = score_writers(row)
    if own_work := own_scores(actor, row, band, writers):
        raise NotAcceptable(own_work)
    actor = apart(actor, writers).on_behalf_of(row.owner_id)
    reason = told(reason, _("Say why what remains can be accepted."))
    change = Change.of(row, accepted_by_id=actor.user_id, accepted_at=clock.now(), acceptance_reason=reason)
    change.save(actor=actor, reason=reason)
    outcome = {"mode": "continue", "outcome": "accepted", "harm": str(band)}
    record(ACCEPTED, row, actor=actor, change=change, reason=reason, decision=outcome)
    escalate(row, actor)
    seal_now(row.aims_id)
    return row


def _residual_band(row: Risk) -> Band:
    level = judged(row.criteria, row.residual_likelihood, row.residual_severity)
    if level is None:
        raise NotAcceptable(_("Score what remains first."))
    if rule_of(row.criteria, level.band).is_nobody:
        raise NotAcceptable(_("Nobody may accept %(band)s; treat it first.") % {"band": level.label})
    return level.band
