"""Put the treatment plan up, send it back, approve it: approving holds the acceptance of what remains (6.1.3, 8.3)."""

from hashlib import sha256

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from accounts.roles import Role
from accounts.separation import hands
from aims.hands import people_with
from aims.models import Aims
from aims.numbering import next_number
from assessments.actions.accept import accept_risk
from assessments.actions.shared import changed, made, told
from assessments.events import PLAN_APPROVED, PLAN_RETURNED, PLAN_SUBMITTED, PLAN_SUPERSEDED
from assessments.models import PlanState, Risk, TreatmentPlan
from assessments.permissions import may_decide_plan, may_submit_plan
from assessments.queries.treatment_plan import PlanLine, content_of, frozen_body, plan_in_force, plan_lines
from duties.actions import close_tasks, open_task
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart

DECIDE = "treatment_plan.decide"


class NotSubmittable(Refusal):
    """The plan cannot be put up as it stands."""


class NotDecidable(Refusal):
    """The plan cannot be decided on by this person, or has changed since it was put up."""


@transaction.atomic
def submit_plan(*, actor: Actor, note: str = "") -> TreatmentPlan:
    """Put the plan up as it stands; what is above acceptance is decided, and nothing remains that nobody may accept."""
    require(may_submit_plan(actor), _("Putting the treatment plan up takes a compliance officer or an administrator."))
    aims = Aims.objects.select_for_update().get(pk=current_aims_id())
    if waiting := TreatmentPlan.objects.filter(state=PlanState.SUBMITTED).first():
        raise NotSubmittable(_("%(plan)s waits for a decision.") % {"plan": waiting.ref_code})
    lines = plan_lines()
    _refuse_gaps(lines)
    content = content_of(lines)
    held = plan_in_force()
    if held is not None and held.content_digest == content:
        raise NotSubmittable(_("Nothing has changed since %(plan)s.") % {"plan": held.ref_code})
    row = TreatmentPlan(
        aims=aims,
        number=next_number("TP"),
        note=note.strip(),
        content_digest=content,
        submitted_by_id=actor.user_id,
        submitted_at=clock.now(),
    )
    made(row, PLAN_SUBMITTED, actor=actor, reason=note)
    address = reverse("assessments:treatment-plan", args=[aims.slug, row.number])
    approver = next(iter(people_with(Role.APPROVER, clock.now(), hands([actor.user_id]))), None)
    title = _("Decide on treatment plan %(plan)s") % {"plan": row.ref_code}
    open_task(DECIDE, row.ref, title, owner_id=approver.pk if approver else None, address=address)
    return row


@transaction.atomic
def return_plan(plan: TreatmentPlan, *, reason: str, seen: int, actor: Actor) -> TreatmentPlan:
    """Send the plan back with a reason; the next one gets a number of its own."""
    require(may_decide_plan(actor) or may_submit_plan(actor), _("Sending the plan back takes an approver."))
    row = _waiting(plan, seen, reason)
    reason = told(reason, _("Say why it is sent back."))
    told_back = {"state": PlanState.RETURNED, "decided_at": clock.now(), "decision_note": reason}
    changed(row, PLAN_RETURNED, seen=seen, actor=actor, reason=reason, **told_back)
    close_tasks(DECIDE, row.ref, actor=actor)
    return row


@transaction.atomic
def approve_plan(plan: TreatmentPlan, *, reason: str, seen: int, actor: Actor) -> TreatmentPlan:
    """Put a plan in force: accept what remains of each risk by the rule of its band, and freeze all with its digest."""
    require(may_decide_plan(actor), _("Approving the treatment plan takes an approver."))
    row = _waiting(plan, seen, reason)
    if actor.user_id is not None and row.submitted_by_id == actor.user_id:
        raise NotDecidable(_("You put this plan up. Someone else has to approve it."))
    reason = told(reason, _("Give the reason an auditor will read."))
    if content_of(plan_lines()) != row.content_digest:
        raise NotDecidable(_("The register has changed since this plan was put up. Send it back, and put it up again."))
    _accept_all(row, reason, actor)
    return _put_in_force(row, reason, actor)


def _put_in_force(row: TreatmentPlan, reason: str, actor: Actor) -> TreatmentPlan:
    earlier = plan_in_force()
    if earlier is not None:
        why = _("%(plan)s was approved.") % {"plan": row.ref_code}
        changed(earlier, PLAN_SUPERSEDED, seen=earlier.version, actor=actor, reason=why, state=PlanState.SUPERSEDED)
    change = Change.of(
        row, state=PlanState.APPROVED, decided_by_id=actor.user_id, decided_at=clock.now(), decision_note=reason
    )
    row.frozen = frozen_body(row, plan_lines())
    row.digest = sha256(row.frozen).hexdigest()
    change.save(actor=actor, reason=reason)
    outcome = {"mode": "continue", "outcome": "approved"}
    record(PLAN_APPROVED, row, actor=actor, change=change, reason=reason, after_hash=row.digest, decision=outcome)
    close_tasks(DECIDE, row.ref, actor=actor)
    seal_now(row.aims_id)
    return row


def _accept_all(row: TreatmentPlan, reason: str, actor: Actor) -> None:
    """Accept what remains of every risk that is scored and not accepted yet; a refusal names the risk."""
    why = _("With treatment plan %(plan)s: %(reason)s") % {"plan": row.ref_code, "reason": reason}
    waiting = Risk.objects.filter(withdrawn_at__isnull=True, accepted_at__isnull=True)
    for risk in waiting.exclude(residual_likelihood=None).exclude(residual_severity=None).order_by("code"):
        try:
            accept_risk(risk, reason=why, seen=risk.version, actor=actor)
        except Refusal as refusal:
            raise NotDecidable(f"{risk.code}: {refusal.message}") from refusal


def _waiting(plan: TreatmentPlan, seen: int, reason: str) -> TreatmentPlan:
    row = TreatmentPlan.objects.select_for_update().get(pk=plan.pk)
    hold_apart(row, seen, decision_note=reason)
    if row.state != PlanState.SUBMITTED:
        raise NotDecidable(_("%(plan)s does not wait for a decision.") % {"plan": row.ref_code})
    return row


def _refuse_gaps(lines: tuple[PlanLine, ...]) -> None:
    if not lines:
        raise NotSubmittable(_("There is no risk on the register."))
    if blocked := [line.code for line in lines if line.blocks]:
        raise NotSubmittable(
            _("Decide on these first, and treat what nobody may accept: %(codes)s.") % {"codes": ", ".join(blocked)}
        )
