"""Settle a mail that was refused, or cut off so that nobody knows whether it arrived."""

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from jobs.models import Delivery, DeliveryState
from jobs.registry import told_of
from ledger.actions import record
from ledger.change import Facts
from upkeep.actions.settle_work import NotNow
from upkeep.events import MAIL_SETTLED
from upkeep.permissions import may_keep_up
from upkeep.queries import mails_that_need_a_person


class Fate(models.TextChoices):
    """What a person found out or decided."""

    ARRIVED = "arrived", gettext_lazy("It arrived")
    AGAIN = "again", gettext_lazy("Send again")
    GIVEN_UP = "given_up", gettext_lazy("Give up")


@transaction.atomic
def settle_mail(item: Delivery, fate: Fate, *, actor: Actor) -> Delivery:
    """Write down what became of a mail; what follows from one that arrived follows now. Raises NotNow.

    A mail that was refused did not arrive, and cannot be said to have.
    """
    require(may_keep_up(actor), _("Mail that did not leave is seen to by an administrator."))
    row = mails_that_need_a_person(current_aims_id()).select_for_update().filter(pk=item.pk).first()
    if row is None or (fate == Fate.ARRIVED and row.state == DeliveryState.FAILED):
        raise NotNow(_("This mail is not waiting for anybody any more. Look at it again."))
    before = {"state": row.state, "error": row.error}
    if fate == Fate.AGAIN:
        row.state, row.error = DeliveryState.NEW, ""
    elif fate == Fate.GIVEN_UP:
        row.state, row.settled_at = DeliveryState.FAILED, clock.now()
    else:
        row.state, row.sent_at, row.settled_at = DeliveryState.SENT, clock.now(), clock.now()
    row.save(update_fields=["state", "error", "sent_at", "settled_at"])
    record(MAIL_SETTLED, row, actor=actor, change=Facts(before, {"state": row.state, "fate": str(fate)}))
    if fate == Fate.ARRIVED and (told := told_of(row.topic)):
        told(row)
    return row
