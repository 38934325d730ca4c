"""Rule R9 as a pure function: each offset at most once, never early, and the latest missed one late."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from desk.due import OFFSETS, reminders_due

DUE = date(2027, 3, 15)
EXAMPLES = Path(settings.BASE_DIR).parent / "shared" / "domain" / "schedule_rules.yaml"


def test_the_worked_example_of_a_scheduler_that_was_down() -> None:
    if not EXAMPLES.exists():
        pytest.skip(f"{EXAMPLES.name} is not beside the code")
    cases = YAML(typ="safe").load(EXAMPLES.read_text())["examples"]
    (case,) = [case for case in cases if case["rule"] == "R9" and "offsets" in case["input"]]
    given_as = case["input"]
    today, due = date.fromisoformat(given_as["today"]), date.fromisoformat(given_as["due"])
    assert reminders_due(today, due, given_as["offsets"], given_as["already_sent"]) == case["expect"]["send"]


@pytest.mark.parametrize(
    ("days_before", "sent", "expected"),
    [
        (91, (), []),
        (90, (), [90]),
        (90, (90,), []),
        (31, (90,), []),
        (30, (90,), [30]),
        (23, (90, 60), [30]),
        (7, (90, 30), [7]),
        (5, (), [7]),
        (0, (90, 30, 7), []),
        (-3, (90, 30), [7]),
        (-3, (90, 30, 7), []),
    ],
)
def test_examples(days_before: int, sent: tuple[int, ...], expected: list[int]) -> None:
    assert reminders_due(DUE - timedelta(days=days_before), DUE, OFFSETS, sent) == expected


@given(st.sets(st.integers(-20, 120)), st.sets(st.integers(0, 100), min_size=1, max_size=8))
def test_whatever_days_the_ticker_lives_each_offset_goes_out_once_and_never_early(
    alive: set[int], offsets: set[int]
) -> None:
    sent: list[int] = []
    for days_before in sorted(alive, reverse=True):
        today = DUE - timedelta(days=days_before)
        first = reminders_due(today, DUE, offsets, sent)
        assert len(first) <= 1
        assert all(days_before <= offset for offset in first)
        sent += first
        assert reminders_due(today, DUE, offsets, sent) == []
    assert len(sent) == len(set(sent))
    assert sent == sorted(sent, reverse=True)
    if alive and min(alive) <= min(offsets):
        assert min(offsets) in sent


@given(st.sets(st.integers(0, 100), min_size=1, max_size=8))
def test_a_ticker_that_never_stops_sends_every_offset_on_its_day(offsets: set[int]) -> None:
    sent: dict[int, int] = {}
    for days_before in range(110, -10, -1):
        for offset in reminders_due(DUE - timedelta(days=days_before), DUE, offsets, sent):
            sent[offset] = days_before
    assert sent == {offset: offset for offset in offsets}
