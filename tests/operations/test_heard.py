"""What the gate after an incident hears of evaluations."""

from datetime import timedelta

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from incidents.ports import passed_since
from operations.actions import withdraw_evaluation
from tests.operations.make import an_evaluation
from tests.systems.make import a_system


def test_a_run_counts_that_the_version_in_use_passed_after_the_containment(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, model_version="2.7.1")
    system.aims = aims
    now, terms = clock.now(), {"metric": "recall", "threshold": 1}
    an_evaluation(officer, system, **terms, recall="0.5", key="failed")
    an_evaluation(officer, system, **terms, recall="1", key="old", done_at=now - timedelta(days=2))
    an_evaluation(officer, system, **terms, recall="1", key="other", model_version="2.7.0")
    assert passed_since(system, now - timedelta(days=1)) is None
    run = an_evaluation(officer, system, **terms, recall="1", key="good")
    told = passed_since(system, now - timedelta(days=1))
    assert told is not None
    assert (told.ref, told.address) == (run.ref, f"/a/{aims.slug}/operations/{system.code}/evaluations/{run.code}/")
    withdraw_evaluation(run, reason="Wrong data", seen=1, actor=officer)
    assert passed_since(system, now - timedelta(days=1)) is None
