"""Grant and revoke roles: a membership is a credential with an issuer (field row G1)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import Refusal, require
from accounts.roles import Role
from aims.events import GRANTED, REVOKED
from aims.live import in_force
from aims.models import Aims, Membership
from aims.permissions import may_grant
from ledger.actions import record
from ledger.change import Change, hold_apart

LONGEST_SEAT = timedelta(days=366)


class NotGrantable(Refusal):
    """The role cannot be granted or taken back this way."""


@transaction.atomic
def grant(
    user: User,
    role: Role,
    *,
    actor: Actor,
    scope: str = "whole AIMS",
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
) -> Membership:
    """Give a person a role; one that holds already is returned as it is, one that ended is closed and given anew."""
    aims = Aims.objects.get(pk=current_aims_id())
    require(may_grant(actor, aims), _("Granting roles takes an administrator or a compliance officer."))
    if role not in Role:
        raise NotGrantable(_("There is no role %(role)s.") % {"role": role}, field="role")
    begins = valid_from or clock.now()
    _refuse_dates(role, begins, valid_until)
    own = Membership.objects.select_for_update(of=("self",)).filter(deputises__isnull=True, revoked_at__isnull=True)
    held = own.filter(user=user, role=role).first()
    if held is not None and (held.valid_until is None or held.valid_until > clock.now()):
        return held
    if held is not None:
        _close(held, _("Its date had passed, and it was granted again."), actor)
    row = Membership(
        aims=aims,
        user=user,
        role=role,
        scope=scope,
        granted_by_id=actor.user_id,
        valid_from=begins,
        valid_until=valid_until,
    )
    change = Change.new(row)
    change.save(actor=actor)
    record(GRANTED, row, actor=actor, change=change)
    return row


@transaction.atomic
def revoke(membership: Membership, *, reason: str, seen: int, actor: Actor) -> Membership:
    """Take a role back at once; the last administrator cannot be left out."""
    require(may_grant(actor, membership.aims), _("Revoking roles takes an administrator or a compliance officer."))
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    hold_apart(row, seen)
    admins = Membership.objects.filter(in_force(clock.now()), role=Role.ADMINISTRATOR, deputises__isnull=True)
    if row.role == Role.ADMINISTRATOR and row.deputises_id is None and not admins.exclude(pk=row.pk).exists():
        raise NotGrantable(_("This is the last administrator. Grant the role to someone else first."))
    return _close(row, reason, actor)


def _close(row: Membership, reason: str, actor: Actor) -> Membership:
    change = Change.of(row, revoked_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(REVOKED, row, actor=actor, change=change, reason=reason)
    return row


def _refuse_dates(role: Role, begins: datetime, ends: datetime | None) -> None:
    if ends is not None and not max(begins, clock.now()) < ends:
        raise NotGrantable(_("The last day is not before the first, and not past."), field="valid_until")
    if role == Role.CERTIFIER and (ends is None or ends - begins > LONGEST_SEAT):
        raise NotGrantable(_("A seat of the certification body has a last day, within a year."), field="valid_until")
