"""Record whether the treatment of a risk works (8.3)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from assessments.actions.risks import on_register
from assessments.actions.shared import made, told
from assessments.events import VERIFIED
from assessments.models import Option, Risk, Treatment, Verification
from assessments.permissions import may_verify


class NotVerifiable(Refusal):
    """There is no treatment to look at, or the day cannot be."""


@transaction.atomic
def verify_treatment(risk: Risk, *, outcome: str, grounds: str, verified_on: date, actor: Actor) -> Verification:
    """Say what a look at the treatment found and on what grounds; a later look stands beside it."""
    row = on_register(risk)
    require(
        may_verify(actor, row),
        _("Verifying a treatment takes a compliance officer, an internal auditor or a reviewer."),
    )
    grounds = told(grounds, _("Say what you looked at."), "grounds")
    if verified_on > clock.today(row.aims.time_zone):
        raise NotVerifiable(_("Choose a day that is not to come."), field="verified_on")
    is_treated = Treatment.objects.filter(risk=row, withdrawn_at__isnull=True).exists()
    if not is_treated and row.option in ("", Option.RETAIN):
        raise NotVerifiable(_("%(code)s has no treatment to look at.") % {"code": row.code})
    looked = Verification(
        aims_id=row.aims_id,
        risk=row,
        outcome=outcome,
        grounds=grounds,
        verified_on=verified_on,
        verified_by_id=actor.user_id,
    )
    return made(looked, VERIFIED, actor=actor, reason=grounds)
