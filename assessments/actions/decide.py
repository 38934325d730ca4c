"""Decide on an assessment: an approver who did not write it; the decision freezes what it was taken on."""

from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from accounts.separation import apart
from aims.acceptance import rule_of
from aims.queries import names_of
from assessments.actions.measures import tell_of_measures
from assessments.actions.shared import NotOpen, locked, told
from assessments.actions.submit import DECIDE
from assessments.actions.triggers import settle_by_edition
from assessments.events import DECIDED, SUPERSEDED
from assessments.freezing import frozen_form
from assessments.models import Assessment, AssessmentState, Decision
from assessments.permissions import may_decide, may_let_use
from assessments.policies import own_assessment
from assessments.queries import Sheet, authors_of, sheet_of
from duties.actions import close_tasks
from ledger.actions import record, seal_now
from ledger.canonical import canonical
from ledger.change import Change, hold_apart
from systems.first_tasks import ASSESS

MODES = {
    Decision.PROCEED: "continue",
    Decision.CONDITIONS: "partial",
    Decision.MITIGATE: "defer",
    Decision.DECLINE: "refuse",
}
USING = frozenset({Decision.PROCEED, Decision.CONDITIONS})


class OwnWork(Refusal):
    """Two people are needed for an assessment's decision."""


class NotDecidable(Refusal):
    """The assessment cannot take this decision; the message says which it can."""


@transaction.atomic
def decide_assessment(
    assessment: Assessment,
    decision: Decision,
    *,
    reason: str,
    seen: int,
    actor: Actor,
    conditions_by: date | None = None,
    next_review_on: date | None = None,
) -> Assessment:
    """Settle whether the system may be used, freeze the content, and put the edition in force.

    A decision to use it (proceed, with conditions) needs a next review; conditions need a date. What remains must be
    a level that the criteria let this approver accept.
    """
    row = locked(assessment)
    require(may_decide(actor, row), _("Deciding takes an approver."))
    hold_apart(row, seen, reason=reason)
    if row.state != AssessmentState.SUBMITTED:
        raise NotOpen(_("%(code)s is not in review.") % {"code": row.code})
    authors = authors_of(row)
    if own_work := own_assessment(actor, row, authors):
        raise OwnWork(own_work)
    actor = apart(actor, authors)
    reason = told(reason, _("Give the reason an auditor will read."))
    next_review_on = next_review_on or row.next_review_on
    _refuse_dates(row, decision, conditions_by, next_review_on)
    sheet = sheet_of(row)
    _refuse_level(sheet, decision, actor)
    change = Change.of(
        row,
        state=AssessmentState.DECIDED,
        decision=decision,
        conditions=reason,
        conditions_by=conditions_by if decision == Decision.CONDITIONS else None,
        next_review_on=next_review_on,
        decided_by_id=actor.user_id,
        decided_at=clock.now(),
    )
    return _freeze(sheet, change, actor)


def _freeze(sheet: Sheet, change: Change, actor: Actor) -> Assessment:
    row = sheet.assessment
    row.frozen = canonical(frozen_form(sheet))
    row.digest = sha256(row.frozen).hexdigest()
    change.save(actor=actor, reason=row.conditions)
    outcome = {
        "mode": MODES[Decision(row.decision)],
        "outcome": str(row.decision),
        "harm": str(sheet.worst_now.band) if sheet.worst_now else None,
    }
    record(DECIDED, row, actor=actor, change=change, reason=row.conditions, after_hash=row.digest, decision=outcome)
    close_tasks(DECIDE, row.ref, actor=actor)
    close_tasks(ASSESS.kind, row.system.ref, actor=actor)
    if row.replaces is not None:
        _supersede(row.replaces, row, actor)
        tell_of_measures(row, actor)
    settle_by_edition(row, actor=actor)
    seal_now(row.aims_id)
    return row


def _supersede(replaced: Assessment, row: Assessment, actor: Actor) -> None:
    earlier = locked(replaced)
    change = Change.of(earlier, state=AssessmentState.SUPERSEDED)
    reason = _("Edition %(edition)s was decided.") % {"edition": row.edition}
    change.save(actor=actor, reason=reason)
    record(SUPERSEDED, earlier, actor=actor, change=change, reason=reason)


def _refuse_dates(row: Assessment, decision: Decision, conditions_by: date | None, next_review_on: date | None) -> None:
    today = clock.today(row.aims.time_zone)
    if decision == Decision.CONDITIONS and conditions_by is None:
        raise NotDecidable(
            _("Enter the date the conditions must be met by. The decision expires on it."), field="conditions_by"
        )
    if decision == Decision.CONDITIONS and conditions_by is not None and conditions_by < today:
        raise NotDecidable(_("Choose a date that is not past."), field="conditions_by")
    if decision in USING and next_review_on is None:
        raise NotDecidable(_("Say when it is reviewed next."), field="next_review_on")
    if next_review_on is not None and next_review_on < today:
        raise NotDecidable(_("Choose a date that is not past."), field="next_review_on")


def _refuse_level(sheet: Sheet, decision: Decision, actor: Actor) -> None:
    worst = sheet.worst_now
    if decision not in USING or worst is None or may_let_use(actor, sheet.assessment, worst.band):
        return
    rule = rule_of(sheet.assessment.criteria, worst.band)
    text = _("Nobody may accept %(band)s; mitigate first or decline.")
    if rule.named:
        text = _("Accepting %(band)s takes %(who)s. Mitigate first, decline, or leave it to them.")
    words = {"band": worst.label, "who": rule.words(names_of(rule.named))}
    raise NotDecidable(text % words, field="decision")
