"""The pages of what applies: one system's facts, its EU AI Act form, and what a control asks of all."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from jobs.registry import beginnings
from systems.actions import edit_system
from systems.applying.actions import derive_all
from systems.applying.models import Implication
from systems.applying.queries import in_play
from systems.models import AiSystem
from tests.make import a_member, signed_in
from tests.systems.make import a_system, person_of

SOURCES = {"data": {"sources": [{"name": "a", "provenance": "=1+1", "versioning": "By date"}]}}
FORM = {
    "tier": "high",
    "role": "deployer",
    "prohibited_practices_checked_on": "2026-06-01",
    "prohibited_practices": ["none-of-them"],
    "high_risk_basis": "annex-iii",
    "annex_iii_point": "4(a)",
    "profiles_persons": "yes",
    "transparency_duties": ["none-of-them"],
    "gpai": "none",
    "fundamental_rights_assessment": "not-due",
}


@pytest.fixture
def browser(officer: Actor) -> Client:
    return signed_in(officer)


def place(aims: Aims, name: str, *args: Any) -> str:
    return reverse(f"systems:{name}", args=[aims.slug, *args])


def queries_of(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


@pytest.mark.db_both
def test_a_system_shows_what_its_facts_speak_for(aims: Aims, officer: Actor, browser: Client) -> None:
    system = a_system(officer, supplier="Talentgrid <b>")
    answer = browser.get(place(aims, "applies", system.code))
    lines = {line.code: line for line in answer.context["lines"]}
    assert list(lines) == ["A.4.2", "A.4.4", "A.10.2", "A.10.3"]
    assert (lines["A.10.3"].is_demanded, lines["A.10.2"].is_demanded) == (True, False)
    assert b"is supplied by Talentgrid &lt;b&gt;" in answer.content
    page = browser.get(place(aims, "detail", system.code)).content.decode()
    assert "Speaks for 4 requirements" in page
    assert "Makes A.10.3 necessary" in page
    assert "EU AI Act: not classified" in page


def test_an_empty_record_says_what_to_say(aims: Aims, officer: Actor, browser: Client) -> None:
    system = a_system(officer)
    page = browser.get(place(aims, "applies", system.code)).content.decode()
    assert "Its record speaks for nothing yet" in page


@pytest.mark.db_both
def test_the_form_says_it_and_keeps_the_rest_of_the_record(aims: Aims, officer: Actor, browser: Client) -> None:
    kept = {"x-ours": {"a": 1}, "classification": {"eu_ai_act": {"x-note": "kept"}}}
    system = a_system(officer, record=kept)
    address = place(aims, "eu", system.code)
    assert "gives presumption of conformity" in browser.get(address).content.decode()
    answer = browser.post(address, FORM | {"seen": system.version})
    assert answer["Location"] == address
    system.refresh_from_db()
    said = system.record["classification"]["eu_ai_act"]
    assert (said["prohibited_practices"], said["transparency_duties"], said["profiles_persons"]) == ([], [], True)
    assert (said["x-note"], system.record["x-ours"], said["high_risk_basis"]) == ("kept", {"a": 1}, "annex-iii")
    assert "annex_i_act" not in said
    page = browser.get(address).content.decode()
    assert "high-risk" in page
    assert "2 Dec 2027" in page
    assert "Contradictions" not in page
    detail = browser.get(place(aims, "detail", system.code)).content.decode()
    assert "EU AI Act: high-risk" in detail


def test_what_contradicts_stands_on_the_page_and_on_the_systems(aims: Aims, officer: Actor, browser: Client) -> None:
    system = a_system(officer)
    browser.post(place(aims, "eu", system.code), FORM | {"tier": "minimal", "seen": system.version})
    words = "The tier stated is minimal; what it says makes it high"
    for name in ("eu", "detail"):
        assert words in browser.get(place(aims, name, system.code)).content.decode()
    assert Implication.objects.current().get(system=system).clashes == 1


def test_the_form_refuses_some_and_none_and_words_that_are_none(aims: Aims, officer: Actor, browser: Client) -> None:
    system = a_system(officer)
    address = place(aims, "eu", system.code)
    both = FORM | {"prohibited_practices": ["f", "none-of-them"], "seen": system.version}
    for wrong in (both, FORM | {"role": "king", "seen": system.version}, FORM):
        assert browser.post(address, wrong).status_code == 422
    system.refresh_from_db()
    assert system.version == 1


def test_two_who_classify_at_once_see_both(aims: Aims, officer: Actor, browser: Client) -> None:
    system = a_system(officer)
    address = place(aims, "eu", system.code)
    assert browser.post(address, FORM | {"seen": 1}).status_code == 302
    answer = browser.post(address, FORM | {"role": "provider", "seen": 1})
    assert answer.status_code == 409
    assert [(clash.theirs, clash.yours) for clash in answer.context["clashes"]] == [("deployer", "provider")]
    again = browser.post(address, FORM | {"role": "provider", "seen": answer.context["form"].data["seen"]})
    assert again.status_code == 302


def test_unknown_words_of_a_record_are_offered_and_kept(aims: Aims, officer: Actor, browser: Client) -> None:
    system = a_system(officer, record={"classification": {"eu_ai_act": {"role": "wizard", "gpai": "seven"}}})
    address = place(aims, "eu", system.code)
    assert "wizard (not a known word)" in browser.get(address).content.decode()
    browser.post(address, FORM | {"role": "wizard", "seen": system.version})
    system.refresh_from_db()
    assert system.record["classification"]["eu_ai_act"]["role"] == "wizard"


def test_only_who_may_edit_may_classify(aims: Aims, officer: Actor) -> None:
    owner, reviewer = (a_member(aims, role, by=officer) for role in (Role.OWNER, Role.REVIEWER))
    system = a_system(officer, owner=person_of(owner))
    address = place(aims, "eu", system.code)
    assert signed_in(owner).post(address, FORM | {"seen": 1}).status_code == 302
    reader = signed_in(reviewer)
    assert b"Save classification" not in reader.get(address).content
    assert reader.post(address, FORM | {"seen": 2}).status_code == 403


@pytest.mark.db_both
def test_a_control_shows_what_it_asks_of_every_system(aims: Aims, officer: Actor, browser: Client) -> None:
    said = a_system(officer, in_scope=True, record=SOURCES)
    silent = a_system(officer, in_scope=True)
    a_system(officer, record=SOURCES)
    page = browser.get(place(aims, "asked", "A.7.5")).context["asked"]
    assert [(row.code, row.state.words) for row in page.rows] == [(said.code, "Part"), (silent.code, "Nothing")]
    assert [(value, count) for value, _words, count in page.counts] == [("a", 0), ("p", 1), ("n", 1)]
    told = dict(zip([field.title for field in page.fields], page.rows[0].cells, strict=True))
    assert (told["Where it comes from"].words, told["Recording of provenance"].words) != ("", "")
    only = browser.get(place(aims, "asked", "A.7.5"), {"state": "n"}).context["asked"]
    assert [row.code for row in only.rows] == [silent.code]
    assert browser.get(place(aims, "asked", "A.7.9")).status_code == 404


def test_the_table_leaves_as_text(aims: Aims, officer: Actor, browser: Client) -> None:
    system = a_system(officer, name="=cmd()", in_scope=True, record=SOURCES)
    answer = browser.get(place(aims, "asked_table", "A.7.5"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"] == 'attachment; filename="asked-by-a.7.5.csv"'
    assert rows[1][:4] == [system.code, system.key, "'=cmd()", "Part"]
    assert len(rows[0]) == len(rows[1])


def test_pages_cost_the_same_at_any_length(aims: Aims, officer: Actor, browser: Client) -> None:
    for _ in range(2):
        system = a_system(officer, in_scope=True, supplier="Talentgrid", record=SOURCES)
    addresses = [place(aims, "asked", "A.7.5"), f"{place(aims, 'asked', 'A.7.5')}?state=p"]
    addresses += [place(aims, "applies", system.code), place(aims, "detail", system.code)]
    few = [queries_of(browser, address) for address in addresses for _warm in range(2)]
    for _ in range(60):
        a_system(officer, in_scope=True, supplier="Talentgrid", record=SOURCES)
    assert [queries_of(browser, address) for address in addresses for _warm in range(2)][1::2] == few[1::2]


@pytest.mark.db_both
def test_what_followed_once_is_kept(aims: Aims, officer: Actor) -> None:
    system = a_system(officer, in_scope=True)
    before = clock.now()
    with clock.standing_at(before + timedelta(days=1)):
        edit_system(system, supplier="Talentgrid", seen=system.version, actor=officer)
    assert [rule.name for rule in in_play(before).rules] == []
    assert "supplied" in {rule.name for rule in in_play().rules}
    assert Implication.objects.filter(system=system).count() == 2
    with clock.standing_at(before + timedelta(days=2)):
        system.refresh_from_db()
        edit_system(system, purpose="Other words", seen=system.version, actor=officer)
    assert Implication.objects.filter(system=system).count() == 2  # nothing new follows


@pytest.mark.db_both
def test_new_rules_are_applied_when_a_ticker_starts(aims: Aims, officer: Actor) -> None:
    old, fresh = a_system(officer, in_scope=True, supplier="Talentgrid"), a_system(officer)
    Implication.objects.filter(system=old).delete()
    Implication.objects.filter(system=fresh).update(edition="0.0")
    AiSystem.objects.filter(pk=old.pk).update(record={})  # from before records were kept
    assert derive_all in beginnings()
    derive_all()
    assert "supplied" in {rule.name for rule in in_play().rules}
    assert set(Implication.objects.current().values_list("system", flat=True)) == {old.pk, fresh.pk}
    stamps = list(Implication.objects.values_list("pk", "since", "edition"))
    derive_all()
    assert list(Implication.objects.values_list("pk", "since", "edition")) == stamps


def test_the_api_tells_proposals_and_classification(aims: Aims, officer: Actor, browser: Client) -> None:
    system = a_system(officer, in_scope=True, supplier="Talentgrid")
    browser.post(place(aims, "eu", system.code), FORM | {"seen": system.version})
    base = f"/api/v1/a/{aims.slug}"
    told = browser.get(f"{base}/systems/{system.code}/proposals/").json()
    assert {row["requirement"] for row in told if row["strength"] == "demands"} == {"A.10.3"}
    found = browser.get(f"{base}/systems/{system.code}/eu-ai-act/").json()
    assert (found["tier"], found["contradictions"]) == ("high", [])
    assert {"Art. 26"} <= {duty["article"] for duty in found["duties"]}
    assert browser.get(f"{base}/systems/SYS-99/eu-ai-act/").status_code == 404
    browser.post(reverse("soa:open", args=[aims.slug]))
    rows = browser.get(f"{base}/soa/proposals/").json()
    supplied = next(row for row in rows if row["rule"] == "supplied" and row["control"] == "A.10.3")
    assert (supplied["systems"], supplied["first"], supplied["contradicts"]) == (1, system.code, False)
    assert {row["rule"] for row in rows} >= {"role-provider", "eu-26"}
