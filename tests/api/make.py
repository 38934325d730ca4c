"""Typed makers for the API door: clients that hold a token."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.test import Client

from accounts import clock
from accounts.actor import Actor
from accounts.models import Token, TokenKind
from aims.actions import issue_token
from aims.models import Aims
from soa.actions import decide, open_statement
from soa.models import Applicability, Entry


class Machine(Client):
    """A client that speaks JSON with a bearer token, inside one AIMS."""

    def __init__(self, aims: Aims, token: Token, secret: str) -> None:
        super().__init__(headers={"authorization": f"Bearer {secret}"})
        self.secret = secret
        self.token = token
        self.base = f"/api/v1/a/{aims.slug}/"

    def read(self, place: str, **query: Any) -> Any:
        """GET."""
        return self.get(self.base + place, query)

    def act(self, place: str, body: Any = None, *, seen: str = "", verb: str = "post") -> Any:
        """Send a body as JSON; `seen` is the ETag for If-Match."""
        headers = {"if-match": seen} if seen else {}
        send = getattr(self, verb)
        return send(self.base + place, body or {}, content_type="application/json", headers=headers)

    def tag(self, place: str) -> str:
        """The ETag of what is at a place."""
        return str(self.read(place)["ETag"])


def a_machine(
    aims: Aims,
    actor: Actor,
    *,
    kind: TokenKind = TokenKind.PERSONAL,
    scopes: Iterable[str] = ("read", "write"),
) -> Machine:
    """A client with a fresh token of this person."""
    expires = clock.now() + timedelta(days=30)
    token, secret = issue_token(name="test", kind=kind, scopes=list(scopes), expires_at=expires, actor=actor)
    return Machine(aims, token, secret)


def a_decided_statement(actor: Actor) -> None:
    """Every control included, with a reason."""
    open_statement(actor=actor)
    for row in Entry.objects.with_names():
        decide(row, Applicability.INCLUDED, why="Because our systems need it.", seen=row.version, actor=actor)
