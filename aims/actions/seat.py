"""Give a certification-body auditor a seat: named audits, a first and a last day, and nothing that is not shared."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import require
from accounts.roles import Role
from aims.actions.grant import LONGEST_SEAT, NotGrantable, grant
from aims.actions.invite import address_of, call_in, person_at
from aims.actions.share import share
from aims.events import DATED
from aims.models import Aims, Membership
from aims.permissions import may_grant
from ledger.actions import record
from ledger.change import Change, hold_apart

WHO = "Seats are given by an administrator or a compliance officer."


@dataclass(frozen=True, slots=True)
class Seat:
    """When a seat begins and ends, and which audits of the cycle it is for (references such as `milestone:4`)."""

    begins: datetime
    ends: datetime
    audits: tuple[str, ...]


@transaction.atomic
def give_seat(email: str, *, name: str, seat: Seat, actor: Actor) -> Membership:
    """Give a seat to somebody by e-mail, share its audits with it, and mail the way in."""
    aims = Aims.objects.get(pk=current_aims_id())
    require(may_grant(actor, aims), _(WHO))
    if not seat.audits:
        raise NotGrantable(_("Choose the audit that the seat is for."), field="audits")
    address = address_of(email)
    row = _given(person_at(address, name), seat, actor)
    for ref in seat.audits:
        share(row, ref, actor=actor)
    call_in(row.user, [Role.CERTIFIER.value], aims, actor=actor)
    return row


def _given(user: User, seat: Seat, actor: Actor) -> Membership:
    live = Membership.objects.filter(user=user, role=Role.CERTIFIER, revoked_at__isnull=True)
    if any(row.valid_until is None or row.valid_until > clock.now() for row in live):
        raise NotGrantable(
            _("%(user)s has a seat already. Change its last day, or share more with it.") % {"user": user}
        )
    scope = ", ".join(seat.audits)[:120]
    return grant(user, Role.CERTIFIER, scope=scope, valid_from=seat.begins, valid_until=seat.ends, actor=actor)


@transaction.atomic
def date_seat(seat: Membership, *, ends: datetime, seen: int, actor: Actor) -> Membership:
    """Give a seat another last day, at most a year from now; a seat that has ended is given anew."""
    require(may_grant(actor, seat.aims), _(WHO))
    row = Membership.objects.select_for_update(of=("self",)).get(pk=seat.pk, role=Role.CERTIFIER)
    hold_apart(row, seen, valid_until=ends)
    now = clock.now()
    if row.revoked_at is not None or (row.valid_until is not None and row.valid_until <= now):
        raise NotGrantable(_("This seat has ended. Give a new one."))
    if not max(now, row.valid_from) < ends <= now + LONGEST_SEAT:
        raise NotGrantable(_("A seat ends after it begins, and within a year."), field="valid_until")
    change = Change.of(row, valid_until=ends)
    if change:
        change.save(actor=actor)
        record(DATED, row, actor=actor, change=change)
    return row
