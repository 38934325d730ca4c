"""Typed makers of the things tests talk about; each goes through the actions."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.test import Client

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.roles import Role
from aims.actions import found, grant
from aims.models import Aims
from aims.queries import actor_for
from ledger.models import Record

_number = count(1)
A_SEAT = timedelta(days=90)
PASSWORD = "correct horse battery staple"


def a_person(name: str = "", **fields: Any) -> User:
    """A person who can sign in with PASSWORD."""
    number = next(_number)
    name = name or f"Person {number}"
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}.{number}@example.org")
    return User.objects.create_user(email, PASSWORD, name=name, **fields)


def an_organisation(name: str = "", **about: Any) -> tuple[Aims, Actor]:
    """An AIMS with its founder, who is administrator and compliance officer."""
    founder = a_person()
    name = name or f"Organisation {next(_number)}"
    return found(name, founder=founder, roles_played=["provider"], **about)


def a_member(aims: Aims, *roles: Role, by: Actor, name: str = "") -> Actor:
    """A person with these roles in the AIMS, as an actor."""
    user = a_person(name)
    with acting_in(aims, by):
        for role in roles:
            grant(user, role, valid_until=clock.now() + A_SEAT if role == Role.CERTIFIER else None, actor=by)
    actor = actor_for(user, aims, auth_method="password")
    assert actor is not None
    return actor


def signed_in(actor: Actor) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def trace_of(subject: str) -> list[str]:
    """The events recorded about a subject such as `entry:A.2.2`, oldest first."""
    return list(Record.objects.filter(subject=subject).order_by("pk").values_list("event", flat=True))
