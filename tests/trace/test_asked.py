"""What is asked for survives the query string, and periods begin where people think they do."""

from datetime import date, timedelta
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.asked import Asked, Period

WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("q", "actor", "event", "kind", "subject", "role", "membership"), WORDS),
        "period": st.sampled_from([*Period.values, "", "decade"]),
        "since": st.one_of(DAYS.map(date.isoformat), WORDS),
        "until": st.one_of(DAYS.map(date.isoformat), WORDS),
        "fold": st.sampled_from(["", "no"]),
        "stranger": WORDS,
    },
)


@given(QUERIES)
def test_the_query_string_says_it_all(query: dict[str, str]) -> None:
    asked = Asked.of(query)
    assert Asked.of(dict(parse_qsl(asked.query))) == asked


@given(QUERIES, st.sampled_from(["q", "actor", "event", "kind", "subject", "role", "membership", "time", "fold"]))
def test_dropping_a_filter_drops_only_it(query: dict[str, str], name: str) -> None:
    asked = Asked.of(query)
    left = asked.without(name)
    gone = {"period", "since", "until"} if name == "time" else {name}
    for field in ("q", "actor", "event", "kind", "subject", "role", "membership", "period", "since", "until", "fold"):
        assert getattr(left, field) == ("" if field in gone else getattr(asked, field))


@given(QUERIES)
def test_bounds_never_fail_and_a_period_wins(query: dict[str, str]) -> None:
    asked = Asked.of(query)
    today = date(2026, 6, 18)
    since, until = asked.bounds("Europe/London", today)
    if asked.period:
        assert not asked.since
        assert not asked.until
        assert until is None
    assert since is None or since.tzinfo is not None


@given(DAYS)
def test_periods_hold_today_and_begin_on_their_day(today: date) -> None:
    assert Period.TODAY.begins(today) == today
    assert Period.WEEK.begins(today).weekday() == 0
    assert timedelta(0) <= today - Period.WEEK.begins(today) < timedelta(days=7)
    assert Period.MONTH.begins(today) == date(today.year, today.month, 1)


@pytest.mark.parametrize(("day", "utc"), [("2026-03-29", 0), ("2026-03-30", -1)])
def test_days_are_those_of_the_organisation(day: str, utc: int) -> None:
    since, until = Asked.of({"since": day, "until": day}).bounds("Europe/London", date(2026, 6, 18))
    assert since is not None
    assert until is not None
    assert (since.hour, since.tzinfo) == (0, ZoneInfo("Europe/London"))
    assert since.utcoffset() == timedelta(hours=-utc)
    assert until.date() - since.date() == timedelta(days=1)


def test_the_last_day_there_is_has_no_end() -> None:
    assert Asked.of({"until": "9999-12-31"}).bounds("UTC", date(2026, 6, 18)) == (None, None)


def test_only_filters_narrow_the_list() -> None:
    assert Asked.of({"fold": "no"}).is_open
    assert not Asked.of({"q": "A.5"}).is_open
    assert Asked.of({}).folds
    assert not Asked.of({"fold": "no"}).folds
