"""What the database holds by itself: past every action, nothing comes into use without somebody else's signature."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts import clock
from accounts.actor import Actor
from aims import walls
from aims.models import Aims
from systems.actions import ask_move, move_stage
from systems.lifecycle.models import FunctionHolder, GateRule, Signature, Transition
from systems.lifecycle.stages import Stage
from systems.models import AiSystem
from tests.systems.make import a_signer, a_system, asked, at_the_gate, complete, in_operation, person_of

pytestmark = pytest.mark.db_both


def refused(act: Callable[[], object], words: str | None = None) -> None:
    """The database says no, and says why."""
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        act()


def a_row(system: AiSystem, **fields: object) -> Transition:
    """A move that no action made."""
    now = clock.now()
    return Transition(
        **{
            "aims_id": system.aims_id, "system": system, "number": 90, "from_stage": system.stage,
            "to_stage": "operation", "asked_by_id": system.owner_id, "asked_at": now, "judged_version": 1,
            "judged_digest": "0" * 64,
        }
        | fields
    )  # fmt: skip


@pytest.fixture
def system(aims: Aims, officer: Actor) -> AiSystem:
    return a_system(officer, owner=person_of(officer), stage="verification")


def test_no_row_begins_or_turns_into_one_in_use(aims: Aims, officer: Actor, system: AiSystem) -> None:
    words = "no system comes into use without a signed move"
    for stage in ("deployment", "operation"):
        refused(lambda stage=stage: AiSystem.objects.filter(pk=system.pk).update(stage=stage), words)  # type: ignore[misc]
        refused(
            lambda stage=stage: AiSystem(aims_id=aims.pk, code="SYS-9", name="X", purpose="Y", stage=stage).save(),  # type: ignore[misc]
            words,
        )
    done = a_row(system, number=1, to_stage="design", state="done", decided_at=clock.now())
    done.save()
    refused(lambda: AiSystem.objects.filter(pk=system.pk).update(stage="operation", came_by=done), words)
    assert AiSystem.objects.get().stage == "verification"


def test_no_move_is_written_as_signed(aims: Aims, officer: Actor, system: AiSystem) -> None:
    other = person_of(a_signer(aims, officer))
    signed = {"state": "signed", "decided_by": other, "decided_at": clock.now()}
    refused(lambda: a_row(system, **signed).save(), "without the signature of somebody else")
    row = a_row(system)
    row.save()
    rows = Transition.objects.filter(pk=row.pk)
    refused(lambda: rows.update(**signed), "without the signature of somebody else")
    own = {"move": row, "authority": "role:approver", "signed_at": clock.now(), "aims_id": aims.pk}
    Signature(person=person_of(officer), **own).save()
    refused(lambda: rows.update(**signed), "without the signature of somebody else")
    refused(lambda: rows.update(**signed | {"decided_by": person_of(officer)}))
    refused(lambda: rows.update(state="done", decided_at=clock.now()), "use_begins_under_signatures_only|constraint")
    refused(lambda: Signature.objects.update(person=other), "append-only")
    Signature(person=other, **own).save()
    assert rows.update(**signed) == 1


def test_a_signature_leads_there_once(aims: Aims, officer: Actor, system: AiSystem) -> None:
    system = in_operation(a_system(officer, owner=person_of(officer)), officer)
    led = system.came_by_id
    words = "no system comes into use without a signed move"
    system = move_stage(system, Stage.SUSPENDED, reason="Incident", seen=system.version, actor=officer)
    refused(lambda: AiSystem.objects.filter(pk=system.pk).update(stage="operation", came_by_id=led), words)
    other = a_system(officer)
    refused(lambda: AiSystem.objects.filter(pk=other.pk).update(stage="operation", came_by_id=led), words)


def test_what_was_decided_stays(aims: Aims, officer: Actor, system: AiSystem) -> None:
    signer = a_signer(aims, officer)
    ready = at_the_gate(a_system(officer, owner=person_of(officer)), officer, signer)
    move = asked(ready, officer)
    rows, words = Transition.objects.filter(pk=move.pk), "stays as it was decided"
    refused(lambda: rows.update(to_stage="operation"), words)
    refused(lambda: rows.update(judged_digest="1" * 64), words)
    assert rows.update(reason="Said better") == 1
    back = ask_move(move.system, Stage.DESIGN, reason="No", seen=move.system.version, actor=officer)
    later = Transition.objects.filter(pk=back.pk)
    for change in ({"state": "proposed"}, {"gates": {"at": ""}}, {"reason": "Another"}, {"mode": "partial"}):
        refused(lambda change=change: later.update(**change), words)  # type: ignore[misc]


def test_what_was_in_use_before_may_be_edited_and_left(aims: Aims, officer: Actor, system: AiSystem) -> None:
    """Systems that an earlier release let into operation stay there, unsigned, until they move."""
    with connection.cursor() as cursor:
        trigger = (
            "DROP TRIGGER walls_systems_aisystem_in_use_update"
            if connection.vendor == "sqlite"
            else "ALTER TABLE systems_aisystem DISABLE TRIGGER own_systems_aisystem_in_use"
        )
        if connection.vendor != "sqlite":
            pytest.skip("the role of the tests does not own the tables")
        cursor.execute(trigger)
    AiSystem.objects.filter(pk=system.pk).update(stage="operation")
    assert walls.missing() == ["walls_systems_aisystem_in_use_update"]
    walls.install()
    row = AiSystem.objects.select_related("aims").get()
    row = complete(row, officer)
    assert row.stage == "operation"
    moved = move_stage(row, Stage.SUSPENDED, reason="To be signed", seen=row.version, actor=officer)
    assert moved.stage == "suspended"


def test_rows_that_say_too_little_are_refused(aims: Aims, officer: Actor) -> None:
    me = person_of(officer)
    for row in (
        FunctionHolder(aims_id=aims.pk, name="DPO", key="dpo", person=me, named_by=me),
        GateRule(aims_id=aims.pk, body={}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
