"""Typed makers of AI systems; each goes through the actions."""

from itertools import count
from typing import Any

from accounts.actor import Actor
from accounts.models import User
from controls.models import Requirement
from systems.actions import register, rely_on, say_scope
from systems.models import AiSystem, Reliance

_number = count(1)


def a_system(actor: Actor, *, name: str = "", in_scope: bool | None = None, **facts: Any) -> AiSystem:
    """A registered system; `in_scope` says its scope too."""
    facts = {"purpose": "Answers questions of customers"} | facts
    system = register(actor=actor, name=name or f"System {next(_number)}", **facts)
    if in_scope is None:
        return system
    return say_scope(system, is_in_scope=in_scope, reason="Customers meet it", seen=system.version, actor=actor)


def a_reliance(actor: Actor, system: AiSystem, code: str = "A.6.2.4", why: str = "Every release is tested") -> Reliance:
    """A link from a system to a requirement."""
    return rely_on(system, Requirement.objects.get(code=code), why=why, actor=actor)


def person_of(actor: Actor) -> User:
    """The person behind an actor."""
    return User.objects.get(pk=actor.user_id)
