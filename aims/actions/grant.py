"""Grant and revoke roles: a membership is a credential with an issuer (field row G1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import Refusal, require
from accounts.roles import Role
from aims.events import GRANTED, REVOKED
from aims.models import Aims, Membership
from aims.permissions import may_grant
from ledger.actions import record
from ledger.change import Change, hold_apart


class NotGrantable(Refusal):
    """The role cannot be granted or taken back this way."""


@transaction.atomic
def grant(
    user: User, role: Role, *, actor: Actor, scope: str = "whole AIMS", valid_until: datetime | None = None
) -> Membership:
    """Give a person a role; one that already holds is returned as it is."""
    aims = Aims.objects.get(pk=current_aims_id())
    require(may_grant(actor, aims), _("Granting roles takes an administrator or a compliance officer."))
    if role not in Role:
        raise NotGrantable(_("There is no role %(role)s.") % {"role": role}, field="role")
    held = Membership.objects.filter(user=user, role=role, revoked_at__isnull=True).first()
    if held is not None:
        return held
    row = Membership(
        aims=aims,
        user=user,
        role=role,
        scope=scope,
        granted_by_id=actor.user_id,
        valid_from=clock.now(),
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
    admins = Membership.objects.filter(role=Role.ADMINISTRATOR, revoked_at__isnull=True)
    if row.role == Role.ADMINISTRATOR and admins.count() == 1:
        raise NotGrantable(_("This is the last administrator. Grant the role to someone else first."))
    change = Change.of(row, revoked_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(REVOKED, row, actor=actor, change=change, reason=reason)
    return row
