"""Drift against a reference: of samples as they are posted, and of readings every night."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts import clock
from accounts.actor import Actor, service
from accounts.refusals import NotAllowed, Refusal
from accounts.roles import Role
from aims.models import Aims
from jobs.models import Job
from operations import actions, job
from operations.actions import Samples
from operations.models import LimitCrossing, Reading, Signal
from tests.operations.make import a_signal, post

ROBOT = service("pipeline", Role.OWNER)
LOW, HIGH = [float(number % 50) for number in range(200)], [float(number % 50 + 30) for number in range(200)]


def test_samples_are_compared_with_a_reference_that_a_person_set(aims: Aims, officer: Actor) -> None:
    row = a_signal(officer, key="score")
    with pytest.raises(Refusal, match="no reference"):
        actions.post_samples(row, Samples(LOW), actor=ROBOT)
    with pytest.raises(NotAllowed):
        actions.set_reference(row, Samples(LOW), actor=ROBOT)
    with pytest.raises(Refusal, match="at least 50"):
        actions.set_reference(row, Samples(LOW[:49]), actor=officer)
    actions.set_reference(row, Samples(LOW), actor=officer)
    assert actions.post_samples(row, Samples(LOW), key="a", actor=ROBOT).verdict == "none"
    moved = actions.post_samples(row, Samples(HIGH), key="b", actor=ROBOT)
    again = actions.post_samples(row, Samples(HIGH), key="b", actor=ROBOT)
    assert moved == again
    assert (moved.verdict, moved.words, moved.rule) == ("marked", "Marked shift", "customary rule")
    assert moved.ks == pytest.approx(0.6)
    assert moved.p_value is not None
    assert moved.p_value < 1e-6
    index = Signal.objects.get(key="score.psi")
    assert (index.upper, index.limits_by, Reading.objects.filter(signal=index).count()) == (Decimal("0.25"), None, 2)
    assert Reading.objects.get(signal=index, key="k:b").size == 200
    assert LimitCrossing.objects.get().signal == index


def test_too_few_samples_tell_nothing_and_leave_no_reading(aims: Aims, officer: Actor) -> None:
    row = a_signal(officer)
    actions.set_reference(row, Samples(counts={"yes": 90, "no": 10}), actor=officer)
    told = actions.post_samples(row, Samples(counts={"yes": 10, "no": 10}), actor=ROBOT)
    assert (told.words, told.psi, told.size) == ("Not enough to tell", None, 20)
    assert not Reading.objects.exists()
    moved = actions.post_samples(row, Samples(counts={"yes": 50, "no": 50}), actor=ROBOT)
    assert (moved.ks, moved.chi2) == (None, pytest.approx(38.095, abs=1e-3))
    assert moved.p_value is not None
    assert moved.p_value < 1e-6
    kept = {one.signal.key: one.value for one in Reading.objects.filter(signal__of=row).select_related("signal")}
    assert set(kept) == {f"{row.key}.{ending}" for ending in ("psi", "chi2", "chi2_p")}
    assert kept[f"{row.key}.chi2"] == Decimal("38.095238")
    for wrong in (Samples(LOW), Samples(counts={"yes": 0}), Samples(counts={"yes": 10**13}), Samples()):
        with pytest.raises(Refusal):
            actions.post_samples(row, wrong, actor=ROBOT)


def test_at_night_readings_are_compared_with_their_reference_window(aims: Aims, officer: Actor) -> None:
    today = clock.now().date()
    window = {"reference_from": today - timedelta(days=30), "reference_to": today - timedelta(days=20)}
    row = a_signal(officer, key="length", limits=window | {"window_days": 7})
    post(ROBOT, row, LOW, ending=clock.now() - timedelta(days=20))
    assert Signal.objects.filter(of=row).count() == 3
    post(ROBOT, row, HIGH[:40])
    actions.compare_windows(row, actor=ROBOT)
    assert not Reading.objects.filter(signal__of=row).exists()
    post(ROBOT, row, HIGH[40:110], ending=clock.now() - timedelta(days=2))
    for _turn in range(2):
        job.ask_nightly()
    asked = Job.objects.get(kind=job.KIND)
    done = job.work(asked, lambda _percent, _step: None)
    assert job.finish(asked, done) == {"compared": 1, "thinned": 0}
    kept = {one.signal.key: one for one in Reading.objects.filter(signal__of=row).select_related("signal")}
    assert set(kept) == {"length.psi", "length.ks", "length.ks_p"}
    assert kept["length.psi"].value > Decimal("0.25")
    assert kept["length.psi"].size == 110
    job.work(asked, lambda _percent, _step: None)
    assert Reading.objects.filter(signal__of=row).count() == 3
