"""Remark on a section, and settle a remark."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import require
from assessments.actions.shared import NotOpen, changed, made, told
from assessments.models import Assessment, AssessmentState, SectionComment
from assessments.permissions import may_comment, may_settle, may_write
from assessments.sections.events import COMMENTED, SETTLED
from assessments.sections.queries import is_co_author

OVER = frozenset({AssessmentState.DECIDED, AssessmentState.SUPERSEDED})


@transaction.atomic
def comment_on(assessment: Assessment, section: str, *, text: str, actor: Actor) -> SectionComment:
    """Leave a remark for those who write and decide, until the assessment is decided."""
    row = Assessment.objects.select_for_update().get(pk=assessment.pk)
    require(may_comment(actor, row), _("Remarking takes somebody who works here."))
    if row.state in OVER:
        raise NotOpen(_("%(code)s is decided; remarks belong to a new edition.") % {"code": row.code})
    comment = SectionComment(
        aims_id=row.aims_id,
        assessment=row,
        section=section,
        text=told(text, _("Say what you remark."), field="text"),
        said_by_id=actor.user_id,
        said_at=clock.now(),
    )
    return made(comment, COMMENTED, actor=actor)


@transaction.atomic
def settle_comment(comment: SectionComment, *, seen: int, actor: Actor) -> SectionComment:
    """Say that a remark is dealt with; it stays readable."""
    row = SectionComment.objects.select_for_update(of=("self",)).select_related("assessment__system").get(pk=comment.pk)
    require(
        may_settle(actor, row) or (may_write(actor, row.assessment) or is_co_author(actor, row.assessment)),
        _("Settling a remark takes who made it or who writes the assessment."),
    )
    if row.settled_at is not None:
        raise NotOpen(_("The remark is settled already."))
    return changed(row, SETTLED, seen=seen, actor=actor, settled_by_id=actor.user_id, settled_at=clock.now())
