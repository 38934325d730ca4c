"""The registry in the browser: what each person sees, how wrong input is answered, and what a page costs."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from systems import ports
from systems.actions import edit_system
from systems.models import AiSystem, Reliance
from tests.make import a_member, an_organisation, signed_in, trace_of
from tests.systems.make import a_reliance, a_system, person_of

FACTS = {"name": "Ranker", "purpose": "Ranks candidates", "risk_tier": "high", "roles_played": ["customer"]}


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    """Return the officer's browser."""
    return signed_in(officer)


@pytest.fixture
def no_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what other rooms link, for the test of the port itself."""
    monkeypatch.setattr(ports, "_providers", [])
    monkeypatch.setattr(ports, "_showers", [])


def at(aims: Aims, name: str, *args: object) -> str:
    """Return an address of the registry."""
    return reverse(f"systems:{name}", args=[aims.slug, *args])


def test_an_empty_registry_says_what_to_do_next(browser: Client, aims: Aims) -> None:
    page = browser.get(at(aims, "list")).content.decode()
    assert "Register the first AI system" in page
    assert at(aims, "new") in page


def test_the_list_shows_the_registry_at_a_glance_beside_it(browser: Client, aims: Aims, officer: Actor) -> None:
    a_system(officer, name="Ranker", in_scope=True, record={"classification": {"risk_tier": "high"}})
    a_system(officer, name="Assistant")
    answer = browser.get(at(aims, "list"))
    page = answer.content.decode()
    assert '<h2 id="overview-title">2 AI systems</h2>' in page
    assert [(share.label, share.count) for share in answer.context["overview"].by_risk] == [
        ("High", 1), ("Not known yet", 1),
    ]  # fmt: skip
    assert "Assistant" in page
    assert 'aria-label="Scope not said"' in page


def test_search_and_filters_narrow_the_list(browser: Client, aims: Aims, officer: Actor) -> None:
    a_system(officer, name="Ranker", in_scope=True, supplier="Talentgrid")
    a_system(officer, name="Assistant", stage="verification")
    for query, found in (("q=talentgrid", "Ranker"), ("stage=verification", "Assistant"), ("scope=in", "Ranker")):
        page = browser.get(f"{at(aims, 'list')}?{query}").content.decode()
        assert f"<span>{found}</span>" in page
        assert page.count('class="system-card"') == 1
    assert "No system matches" in browser.get(f"{at(aims, 'list')}?q=drifft").content.decode()


def test_typing_in_the_search_answers_the_cards_alone(browser: Client, aims: Aims, officer: Actor) -> None:
    a_system(officer, name="Ranker")
    answer = browser.get(at(aims, "list") + "?q=rank", headers={"HX-Request": "true", "HX-Target": "system-cards"})
    assert "system-card" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_long_lists_are_paged(browser: Client, aims: Aims, officer: Actor) -> None:
    for number in range(52):
        a_system(officer, name=f"Robot {number + 1}")
    first = browser.get(at(aims, "list")).content.decode()
    assert first.count('class="system-card"') == 50
    assert "page=2" in first
    assert browser.get(at(aims, "list") + "?page=2").content.decode().count('class="system-card"') == 2
    assert browser.get(at(aims, "list") + "?page=nine").status_code == 200


def test_the_page_costs_the_same_with_three_systems_and_with_forty(browser: Client, aims: Aims, officer: Actor) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(at(aims, "detail", "SYS-01")).status_code == 200
        return len(queries)

    def grow(number: int) -> None:
        for _each in range(number):
            system = a_system(officer, owner=person_of(officer))
            edit_system(system, supplier="Talentgrid", seen=1, actor=officer)
        for code in ("A.2.2", "A.6.2.4", "A.6.2.6", "A.9.2")[: max(1, number // 8)]:
            a_reliance(officer, AiSystem.objects.get(code="SYS-01"), code=code)

    grow(3)
    few = cost()
    grow(37)
    assert cost() == few


def test_a_system_says_all_about_itself(browser: Client, aims: Aims, officer: Actor) -> None:
    system = a_system(officer, name="Ranker", in_scope=True, supplier="Talentgrid", owner=person_of(officer))
    a_reliance(officer, system)
    page = browser.get(at(aims, "detail", system.code)).content.decode()
    for words in ("supplied by Talentgrid", "Customers meet it", f"Said by {officer.name}", "A.6.2.4", "record #"):
        assert words in page
    assert "Someone said whether an AI system is in scope." in page


def test_other_rooms_tell_what_they_link(browser: Client, aims: Aims, officer: Actor, no_providers: None) -> None:
    system = a_system(officer)
    ports.tells_facts(lambda row, _at: [ports.Fact("Assessments", "assessment:IA-1", f"Of {row.code}", "/there/")])
    page = browser.get(at(aims, "detail", system.code)).content.decode()
    assert '<a href="/there/">Of SYS-01</a>' in page


def test_other_rooms_show_sections_and_badges(browser: Client, aims: Aims, officer: Actor, no_providers: None) -> None:
    system = a_system(officer)
    badge = ports.Badge("Drift past limit", "bad", "warn", "/drift/")
    fact = ports.Fact("", "", "Selection rate", "/signal/")
    section = ports.Shown("signals", "Signals", "systems/linked.html", {"facts": [fact]}, "12 weeks", (badge,))
    ports.shows_on_system(lambda row, _at, who: [section] if (row.code, who.name) == ("SYS-01", officer.name) else [])
    page = browser.get(at(aims, "detail", system.code)).content.decode()
    assert '<section class="section" id="signals" aria-labelledby="signals-title">' in page
    assert '<a href="/drift/">Drift past limit</a>' in page
    assert '<span class="aside">12 weeks</span>' in page


def test_registering_through_the_form(browser: Client, aims: Aims) -> None:
    answer = browser.post(at(aims, "new"), FACTS)
    assert answer.status_code == 302
    assert answer["Location"] == at(aims, "detail", "SYS-01")
    row = AiSystem.objects.get()
    assert (row.roles_played, row.risk_tier, row.stage) == (["customer"], "high", "inception")
    page = browser.get(answer["Location"]).content.decode()
    assert "Say whether it is in scope" in page
    assert "Say what is required: Data sensitivity" in page
    assert f'{at(aims, "section", "SYS-01", "dates")}">Say what is required: Stage' in page


def test_missing_facts_are_said_beside_their_fields(browser: Client, aims: Aims) -> None:
    answer = browser.post(at(aims, "new"), FACTS | {"name": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert '<a href="#id_name">' in page
    assert "Ranks candidates" in page
    assert not AiSystem.objects.exists()


def test_an_owner_of_another_aims_cannot_be_chosen(browser: Client, aims: Aims) -> None:
    _other, stranger = an_organisation()
    answer = browser.post(at(aims, "new"), FACTS | {"owner": stranger.user_id})
    assert answer.status_code == 422
    assert not AiSystem.objects.exists()


def test_scope_is_said_through_its_form(browser: Client, aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    address = at(aims, "scope", system.code)
    assert browser.post(address, {"is_in_scope": "False", "seen": 1}).status_code == 422
    assert browser.post(address, {"scope_reason": "Sold", "seen": 1}).status_code == 422
    assert browser.post(address, {"is_in_scope": "False", "scope_reason": "Sold", "seen": 1}).status_code == 302
    assert AiSystem.objects.get().is_in_scope is False
    assert 'value="False"' in browser.get(address).content.decode()
    late = browser.post(address, {"is_in_scope": "True", "scope_reason": "Back", "seen": 1})
    assert late.status_code == 409
    assert "Not in scope" in late.content.decode()


def test_retiring_asks_for_a_reason_in_place(browser: Client, aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    answer = browser.post(at(aims, "stage", system.code), {"stage": "retired", "seen": 1})
    assert answer.status_code == 422
    assert '<a href="#id_reason">' in answer.content.decode()
    done = browser.post(at(aims, "stage", system.code), {"stage": "retired", "reason": "Replaced", "seen": 1})
    assert done.status_code == 302


def test_links_are_made_and_ended(browser: Client, aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    link = a_reliance(officer, system)
    answer = browser.post(at(aims, "rely", system.code), {"requirement": link.requirement_id, "why": "It must"})
    assert answer.status_code == 302
    assert Reliance.objects.get().why == "It must"
    end = at(aims, "let_go", system.code, link.pk)
    assert browser.post(end, {"seen": 2}).status_code == 422
    assert browser.post(end, {"reason": "Over", "seen": 2}).status_code == 302
    assert browser.get(end).status_code == 404
    assert trace_of(link.ref)[-1] == "system.let_go"


@pytest.mark.parametrize("verb", ["section", "scope", "stage", "rely"])
def test_readers_see_no_buttons_and_get_403(aims: Aims, officer: Actor, verb: str) -> None:
    system = a_system(officer)
    reader = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    page = reader.get(at(aims, "detail", system.code)).content.decode()
    place = at(aims, verb, system.code, *(["identity"] if verb == "section" else []))
    assert place not in page
    assert reader.get(place).status_code == 403
    assert reader.post(place, {}).status_code == 403
    assert reader.get(at(aims, "yaml", system.code) + "?edit=1").status_code == 403
    assert reader.post(at(aims, "new"), FACTS).status_code == 403


def test_what_belongs_to_others_is_not_there(browser: Client, aims: Aims) -> None:
    other, their_officer = an_organisation()
    with acting_in(other, their_officer):
        theirs = a_system(their_officer, name="Secret ranker")
        link = a_reliance(their_officer, theirs)
    for name in ("detail", "yaml", "yaml_file", "scope", "stage", "rely"):
        assert browser.get(at(aims, name, theirs.code)).status_code == 404
        assert browser.get(at(other, name, theirs.code)).status_code == 404
    assert browser.get(at(aims, "let_go", theirs.code, link.pk)).status_code == 404
    assert "Secret ranker" not in browser.get(at(aims, "list")).content.decode()


def test_strangers_are_sent_to_the_sign_in(aims: Aims) -> None:
    assert Client().get(at(aims, "list")).status_code == 302
