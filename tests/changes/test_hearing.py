"""Edits of the registry are judged in their own transaction: which open a change, and what they make it ask."""

from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.refusals import Conflict
from aims.models import Aims
from assessments.actions import register_risk, treat
from changes.actions import approve_change, hear_edits, meet_by_result
from changes.models import ChangeRecord, ChangeState
from duties.models import Task
from evidence.actions import Content, give_evidence, link_evidence
from evidence.models import Evidence
from incidents.actions.reckon import hear_of_many
from soa.actions import open_statement
from systems import ports
from systems.actions import edit_system, register
from systems.models import AiSystem
from systems.record.places import put
from tests.assessments.make import a_control, a_decided_assessment
from tests.changes.make import PASSED, RECORD, a_change, a_live_system, a_plan, again, an_approver, edited, ready
from tests.make import trace_of
from tests.systems.make import a_reliance, person_of

pytestmark = pytest.mark.db_both


def with_(place: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The record with something else at one place."""
    record = deepcopy(RECORD)
    put(record, place, value)
    return record


def test_a_material_edit_of_a_system_in_use_opens_a_change(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    row = a_change(officer, system)
    assert (row.code, row.kinds, row.state) == (f"CHG-{row.opened_at:%Y}-01", ["model"], ChangeState.OPEN)
    assert (row.from_version, row.to_version) == (system.version, system.version + 1)
    assert row.title == "2.7.1: Model changed"
    assert row.opened_by_id == officer.user_id
    assert [demand.kind for demand in row.demands.all()] == ["evaluation", "canary"]
    assert trace_of(row.ref) == ["change.opened"]
    assert row.history.count() == 1


@pytest.mark.parametrize("stage", ["inception", "design", "retired"])
def test_before_verification_and_after_retirement_nothing_is_opened(aims: Aims, officer: Actor, stage: str) -> None:
    edited(officer, a_live_system(officer, stage=stage), model_version="2.7.1")
    assert not ChangeRecord.objects.exists()


def test_what_is_not_material_and_what_is_new_opens_nothing(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    edited(officer, system, record=with_(("contact",), "desk@example.org"))
    register(actor=officer, stage="verification", name="Another", purpose="Other", model_version="1")
    assert not ChangeRecord.objects.exists()


def test_of_many_systems_that_are_new_no_room_asks_anything(aims: Aims, officer: Actor) -> None:
    """A register of thousands is told once, and systems that are new have neither changes nor incidents."""
    system = a_live_system(officer)
    edits = [ports.Edited(system, {}, RECORD, officer, is_new=True)] * 3
    with CaptureQueriesContext(connection) as queries:
        hear_edits(edits)
        hear_of_many(edits)
    assert not queries.captured_queries
    hear_edits([*edits, ports.Edited(system, RECORD, with_(("model", "version"), "9"), officer)])
    assert ChangeRecord.objects.get().system == system


def test_an_open_change_gathers_further_edits_and_asks_anew(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    row = a_change(officer, system)
    meet_by_result(row, PASSED, seen=row.version, actor=officer)
    seen = again(row).version
    edited(officer, system, model_version="2.7.2")
    edited(officer, system, record=with_(("deployment", "regions"), ["eu-west-1", "us-east-1"]))
    row = again(row)
    assert row.kinds == ["model", "region"]
    assert row.to_version == AiSystem.objects.get(pk=system.pk).version
    assert {demand.kind: demand.state for demand in row.demands.all()} == {
        "evaluation": "open",
        "canary": "open",
        "assessment": "open",
    }
    assert trace_of(row.ref).count("change.gathered") == 2
    assert trace_of(f"demand:{row.code}/evaluation") == ["demand.met", "demand.reopened"]
    with pytest.raises(Conflict):
        approve_change(row, seen=seen, actor=an_approver(aims, officer))


def test_after_a_decision_the_next_edit_opens_another(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    row = ready(a_change(officer, system), officer)
    approve_change(row, seen=row.version, actor=an_approver(aims, officer))
    second = a_change(officer, system, "2.7.2")
    assert (second.code, second.from_version) == (f"CHG-{row.opened_at:%Y}-02", row.to_version)


def test_an_approved_plan_is_carried_out_by_the_edit_it_speaks_of(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    plan = ready(a_plan(officer, system), officer)
    approve_change(plan, seen=plan.version, actor=an_approver(aims, officer))
    edited(officer, system, model_version="2.7.0")
    plan = again(plan)
    assert (plan.state, plan.to_version) == (ChangeState.IN_EFFECT, AiSystem.objects.get(pk=system.pk).version)
    assert trace_of(plan.ref)[-1] == "change.took_effect"
    edited(officer, system, record=with_(("deployment", "regions"), ["us-east-1"]))
    assert ChangeRecord.objects.count() == 2


def test_an_edit_beyond_the_plan_opens_a_change_of_its_own(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    plan = ready(a_plan(officer, system), officer)
    approve_change(plan, seen=plan.version, actor=an_approver(aims, officer))
    edited(officer, system, record=with_(("model", "provider"), "Halden"))
    assert again(plan).to_version is None
    assert ChangeRecord.objects.latest("pk").kinds == ["model", "supplier"]


def test_an_edit_joins_a_plan_that_nobody_has_decided_on(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    plan = a_plan(officer, system)
    edited(officer, system, model_version="2.7.0")
    assert ChangeRecord.objects.count() == 1
    assert again(plan).to_version == AiSystem.objects.get(pk=system.pk).version


def test_an_edit_that_fails_leaves_no_change_behind(
    aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_edited: ports.Edited) -> None:
        raise RuntimeError

    system = a_live_system(officer)
    monkeypatch.setattr(ports, "_listeners", [*ports._listeners, fails])
    with pytest.raises(RuntimeError):
        edit_system(system, model_version="3", seen=system.version, actor=officer)
    assert not ChangeRecord.objects.exists()


def test_the_change_lists_what_it_may_touch_and_asks_its_owner_once(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    owner = person_of(officer)
    system = a_live_system(officer, stage="verification", owner=owner)
    a_reliance(officer, system, "A.6.2.6")
    approver = an_approver(aims, officer)
    judged = a_decided_assessment(officer, approver, system)
    risk = register_risk(actor=officer, system=system, title="Drift")
    treat(risk, a_control("A.6.2.4"), actor=officer)
    for version in ("2.6.0", "2.7.1"):
        item = give_evidence(Content(note="Tested"), title=f"Test of {version}", actor=officer, requirements=[])
        link_evidence(item, [a_control("A.6.2.4")], actor=officer, system=system, system_version=version)
    row = a_change(officer, system)
    found = {thing.about: thing.group for thing in row.touched.all()}
    old = Evidence.objects.get(title="Test of 2.6.0")
    assert found == {
        judged.ref: "assessment",
        risk.ref: "risk",
        old.ref: "evidence",
        "entry:A.4.2": "entry",
        "entry:A.4.4": "entry",
        "entry:A.6.2.6": "entry",
    }
    task = Task.objects.get(kind="change.touches", subject=row.ref, closed_at=None)
    assert (task.owner, task.address) == (owner, f"/a/{aims.slug}/changes/{row.code}/touched/")
    edited(officer, system, model_version="2.7.2")
    assert row.touched.count() == len(found) + 1  # what was shown for 2.7.1 is older now too
    assert Task.objects.filter(kind="change.touches", subject=row.ref).count() == 1
