"""Registering, editing, scoping, moving and linking AI systems: what is kept, recorded and refused."""

import pytest

from accounts.actor import Actor, service
from accounts.context import acting_in
from accounts.refusals import Conflict, NotAllowed, Refusal
from accounts.roles import Role
from aims.models import Aims
from controls.models import Requirement, RequirementKind
from ledger.models import Record
from systems.actions import edit_system, move_stage, register, rely_on, say_scope, stop_relying
from systems.models import AiSystem, Reliance, Stage
from tests.make import a_member, a_person, an_organisation, trace_of
from tests.systems.make import a_reliance, a_system, person_of


def test_registering_gives_codes_without_gaps_and_a_trace(aims: Aims, officer: Actor) -> None:
    first, second = a_system(officer, name=" Ranker "), a_system(officer)
    assert [first.code, second.code] == ["SYS-01", "SYS-02"]
    assert first.name == "Ranker"
    assert first.is_in_scope is None
    assert trace_of("system:SYS-01") == ["system.registered"]
    assert first.history.count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"purpose": ""}, "purpose"),
        ({"name": "x" * 161}, "name"),
        ({"roles_played": ["wizard"]}, "roles_played"),
        ({"stage": "dreaming"}, "stage"),
    ],
)
def test_what_cannot_be_registered_is_refused_at_its_field(
    aims: Aims, officer: Actor, facts: dict[str, object], field: str
) -> None:
    with pytest.raises(Refusal) as caught:
        register(actor=officer, **({"name": "Ranker", "purpose": "Ranks"} | facts))  # type: ignore[arg-type]
    assert caught.value.field == field
    assert not AiSystem.objects.exists()


def test_an_owner_from_outside_is_refused(aims: Aims, officer: Actor) -> None:
    with pytest.raises(Refusal) as caught:
        a_system(officer, owner=a_person())
    assert caught.value.field == "owner"


def test_roles_keep_the_order_of_the_vocabulary(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, roles_played=["customer", "provider", "customer"])
    assert system.roles_played == ["provider", "customer"]


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.CERTIFIER])
def test_other_roles_neither_register_nor_edit(aims: Aims, officer: Actor, role: Role) -> None:
    system = a_system(officer)
    member = a_member(aims, role, by=officer)
    with pytest.raises(NotAllowed):
        a_system(member)
    with pytest.raises(NotAllowed):
        edit_system(system, name="Mine", seen=1, actor=member)
    with pytest.raises(NotAllowed):
        say_scope(system, is_in_scope=True, reason="Because", seen=1, actor=member)
    with pytest.raises(NotAllowed):
        move_stage(system, Stage.DESIGN, seen=1, actor=member)
    with pytest.raises(NotAllowed):
        a_reliance(member, system)
    assert trace_of(system.ref) == ["system.registered"]


def test_the_owner_of_a_system_edits_its_facts_but_not_its_scope(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.REVIEWER, by=officer)
    system = a_system(officer, owner=person_of(owner))
    edited = edit_system(system, model_version="2.7.1", seen=1, actor=owner)
    assert edited.model_version == "2.7.1"
    say_scope(edited, is_in_scope=True, reason="Ours", seen=2, actor=officer)
    move_stage(edited, Stage.DESIGN, seen=3, actor=owner)
    link = a_reliance(owner, system)
    assert link.why
    with pytest.raises(NotAllowed):
        say_scope(edited, is_in_scope=False, reason="Not ours", seen=4, actor=owner)


def test_an_auditor_who_owns_a_system_still_only_reads(aims: Aims, officer: Actor) -> None:
    auditor = a_member(aims, Role.AUDITOR, by=officer)
    system = a_system(officer, owner=person_of(auditor))
    with pytest.raises(NotAllowed):
        edit_system(system, name="Mine", seen=1, actor=auditor)


def test_editing_records_what_differs_and_nothing_when_nothing_does(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, name="Ranker")
    edit_system(system, name="Ranker", seen=1, actor=officer)
    assert trace_of(system.ref) == ["system.registered"]
    edited = edit_system(system, name="Screening ranker", supplier="Talentgrid", seen=1, actor=officer)
    assert edited.version == 2
    assert trace_of(system.ref) == ["system.registered", "system.edited"]
    annex = Record.objects.get(event="system.edited").annexes.get(field="before")
    assert annex.text == '{"name": "Ranker", "supplier": ""}'


