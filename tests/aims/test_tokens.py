"""Tokens act in one AIMS, for a year at most, and are recorded in its chain."""

from datetime import timedelta

import pytest

from accounts import clock, tokens
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import Token, TokenKind
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.actions import issue_token, revoke_token
from aims.actions.issue_token import NotIssuable
from aims.models import Aims
from ledger.models import Annex
from tests.make import a_member, an_organisation, trace_of


def a_token(by: Actor, kind: TokenKind = TokenKind.PERSONAL, **fields: object) -> tuple[Token, str]:
    asked = {"name": "CI", "scopes": ["read"], "expires_at": clock.now() + timedelta(days=90)} | fields
    return issue_token(kind=kind, actor=by, **asked)  # type: ignore[arg-type]


def test_a_token_is_issued_found_and_revoked(aims: Aims, officer: Actor) -> None:
    token, raw = a_token(officer)
    assert tokens.find(raw) == token
    assert revoke_token(token, actor=officer).version == 2
    assert revoke_token(token, actor=officer).version == 2
    assert tokens.find(raw) is None
    assert trace_of(token.ref) == ["token.issued", "token.revoked"]
    assert not any(raw in annex.text or token.digest in annex.text for annex in Annex.objects.all())


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["root"]}, "scopes"),
        ({"expires_at": clock.now() - timedelta(days=1)}, "expires_on"),
        ({"expires_at": clock.now() + timedelta(days=400)}, "expires_on"),
    ],
)
def test_nonsense_is_refused(aims: Aims, officer: Actor, fields: dict[str, object], field: str) -> None:
    with pytest.raises(NotIssuable) as refusal:
        a_token(officer, **fields)
    assert refusal.value.field == field
    assert not Token.objects.exists()


def test_services_and_agents_take_a_steward(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    assert a_token(owner)[0].kind == TokenKind.PERSONAL
    with pytest.raises(NotAllowed):
        a_token(owner, TokenKind.AGENT)
    assert a_token(officer, TokenKind.SERVICE)[0].kind == TokenKind.SERVICE


def test_only_its_own_or_a_steward_revokes(aims: Aims, officer: Actor) -> None:
    owner, other = a_member(aims, Role.OWNER, by=officer), a_member(aims, Role.OWNER, by=officer)
    token, _raw = a_token(owner)
    with pytest.raises(NotAllowed):
        revoke_token(token, actor=other)
    assert revoke_token(token, actor=officer).revoked_at


def test_a_foreign_token_is_not_there(aims: Aims, officer: Actor) -> None:
    token, _raw = a_token(officer)
    other, stranger = an_organisation()
    with acting_in(other, stranger), pytest.raises(Token.DoesNotExist):
        revoke_token(token, actor=stranger)
