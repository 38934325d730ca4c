"""Sign that no assessment is due, or send the screening back."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from accounts.separation import apart, had_a_hand
from assessments.actions.shared import NotOpen, told
from assessments.models import Screening, ScreeningState
from assessments.permissions import may_send_screening_back, may_sign
from assessments.screening.actions.conclude import REVISE, SIGN, supersede_earlier
from assessments.screening.events import RETURNED, SIGNED
from assessments.screening.queries import answerers_of
from duties.actions import close_tasks, open_task
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart
from systems.first_tasks import ASSESS

LONGEST = timedelta(days=366)


class NotSignable(Refusal):
    """Nobody signs what they answered, and no signature lasts for ever."""


@transaction.atomic
def sign_screening(screening: Screening, *, next_review_on: date, seen: int, actor: Actor) -> Screening:
    """Put the screening on record in the place of an assessment, until the day on which it comes back for review."""
    row = _waiting(screening)
    require(may_sign(actor, row), _("Signing takes a compliance officer or an approver."))
    hold_apart(row, seen)
    answerers = answerers_of(row)
    if had_a_hand(actor, answerers) or not may_sign(apart(actor, answerers), row):
        raise NotSignable(_("You answered part of this screening. Somebody else has to sign it."))
    today = clock.today(row.aims.time_zone)
    if not today < next_review_on <= today + LONGEST:
        raise NotSignable(_("Choose a day within a year on which it is screened again."), field="next_review_on")
    actor = apart(actor, answerers)
    change = Change.of(
        row,
        state=ScreeningState.SIGNED,
        signed_by_id=actor.user_id,
        signed_at=clock.now(),
        next_review_on=next_review_on,
    )
    change.save(actor=actor, reason=row.because)
    outcome = {"mode": "continue", "outcome": "no assessment due"}
    record(SIGNED, row, actor=actor, change=change, reason=row.because, decision=outcome)
    close_tasks(SIGN, row.ref, actor=actor)
    close_tasks(ASSESS.kind, row.system.ref, actor=actor)
    supersede_earlier(row, actor)
    seal_now(row.aims_id)
    return row


@transaction.atomic
def return_screening(screening: Screening, *, reason: str, seen: int, actor: Actor) -> Screening:
    """Send it back to who answered it, with a reason; it can be answered again."""
    row = _waiting(screening)
    require(
        may_send_screening_back(actor, row), _("Sending back takes an approver, a reviewer or a compliance officer.")
    )
    hold_apart(row, seen)
    reason = told(reason, _("Say what has to change."))
    change = Change.of(row, state=ScreeningState.DRAFT, outcome="", reasons=[], concluded_at=None)
    change.save(actor=actor, reason=reason)
    record(RETURNED, row, actor=actor, change=change, reason=reason)
    close_tasks(SIGN, row.ref, actor=actor)
    title = _("Answer %(code)s again, %(system)s") % {"code": row.code, "system": row.system.name}
    address = reverse("assessments:screening", args=[row.aims.slug, row.code])
    open_task(REVISE, row.ref, title, owner_id=row.author_id, address=address)
    return row


def _waiting(screening: Screening) -> Screening:
    row = Screening.objects.select_for_update(of=("self",)).select_related("system").get(pk=screening.pk)
    if row.state != ScreeningState.WAITING:
        raise NotOpen(_("%(code)s does not wait for a signature.") % {"code": row.code})
    return row
