"""Looking back in the browser: what pages show, that nothing there writes, that links stay in the past, and cost."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import start_assessment
from assessments.models import Assessment, Risk
from evidence.models import Evidence, EvidenceLink
from ledger.models import Record
from soa.actions import amend, decide, return_version
from soa.models import Applicability, StatementVersion
from soa.queries.rows import read_sheet
from systems.actions import edit_system, say_scope
from systems.models import AiSystem
from tests.assessments.make import a_measure, a_risk, an_impact
from tests.evidence.make import an_evidence
from tests.make import a_member, an_organisation, signed_in
from tests.soa.make import a_statement, a_version, an_entry, approved, decided, excluded, included
from tests.soa.test_workbench import grow
from tests.soa.world import ACTS, World
from tests.systems.make import a_reliance, a_system, person_of

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = datetime(2026, 6, 18, 12, tzinfo=UTC)
FRAME = {"desk:overview", "desk:search", "audits:cycle", "trace:records", "reports:list", "aims:settings", "me", "home"}
STARTS = ("soa:workbench", "systems:list", "assessments:list", "assessments:risks", "evidence:list", "soa:versions")
EACH = 7
STATIC = ("/static/", "#", "mailto:")


def on(day: int) -> datetime:
    return START + timedelta(days=day)


def day_of(days: int) -> str:
    return on(days).date().isoformat()


def told(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(html)))


@pytest.fixture
def world(db: None) -> World:
    """An AIMS in which everything has happened at least once; it can be looked back on from the first day."""
    world = World(START)
    with acting_in(world.aims, world.officer):
        world.begin(START)
        for pick in (1, 2, 3):
            for number in range(len(ACTS)):
                world.act(number, pick, on(1 + pick))
            with clock.standing_at(on(1 + pick)):
                an_evidence(actor=world.officer, name=f"report-{pick}.pdf", serves=["A.2.2", "6.1.3"])
    return world


@pytest.fixture
def statement(db: None) -> tuple[Aims, Actor, Client]:
    """A statement: opened on day 0, one row decided on day 10, described on day 20, excluded on day 30."""
    with clock.standing_at(START):
        aims, officer = an_organisation(time_zone="Europe/London")
        with acting_in(aims, officer):
            a_statement(officer)
    with acting_in(aims, officer):
        with clock.standing_at(on(10)):
            included(officer, why="The policy binds us.", owner=person_of(officer))
        with clock.standing_at(on(20)):
            entry = an_entry()
            amend(entry, {"how": "It is on the wall.", "implementation": "implemented"}, seen=3, actor=officer)
        with clock.standing_at(on(30)):
            decide(an_entry(), Applicability.EXCLUDED, why="Sold.", seen=an_entry().version, actor=officer)
    return aims, officer, signed_in(officer)


def row_of(html: str, code: str = "a-2-2") -> str:
    (row,) = re.findall(rf'<tr class="control-row" id="{code}".*?</tr>', html, re.DOTALL)
    return row


def panel_of(html: str) -> str:
    (panel,) = re.findall(r'<aside class="inspector" id="inspector".*?</aside>', html, re.DOTALL)
    return panel


@pytest.mark.db_both
def test_the_statement_and_its_panel_as_they_stood(statement: tuple[Aims, Actor, Client]) -> None:
    aims, _officer, browser = statement
    place = reverse("soa:workbench", args=[aims.slug])

    def shown(day: int) -> tuple[str, str]:
        with clock.standing_at(TODAY):
            html = browser.get(place, {"as_of": day_of(day), "control": "A.2.2"}).content.decode()
        return told(row_of(html)), told(panel_of(html))

    for day in (0, 9):
        row, panel = shown(day)
        assert "The policy binds us" not in row + panel
        assert "No reason yet" in panel
    row, panel = shown(10)
    assert "The policy binds us." in row
    assert "Not started" in row
    assert "It is on the wall" not in panel
    row, panel = shown(29)
    assert "Implemented" in row
    assert "It is on the wall." in panel
    assert "A.2.2 is implemented, with no evidence" in panel
    row, panel = shown(30)
    assert "Sold." in row
    assert "Not needed" in row
    with clock.standing_at(TODAY):
        today = browser.get(place, {"control": "A.2.2"}).content.decode()
    words = told(panel_of(today))
    for offered in (" Edit", " Add", " Trace", " Receipt"):
        words = words.replace(offered, "")
    assert words == panel


def test_before_the_statement_there_was_none(db: None) -> None:
    with clock.standing_at(START):
        early, founder = an_organisation(time_zone="UTC")
    with clock.standing_at(on(2)), acting_in(early, founder):
        a_statement(founder)
    with clock.standing_at(TODAY):
        page = signed_in(founder).get(reverse("soa:workbench", args=[early.slug]), {"as_of": day_of(1)})
        checks = signed_in(founder).get(reverse("soa:checks", args=[early.slug]), {"as_of": day_of(1)})
    assert "There was no statement yet" in told(page.content.decode())
    assert "Begin with 38 controls" not in page.content.decode()
    assert checks["Location"] == f"{reverse('soa:workbench', args=[early.slug])}?as_of={day_of(1)}"


def test_flags_and_freshness_are_judged_by_that_day(statement: tuple[Aims, Actor, Client]) -> None:
    aims, officer, browser = statement
    with acting_in(aims, officer), clock.standing_at(on(10)):
        an_evidence(actor=officer, serves=["A.2.2"], renew_by=on(25).date())
    place = reverse("soa:workbench", args=[aims.slug])
    notes = {}
    for day in (10, 24, 25, 26):
        with clock.standing_at(TODAY):
            html = browser.get(place, {"as_of": day_of(day)}).content.decode()
            checks = told(browser.get(reverse("soa:checks", args=[aims.slug]), {"as_of": day_of(day)}).content.decode())
        (note,) = re.findall(r'class="fresh-note">([^<]*)<', row_of(html))
        notes[day] = (note, "with evidence whose renewal is overdue" in checks)
    assert notes == {
        10: ("due 15 d", False),
        24: ("due 1 d", False),
        25: ("due 0 d", False),
        26: ("overdue 1 d", True),
    }


def test_versions_as_they_stood(statement: tuple[Aims, Actor, Client]) -> None:
    aims, officer, browser = statement
    with acting_in(aims, officer):
        with clock.standing_at(on(31)):
            for row in read_sheet(aims).rows:
                decide(row.entry, Applicability.INCLUDED, why="It applies.", seen=row.entry.version, actor=officer)
            first = a_version(aims, officer, summary="First try.")
        with clock.standing_at(on(32)):
            return_version(first, reason="Mend it.", seen=1, actor=officer)
        with clock.standing_at(on(33)):
            again = a_version(aims, officer, summary="Second try.")
        with clock.standing_at(on(34)):
            approved(aims, again, officer)
        with clock.standing_at(on(40)):
            included(officer, "A.2.3", why="Changed.")
            second = a_version(aims, officer, summary="Next issue.")
        with clock.standing_at(on(41)):
            approved(aims, second, officer)

    def states(day: int) -> list[tuple[int, str]]:
        with clock.standing_at(TODAY):
            answer = browser.get(reverse("soa:versions", args=[aims.slug]), {"as_of": day_of(day)})
        assert "Submit draft" not in answer.content.decode()
        return [(row.number, row.state) for row in answer.context["versions"]]

    assert states(30) == []
    assert states(31) == [(1, "submitted")]
    assert states(32) == [(1, "returned")]
    assert states(33) == [(1, "submitted"), (1, "returned")]
    assert states(34) == states(39) == [(1, "approved"), (1, "returned")]
    assert states(40) == [(2, "submitted"), (1, "approved"), (1, "returned")]
    assert states(41) == [(2, "approved"), (1, "superseded"), (1, "returned")]

    def version(row: StatementVersion, day: int) -> tuple[int, str]:
        with clock.standing_at(TODAY):
            answer = browser.get(reverse("soa:version", args=[aims.slug, row.pk]), {"as_of": day_of(day)})
        return answer.status_code, told(answer.content.decode())

    assert version(second, 39)[0] == 404
    assert "Submitted" in version(second, 40)[1]
    assert "Take it back" not in version(second, 40)[1]
    assert "Next issue." in version(second, 41)[1]
    assert "Mend it." not in version(first, 31)[1]
    assert "Mend it." in version(first, 32)[1]
    with clock.standing_at(TODAY):
        place = reverse("soa:compare", args=[aims.slug])
        options = browser.get(place, {"as_of": day_of(35)}).context["options"]
        assert [label for _key, label in options] == ["Version 1", "Draft 2"]
        assert browser.get(place, {"as_of": day_of(35), "from": str(second.pk)}).status_code == 404
        bars = told(browser.get(reverse("soa:workbench", args=[aims.slug]), {"as_of": day_of(40)}).content.decode())
    assert "version 2 waits for approval" in bars


def test_the_export_is_of_that_day(statement: tuple[Aims, Actor, Client]) -> None:
    aims, _officer, browser = statement
    with clock.standing_at(TODAY):
        answer = browser.get(reverse("soa:export", args=[aims.slug, "csv"]), {"as_of": day_of(12)})
    assert answer["Content-Disposition"] == f'attachment; filename="soa-{aims.slug}-{day_of(12)}.csv"'
    assert "The policy binds us." in answer.content.decode()
    assert "Sold." not in answer.content.decode()


def test_the_editor_of_a_past_row_is_its_panel(statement: tuple[Aims, Actor, Client]) -> None:
    aims, _officer, browser = statement
    with clock.standing_at(TODAY):
        answer = browser.get(reverse("soa:entry", args=[aims.slug, "A.2.2"]), {"as_of": day_of(12)})
    assert answer["Location"] == f"{reverse('soa:workbench', args=[aims.slug])}?control=A.2.2&as_of={day_of(12)}"


def links_of(page: str, html: str) -> set[str]:
    found = re.findall(r'(?:href|hx-get|action|hx-push-url)="([^"]+)"', html)
    return {urljoin(page, unescape(link)) for link in found if not link.startswith(STATIC) and link != "true"}


def check_page(page: str, html: str, day: str) -> set[str]:
    """Hold one page against the rules of looking back, and return where it leads in the past."""
    writes = re.findall(r'<form[^>]*method="post"[^>]*>', html)
    assert all("/accounts/logout/" in form for form in writes), (page, writes)
    assert not re.search(r"hx-(post|put|patch|delete)", html), page
    assert "As it stood on" in html or "did not exist yet" in html or "<html" not in html, page
    further = set()
    for link in links_of(page, re.sub(r"<a [^>]*>(Back to today|Today)</a>", "", html)):
        path, query = urlsplit(link).path, urlsplit(link).query
        match = resolve(path)
        carries = parse_qs(query).get("as_of") == [day]
        if not getattr(match.func, "shows_the_past", False):
            assert match.view_name in FRAME | {"account_logout"}, (page, link)
            assert not carries, (page, link)
        elif carries:
            further.add(link.partition("#")[0])
        else:
            is_form = f'action="{path}"' in html and 'name="as_of"' in html
            assert is_form or match.view_name == "evidence:download", (page, link)
    return further


@pytest.mark.parametrize(("role", "days"), [(Role.OFFICER, 4), (Role.OWNER, 4), (Role.APPROVER, 2), (Role.REVIEWER, 3)])
def test_the_past_leads_only_into_the_past_and_nothing_there_writes(world: World, role: Role, days: int) -> None:
    with clock.standing_at(on(6)), acting_in(world.aims, world.officer):
        reader = world.officer if role == Role.OFFICER else a_member(world.aims, role, by=world.officer)
        if role == Role.OWNER:
            AiSystem.objects.update(owner=reader.user_id)
            Evidence.objects.update(owner=reader.user_id)
        records = Record.objects.count()
    browser, day, seen = signed_in(reader), day_of(days), Counter[str]()
    ahead = [f"{reverse(name, args=[world.aims.slug])}?as_of={day}" for name in STARTS]
    known = set(ahead)
    with clock.standing_at(TODAY):
        for page in ahead:  # grows while it is walked
            name = resolve(urlsplit(page).path).view_name
            if seen[name] >= EACH:
                continue
            seen[name] += 1
            answer = browser.get(page, follow=True)
            assert answer.status_code in (200, 404), page
            if answer["Content-Type"].startswith("text/html"):
                here = answer.redirect_chain[-1][0] if getattr(answer, "redirect_chain", None) else page
                further = check_page(here, answer.content.decode(), day) - known
                ahead += sorted(further)
                known |= further
    assert set(seen) >= {"soa:checks", "soa:version", "soa:compare", "systems:detail", "evidence:detail"}
    assert set(seen) >= {"assessments:detail", "assessments:risk", "soa:export", "evidence:export"}
    with acting_in(world.aims, world.officer):
        assert Record.objects.count() == records


def test_htmx_gets_the_parts_of_the_past(statement: tuple[Aims, Actor, Client]) -> None:
    aims, _officer, browser = statement
    place = reverse("soa:workbench", args=[aims.slug])
    with clock.standing_at(TODAY):
        for target in ("inspector", "board"):
            headers = {"hx-request": "true", "hx-target": target}
            html = browser.get(place, {"as_of": day_of(12), "control": "A.2.2"}, headers=headers).content.decode()
            assert "The policy binds us." in html
            assert "Sold." not in html
            check_page(f"{place}?as_of={day_of(12)}", html, day_of(12))


def test_a_past_statement_costs_what_todays_does(aims: Aims, officer: Actor) -> None:
    decided(officer)
    approved(aims, a_version(aims, officer), officer)
    excluded(officer, "A.2.3", why="Not ours.")
    included(officer, "A.2.2", why="Changed since.", owner=person_of(officer))
    place, browser = reverse("soa:workbench", args=[aims.slug]), signed_in(officer)
    today = clock.today(aims.time_zone).isoformat()
    budgets = {
        (place, ""): 14,
        (place, "A.2.2"): 17,
        (reverse("soa:checks", args=[aims.slug]), ""): 14,
        (reverse("soa:versions", args=[aims.slug]), ""): 15,
        (reverse("soa:compare", args=[aims.slug]), ""): 16,
    }

    def costs() -> dict[tuple[str, str], int]:
        found = {}
        for page, control in budgets:
            with CaptureQueriesContext(connection) as queries:
                asked = {"as_of": today} | ({"control": control} if control else {})
                assert browser.get(page, asked).status_code == 200
            found[page, control] = len(queries)
        return found

    def judge(systems: int) -> None:
        for system in AiSystem.objects.order_by("-pk")[:systems]:
            a_reliance(officer, system)
            a_risk(officer, system=system)
            a_measure(an_impact(start_assessment(system, actor=officer), officer), officer)

    grow(aims, officer, systems=1, links=3, own=1)
    judge(1)
    costs()
    few = costs()
    grow(aims, officer, systems=9, links=297, own=20)
    judge(9)
    many = costs()
    assert (EvidenceLink.objects.count(), Risk.objects.count(), Assessment.objects.count()) == (300, 10, 10)
    assert many == few
    assert {page: cost for page, cost in many.items() if cost > budgets[page]} == {}


def test_renamed_things_bear_their_old_names(statement: tuple[Aims, Actor, Client]) -> None:
    aims, officer, browser = statement
    with acting_in(aims, officer):
        with clock.standing_at(on(10)):
            system = a_system(officer, name="Old ranker", in_scope=True)
            a_reliance(officer, system, code="A.2.2")
        with clock.standing_at(on(20)):
            edit_system(system, name="New ranker", seen=2, actor=officer)
        with clock.standing_at(on(25)):
            say_scope(system, is_in_scope=False, reason="Sold", seen=3, actor=officer)
    place = reverse("soa:workbench", args=[aims.slug])
    panels = {}
    for day in (9, 10, 20, 25):
        with clock.standing_at(TODAY):
            panels[day] = panel_of(browser.get(place, {"as_of": day_of(day), "control": "A.2.2"}).content.decode())
    assert ["ranker" in panels[day] for day in (9, 10, 20, 25)] == [False, True, True, False]
    assert "Old ranker" in panels[10]
    assert "New ranker" not in panels[10]
    assert "New ranker" in panels[20]
    assert date.fromisoformat(day_of(10)) < TODAY.date()
