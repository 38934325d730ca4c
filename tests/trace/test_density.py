"""The way back in time: how busy each period was, what stands out, and where a date leads without scripts."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.clock import now, standing_at, today
from aims.models import Aims
from audits.models import MilestoneKind
from ledger.models import Log
from tests.audits.make import a_milestone
from tests.make import signed_in
from tests.soa.make import a_version, approved, decided
from tests.trace.make import an_obligation
from trace import density as room
from trace.density import BARS, HEIGHT, _bar, _per_bar, density


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Stand at noon, so that neither midnight nor a summer's hour lies between UTC and the organisation's day."""
    with time_machine.travel(datetime.now(UTC).replace(hour=12, minute=0), tick=True):
        yield


def founded(aims: Aims, days: int) -> Aims:
    """The AIMS as if it had been founded so many days ago."""
    aims.created_at = now() - timedelta(days=days)
    return aims


@pytest.mark.db_both
def test_records_are_counted_by_period(aims: Aims, officer: Actor) -> None:
    founded(aims, 400)
    for days, code in ((399, "O-1"), (200, "O-2"), (200, "O-3")):
        with standing_at(now() - timedelta(days=days)):
            an_obligation(officer, code, aims_id=aims.pk)
    drawn = density(aims, Log.objects.get())
    assert drawn.first == today(aims.time_zone) - timedelta(days=400)
    assert (drawn.last, drawn.days) == (today(aims.time_zone), 8)
    assert drawn.width == 51 * 10
    heights = {bar.x // 10: bar.height for bar in drawn.bars}
    assert sorted(heights) == [0, 25, 50]
    assert heights[50] > heights[25] > heights[0]


def test_a_young_aims_has_a_bar_a_day(aims: Aims, officer: Actor) -> None:
    drawn = density(aims, Log.objects.get())
    assert (drawn.first, drawn.days, drawn.width, len(drawn.bars)) == (drawn.last, 1, 10, 1)


@pytest.mark.db_both
def test_approvals_and_the_certificate_stand_out(aims: Aims, officer: Actor) -> None:
    founded(aims, 300)
    decided(officer)
    with standing_at(now() - timedelta(days=150)):
        approved(aims, a_version(aims, officer), officer)
    day = today(aims.time_zone) - timedelta(days=100)
    a_milestone(officer, day, kind=MilestoneKind.ISSUED, held_on=day)
    marks = density(aims, Log.objects.get()).landmarks
    assert [(mark.name, mark.is_drawn) for mark in marks] == [("v1", True), ("Certificate", True)]
    assert marks[0].place == "50.0%"
    assert [mark.told for mark in marks] == ["Version 1 was approved", "The certificate was issued"]


def test_names_that_would_run_together_are_told_but_not_drawn(aims: Aims, monkeypatch: pytest.MonkeyPatch) -> None:
    founded(aims, 100)
    last = today(aims.time_zone)
    days = [(last - timedelta(days=back), f"v{back}", "told") for back in (120, 99, 50, 48, 30, 2)]
    monkeypatch.setattr(room, "_days", lambda _aims: days)
    drawn = {mark.name: mark.is_drawn for mark in density(aims, Log.objects.get()).landmarks}
    assert drawn == {"v99": False, "v50": True, "v48": False, "v30": True, "v2": False}


@given(
    st.dictionaries(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(1, 500), max_size=40),
    st.integers(1, 30),
)
def test_no_record_falls_out_of_the_bars(days: dict[date, int], step: int) -> None:
    bars = _per_bar({day.isoformat(): count for day, count in days.items()}, date(2025, 6, 1), step)
    assert sum(bars.values()) == sum(days.values())
    most = max(bars.values(), default=1)
    for place, count in bars.items():
        bar = _bar(place, count, most)
        assert bar.y >= 0
        assert bar.y + bar.height == HEIGHT
        assert bar.height >= 2


def test_the_form_leads_to_the_pages_of_that_day(aims: Aims, officer: Actor) -> None:
    page = signed_in(officer).get(reverse("trace:records", args=[aims.slug])).content.decode()
    form = page.partition('<form class="as-of"')[2].partition("</form>")[0]
    day = today(aims.time_zone).isoformat()
    assert f'method="get" action="{reverse("soa:workbench", args=[aims.slug])}"' in form
    assert f'type="date" id="as-of-date" name="as_of" value="{day}" min="{day}" max="{day}"' in form
    leads = re.findall(r'formaction="([^"]+)"', form)
    assert leads == [reverse(name, args=[aims.slug]) for name in ("systems:list", "assessments:list", "evidence:list")]
    assert 'type="range"' not in form
    assert "Founded on" in form


def test_the_bars_are_one_question(aims: Aims, officer: Actor) -> None:
    for number in range(5):
        with standing_at(datetime(2026, 1, 1 + number, tzinfo=UTC)):
            an_obligation(officer, f"O-{number}", aims_id=aims.pk)
    log = Log.objects.get()
    with CaptureQueriesContext(connection) as queries:
        assert density(founded(aims, 900), log).width <= BARS * 10
    assert len(queries) == 3
