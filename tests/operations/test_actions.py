"""Posting readings, passing limits, answering, evaluating and thinning: what is kept, recorded and refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import QuerySet

from accounts import clock
from accounts.actor import Actor, service
from accounts.clock import standing_at
from accounts.refusals import Conflict, NotAllowed, Refusal
from accounts.roles import Role
from aims.models import Aims
from duties.models import Task
from operations import actions
from operations.actions import Faulty, post_readings
from operations.models import Benchmark, Evaluation, LimitCrossing, Reading, Signal, Span
from operations.standing import gate
from policies.actions import write_policy
from systems.models import Stage
from tests.make import a_member, trace_of
from tests.operations.make import a_signal, an_evaluation, post
from tests.systems.make import POLICY, a_system, in_operation, person_of

ROBOT = service("pipeline", Role.OWNER)
FLOOR = {"lower": Decimal("0.80")}


def owed() -> QuerySet[Task]:
    """The tasks that signals opened; a new system opens some of its own."""
    return Task.objects.filter(kind="signal.limit")


def test_a_signal_is_declared_by_whoever_delivers_and_limited_by_people(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, owner=person_of(officer))
    row = a_signal(ROBOT, system)
    assert (row.code, row.owner_id, row.has_limits) == ("SIG-001", officer.user_id, False)
    with pytest.raises(NotAllowed):
        actions.set_limits(row, seen=1, actor=ROBOT, **FLOOR)  # type: ignore[arg-type]
    limited = actions.set_limits(row, seen=1, actor=officer, lower=Decimal("0.80"))
    assert (limited.limits_by_id, limited.version) == (officer.user_id, 2)
    with pytest.raises(Conflict):
        actions.set_limits(row, seen=1, actor=officer, upper=Decimal(1))
    assert trace_of(row.ref) == ["signal.declared", "signal.limits_set"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"key": "Not fit"}, "key"),
        ({"key": "ratio"}, "key"),
        ({"kind": "luck"}, "kind"),
        ({"name": " "}, "name"),
        ({"unit": "x" * 21}, "unit"),
        ({"direction": "sideways"}, "direction"),
    ],
)
def test_a_signal_that_does_not_fit_is_refused_at_its_field(
    aims: Aims, officer: Actor, said: dict[str, str], field: str
) -> None:
    system = a_system(officer)
    a_signal(officer, system, key="ratio")
    with pytest.raises(Refusal) as caught:
        a_signal(officer, system, **said)
    assert (caught.value.field, Signal.objects.count()) == (field, 1)


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({"lower": Decimal(2), "upper": Decimal(1)}, "lower"),
        ({"back_after": 0}, "back_after"),
        ({"keep_days": 30}, "keep_days"),
        ({"reference_from": clock.today("UTC")}, "reference_to"),
    ],
)
def test_limits_that_do_not_fit_are_refused(aims: Aims, officer: Actor, limits: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as caught:
        a_signal(officer, limits=limits)
    assert caught.value.field == field


def test_a_reading_that_is_posted_twice_changes_nothing(aims: Aims, officer: Actor) -> None:
    row = a_signal(officer)
    at = clock.now().isoformat()
    bare = {"signal": row.code, "at": at, "value": 0.91}
    keyed = bare | {"key": "run-7"}
    assert post_readings([bare], actor=ROBOT).new == 1
    assert post_readings([bare], actor=ROBOT) == actions.Posted(0, 1)
    assert post_readings([bare | {"value": "0.910"}, keyed], actor=ROBOT) == actions.Posted(0, 2)
    other = {"signal": row.key, "system": row.system.key, "at": at, "value": 0.92, "key": "run-8"}
    assert post_readings([other, other], actor=ROBOT) == actions.Posted(1, 1)
    with pytest.raises(Faulty):
        post_readings([other | {"value": 0.5}], actor=ROBOT)
    assert Reading.objects.count() == 2
    assert Reading.objects.latest("pk").by == "service-pipeline"


def test_a_delivery_is_kept_whole_or_not_at_all(aims: Aims, officer: Actor) -> None:
    row = a_signal(officer)
    good = {"signal": row.code, "at": "2026-06-01T00:00:00Z", "value": 1, "size": 10}
    bad = [
        ({"signal": "SIG-999"}, "signal"),
        ({"at": "2026-06-01T00:00:00"}, "at"),
        ({"at": "2126-06-01T00:00:00Z"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"value": "NaN"}, "value"),
        ({"value": True}, "value"),
        ({"value": 1e16}, "value"),
        ({"size": -1}, "size"),
        ({"key": ""}, "key"),
        ({"colour": "red"}, "colour"),
    ]
    with standing_at(clock.now()), pytest.raises(Faulty) as caught:
        post_readings([good, *(good | fault for fault, _field in bad), "no reading"], actor=officer)
    assert [(fault.place, fault.field) for fault in caught.value.faults] == [
        *((place, field) for place, (_fault, field) in enumerate(bad, start=1)),
        (len(bad) + 1, ""),
    ]
    assert not Reading.objects.exists()
    for items in ([], [good] * 10_001):
        with pytest.raises(Refusal):
            post_readings(items, actor=officer)


def test_who_does_not_deliver_learns_nothing(aims: Aims, officer: Actor) -> None:
    row = a_signal(officer)
    reader = a_member(aims, Role.REVIEWER, by=officer)
    for item in ({"signal": row.code}, {"signal": "SIG-999"}):
        with pytest.raises(NotAllowed):
            post_readings([item], actor=reader)


def test_going_past_a_limit_opens_one_task_and_being_back_closes_it(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.REVIEWER, by=officer)
    system = a_system(officer, owner=person_of(owner))
    row = a_signal(officer, system, limits=FLOOR | {"back_after": 2})
    start = clock.now() - timedelta(days=2)
    post(ROBOT, row, [0.85, 0.80, 0.79], ending=start)
    crossing = LimitCrossing.objects.get()
    assert (crossing.side, crossing.value, crossing.since) == ("below", Decimal("0.79"), start)
    task = owed().get()
    assert (task.owner_id, task.subject, task.closed_at) == (owner.user_id, row.ref, None)
    post(ROBOT, row, [0.78, 0.81], ending=start + timedelta(hours=3))
    post(ROBOT, row, [0.79], ending=start + timedelta(hours=4))
    post(ROBOT, row, [0.82], ending=start + timedelta(hours=5))
    assert owed().count() == 1
    assert LimitCrossing.objects.standing().count() == 1
    post(ROBOT, row, [0.83], ending=start + timedelta(hours=6))
    ended = LimitCrossing.objects.get()
    assert ended.until == start + timedelta(hours=5)
    assert owed().get().closed_at is not None
    assert trace_of(ended.ref) == ["crossing.opened", "crossing.ended"]
    post(ROBOT, row, [0.70], ending=start + timedelta(hours=7))
    assert (LimitCrossing.objects.count(), owed().filter(closed_at__isnull=True).count()) == (2, 1)


def test_an_episode_that_was_over_when_it_was_delivered_opens_nothing(aims: Aims, officer: Actor) -> None:
    row = a_signal(officer, limits=FLOOR)
    post(ROBOT, row, [0.9, 0.7, 0.7, 0.9, 0.9, 0.9])
    assert not LimitCrossing.objects.exists()
    actions.set_limits(row, seen=row.version, actor=officer, lower=Decimal("0.95"))
    assert LimitCrossing.objects.get().value == Decimal("0.9")
    actions.set_limits(row, seen=row.version + 1, actor=officer, lower=None)
    assert LimitCrossing.objects.get().until is not None


def test_an_answer_closes_the_task_and_keeps_the_flag(aims: Aims, officer: Actor) -> None:
    row = a_signal(officer, limits=FLOOR)
    post(ROBOT, row, [0.7])
    crossing = LimitCrossing.objects.get()
    for actor in (ROBOT, a_member(aims, Role.AUDITOR, by=officer)):
        with pytest.raises(NotAllowed):
            actions.answer_crossing(crossing, answer="Nothing", seen=1, actor=actor)
    with pytest.raises(Refusal):
        actions.answer_crossing(crossing, answer="  ", seen=1, actor=officer)
    answered = actions.answer_crossing(crossing, answer="A fair held in May", seen=1, actor=officer)
    assert (answered.until, answered.answered_by_id) == (None, officer.user_id)
    assert owed().get().closed_by_id == officer.user_id
    assert trace_of(crossing.ref) == ["crossing.opened", "crossing.answered"]
    post(ROBOT, row, [0.6], ending=clock.now() + timedelta(minutes=1))
    assert owed().count() == 1


def test_a_limit_moves_a_system_to_re_evaluation_by_the_rule_of_a_person(aims: Aims, officer: Actor) -> None:
    write_policy("test_purpose", POLICY, actor=officer)
    system = in_operation(a_system(officer, owner=person_of(officer)), officer)
    row = a_signal(officer, system, limits=FLOOR | {"asks_reevaluation": True})
    post(ROBOT, row, [0.7])
    system.refresh_from_db()
    assert system.stage == Stage.REEVALUATION
    assert officer.name in LimitCrossing.objects.get().move
    assert trace_of(system.ref)[-1] == "system.moved"


def test_a_system_that_is_not_in_operation_stays_where_it_is(aims: Aims, officer: Actor) -> None:
    row = a_signal(officer, limits=FLOOR | {"asks_reevaluation": True})
    post(ROBOT, row, [0.7])
    assert LimitCrossing.objects.get().move == ""


def test_an_evaluation_is_judged_by_the_benchmark_and_recorded_once(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, model_version="2.7.1")
    with pytest.raises(NotAllowed):
        actions.declare_benchmark(system, name="holdout", metric="recall", threshold=Decimal("0.9"), actor=ROBOT)
    actions.declare_benchmark(system, name="Holdout", metric="recall", threshold=Decimal("0.9"), actor=officer)
    passed, failed = an_evaluation(ROBOT, system, key="a"), an_evaluation(ROBOT, system, recall="0.89", key="b")
    assert (passed.code, passed.passed, passed.model_version) == ("EVAL-001", True, "2.7.1")
    assert (failed.passed, failed.threshold) == (False, Decimal("0.9"))
    assert an_evaluation(ROBOT, system, recall="0.1", key="a") == passed
    assert an_evaluation(ROBOT, system, benchmark="other").passed is None
    assert trace_of(passed.ref) == ["evaluation.recorded"]


def test_a_threshold_that_comes_along_judges_where_none_is_declared(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    terms = {"metric": "recall", "sense": "at_most", "threshold": Decimal("0.5")}
    assert an_evaluation(ROBOT, system, **terms).passed is False
    with pytest.raises(Refusal) as caught:
        an_evaluation(ROBOT, system, metric="precision", threshold=Decimal("0.5"))
    assert caught.value.field == "metric"


def test_the_gate_asks_for_a_passed_run_of_the_version_in_use(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, model_version="2.7.1")
    system.aims = aims
    ask = lambda: [(check.state, check.note) for check in gate(system, Stage.OPERATION)]  # noqa: E731
    assert [state for state, _note in ask()] == ["advice"]
    row = actions.declare_benchmark(
        system, name="holdout", metric="recall", threshold=Decimal("0.9"), max_age_days=30, actor=officer
    )
    assert ask() == [("missing", "No run of version 2.7.1 is recorded.")]
    an_evaluation(ROBOT, system, model_version="2.7.0", key="old version")
    assert ask()[0][0] == "missing"
    an_evaluation(ROBOT, system, key="stale", done_at=clock.now() - timedelta(days=31))
    assert "older than 30 days" in ask()[0][1]
    run = an_evaluation(ROBOT, system, key="fresh")
    assert ask()[0][0] == "met"
    actions.declare_benchmark(system, name="holdout", metric="recall", threshold=Decimal("0.95"), actor=officer)
    assert ask()[0] == ("failing", f"{run.code} came to 0.93 at version 2.7.1.")
    actions.withdraw_evaluation(run, reason="Tested the wrong branch", seen=1, actor=officer)
    assert ask()[0][0] == "failing"
    assert list(gate(system, Stage.DESIGN)) == []
    row = Benchmark.objects.get()
    actions.withdraw_benchmark(row, reason="Replaced", seen=row.version, actor=officer)
    assert ask()[0][0] == "advice"
    assert trace_of(row.ref) == ["benchmark.declared", "benchmark.declared", "benchmark.withdrawn"]
    assert Evaluation.objects.count() == 3


def test_old_readings_are_kept_by_the_day_and_nothing_can_be_slipped_among_them(aims: Aims, officer: Actor) -> None:
    row = a_signal(officer, limits=FLOOR)
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    old = noon - timedelta(days=110)
    items = [
        {"signal": row.code, "at": (old + timedelta(hours=hour)).isoformat(), "value": value, "size": size}
        for hour, value, size in ((0, 0.9, 10), (1, 1.0, 30), (24, 0.85, 5))
    ]
    post_readings(items, actor=ROBOT)
    post(ROBOT, row, [0.9, 0.95], ending=noon - timedelta(days=1))
    before = row.version
    assert actions.thin(row, actor=ROBOT) == 3
    days = list(Reading.objects.filter(span=Span.DAY).order_by("at"))
    assert [(day.value, day.size, day.low, day.high) for day in days] == [
        (Decimal("0.975"), 40, Decimal("0.9"), Decimal("1.0")),
        (Decimal("0.85"), 5, Decimal("0.85"), Decimal("0.85")),
    ]
    assert Reading.objects.count() == 4
    assert actions.thin(row, actor=ROBOT) == 0
    row.refresh_from_db()
    assert (row.version, trace_of(row.ref)[-1]) == (before + 1, "signal.thinned")
    with pytest.raises(Faulty) as caught:
        post_readings(items[:1], actor=ROBOT)
    assert caught.value.faults[0].field == "at"
