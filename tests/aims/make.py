"""Typed makers of the settings' things; each goes through the actions."""

from datetime import date
from itertools import count

from accounts.actor import Actor
from accounts.models import User
from aims.actions import Duty, Scope, oblige, state_scope
from aims.models import Obligation, ScopeStatement
from aims.queries import current_scope
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
