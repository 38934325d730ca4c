"""The library as of a date: what was given, linked and read by then, judged by that day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from evidence.actions import edit_evidence, link_evidence, withdraw_evidence, withdraw_link
from evidence.models import Evidence, EvidenceLink, File, Read
from evidence.queries import evidence_by_requirement, evidence_index, items
from tests.evidence.make import a_note, a_version, an_evidence, requirements
from tests.make import a_member, an_organisation, signed_in

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = datetime(2026, 6, 18, 12, tzinfo=UTC)
pytestmark = pytest.mark.db_both


def on(day: float) -> datetime:
    return START + timedelta(days=day)


@pytest.fixture
def library(db: None) -> tuple[Aims, Actor]:
    """Policy: given on day 1 and linked to A.2.2, renewed on 10, renamed on 15, unlinked on 20, withdrawn on 30."""
    with clock.standing_at(START):
        aims, officer = an_organisation(time_zone="Europe/London")
    with acting_in(aims, officer):
        with clock.standing_at(on(1)):
            item = an_evidence(
                actor=officer, name="policy-1.pdf", title="Policy", serves=["A.2.2"], renew_by=on(12).date()
            )
        with clock.standing_at(on(10)):
            a_version(item, actor=officer, data=b"%PDF-2", renew_by=on(100).date())
            link_evidence(item, requirements("A.2.3"), actor=officer)
        with clock.standing_at(on(15)):
            edit_evidence(item, title="AI policy", kind="record", owner=None, seen=1, actor=officer)
            a_note(actor=officer, title="Minutes")
        with clock.standing_at(on(20)):
            withdraw_link(EvidenceLink.objects.get(requirement__code="A.2.2"), reason="Wrong", actor=officer)
        with clock.standing_at(on(30)):
            withdraw_evidence(item, reason="Replaced", seen=2, actor=officer)
    return aims, officer


def page(library: tuple[Aims, Actor], name: str, day: float, *args: Any, **asked: str) -> Any:
    aims, officer = library
    with clock.standing_at(TODAY):
        place = reverse(f"evidence:{name}", args=[aims.slug, *args])
        return signed_in(officer).get(place, {"as_of": on(day).date().isoformat(), **asked})


def test_the_list_as_it_was(library: tuple[Aims, Actor]) -> None:
    def rows(day: float, **asked: str) -> list[tuple[str, str, list[str], str]]:
        found = page(library, "list", day, **asked).context["rows"]
        return [(row.title, row.version, [chip.code for chip in row.chips], row.mark.words) for row in found]

    assert rows(0) == []
    assert rows(1) == [("Policy", "1", ["A.2.2"], "in 11 d")]
    assert rows(10) == [("Policy", "2", ["A.2.2", "A.2.3"], "10 Jun 2026")]
    assert rows(15)[0][0] == "AI policy"
    assert rows(20)[0][2] == ["A.2.3"]
    assert [row[0] for row in rows(30)] == ["Minutes"]
    assert [row[0] for row in rows(29, q="policy")] == ["AI policy"]
    assert [[row[0] for row in rows(day, kind="record")] for day in (10, 15)] == [[], ["AI policy"]]
    assert [len(rows(day, control="A.2.3")) for day in (9, 10, 29, 30)] == [0, 1, 1, 0]
    assert [len(rows(day, tab="withdrawn")) for day in (29, 30)] == [0, 1]
    assert [len(rows(day, tab="due")) for day in (1, 10)] == [1, 0]
    assert [len(rows(day, q="report")) for day in (9, 10)] == [0, 1]  # the name of the second file
    counts = [[tab.count for tab in page(library, "list", day).context["tabs"]] for day in (0, 1, 10, 30)]
    assert counts == [[0, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 1]]
    controls = [[code for code, _label in page(library, "list", day).context["controls"]] for day in (1, 10, 20)]
    assert controls == [["A.2.2"], ["A.2.2", "A.2.3"], ["A.2.3"]]


def test_an_item_as_it_was(library: tuple[Aims, Actor]) -> None:
    panels = {day: page(library, "detail", day, "EV-001").context["panel"] for day in (1, 10, 15, 20, 30)}
    assert [panel.title for panel in panels.values()] == ["Policy", "Policy", "AI policy", "AI policy", "AI policy"]
    assert [[row.number for row in panel.versions] for panel in panels.values()] == [[1], *[[2, 1]] * 4]
    assert [[link.code for link in panels[day].links] for day in (1, 10, 20)] == [
        *(["A.2.2"], ["A.2.2", "A.2.3"], ["A.2.3"])
    ]
    assert [panels[day].is_withdrawn for day in (20, 30)] == [False, True]
    assert panels[1].state_words == "Renewal due, renew by 14 Mar 2026"
    assert not any(
        (panel.may_give, panel.may_edit, panel.may_withdraw) != (False, False, False) for panel in panels.values()
    )
    assert [len(page(library, "detail", day, "EV-001").context["acts"]) for day in (1, 10, 30)] == [1, 3, 6]
    assert page(library, "detail", 0, "EV-001").status_code == 404


def test_the_panel_beside_the_list_is_of_the_day(library: tuple[Aims, Actor]) -> None:
    aims, officer = library
    with clock.standing_at(TODAY):
        html = (
            signed_in(officer)
            .get(
                reverse("evidence:detail", args=[aims.slug, "EV-001"]),
                {"as_of": on(1).date().isoformat()},
                headers={"hx-request": "true", "hx-target": "inspector"},
            )
            .content.decode()
        )
    assert "Policy" in html
    assert "New version" not in html
    assert f"EV-001/?as_of={on(1).date()}" in html
    listed = page(library, "list", 10).content.decode()
    assert f'hx-get="/a/{aims.slug}/evidence/EV-001/?as_of={on(10).date()}"' in listed
    assert f'?control=A.2.2&amp;as_of={on(10).date()}"' in listed


def test_what_was_given_by_then_is_still_handed_out_and_the_read_is_noted(library: tuple[Aims, Actor]) -> None:
    aims, officer = library
    with acting_in(aims, officer):
        first, second = File.objects.order_by("pk")
    answer = page(library, "download", 5, "EV-001", 1, first.pk)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert page(library, "download", 9, "EV-001", 2, second.pk).status_code == 404
    assert page(library, "download", 10, "EV-001", 2, second.pk).status_code == 200
    assert f"/files/{first.pk}/" in page(library, "detail", 5, "EV-001").content.decode()
    with acting_in(aims, officer):
        assert list(Read.objects.order_by("pk").values_list("file", "read_at")) == [
            (first.pk, TODAY),
            (second.pk, TODAY),
        ]
    assert page(library, "detail", 40, "EV-001").context["panel"].reads == ()
    today = page(library, "detail", (TODAY.date() - START.date()).days, "EV-001")
    assert [read.what for read in today.context["panel"].reads] == ["report.pdf, version 2", "policy-1.pdf, version 1"]


def test_auditors_look_back_too(library: tuple[Aims, Actor]) -> None:
    aims, officer = library
    with clock.standing_at(on(40)):
        reader = a_member(aims, Role.REVIEWER, by=officer)
    assert page((aims, reader), "detail", 5, "EV-001").status_code == 200
    with acting_in(aims, officer):
        file = File.objects.order_by("pk")[0]
    assert page((aims, reader), "download", 5, "EV-001", 1, file.pk).status_code == 200


def test_the_index_is_handed_out_as_it_was(library: tuple[Aims, Actor]) -> None:
    answer = page(library, "export", 10)
    text = answer.content.decode()
    assert answer["Content-Disposition"].endswith(f'-{on(10).date()}.csv"')
    assert "Policy" in text
    assert "AI policy" not in text
    assert "A.2.2, A.2.3" in text


def test_other_rooms_hear_titles_as_they_were(library: tuple[Aims, Actor]) -> None:
    aims, officer = library
    (control,) = requirements_in(aims, officer)
    with acting_in(aims, officer):
        told = {
            day: [
                (ref.title, ref.kind, ref.number)
                for ref in evidence_by_requirement(on(day).date(), on(day))[control].refs
            ]
            for day in (1, 10, 15)
        }
        assert evidence_by_requirement(on(20).date(), on(20)).keys() == {control + 1}
        assert [line.title for line in evidence_index(on(15).date(), on(15))] == ["AI policy", "Minutes"]
    assert told == {1: [("Policy", "document", 1)], 10: [("Policy", "document", 2)], 15: [("AI policy", "record", 2)]}


def requirements_in(aims: Aims, officer: Actor) -> list[int]:
    with acting_in(aims, officer):
        return [row.pk for row in requirements("A.2.2")]


@pytest.mark.parametrize("name", ["list", "detail"])
def test_it_costs_the_same_at_any_length(aims: Aims, officer: Actor, name: str) -> None:
    place = reverse(f"evidence:{name}", args=[aims.slug, *(["EV-001"] if name == "detail" else [])])
    browser = signed_in(officer)

    def cost(**asked: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(place, asked).status_code == 200
        return len(queries)

    def grow(size: int) -> None:
        for number in range(size):
            item = a_note(actor=officer, title=f"Note {number}", serves=["A.2.2", "A.2.3"])
            a_version(item, actor=officer)
            a_version(Evidence.objects.get(code="EV-001"), actor=officer)

    today = clock.today(aims.time_zone).isoformat()
    grow(3)
    cost(as_of=today)
    few = cost(as_of=today)
    grow(22)
    assert cost(as_of=today) == few <= cost()
    assert len(items(clock.now())) == 25
