"""The workbench: whom it shows what, how it narrows, and what it costs."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import INSIDERS, Role
from aims.models import Aims
from controls.models import Requirement
from evidence.models import EvidenceLink
from soa.actions import add_own_control, amend
from soa.models import Entry
from tests.evidence.make import a_note
from tests.make import a_member, an_organisation, signed_in
from tests.soa.make import a_statement, a_version, an_entry, approved, decided, excluded, included
from tests.systems.make import a_system, person_of

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)


def address(aims: Aims, name: str = "workbench", *args: Any) -> str:
    return reverse(f"soa:{name}", args=[aims.slug, *args])


def shown(browser: Client, aims: Aims, **asked: str) -> list[str]:
    areas = browser.get(address(aims), asked).context["areas"]
    return [row.code for area in areas for row in area.rows]


@pytest.mark.parametrize("role", sorted(INSIDERS))
def test_every_role_sees_the_statement_and_no_form_it_may_not_press(aims: Aims, officer: Actor, role: Role) -> None:
    browser = signed_in(a_member(aims, role, by=officer))
    empty = browser.get(address(aims)).content.decode()
    assert "There is no statement yet" in empty
    steers = role in (Role.ADMINISTRATOR, Role.OFFICER)
    assert ("Begin with 38 controls" in empty) == steers
    a_statement(officer)
    answer = browser.get(address(aims), {"control": "A.2.2"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("control-row") == 38
    for part in (address(aims, "bulk"), address(aims, "import"), address(aims, "submit"), address(aims, "area")):
        assert (part in page) == steers, part
    assert ('hx-target="#detail-a-2-2"' in page) == steers
    assert (f'action="{address(aims, "decide", "A.2.2")}"' in page and "disabled" not in page) == steers


def test_a_control_owner_edits_only_their_rows(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    owner = a_member(aims, Role.OWNER, by=officer)
    amend(an_entry("A.2.3"), {"owner": person_of(owner)}, seen=1, actor=officer)
    page = signed_in(owner).get(address(aims)).content.decode()
    assert 'hx-target="#detail-a-2-3"' in page
    assert 'hx-target="#detail-a-2-2"' not in page


def test_opening_takes_a_steward(aims: Aims, officer: Actor, browser: Client) -> None:
    auditor = signed_in(a_member(aims, Role.AUDITOR, by=officer))
    assert auditor.post(address(aims, "open")).status_code == 403
    assert browser.post(address(aims, "open"))["Location"] == address(aims)
    assert Entry.objects.count() == 38


def test_views_and_filters_narrow_the_list(aims: Aims, officer: Actor, browser: Client) -> None:
    decided(officer)
    approved(aims, a_version(aims, officer), officer)
    excluded(officer, "A.2.2", why="Nothing like it.")
    included(officer, "A.2.3", owner=person_of(officer), implementation="partly", reasons=[{"code": "BP", "ref": ""}])
    assert len(shown(browser, aims)) == len(shown(browser, aims, view="nonsense")) == 38
    assert shown(browser, aims, view="mine") == ["A.2.3"]
    assert shown(browser, aims, view="changed") == ["A.2.2", "A.2.3"]
    assert shown(browser, aims, view="excluded") == shown(browser, aims, status="excluded") == ["A.2.2"]
    assert "A.2.2" not in shown(browser, aims, view="attention")
    assert shown(browser, aims, status="partly") == ["A.2.3"]
    assert shown(browser, aims, reason="BP") == shown(browser, aims, owner=str(officer.user_id)) == ["A.2.3"]
    assert len(shown(browser, aims, owner="none")) == 37
    assert set(shown(browser, aims, area="A.2")) == {"A.2.2", "A.2.3", "A.2.4"}
    assert shown(browser, aims, q="NOTHING like") == ["A.2.2"]
    assert shown(browser, aims, q="nothing-at-all") == []
    assert b"No control matches" in browser.get(address(aims), {"q": "nothing-at-all"}).content
    tabs = {tab.name: tab.count for tab in browser.get(address(aims)).context["tabs"]}
    assert tabs == {"all": 38, "mine": 1, "changed": 2, "attention": 37, "excluded": 1}


def test_htmx_gets_the_panel_or_the_board_alone(aims: Aims, officer: Actor, browser: Client) -> None:
    a_statement(officer)
    panel = browser.get(address(aims), {"control": "A.2.2"}, HTTP_HX_TARGET="inspector", **HTMX).content.decode()
    assert panel.lstrip().startswith("<aside")
    assert an_entry().requirement.title in panel
    board = browser.get(address(aims), {"q": "policy"}, HTTP_HX_TARGET="board", **HTMX).content.decode()
    assert 'id="board"' in board
    assert "<html" not in board
    nothing = browser.get(address(aims), {"control": "A.99.9"}, HTTP_HX_TARGET="inspector", **HTMX)
    assert b"No control chosen" in nothing.content


def test_hostile_texts_are_text(aims: Aims, officer: Actor, browser: Client) -> None:
    a_statement(officer)
    evil = "<script>alert(1)</script>\"' onfocus=x"
    add_own_control(evil, actor=officer)
    included(officer, why=evil, how=evil, notes=evil, provider=evil)
    a_system(officer, name=evil, in_scope=True)
    for asked in ({"control": "A.2.2"}, {"q": evil}, {"control": "ORG.1"}):
        assert b"<script>alert" not in browser.get(address(aims), asked).content
    assert b"<script>alert" not in browser.get(address(aims, "entry", "A.2.2")).content


def test_a_message_is_said_once(aims: Aims, officer: Actor, browser: Client) -> None:
    a_statement(officer)
    page = browser.post(address(aims, "bulk"), {"control": "A.2.2", "implementation": "partly"}, follow=True)
    assert page.content.decode().count("1 control changed") == 1


def test_another_organisation_finds_nothing(aims: Aims, officer: Actor) -> None:
    a_statement(officer)
    stranger = signed_in(an_organisation()[1])
    for name in ("workbench", "checks", "versions", "compare", "submit"):
        assert stranger.get(address(aims, name)).status_code == 404


def in_use() -> dict[str, Any]:
    """A record with facts that propose and demand controls."""
    return {"deployment": {"environment": "production"}, "classification": {"purpose": "Answers"}}


def grow(aims: Aims, actor: Actor, systems: int, links: int, own: int) -> None:
    for _ in range(systems):
        a_system(actor, in_scope=True, supplier="Talentgrid", record=in_use())
    controls = list(Requirement.objects.decidable().in_order()[:30])
    for number in range(0, links, len(controls)):
        item = a_note(actor=actor, title=f"Note {number} of {links}")
        for control in controls[: links - number]:
            EvidenceLink(aims=aims, requirement=control, evidence=item).save()
    for number in range(own):
        add_own_control(f"Own {number}", actor=actor)


def test_every_page_costs_the_same_at_any_length(aims: Aims, officer: Actor, browser: Client) -> None:
    decided(officer)
    approved(aims, a_version(aims, officer), officer)
    included(officer, "A.2.2", why="Changed since.", owner=person_of(officer))
    pages = {
        (address(aims), ""): 15,
        (address(aims), "A.6.2.6"): 19,
        (address(aims, "checks"), ""): 14,
        (address(aims, "versions"), ""): 15,
        (address(aims, "entry", "A.2.2"), ""): 14,
        (address(aims, "submit"), ""): 14,
    }

    def costs() -> dict[tuple[str, str], int]:
        found = {}
        for place, control in pages:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(place, {"control": control} if control else {}).status_code == 200
            found[place, control] = len(queries)
        return found

    grow(aims, officer, systems=1, links=3, own=1)
    costs()
    few = costs()
    grow(aims, officer, systems=9, links=297, own=20)
    many = costs()
    assert EvidenceLink.objects.count() == 300
    assert many == few
    assert {place: cost for place, cost in many.items() if cost > pages[place]} == {}
