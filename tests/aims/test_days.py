"""The end of a day anywhere on earth, and which days can be looked back on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aims.days import NoSuchDay, asked_day, day_of, end_of

FIRST, LAST = date(2025, 3, 1), date(2026, 6, 18)
TICK = timedelta(microseconds=1)
# Clocks that jump over midnight, back over midnight (St John's, at 00:01), over a whole day (Apia), by half an hour.
ZONES = [
    *("Europe/London", "UTC", "Asia/Kolkata", "Pacific/Kiritimati", "America/Los_Angeles", "America/Sao_Paulo"),
    *("Asia/Beirut", "America/Havana", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Cairo"),
]
zones = st.sampled_from(ZONES)
days = st.dates(date(1990, 1, 1), date(2037, 12, 31))
instants = st.datetimes(datetime(1990, 1, 2), datetime(2037, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(days, zones)
def test_a_day_ends_where_the_next_begins(day: date, zone: str) -> None:
    end = end_of(day, zone)
    assert end.tzinfo is UTC
    assert day_of(end, zone) <= day < day_of(end + TICK, zone)


@given(days, zones, st.timedeltas(timedelta(0), timedelta(days=2)))
def test_no_instant_after_the_end_belongs_to_the_day(day: date, zone: str, later: timedelta) -> None:
    assert day_of(end_of(day, zone) + TICK + later, zone) > day


@given(instants, zones)
def test_what_happened_on_a_day_happened_by_its_end(instant: datetime, zone: str) -> None:
    assert instant <= end_of(day_of(instant, zone), zone)


@given(days, zones)
def test_days_end_in_their_order(day: date, zone: str) -> None:
    assert end_of(day, zone) <= end_of(day + timedelta(days=1), zone)


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        (date(2026, 6, 18), "Europe/London", datetime(2026, 6, 18, 22, 59, 59, 999999, UTC)),
        (date(2026, 1, 18), "Europe/London", datetime(2026, 1, 18, 23, 59, 59, 999999, UTC)),
        (date(2026, 3, 29), "Europe/London", datetime(2026, 3, 29, 22, 59, 59, 999999, UTC)),
        (date(2026, 3, 28), "Asia/Beirut", datetime(2026, 3, 28, 21, 59, 59, 999999, UTC)),
        (date(2008, 11, 1), "America/St_Johns", datetime(2008, 11, 2, 3, 29, 59, 999999, UTC)),
        (date(2026, 6, 18), "Pacific/Kiritimati", datetime(2026, 6, 18, 9, 59, 59, 999999, UTC)),
    ],
)
def test_known_ends(day: date, zone: str, end: datetime) -> None:
    assert end_of(day, zone) == end
    assert (end + TICK).astimezone(ZoneInfo(zone)).date() > day


@given(st.dates(FIRST, LAST))
def test_days_of_the_management_system_are_read(day: date) -> None:
    assert asked_day(day.isoformat(), first=FIRST, last=LAST) == day


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)).filter(lambda day: not FIRST <= day <= LAST))
def test_other_days_are_refused_with_their_reason(day: date) -> None:
    with pytest.raises(NoSuchDay) as refused:
        asked_day(day.isoformat(), first=FIRST, last=LAST)
    assert ("future" in refused.value.message) == (day > LAST)
    assert ("1 March 2025" in refused.value.message) == (day < FIRST)


@given(st.text(max_size=60))
def test_any_other_text_is_refused_in_words(text: str) -> None:
    try:
        said = asked_day(text, first=date.min, last=date.max).isoformat()
    except NoSuchDay as refused:
        said = refused.message
    assert text[:40] in said


@pytest.mark.parametrize(
    "text",
    ["20260618", "2026-W25-4", "2026-6-18", "2026-06-31", "18.06.2026", "2026-06-18T10:00", "٢٠٢٦-٠٦-١٨", "0000-00-00"],
)
def test_only_one_way_of_writing_a_date_is_taken(text: str) -> None:
    with pytest.raises(NoSuchDay, match="is not a date"):
        asked_day(text, first=date.min, last=date.max)
