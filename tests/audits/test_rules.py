"""The date rules against the worked examples handed over with the project."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from audits.rules import (
    add_months,
    first_surveillance_latest,
    last_weekday,
    next_expiry,
    second_surveillance_latest,
    suggested_expiry,
)

EXAMPLES = Path(settings.BASE_DIR).parent / "shared" / "domain" / "schedule_rules.yaml"
RULES = {
    ("decision_date", "sa1_latest"): first_surveillance_latest,
    ("stage2_last_day", "sa1_latest_if_cb_counts_from_stage2"): first_surveillance_latest,
    ("sa1", "sa2_latest"): second_surveillance_latest,
    ("decision_date", "suggested_expiry"): suggested_expiry,
    ("expiry", "new_expiry_default"): next_expiry,
}


def examples() -> list[Any]:
    """Each (input, expected) of the file that a rule here answers."""
    if not EXAMPLES.exists():
        return [
            pytest.param(None, None, None, marks=pytest.mark.skip(reason=f"{EXAMPLES.name} is not beside the code"))
        ]
    cases = YAML(typ="safe").load(EXAMPLES.read_text())["examples"]
    return [
        pytest.param(rule, case["input"][given_as], case["expect"][asked], id=f"{case['name']} {asked}")
        for case in cases
        for (given_as, asked), rule in RULES.items()
        if case["rule"] in ("R2", "R3", "R4") and given_as in case["input"] and asked in case["expect"]
    ]


@pytest.mark.parametrize(("rule", "day", "expected"), examples())
def test_the_worked_examples_hold(rule: Any, day: str, expected: str) -> None:
    assert rule(date.fromisoformat(day)) == date.fromisoformat(expected)


def test_months_are_added_and_clipped() -> None:
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2027, 3, 1), 12) == date(2028, 3, 1)
    assert suggested_expiry(date(2028, 2, 29)) == date(2031, 2, 27)


@given(st.dates(date(2015, 1, 1), date(2060, 1, 1)), st.integers(0, 120))
def test_added_months_land_in_the_right_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and add_months(later.replace(day=1), 1).day == 1)


@given(st.dates(date(2015, 1, 1), date(2060, 1, 1)))
def test_the_last_weekday_is_a_weekday_and_the_nearest(day: date) -> None:
    found = last_weekday(day)
    assert found.weekday() < 5
    assert 0 <= (day - found).days <= 2
    assert found == day or day.weekday() >= 5
