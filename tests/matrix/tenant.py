"""An AIMS of the matrix: its word, which stands in all of its texts, and everybody who could knock at its doors."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import Token, TokenKind, User
from accounts.roles import INSIDERS, Role
from aims.actions import found, grant, issue_token, revoke
from aims.models import Aims, Membership
from aims.queries import actor_for
from tests.make import PASSWORD

NOW = datetime(2026, 6, 18, 9, 0, tzinfo=UTC)
BUILT = NOW - timedelta(days=20)
SEATED = timedelta(days=200)
ANONYMOUS, DISABLED, REVOKED, ENDED = "anonymous", "disabled", "revoked", "ended"
CHIEF, HEIR, STRANGER, GUEST = "chief", "heir", "stranger", "guest's token"
MACHINES = {kind: f"{kind} token" for kind in TokenKind.values}
OUTSIDERS = (ANONYMOUS, DISABLED, REVOKED, ENDED)


class Visitor(Client):
    """A browser that comes back as it first came: `kept` are the cookies that it signed in with."""

    kept = ""


@dataclass(frozen=True, slots=True)
class Tenant:
    """One AIMS. `word` is found in each of its texts and nowhere else; its author wrote them all."""

    word: str
    aims: Aims
    author: Actor
    people: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """A person as an actor here."""
        actor = actor_for(self.people[name], self.aims, auth_method="password")
        assert actor is not None
        return actor

    def client(self, name: str) -> Visitor:
        """A browser with this person's session, or a machine with this token."""
        client = Visitor(headers={"authorization": f"Bearer {self.tokens[name]}"} if name in self.tokens else None)
        if name in self.people:
            client.force_login(self.people[name])
            client.kept = client.cookies.output(header="")
        return client


def a_tenant(word: str) -> Tenant:
    """An AIMS in which nothing is written yet but who belongs to it."""
    with clock.standing_at(BUILT):
        founder = _person(word, "founder")
        aims, author = found(
            f"{word} organisation", founder=founder, roles_played=["provider"], slug=f"{word}-aims".lower()
        )
        tenant = Tenant(word, aims, author)
        with acting_in(aims, author):
            _people(tenant)
            _tokens(tenant)
    return tenant


def _person(word: str, name: str) -> User:
    email = f"{name.replace(' ', '.')}@{word}.example.org".lower()
    return User.objects.create_user(email, PASSWORD, name=f"{word} {name}", job_title=f"{word} {name} by trade")


def _people(tenant: Tenant) -> None:
    """One person a role, one with all that members can hold, and those who do not belong any more."""
    for role in Role:
        _member(tenant, role.value, role, valid_until=BUILT + SEATED if role == Role.CERTIFIER else None)
    _member(tenant, CHIEF, *sorted(INSIDERS))
    _member(tenant, HEIR, Role.ADMINISTRATOR)
    _member(tenant, DISABLED, Role.ADMINISTRATOR)
    _member(tenant, REVOKED, Role.ADMINISTRATOR)
    _member(tenant, ENDED, Role.ADMINISTRATOR, valid_until=BUILT + timedelta(days=1))
    User.objects.filter(pk=tenant.people[DISABLED].pk).update(is_active=False)
    row = Membership.objects.get(user=tenant.people[REVOKED])
    revoke(row, reason=f"{tenant.word} let them go", seen=row.version, actor=tenant.author)


def _member(tenant: Tenant, name: str, *roles: Role, **limits: Any) -> None:
    tenant.people[name] = _person(tenant.word, name)
    for role in roles:
        grant(tenant.people[name], role, scope=f"{tenant.word} whole", actor=tenant.author, **limits)


def as_guest(tenant: Tenant, other: Tenant) -> None:
    """Give the heir of another AIMS a role in this one, and a token that opens this one alone."""
    user = other.people[HEIR]
    with clock.standing_at(BUILT), acting_in(tenant.aims, tenant.author):
        grant(user, Role.ADMINISTRATOR, scope=f"{tenant.word} whole", actor=tenant.author)
        actor = actor_for(user, tenant.aims, auth_method="password")
        assert actor is not None
        given = {"name": f"{tenant.word} guest", "kind": TokenKind.PERSONAL, "scopes": ["read", "write"]}
        _token, tenant.tokens[GUEST] = issue_token(**given, expires_at=NOW + timedelta(days=90), actor=actor)
        Token.objects.filter(name=given["name"]).update(last_used_at=NOW)


def _tokens(tenant: Tenant) -> None:
    """A token of each kind, issued by the chief."""
    expires = NOW + timedelta(days=90)
    for kind, name in MACHINES.items():
        given = {"name": f"{tenant.word} {kind}", "kind": TokenKind(kind), "scopes": ["read", "write"]}
        _token, raw = issue_token(**given, expires_at=expires, actor=tenant.actor(CHIEF))
        Token.objects.filter(name=f"{tenant.word} {kind}").update(last_used_at=NOW)
        tenant.tokens[name] = raw
