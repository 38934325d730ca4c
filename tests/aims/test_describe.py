"""The organisation is described by its stewards, one writer at a time."""

import pytest

from accounts.actor import Actor
from accounts.refusals import Conflict, NotAllowed
from accounts.roles import Role
from aims.actions import Description, describe
from aims.actions.describe import NotDescribable
from aims.models import Aims
from tests.make import a_member, trace_of


def test_a_description_is_saved_with_its_trace(aims: Aims, officer: Actor) -> None:
    about = Description("Meridian Ltd", "Meridian", "Europe/Berlin", ["provider"], ["EU", "UK"], "AIMS-SOA")
    row = describe(about, seen=1, actor=officer)
    assert (row.short_name, row.jurisdictions, row.version) == ("Meridian", ["EU", "UK"], 2)
    assert row.history.count() == 2
    assert trace_of(aims.ref) == ["aims.founded", "aims.described"]


def test_nothing_changed_is_nothing_recorded(aims: Aims, officer: Actor) -> None:
    about = Description(aims.organisation, time_zone=aims.time_zone, roles_played=aims.roles_played)
    assert describe(about, seen=1, actor=officer).version == 1
    assert trace_of(aims.ref) == ["aims.founded"]


@pytest.mark.parametrize(
    ("about", "field"),
    [
        (Description(" "), "organisation"),
        (Description("M", time_zone="Mars/Olympus"), "time_zone"),
        (Description("M", roles_played=["wizard"]), "roles_played"),
    ],
)
def test_nonsense_is_refused_at_its_field(aims: Aims, officer: Actor, about: Description, field: str) -> None:
    with pytest.raises(NotDescribable) as refusal:
        describe(about, seen=1, actor=officer)
    assert refusal.value.field == field
    assert trace_of(aims.ref) == ["aims.founded"]


def test_the_second_writer_is_held_apart(aims: Aims, officer: Actor) -> None:
    describe(Description("First"), seen=1, actor=officer)
    with pytest.raises(Conflict) as conflict:
        describe(Description("Second"), seen=1, actor=officer)
    assert conflict.value.current.organisation == "First"
    assert conflict.value.offered["organisation"] == "Second"


@pytest.mark.parametrize("role", [Role.OWNER, Role.APPROVER, Role.AUDITOR, Role.CERTIFIER, Role.REVIEWER])
def test_others_may_not(aims: Aims, officer: Actor, role: Role) -> None:
    with pytest.raises(NotAllowed):
        describe(Description("Taken over"), seen=1, actor=a_member(aims, role, by=officer))
