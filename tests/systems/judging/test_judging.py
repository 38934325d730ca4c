"""Systems judged by policies: what is kept of it, when it is done, and what gates and pages make of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from accounts import clock
from accounts.actor import Actor, service
from accounts.context import acting_in
from aims.models import Aims
from jobs.actions import run_job
from jobs.models import Job, JobState
from ledger.models import Record
from policies.actions import load_shipped, revise_policy, switch_policy, write_policy
from policies.models import Policy
from policies.ports import subjects
from systems.actions import edit_system, register
from systems.actions.judge import note_judging, waits
from systems.judging import job
from systems.judging.gate import policy_checks
from systems.judging.models import JudgingRun, PolicyResult
from systems.judging.queries import confirmed, latest_results, results_for_control
from systems.judging.shown import section
from systems.judging.work import Judged, judge_all, read
from systems.models import AiSystem
from tests.make import an_organisation
from tests.policies.records import GOOD, good

pytestmark = pytest.mark.django_db
TEXT = """# METADATA
# title: A bias test is named
# custom:
#   controls: [A.6.2.4]
#   due_from: verification
package own.bias

deny contains "no bias test" if not input.governance.bias_test
"""


@pytest.fixture
def aims_and_officer() -> Iterator[tuple[Aims, Actor]]:
    """An AIMS in context with one policy."""
    aims, officer = an_organisation()
    with acting_in(aims, officer):
        write_policy("bias_named", TEXT, actor=officer)
        Job.objects.all().delete()
        yield aims, officer


@pytest.fixture
def officer(aims_and_officer: tuple[Aims, Actor]) -> Actor:
    """Whoever acts."""
    return aims_and_officer[1]


def a_system(officer: Actor, key: str = "a", stage: str = "inception", **places: Any) -> AiSystem:
    system = register(actor=officer, stage=stage, record=good(id=key, **places))
    system.aims = Aims.objects.get(pk=system.aims_id)
    return system


def judged(officer: Actor, *systems: AiSystem) -> JudgingRun:
    found = judge_all(read([system.pk for system in systems] or None))
    return note_judging(found, occasion="asked", by_id=officer.user_id, actor=officer)


def states(system: AiSystem) -> dict[str, str]:
    return {result.policy: result.state for result in latest_results(system)}


def test_outcomes_are_kept_when_they_are_new_and_confirmed_when_not(officer: Actor) -> None:
    system = a_system(officer)
    first = judged(officer)
    assert (first.passed, first.failed, first.errors, first.changed) == (1, 0, 0, 1)
    second = judged(officer)
    assert (second.passed, second.changed, second.digest == first.digest) == (1, 0, True)
    assert PolicyResult.objects.count() == 1
    assert confirmed(system).at == second.finished_at
    system = edit_system(system, seen=system.version, actor=officer, record=good(id="a", governance__bias_test=None))
    assert not confirmed(system).is_current
    assert judged(officer).changed == 1
    [result] = latest_results(system)
    assert (result.state, result.messages, result.record_version) == ("failed", ("no bias test",), system.version)
    assert confirmed(system).is_current


def test_the_past_keeps_what_was_said_then(officer: Actor) -> None:
    system = a_system(officer)
    judged(officer)
    then = clock.now()
    with clock.standing_at(then + timedelta(days=1)):
        edit_system(system, seen=system.version, actor=officer, record=good(id="a", governance__bias_test=None))
        judged(officer)
    assert [result.state for result in latest_results(system, then)] == ["passed"]
    assert [result.state for result in latest_results(system, then - timedelta(days=1))] == []
    past, now = results_for_control("A.6.2.4", then), results_for_control("A.6.2.4")
    assert past is not None
    assert now is not None


def test_a_record_that_is_not_whole_fails_every_policy(officer: Actor) -> None:
    system = register(actor=officer, name="Half", purpose="said")
    judged(officer)
    [result] = latest_results(system)
    assert result.state == "failed"
    with acting_in(Aims.objects.get(pk=system.aims_id), officer):
        passes = write_policy(
            "passes", TEXT.replace("own.bias", "own.passes").replace("not input", "input"), actor=officer
        )
    judged(officer)
    said = {each.policy: each for each in latest_results(system)}[passes.name]
    assert said.state == "failed"
    assert said.messages[0].startswith("The record is not whole: ")


def test_without_an_engine_everything_is_in_error(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    system = a_system(officer)
    judged(officer)
    monkeypatch.setattr("policies.engine.running.find_spec", lambda _name: None)
    run = judged(officer)
    assert (run.passed, run.errors) == (0, 1)
    assert "regorus is not installed" in run.faults[0]
    assert {check.state for check in policy_checks(system, "operation")} == {"missing"}


def test_a_policy_that_cannot_be_used_is_in_error_and_named(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    system = a_system(officer)
    asked = read()
    broken = type(asked.policies[0])
    worse = [
        broken(**{name: getattr(each, name) for name in each.__slots__} | {"text": "not rego"})
        for each in asked.policies
    ]
    found = judge_all(type(asked)(tuple(worse), asked.subjects, asked.today, asked.started_at))
    run = note_judging(found, occasion="night", by_id=None, actor=officer)
    assert states(system) == {"bias_named": "error"}
    assert run.faults[0].startswith("bias_named.rego:1: ")


def test_an_edit_has_the_record_judged_by_one_job(officer: Actor) -> None:
    systems = [a_system(officer, key) for key in "abc"]
    [waiting] = Job.objects.all()
    assert waiting.payload["systems"] == [system.pk for system in systems]
    assert all(waits(system.pk) for system in systems)
    run_job(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == JobState.DONE
    assert JudgingRun.objects.get().occasion == "edit"
    assert {state for system in systems for name, state in states(system).items() if name == "bias_named"} == {"passed"}
    edit_system(systems[0], seen=systems[0].version, actor=officer, record=good(id="a", unit="x"))
    assert Job.objects.count() == 2


def test_a_changed_policy_has_every_system_judged(officer: Actor) -> None:
    row = Policy.objects.get()
    revise_policy(row, TEXT.replace("no bias", "not one bias"), note="clearer", seen=row.version, actor=officer)
    [waiting] = Job.objects.all()
    assert (waiting.payload["systems"], waiting.payload["occasion"]) == ([], "policy")


def test_nights_ask_once_a_day(officer: Actor) -> None:
    for _turn in range(2):
        job.ask_nightly()
    assert Job.objects.filter(payload__occasion="night").count() == 1


def test_a_run_that_began_earlier_does_not_overwrite_a_later_one(officer: Actor) -> None:
    system = a_system(officer)
    early: Judged = judge_all(read())
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        edit_system(system, seen=system.version, actor=officer, record=good(id="a", governance__bias_test=None))
        judged(officer)
    note_judging(early, occasion="night", by_id=None, actor=officer)
    assert states(system) == {"bias_named": "failed"}


def test_gates_ask_for_what_is_due_and_current(officer: Actor) -> None:
    system = a_system(officer, governance__bias_test=None)
    assert list(policy_checks(system, "design")) == []
    assert [check.state for check in policy_checks(system, "verification")] == ["missing"]
    judged(officer)
    [check] = policy_checks(system, "operation")
    assert (check.state, check.note, check.words) == ("failing", "no bias test", "A bias test is named")
    assert check.address.endswith(f"/judging/{system.code}/")
    system = edit_system(system, seen=system.version, actor=officer, record=GOOD | {"id": "a"})
    system.aims = Aims.objects.get(pk=system.aims_id)
    assert [check.state for check in policy_checks(system, "operation")] == ["missing"]
    judged(officer)
    assert [check.state for check in policy_checks(system, "operation")] == ["met"]
    row = Policy.objects.get()
    revise_policy(row, TEXT + "# later\n", note="same", seen=row.version, actor=officer)
    assert [check.state for check in policy_checks(system, "operation")] == ["missing"]


def test_a_policy_that_advises_shuts_nothing_and_one_that_is_off_asks_nothing(officer: Actor) -> None:
    row = Policy.objects.get()
    text = TEXT.replace("#   due_from", "#   severity: advice\n#   due_from")
    row = revise_policy(row, text, note="advice", seen=row.version, actor=officer)
    system = a_system(officer, governance__bias_test=None)
    judged(officer)
    assert [check.state for check in policy_checks(system, "operation")] == ["advice"]
    switch_policy(row, is_on=False, reason="not ours", seen=row.version, actor=officer)
    assert [check.note for check in policy_checks(system, "operation")] == ["No policies are loaded yet."]


def test_results_for_a_control_count_systems_that_owe_it(officer: Actor) -> None:
    assert results_for_control("A.9.9") is None
    a_system(officer, "a", "verification")
    failing = a_system(officer, "b", "verification", governance__bias_test=None)
    young = a_system(officer, "c", governance__bias_test=None)
    run = judged(officer)
    found = results_for_control("A.6.2.4")
    assert found is not None
    assert (found.systems, found.passed, found.failing, found.as_of) == (2, 1, (failing.code,), run.finished_at)
    assert young.code not in found.failing


def test_the_page_of_a_system_is_told(officer: Actor) -> None:
    system = a_system(officer, stage="verification", governance__bias_test=None)
    system.aims = Aims.objects.get(pk=system.aims_id)
    judged(officer)
    [shown] = section(system, None, officer)
    [line] = shown.context["lines"]
    assert (shown.title, shown.aside) == ("Policy checks", "0 of 1 pass")
    assert (line.title, line.controls, line.messages, line.tone) == (
        "A bias test is named", ("A.6.2.4",), ("no bias test",), "bad",
    )  # fmt: skip


def test_policies_are_told_how_systems_stand(officer: Actor) -> None:
    a_system(officer, "a")
    failing = a_system(officer, "b", governance__bias_test=None)
    judged(officer)
    holder, row = subjects(), Policy.objects.get()
    assert holder is not None
    standing = holder.standings()[row.pk]
    assert (standing.passed, standing.failed, standing.errors, standing.judged) == (1, 1, 0, 2)
    found, count = holder.failing(row.pk)
    assert (count, [(each.code, each.messages) for each in found]) == (1, [(failing.code, ("no bias test",))])
    assert holder.record(failing.code) == failing.record
    assert holder.record("SYS-99") is None


def test_what_was_found_cannot_be_changed(officer: Actor) -> None:
    a_system(officer)
    judged(officer)
    for model in (PolicyResult, JudgingRun):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.update(aims_id=1)


def test_the_chain_hears_of_runs_and_of_edits_that_change_an_outcome(officer: Actor) -> None:
    a_system(officer)
    for occasion, count in (("edit", 1), ("edit", 1), ("night", 2)):
        note_judging(judge_all(read()), occasion=occasion, by_id=None, actor=officer)
        assert Record.objects.filter(event="system.judged").count() == count


def test_the_command_judges_and_tells(aims_and_officer: tuple[Aims, Actor], capsys: pytest.CaptureFixture[str]) -> None:
    aims, officer = aims_and_officer
    system = a_system(officer, governance__bias_test=None)
    with pytest.raises(SystemExit) as left:
        call_command("judge_systems", aims=aims.slug, system=[system.code])
    assert left.value.code == 1
    assert f"{system.code}  bias_named: no bias test" in capsys.readouterr().out


def test_two_thousand_systems_add_no_queries(officer: Actor, django_assert_num_queries: Any) -> None:
    load_shipped(actor=service("judge"))
    for key in "ab":
        a_system(officer, key)
    judged(officer)
    holder = subjects()
    assert holder is not None
    with django_assert_num_queries(2):
        holder.standings()
    with django_assert_num_queries(4):
        results_for_control("A.7.2")
    for key in "cdef":
        a_system(officer, key)
    judged(officer)
    with django_assert_num_queries(2):
        holder.standings()
    with django_assert_num_queries(4):
        results_for_control("A.7.2")
