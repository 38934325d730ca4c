"""Nobody audits their own work: a control they own, decided on, proved, or stand in for (9.2.2)."""

from collections.abc import Callable

import pytest

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from soa.actions import amend, record_effectiveness
from soa.actions.effect import NotTestable
from soa.models import Effectiveness
from tests.aims.make import a_deputy, now_as
from tests.evidence.make import a_note
from tests.make import a_member, trace_of
from tests.soa.make import a_statement, an_entry, included
from tests.systems.make import person_of


def owning(_aims: Aims, officer: Actor, auditor: Actor) -> None:
    amend(an_entry(), {"owner": person_of(auditor)}, seen=an_entry().version, actor=officer)


def deciding(_aims: Aims, _officer: Actor, auditor: Actor) -> None:
    included(auditor)


def proving(_aims: Aims, _officer: Actor, auditor: Actor) -> None:
    a_note(actor=auditor, serves=["A.2.2"])


def standing_in(aims: Aims, officer: Actor, auditor: Actor) -> None:
    """The auditor decided as a deputy of the officer: the work is both's."""
    a_deputy(officer, auditor, Role.OFFICER)
    deputy = now_as(auditor, aims)
    assert deputy is not None
    included(deputy)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (owning, "You own this control"),
        (deciding, "You decided on this control or gave its evidence"),
        (proving, "You decided on this control or gave its evidence"),
        (standing_in, "You decided on this control or gave its evidence"),
    ],
)
def test_an_auditor_does_not_test_their_own_work(
    aims: Aims, officer: Actor, work: Callable[[Aims, Actor, Actor], None], words: str
) -> None:
    a_statement(officer)
    roles = (Role.AUDITOR,) if work is standing_in else (Role.AUDITOR, Role.OFFICER)
    auditor, free = a_member(aims, *roles, by=officer), a_member(aims, Role.AUDITOR, by=officer)
    work(aims, officer, auditor)
    told = {"source": "test:T-1", "actor": auditor}
    with pytest.raises(NotTestable, match=words):
        record_effectiveness(an_entry(), Effectiveness.EFFECTIVE, **told)  # type: ignore[arg-type]
    record_effectiveness(an_entry("A.2.3"), Effectiveness.EFFECTIVE, **told)  # type: ignore[arg-type]
    record_effectiveness(an_entry(), Effectiveness.EFFECTIVE, source="test:T-1", actor=free)
    assert trace_of("entry:A.2.2")[-1] == "soa.effectiveness_recorded"


def test_a_deputy_of_an_auditor_does_not_test_what_the_auditor_works_at(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    auditor, deputy = a_member(aims, Role.AUDITOR, by=officer), a_member(aims, Role.REVIEWER, by=officer)
    owning(aims, officer, auditor)
    a_deputy(auditor, deputy, Role.AUDITOR)
    acting = now_as(deputy, aims)
    assert acting is not None
    with pytest.raises(NotTestable, match="You stand in for somebody whose work this is"):
        record_effectiveness(an_entry(), Effectiveness.EFFECTIVE, source="test:T-1", actor=acting)
    record_effectiveness(an_entry("A.2.3"), Effectiveness.EFFECTIVE, source="test:T-1", actor=acting)
