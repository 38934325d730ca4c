"""The past is what was: whatever happened, in whatever order, pages show of an instant what they showed then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import clock
from accounts.context import acting_in
from tests.soa.picture import picture
from tests.soa.world import ACTS, World

pytestmark = pytest.mark.db_both
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
GAPS = [timedelta(0), timedelta(microseconds=1), timedelta(minutes=7), timedelta(days=9)]
steps = st.tuples(st.integers(0, len(ACTS) - 1), st.integers(0, 200), st.sampled_from(GAPS))
Plan = list[tuple[int, int, timedelta]]


def shown_then_and_now(plan: Plan, every: int = 1) -> tuple[dict[datetime, Any], dict[datetime, Any]]:
    """What pages showed at the instants of a plan, and what they show of those instants when all is over."""
    world, now = World(START), START
    seen: dict[datetime, Any] = {}
    with acting_in(world.aims, world.officer):
        world.begin(START)
        for place, (number, pick, later) in enumerate(plan):
            now += later
            seen.pop(now, None)
            world.act(number, pick, now)
            if place % every == 0:
                with clock.standing_at(now):
                    seen[now] = picture(world)
        return seen, {instant: picture(world, instant) for instant in seen}


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(steps, min_size=6, max_size=16))
def test_an_instant_is_shown_as_it_was(db: None, plan: Plan) -> None:
    then, now = shown_then_and_now(plan)
    assert now == then


def test_everything_that_can_happen_leaves_the_past_alone(db: None) -> None:
    plan = [(number, pick, GAPS[2]) for pick in (1, 2, 7) for number in range(len(ACTS))]
    then, now = shown_then_and_now(plan, every=6)
    assert len(then) > 15
    assert now == then
    assert all(before != after for before, after in zip(list(then.values()), list(then.values())[1:], strict=False))
