"""Name a deputy for a role, for some days: what they do is recorded as done in the person's stead (5.3)."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor, Authority
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import Refusal, require
from accounts.roles import Role
from aims.events import DEPUTISED, DEPUTY_ENDED
from aims.live import in_force
from aims.models import Aims, Membership
from aims.permissions import may_deputise
from ledger.actions import record
from ledger.change import Change, hold_apart

LONGEST = timedelta(days=366)
WHO = "A deputy is named by the person whose role it is, or by an administrator."


class NotDeputy(Refusal):
    """This person cannot stand in, or not for this role or these days."""


@transaction.atomic
def name_deputy(
    membership: Membership, user: User, *, valid_from: datetime, valid_until: datetime, actor: Actor
) -> Membership:
    """Let a member stand in for the holder of a role between two instants; it ends when the role itself does."""
    Aims.objects.select_for_update().get(pk=current_aims_id())
    row = Membership.objects.select_related("user").get(pk=membership.pk)
    require(may_deputise(actor, row), _(WHO))
    _refuse_role(row)
    _refuse_person(row, user, actor)
    _refuse_days(row, user, valid_from, valid_until)
    made = Membership(
        aims_id=row.aims_id,
        user=user,
        role=row.role,
        scope=row.scope,
        granted_by_id=actor.user_id,
        valid_from=valid_from,
        valid_until=valid_until,
        deputises=row,
    )
    change = Change.new(made)
    change.save(actor=actor)
    record(DEPUTISED, made, actor=_under(actor, row), change=change)
    return made


@transaction.atomic
def end_deputy(deputy: Membership, *, reason: str, seen: int, actor: Actor) -> Membership:
    """End a deputy's authority now, with a reason; ending it twice changes nothing."""
    row = Membership.objects.select_for_update(of=("self",)).select_related("deputises").get(pk=deputy.pk)
    if row.deputises is None:
        raise NotDeputy(_("This role is not a deputy's. It is revoked."))
    require(may_deputise(actor, row.deputises), _(WHO))
    if row.revoked_at is not None:
        return row
    hold_apart(row, seen, reason=reason)
    if not reason.strip():
        raise NotDeputy(_("Say why the deputy's authority ends."), field="reason")
    change = Change.of(row, revoked_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(DEPUTY_ENDED, row, actor=_under(actor, row.deputises), change=change, reason=reason)
    return row


def _under(actor: Actor, row: Membership) -> Actor:
    """The record names the role that is handed on, or the administrator's where it is not the person's own."""

    def comes_first(held: Authority) -> bool:
        return held.membership_id == row.pk if row.user_id == actor.user_id else held.role == Role.ADMINISTRATOR

    return replace(actor, authorities=tuple(held for held in actor.authorities if comes_first(held)))


def _refuse_role(row: Membership) -> None:
    if row.role == Role.CERTIFIER:
        raise NotDeputy(_("A seat of the certification body is given to a person, and stays theirs."))
    if row.deputises_id is not None:
        raise NotDeputy(_("A deputy names no deputy. Ask the person whose role it is."))
    if not Membership.objects.filter(in_force(clock.now()), pk=row.pk).exists():
        raise NotDeputy(_("This role does not hold now."))


def _refuse_person(row: Membership, user: User, actor: Actor) -> None:
    if user.pk == row.user_id:
        raise NotDeputy(_("Nobody is their own deputy. Choose someone else."), field="user")
    if user.pk == actor.user_id:
        raise NotDeputy(_("You cannot name yourself. Ask the person whose role it is."), field="user")
    roles = Membership.objects.filter(in_force(clock.now()), user=user, user__is_active=True, deputises__isnull=True)
    held = set(roles.values_list("role", flat=True))
    if not held:
        raise NotDeputy(_("A deputy is a member who holds a role now."), field="user")
    if Role.CERTIFIER in held:
        raise NotDeputy(_("The certification body stands in for nobody whom it audits."), field="user")


def _refuse_days(row: Membership, user: User, begins: datetime, ends: datetime) -> None:
    if not max(begins, clock.now()) < ends:
        raise NotDeputy(_("The last day is not before the first, and not past."), field="valid_until")
    if ends - begins > LONGEST or (row.valid_until is not None and ends > row.valid_until):
        raise NotDeputy(
            _("A deputy stands in for a year at most, and no longer than the role holds."), field="valid_until"
        )
    same = Membership.objects.filter(user=user, deputises=row, revoked_at__isnull=True)
    if same.filter(valid_from__lt=ends, valid_until__gt=begins).exists():
        raise NotDeputy(_("%(user)s stands in on some of these days already.") % {"user": user}, field="valid_from")
