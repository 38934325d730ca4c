"""Say that a notification was sent, or why it is not due."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from incidents.actions.owing import NOTIFY, done_with
from incidents.actions.shared import HANDLERS, JUDGES, locked, past, saved, told
from incidents.events import NOT_DUE, SENT
from incidents.models import Notification
from incidents.permissions import may_handle, may_judge
from incidents.words import Standing
from ledger.change import Change, hold_apart


class NotNotifiable(Refusal):
    """The notification stands otherwise already."""


@transaction.atomic
def send_notification(
    row: Notification, *, sent_at: datetime | None, reference: str, seen: int, actor: Actor
) -> Notification:
    """Record that it was sent, when, and under which reference; that is never taken back."""
    held = _held(row)
    require(may_handle(actor, held.incident), str(HANDLERS))
    hold_apart(held, seen, reference=reference)
    if held.state == Standing.SENT:
        raise NotNotifiable(_("It was sent already."))
    at = past(sent_at, "sent_at") or clock.now()
    if at < held.incident.noticed_at:
        raise NotNotifiable(_("It cannot have been sent before the incident was noticed."), field="sent_at")
    reference = told(reference, _("Give the authority's reference, or how it was sent."), "reference")
    actor = actor.on_behalf_of(held.incident.owner_id or held.incident.system.owner_id)
    said = {"state": Standing.SENT, "sent_at": at, "reference": reference, "said_by_id": actor.user_id, "because": ""}
    saved(Change.of(held, **said), SENT, actor=actor, reason=reference)
    done_with(NOTIFY, held.ref, actor)
    return held


@transaction.atomic
def decline_notification(row: Notification, *, because: str, seen: int, actor: Actor) -> Notification:
    """Decide that it is not due, with the reason an authority will read; other facts make it due again."""
    held = _held(row)
    require(may_judge(actor, held.incident), str(JUDGES))
    hold_apart(held, seen, because=because)
    if held.state != Standing.DUE:
        raise NotNotifiable(_("It is not due as it stands."))
    because = told(because, _("Say why it is not due."), "because")
    actor = actor.on_behalf_of(held.incident.system.owner_id)
    said = {"state": Standing.NOT_DUE, "because": because, "said_by_id": actor.user_id}
    decision = {"mode": "refuse", "outcome": "not due", "previous": str(Standing.DUE.value)}
    saved(Change.of(held, **said), NOT_DUE, actor=actor, reason=because, decision=decision)
    done_with(NOTIFY, held.ref, actor)
    return held


def _held(row: Notification) -> Notification:
    incident = locked(row.incident)
    held = Notification.objects.select_for_update(of=("self",)).get(pk=row.pk)
    held.incident = incident
    return held
