"""Scope statements are versions: the next one leaves the last as it was."""

from datetime import date

import pytest

from accounts.actor import Actor
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.actions import Scope, state_scope
from aims.actions.state_scope import NotStateable
from aims.models import Aims, ScopeStatement
from tests.aims.make import a_scope
from tests.make import a_member, trace_of


def test_versions_are_numbered_and_stay(aims: Aims, officer: Actor) -> None:
    first, second = a_scope(officer, "One system"), a_scope(officer, "Two systems")
    assert (first.number, second.number) == (1, 2)
    assert ScopeStatement.objects.get(number=1).text == "One system"
    assert trace_of(first.ref) == trace_of(second.ref) == ["scope.stated"]
    assert second.history.count() == 1


def test_two_who_state_at_once_are_held_apart(aims: Aims, officer: Actor) -> None:
    a_scope(officer)
    with pytest.raises(Conflict) as conflict:
        state_scope(Scope("Mine", date(2026, 2, 1)), seen=0, actor=officer)
    assert conflict.value.offered["text"] == "Mine"
    assert ScopeStatement.objects.count() == 1


@pytest.mark.parametrize(
    ("scope", "field"),
    [
        (Scope(" ", date(2026, 2, 1)), "text"),
        (Scope("Same", date(2026, 2, 1)), "text"),
        (Scope("Earlier", date(2025, 2, 1)), "effective_on"),
    ],
)
def test_nonsense_is_refused(aims: Aims, officer: Actor, scope: Scope, field: str) -> None:
    a_scope(officer, "Same")
    with pytest.raises(NotStateable) as refusal:
        state_scope(scope, seen=1, actor=officer)
    assert refusal.value.field == field


def test_others_may_not(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        a_scope(a_member(aims, Role.OWNER, by=officer))