def test_the_second_of_two_writers_is_told(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, name="Ranker")
    edit_system(system, name="First", seen=1, actor=officer)
    with pytest.raises(Conflict) as caught:
        edit_system(system, name="Second", seen=1, actor=officer)
    assert caught.value.offered == {"name": "Second"}
    assert AiSystem.objects.get().name == "First"


def test_scope_keeps_who_said_it_why_and_when(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    said = say_scope(system, is_in_scope=True, reason=" Customers meet it ", seen=1, actor=officer)
    assert (said.is_in_scope, said.scope_reason, said.scope_said_by_id) == (True, "Customers meet it", officer.user_id)
    assert said.scope_said_at is not None
    again = say_scope(system, is_in_scope=True, reason="Customers meet it", seen=2, actor=officer)
    assert again.version == 2
    assert trace_of(system.ref) == ["system.registered", "system.scope_said"]


def test_scope_needs_a_reason_and_a_person(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    for is_in_scope in (True, False):
        with pytest.raises(Refusal) as caught:
            say_scope(system, is_in_scope=is_in_scope, reason="  ", seen=1, actor=officer)
        assert caught.value.field == "scope_reason"
    with pytest.raises(NotAllowed):
        say_scope(system, is_in_scope=True, reason="Because", seen=1, actor=service("sync"))


def test_moving_along_the_life_cycle(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    move_stage(system, Stage.INCEPTION, seen=1, actor=officer)
    with pytest.raises(Refusal) as caught:
        move_stage(system, Stage.RETIRED, seen=1, actor=officer)
    assert caught.value.field == "reason"
    gone = move_stage(system, Stage.RETIRED, reason="Replaced", seen=1, actor=officer)
    with pytest.raises(Refusal):
        move_stage(gone, Stage.INCEPTION, seen=2, actor=officer)
    move_stage(gone, Stage.INCEPTION, reason="Replacement failed", seen=2, actor=officer)
    assert trace_of(system.ref) == ["system.registered", "system.retired", "system.moved"]


def test_a_stage_that_does_not_exist_is_refused(aims: Aims, officer: Actor) -> None:
    with pytest.raises(Refusal) as caught:
        move_stage(a_system(officer), "production", seen=1, actor=officer)
    assert caught.value.field == "stage"


def test_relying_links_once_and_takes_the_newest_reason(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    link = a_reliance(officer, system)
    assert a_reliance(officer, system) == link
    changed = a_reliance(officer, system, why="Regulator asks")
    assert (changed.pk, changed.why, changed.version) == (link.pk, "Regulator asks", 2)
    assert trace_of(link.ref) == ["system.relied_on", "system.relied_on"]


def test_ending_a_link_needs_a_reason_and_keeps_the_row(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    link = a_reliance(officer, system)
    with pytest.raises(Refusal) as caught:
        stop_relying(link, reason=" ", seen=1, actor=officer)
    assert caught.value.field == "reason"
    with pytest.raises(NotAllowed):
        stop_relying(link, reason="Over", seen=1, actor=a_member(aims, Role.OWNER, by=officer))
    ended = stop_relying(link, reason="Tests moved to the supplier", seen=1, actor=officer)
    stop_relying(ended, reason="Again", seen=2, actor=officer)
    assert trace_of(link.ref) == ["system.relied_on", "system.let_go"]
    assert Reliance.objects.get().withdrawn_at is not None
    assert a_reliance(officer, system).pk != link.pk


def test_areas_and_strangers_controls_cannot_be_relied_on(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    with pytest.raises(Refusal):
        a_reliance(officer, system, code="A.6")
    with pytest.raises(Refusal):
        a_reliance(officer, system, why="x" * 301)
    other, _their_officer = an_organisation()
    with acting_in(other):
        theirs = Requirement(aims=other, code="ORG.1", kind=RequirementKind.OWN, title="Theirs", position=900)
        theirs.save()
    with pytest.raises(Refusal):
        rely_on(system, theirs, actor=officer)


def test_a_system_of_another_aims_is_not_there(aims: Aims, officer: Actor) -> None:
    other, their_officer = an_organisation()
    with acting_in(other, their_officer):
        theirs = a_system(their_officer)
    with pytest.raises(AiSystem.DoesNotExist):
        edit_system(theirs, name="Mine now", seen=1, actor=officer)
