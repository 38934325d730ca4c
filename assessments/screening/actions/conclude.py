"""Conclude a screening: an assessment is due, or somebody else is asked to sign that none is."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal
from assessments.actions.shared import changed
from assessments.models import Depth, Screening, ScreeningState
from assessments.screening.actions.answer import answering
from assessments.screening.deciding import conclude, unanswered
from assessments.screening.events import CONCLUDED, SUPERSEDED
from assessments.screening.queries import signers_of
from duties.actions import close_tasks, open_task

SIGN, AGAIN, REVISE = "screening.sign", "screening.again", "screening.revise"
ENDED = (ScreeningState.DUE, ScreeningState.SIGNED)


class NotConcluded(Refusal):
    """Something is not answered, or the reason why none is due is missing."""


@transaction.atomic
def conclude_screening(screening: Screening, *, seen: int, actor: Actor, because: str = "") -> Screening:
    """Take what the answers come to. That no assessment is due needs a reason, and the signature of somebody else."""
    row = answering(screening, actor)
    if missing := unanswered(row.answers):
        raise NotConcluded(_("Answer every question first; “not known” is an answer."), field=missing[0].code)
    found = conclude(row.answers)
    is_due = found.depth != Depth.NONE
    if not is_due and not because.strip():
        raise NotConcluded(_("Say in your own words why no assessment is due."), field="because")
    row = changed(
        row,
        CONCLUDED,
        seen=seen,
        actor=actor,
        reason=because.strip(),
        state=ScreeningState.DUE if is_due else ScreeningState.WAITING,
        outcome=found.depth,
        reasons=list(found.reasons),
        because="" if is_due else because.strip(),
        concluded_at=clock.now(),
    )
    close_tasks(REVISE, row.ref, actor=actor)
    if is_due:
        supersede_earlier(row, actor)
    else:
        _ask_for_signature(row)
    return row


def supersede_earlier(row: Screening, actor: Actor) -> None:
    """Let this screening take the place of those that stood for its system."""
    reason = _("%(code)s was concluded.") % {"code": row.code}
    for earlier in (
        Screening.objects.select_for_update().filter(system=row.system_id, state__in=ENDED).exclude(pk=row.pk)
    ):
        state = ScreeningState.SUPERSEDED
        changed(earlier, SUPERSEDED, seen=earlier.version, actor=actor, reason=reason, state=state)
    close_tasks(AGAIN, row.system.ref, actor=actor)


def _ask_for_signature(row: Screening) -> None:
    signer = next(iter(signers_of(row)), None)
    title = _("Sign that %(system)s needs no impact assessment") % {"system": row.system.name}
    address = reverse("assessments:screening", args=[row.aims.slug, row.code])
    open_task(SIGN, row.ref, title, owner_id=signer.pk if signer else None, address=address)
