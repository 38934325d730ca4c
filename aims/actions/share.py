"""Share a thing with a seat of the certification body, or take it back; both are recorded (9.2, 4.2)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from accounts.roles import Role
from aims.events import SHARED, UNSHARED
from aims.models import Aims, Membership, Share
from aims.permissions import may_share
from aims.ports import shareable
from ledger.actions import record
from ledger.change import Change, hold_apart

WHO = "Sharing with the certification body takes an administrator or a compliance officer."


class NotShareable(Refusal):
    """The thing cannot be shared so, or not with this membership."""


@transaction.atomic
def share(seat: Membership, ref: str, *, actor: Actor, until: datetime | None = None) -> Share:
    """Let a seat read one thing, until an instant or as long as the seat lasts; sharing it again changes nothing."""
    aims = Aims.objects.get(pk=current_aims_id())
    require(may_share(actor, aims), _(WHO))
    row = Membership.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    _refuse_no_seat(row)
    if not shareable(aims, [ref]):
        raise NotShareable(_("%(ref)s is nothing that can be shared.") % {"ref": ref or "?"}, field="subject")
    if until is not None and not clock.now() < until <= (row.valid_until or until):
        raise NotShareable(_("Choose a day from today up to the end of the seat."), field="until")
    held = Share.objects.select_for_update().filter(seat=row, subject=ref, withdrawn_at__isnull=True).first()
    if held is not None and (held.until is None or held.until > clock.now()):
        return held
    if held is not None:
        _withdraw(held, _("Its date had passed, and it was shared again."), actor)
    made = Share(aims=aims, seat=row, subject=ref, until=until, shared_by_id=actor.user_id, shared_at=clock.now())
    change = Change.new(made)
    change.save(actor=actor)
    record(SHARED, made, actor=actor, change=change)
    return made


@transaction.atomic
def unshare(shared: Share, *, reason: str, seen: int, actor: Actor) -> Share:
    """Close a thing to a seat again, at once; doing it twice changes nothing."""
    require(may_share(actor, shared.aims), _(WHO))
    row = Share.objects.select_for_update(of=("self",)).get(pk=shared.pk)
    if row.withdrawn_at is not None:
        return row
    hold_apart(row, seen, reason=reason)
    if not reason.strip():
        raise NotShareable(_("Say why it is no longer shared."), field="reason")
    return _withdraw(row, reason.strip(), actor)


def _withdraw(row: Share, reason: str, actor: Actor) -> Share:
    change = Change.of(row, withdrawn_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(UNSHARED, row, actor=actor, change=change, reason=reason)
    return row


def _refuse_no_seat(row: Membership) -> None:
    if row.role != Role.CERTIFIER:
        raise NotShareable(_("Things are shared with the seat of a certification-body auditor."), field="seat")
    if row.revoked_at is not None or (row.valid_until is not None and row.valid_until <= clock.now()):
        raise NotShareable(_("This seat has ended."), field="seat")
