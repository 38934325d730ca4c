"""Typed makers of the settings' things; each goes through the actions."""

from datetime import date, datetime, timedelta
from itertools import count

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.roles import Role
from aims.actions import Duty, Scope, name_deputy, oblige, share, state_scope
from aims.models import Aims, Membership, Obligation, ScopeStatement, Share
from aims.queries import actor_for, current_scope
from aims.vocabulary import ObligationKind

_number = count(1)


def an_obligation(by: Actor, title: str = "", kind: str = ObligationKind.LAW, owner: User | None = None) -> Obligation:
    """An obligation under the next free code."""
    return oblige(Duty(kind, title or f"Obligation {next(_number)}", owner=owner), actor=by)


def a_scope(by: Actor, text: str = "", effective_on: date = date(2026, 1, 5)) -> ScopeStatement:
    """The next version of the scope."""
    last = current_scope()
    text = text or f"The management system covers system {next(_number)}."
    return state_scope(Scope(text, effective_on), seen=last.number if last else 0, actor=by)


def seat_of(auditor: Actor) -> Membership:
    """The seat of an auditor of the certification body."""
    return Membership.objects.get(user_id=auditor.user_id, role=Role.CERTIFIER, revoked_at__isnull=True)


def shared(ref: str, auditor: Actor, *, by: Actor, until: datetime | None = None) -> Share:
    """Something shared with the auditor's seat."""
    return share(seat_of(auditor), ref, until=until, actor=by)


def a_deputy(of: Actor, deputy: Actor, role: Role, *, days: int = 10, by: Actor | None = None) -> Membership:
    """A member who stands in for another from now on, named by the one whose role it is."""
    row = Membership.objects.get(user_id=of.user_id, role=role, deputises__isnull=True, revoked_at__isnull=True)
    begins = clock.now()
    person = User.objects.get(pk=deputy.user_id)
    return name_deputy(row, person, valid_from=begins, valid_until=begins + timedelta(days=days), actor=by or of)


def now_as(actor: Actor, aims: Aims) -> Actor | None:
    """The same person as they may act at this moment."""
    return actor_for(User.objects.get(pk=actor.user_id), aims, auth_method="password")
