"""Put an assessment up for decision, or send it back."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from assessments.actions.shared import NotOpen, changed, locked, opened, told
from assessments.checks import Remark, gaps
from assessments.events import RETURNED, SUBMITTED
from assessments.models import Assessment, AssessmentState
from assessments.permissions import may_return
from assessments.queries import approvers_of, authors_of, sheet_of
from duties.actions import close_tasks, open_task

DECIDE, REVISE = "assessment.decide", "assessment.revise"


class Incomplete(Refusal):
    """Something is missing; `gaps` says what and where."""

    def __init__(self, missing: tuple[Remark, ...]) -> None:
        super().__init__(" ".join(remark.text for remark in missing))
        self.gaps = missing


@transaction.atomic
def submit_assessment(assessment: Assessment, *, seen: int, actor: Actor) -> Assessment:
    """Ask for the decision; an incomplete assessment is refused with everything it lacks."""
    row = opened(assessment, actor)
    if missing := gaps(sheet_of(row)):
        raise Incomplete(missing)
    row = changed(row, SUBMITTED, seen=seen, actor=actor, state=AssessmentState.SUBMITTED, submitted_at=clock.now())
    close_tasks(REVISE, row.ref, actor=actor)
    approver = next(iter(approvers_of(authors_of(row))), None)
    title = _("Decide on %(code)s, %(system)s") % {"code": row.code, "system": row.system.name}
    open_task(DECIDE, row.ref, title, owner_id=approver.pk if approver else None, address=_address(row))
    return row


@transaction.atomic
def return_assessment(assessment: Assessment, *, reason: str, seen: int, actor: Actor) -> Assessment:
    """Send it back to its author with a reason; it can be edited again."""
    row = locked(assessment)
    require(may_return(actor, row), _("Sending back takes an approver, a reviewer or a compliance officer."))
    if row.state != AssessmentState.SUBMITTED:
        raise NotOpen(_("%(code)s is not in review.") % {"code": row.code})
    reason = told(reason, _("Say what has to change."))
    row = changed(row, RETURNED, seen=seen, actor=actor, reason=reason, state=AssessmentState.RETURNED)
    close_tasks(DECIDE, row.ref, actor=actor)
    title = _("Revise %(code)s, %(system)s") % {"code": row.code, "system": row.system.name}
    open_task(REVISE, row.ref, title, owner_id=row.author_id, address=_address(row))
    return row


def _address(row: Assessment) -> str:
    return reverse("assessments:detail", args=[row.aims.slug, row.code, row.edition])
