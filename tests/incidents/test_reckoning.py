"""From facts to duties: what stands, until when, and what never spares one; dates and hours in any time zone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aims.days import day_of, end_of
from incidents.law import LegalDuty, law, severities
from incidents.reckoning import Due, Situation, deadline, duties_of, stands
from incidents.words import Happened, Kind

NOTICED = datetime(2026, 6, 18, 9, 30, tzinfo=UTC)
SERIOUS = Situation(
    noticed_at=NOTICED,
    time_zone="Europe/Lisbon",
    kind="persons",
    happened=frozenset({"health"}),
    severity=1,
    places=frozenset({"EU"}),
    eu_roles=frozenset({"provider"}),
    is_high_risk=True,
)
ZONES = ("UTC", "Europe/Lisbon", "Pacific/Kiritimati", "Pacific/Apia", "America/Los_Angeles", "Asia/Kathmandu")
facts = st.frozensets(st.sampled_from(Happened.values))
instants = st.integers(0, 7 * 366 * 24 * 60).map(lambda n: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
situations = st.builds(
    Situation,
    noticed_at=instants,
    time_zone=st.sampled_from(ZONES),
    kind=st.sampled_from(Kind.values),
    happened=facts,
    severity=st.none() | st.integers(1, 4),
    places=st.frozensets(st.sampled_from(["EU", "UK", "US"])),
    eu_roles=st.frozensets(st.sampled_from(["provider", "deployer", "importer"])),
    is_high_risk=st.none() | st.booleans(),
)


def found(situation: Situation, *own: LegalDuty) -> dict[str, Due]:
    return {due.duty.key: due for due in duties_of(situation, (*law().duties, *own))}


def test_a_serious_incident_is_reported_by_the_end_of_the_fifteenth_day() -> None:
    due = found(SERIOUS)
    assert set(due) == {"eu-ai-act-73-2"}
    assert due["eu-ai-act-73-2"].due_at == datetime(2026, 7, 3, 22, 59, 59, 999999, tzinfo=UTC)
    assert "seriously harmed" in due["eu-ai-act-73-2"].why


@pytest.mark.parametrize(
    ("happened", "key", "days"),
    [
        ({"death"}, "eu-ai-act-73-4", 10),
        ({"death", "health"}, "eu-ai-act-73-4", 10),
        ({"infrastructure"}, "eu-ai-act-73-3", 2),
        ({"rights", "widespread"}, "eu-ai-act-73-3", 2),
        ({"death", "infrastructure"}, "eu-ai-act-73-3", 2),
        ({"property"}, "eu-ai-act-73-2", 15),
    ],
)
def test_of_several_reports_to_one_authority_the_shortest_limit_stands(happened: set[str], key: str, days: int) -> None:
    (due,) = found(replace(SERIOUS, happened=frozenset(happened))).values()
    assert (due.duty.key, due.due_at) == (
        key,
        end_of(day_of(NOTICED, "Europe/Lisbon") + timedelta(days), "Europe/Lisbon"),
    )


def test_a_deployer_informs_the_provider_at_once() -> None:
    (due,) = found(replace(SERIOUS, eu_roles=frozenset({"deployer"}))).values()
    assert (due.duty.key, due.due_at) == ("eu-ai-act-26-5", None)


def test_a_breach_of_personal_data_is_notified_within_72_hours_and_people_told_when_at_high_risk() -> None:
    breach = replace(SERIOUS, happened=frozenset({"breach"}), is_high_risk=False)
    assert {key: due.due_at for key, due in found(breach).items()} == {"gdpr-33": NOTICED + timedelta(hours=72)}
    graver = replace(breach, happened=frozenset({"breach", "high-risk"}))
    assert list(found(graver)) == ["gdpr-34", "gdpr-33"]


def test_what_a_record_does_not_say_spares_nothing() -> None:
    unsaid = replace(SERIOUS, is_high_risk=None, eu_roles=frozenset(), places=frozenset())
    due = found(unsaid)
    assert set(due) == {"eu-ai-act-73-2", "eu-ai-act-26-5"}
    assert "does not say" in due["eu-ai-act-73-2"].why
    assert found(replace(SERIOUS, places=frozenset({"US"}))) == {}


def test_a_duty_of_ones_own_hangs_on_kind_and_severity() -> None:
    own = LegalDuty("own", "Tell", "Customers", "", kinds=frozenset({"output"}), least_severity=2, hours=24)
    wrong = replace(SERIOUS, kind="output", happened=frozenset(), severity=None)
    assert set(found(wrong, own)) == {"own"}
    assert set(found(replace(wrong, severity=2), own)) == {"own"}
    assert found(replace(wrong, severity=3), own) == {}
    assert found(replace(wrong, kind="misuse"), own) == {}


@settings(max_examples=200)
@given(situations, facts)
def test_more_facts_never_ease_what_is_owed(situation: Situation, more: frozenset[str]) -> None:
    """To each addressee something as early stands, whatever else turns out to hold."""
    graver = replace(situation, happened=situation.happened | more)
    before, after = found(situation), found(graver)
    for key, due in before.items():
        same = [
            other for other in after.values() if (other.duty.instead or other.duty.key) == (due.duty.instead or key)
        ]
        assert len(same) == 1
        assert (same[0].due_at or datetime.min.replace(tzinfo=UTC)) <= (due.due_at or datetime.max.replace(tzinfo=UTC))


@settings(max_examples=200)
@given(situations)
def test_knowing_less_never_spares_a_duty(situation: Situation) -> None:
    unknown = replace(situation, is_high_risk=None, eu_roles=frozenset(), severity=None, places=frozenset())
    assert {duty.key for duty in law().duties if stands(duty, situation)} <= {
        duty.key for duty in law().duties if stands(duty, unknown)
    }


@settings(max_examples=200)
@given(instants, st.sampled_from(ZONES), st.integers(1, 60))
def test_days_end_with_the_last_moment_of_a_calendar_day_and_hours_are_hours(
    noticed: datetime, zone: str, count: int
) -> None:
    in_days = deadline(LegalDuty("d", "D", "A", "", days=count), noticed, zone)
    assert in_days is not None
    assert day_of(in_days, zone) == day_of(noticed, zone) + timedelta(days=count)
    assert day_of(in_days + timedelta(microseconds=1), zone) > day_of(in_days, zone)
    assert in_days - noticed > timedelta(days=count) - timedelta(hours=2)
    in_hours = deadline(LegalDuty("h", "H", "A", "", hours=count), noticed, zone)
    assert in_hours == noticed + timedelta(hours=count)


def test_the_shipped_data_is_whole() -> None:
    assert [row.level for row in severities()] == [1, 2, 3, 4]
    for duty in law().duties:
        assert duty.source, duty
        assert duty.authority, duty
        assert duty.any | duty.all <= set(Happened.values)
        assert not (duty.hours and duty.days), duty
    assert len({duty.key for duty in law().duties}) == len(law().duties)
    assert law().places["pt"] == "EU"
