"""The portfolio: where every system stands, by its worst impact, judged by the criteria that stand on each row."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims, Criteria
from aims.vocabulary import Band
from assessments.actions import clone_edition, edit_impact, submit_assessment
from assessments.bands import rank_of
from assessments.models import Impact
from assessments.queries.past import judgements_of
from assessments.queries.portfolio import SystemJudged, Weighed, narrowed, portfolio
from ledger.change import Change
from tests.assessments.make import (
    a_complete_assessment,
    a_decided_assessment,
    a_system,
    an_approver,
    an_impact,
    newer_criteria,
)
from tests.make import an_organisation, signed_in

BANDS = {"low": [1, 4], "moderate": [5, 9], "high": [10, 14], "severe": [15, 25]}


def stood(found: tuple[SystemJudged, ...], code: str) -> SystemJudged:
    return next(row for row in found if row.code == code)


@pytest.mark.db_both
def test_each_system_stands_by_its_worst_harm(aims: Aims, officer: Actor) -> None:
    """Benefits and withdrawn harms do not count; the target is what remains once dated measures are in place."""
    approver = an_approver(aims, officer)
    system = a_system(officer, "Ranker")
    bare = a_system(officer, "Unassessed")
    row = a_complete_assessment(
        officer, system, residual_likelihood=3, residual_severity=3, target_likelihood=1, target_severity=3
    )
    an_impact(row, officer, description="Mild", likelihood=1, severity=1)
    an_impact(row, officer, description="Joy", likelihood=5, severity=5, valence="benefit")
    an_impact(row, officer, description="Not scored", likelihood=None, severity=None)
    found = portfolio()
    line = stood(found.systems, system.code)
    assert (line.before, line.now, line.target) == (Weighed(3, 12), Weighed(2, 9), Weighed(1, 3))
    assert (line.harms, line.unscored) == ((1, 1, 0, 0), 1)
    assert line.words == "Draft"
    assert stood(found.systems, bare.code).now is None
    assert found.by_band("now") == (0, 1, 0, 0, 1)
    assert found.flows == {((4, 3), (3, 3)): 1, ((1, 1), (1, 1)): 1, (None, None): 1}
    assert approver.user_id


@pytest.mark.db_both
def test_the_edition_in_force_counts_and_keeps_its_criteria(aims: Aims, officer: Actor) -> None:
    """Neither the draft after it nor newer criteria move a system."""
    approver = an_approver(aims, officer)
    row = a_decided_assessment(officer, approver)
    newer_criteria(officer)
    draft = clone_edition(row, reason="A year has passed.", actor=officer)
    impact = Impact.objects.get(assessment=draft)
    edit_impact(impact, likelihood=5, severity=5, seen=impact.version, actor=officer)
    found = portfolio()
    line = stood(found.systems, row.system.code)
    assert (line.now, line.edition, line.words) == (Weighed(3, 12), "1.0", "Proceed")
    assert found.criteria.number == 2


def test_a_retired_system_is_left_out_and_counted(aims: Aims, officer: Actor) -> None:
    """Its impacts are in no cell either."""
    system = a_system(officer)
    an_impact(a_complete_assessment(officer, system), officer)
    assert portfolio().impacts == 2
    Change.of(system, stage="retired").save(actor=officer)
    found = portfolio()
    assert (found.systems, found.impacts, found.retired) == ((), 0, 1)


@pytest.mark.db_both
def test_the_past_stands_as_it_stood(aims: Aims, officer: Actor) -> None:
    """Before a harm was named it was in no cell; an edition of the past is in its history."""
    approver = an_approver(aims, officer)
    start = clock.now()
    with clock.standing_at(start + timedelta(hours=1)):
        system = a_system(officer)
        row = a_decided_assessment(officer, approver, system)
    with clock.standing_at(start + timedelta(hours=3)):
        draft = clone_edition(row, reason="More is known.", actor=officer)
        an_impact(draft, officer, likelihood=5, severity=5)
        Change.of(system, name="Renamed").save(actor=officer)
    early = start + timedelta(hours=2)
    then, now = portfolio(early), portfolio()
    assert stood(then.systems, system.code).name != "Renamed"
    assert (then.impacts, now.impacts) == (1, 1)
    assert portfolio(start).systems == ()
    system.aims = aims
    assert [(line.edition, line.is_open) for line in judgements_of(system, early)] == [("1.0", False)]
    with clock.standing_at(start + timedelta(hours=4)):
        late = judgements_of(system)
    assert [(line.edition, line.is_open, line.harms) for line in late] == [("1.0", False, 1), ("1.1", True, 2)]
    assert late[1].now is not None
    assert late[1].now.score == 25


def test_a_history_is_what_was_decided_then(aims: Aims, officer: Actor) -> None:
    """Two editions under two criteria, each with its own bands."""
    approver = an_approver(aims, officer)
    first = a_decided_assessment(officer, approver)
    newer_criteria(officer)
    draft = clone_edition(first, reason="Newer criteria.", actor=officer)
    submit_assessment(draft, seen=draft.version, actor=officer)
    first.system.aims = aims
    lines = judgements_of(first.system)
    assert [(line.criteria, line.now and line.now.label) for line in lines] == [(1, "High"), (2, "Severe")]


def test_the_pages_cost_the_same_however_many_systems(aims: Aims, officer: Actor) -> None:
    """Three or nine, now and looking back."""
    client = signed_in(officer)
    today = clock.today(aims.time_zone).isoformat()
    counts = []
    for more in (3, 6):
        for _each in range(more):
            row = a_complete_assessment(officer)
        history = reverse("assessments:history", args=[aims.slug, row.system.code])
        page = reverse("assessments:portfolio", args=[aims.slug])
        counts.append([_queries(client, place) for place in (page, f"{page}?as_of={today}", history)])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_page_finds_sorts_and_answers_a_part(aims: Aims, officer: Actor) -> None:
    """Without scripts it is a page, with them the rows alone; what matches nothing says so."""
    a_complete_assessment(officer, a_system(officer, "Alpha ranker"))
    a_system(officer, "Beta helper <b>")
    client, place = signed_in(officer), reverse("assessments:portfolio", args=[aims.slug])
    page = client.get(place).content.decode()
    assert page.index("Alpha ranker") < page.index("Beta helper &lt;b&gt;")
    assert "Not assessed" in client.get(f"{place}?state=none").content.decode()
    assert "Alpha ranker" not in client.get(f"{place}?state=none&q=beta").content.decode()
    part = client.get(f"{place}?band=high", headers={"HX-Request": "true", "HX-Target": "rows"}).content.decode()
    assert "Alpha ranker" in part
    assert "Beta helper" not in part
    assert "<html" not in part
    assert "No system matches" in client.get(f"{place}?band=severe").content.decode()


def test_a_system_that_is_not_there_has_no_history(aims: Aims, officer: Actor) -> None:
    """And one that was never assessed has an empty one."""
    system = a_system(officer)
    client = signed_in(officer)
    assert client.get(reverse("assessments:history", args=[aims.slug, "SYS-999"])).status_code == 404
    page = client.get(reverse("assessments:history", args=[aims.slug, system.code])).content.decode()
    assert "This system was not assessed" in page


levels = st.builds(
    lambda cell: Weighed(rank_of(Criteria(bands=BANDS, severity_five_at_least="high").band(*cell)), cell[0] * cell[1]),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
)


def _judged(number: int, now: Weighed | None, state: str, review: date | None) -> SystemJudged:
    return SystemJudged(
        *(
            f"SYS-{number:03d}",
            f"System {number}",
            None,
            "IA-1" if state else "",
            "1.0",
            state,
            "proceed",
            None,
            review,
        ),
        *(now, now, now, (0, 0, 0, 0), 0),
    )


rows = st.lists(
    st.tuples(
        levels | st.none(),
        st.sampled_from(["", "draft", "decided"]),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)) | st.none(),
    ),
    max_size=30,
).map(lambda facts: [_judged(number, *fact) for number, fact in enumerate(facts)])


@given(rows)
def test_narrowing_parts_the_systems_and_sorting_keeps_them(made: list[SystemJudged]) -> None:
    """Each system is in one state and at most in one band; the worst come first and none is lost."""
    today = date(2026, 6, 18)
    by_state = [narrowed(made, today=today, state=state) for state in ("none", "open", "decided")]
    assert sorted(row.code for part in by_state for row in part) == [row.code for row in made]
    in_bands = [row for band in Band for row in narrowed(made, today=today, band=band)]
    assert len(in_bands) == sum(row.now is not None for row in made)
    first = narrowed(made, today=today)
    weights = [row.now.rank * 100 + row.now.score if row.now else 0 for row in first]
    assert weights == sorted(weights, reverse=True)
    assert {row.code for row in first} == {row.code for row in made}
    for sort in ("code", "-name", "before", "target", "review", "nonsense"):
        assert len(narrowed(made, today=today, sort=sort)) == len(made)


def test_nobody_reads_another_organisations_systems(aims: Aims, officer: Actor) -> None:
    """Their portfolio is their own."""
    other, stranger = an_organisation()
    with acting_in(other, stranger):
        a_complete_assessment(stranger, a_system(stranger, "Theirs"))
        assert len(portfolio().systems) == 1
    assert portfolio().systems == ()
