"""A system's record in the browser: its sections, their forms, two writers at once, and the record as YAML."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from systems.actions import change_places, edit_system
from systems.models import AiSystem
from systems.sections.shown import shown_sections
from tests.make import an_organisation, signed_in, trace_of
from tests.systems.make import a_system, person_of

RECORD: dict[str, Any] = {
    "name": "Ranker",
    "x_cost_centre": 4711,
    "deployment": {"environment": "production", "x_zone": "b"},
    "classification": {"purpose": "Ranks", "risk_tier": "high", "eu_ai_act_tier": "high"},
    "data": {"sources": [{"name": "cv", "pii": True, "x_ours": 1}, {"name": "jobs"}], "retention_days": 30},
    "suppliers": [],
    "lifecycle": {"stage": "production"},
}


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    """Return the officer's browser."""
    return signed_in(officer)


@pytest.fixture
def system(aims: Aims, officer: Actor) -> AiSystem:
    """Return a system with a record."""
    return a_system(officer, name="Ranker", purpose="Ranks", record=RECORD)


def at(aims: Aims, name: str, *args: object) -> str:
    """Return an address of the registry."""
    return reverse(f"systems:{name}", args=[aims.slug, *args])


def test_the_page_shows_what_is_said_what_is_not_and_what_nobody_knows(
    browser: Client, aims: Aims, system: AiSystem
) -> None:
    page = browser.get(at(aims, "detail", system.code)).content.decode()
    for words in ("EU AI Act: high", "Record says Operation and monitoring, not signed"):
        assert words in page
    assert "2 required fields missing" in page
    assert "Kept, not known to the schema" in page
    assert "x_cost_centre" in page
    assert "<dt>Provenance</dt>" not in page
    assert '<a class="ref" href="' in page
    assert '#a-7-5">A.7.5</a>' in page


def test_a_section_counts_what_is_asked_for_and_not_said() -> None:
    by_slug = {section.slug: section for section in shown_sections(RECORD)}
    assert (by_slug["deployment"].said, by_slug["deployment"].missing) == (1, 0)
    assert (by_slug["classification"].missing, by_slug["people"].unsaid) == (1, 1)
    assert by_slug["deployment"].strange == (("deployment.x_zone", "b"),)
    assert by_slug["strange"].strange == (("x_cost_centre", "4711"),)
    suppliers = [line for block in by_slug["parties"].blocks for line in block.lines if line.label == "Suppliers"]
    assert [line.text for line in suppliers] == ["None"]
    (table,) = [table for block in by_slug["data"].blocks for table in block.tables]
    assert [row.title for row in table.rows] == ["cv", "jobs"]
    assert ("Where it comes from", False) in [(line.label, line.is_said) for line in table.rows[0].lines]


def test_saving_a_section_leaves_the_rest_of_the_record(browser: Client, aims: Aims, system: AiSystem) -> None:
    place = at(aims, "section", system.code, "deployment")
    body = {"seen": 1, "reason": "Moved", "f-deployment-environment": "staging", "f-deployment-regions": "eu\r\nuk"}
    answer = browser.post(place, body)
    assert answer["Location"] == f"{at(aims, 'detail', system.code)}?section=deployment#record-deployment"
    row = AiSystem.objects.get()
    assert row.record["deployment"] == {"environment": "staging", "x_zone": "b", "regions": ["eu", "uk"]}
    assert (row.record["data"], row.environment) == (RECORD["data"], "staging")
    assert trace_of(system.ref)[-1] == "system.edited"
    assert row.history.first().history_change_reason == "Moved"


def test_two_people_in_two_sections_do_not_collide(
    browser: Client, aims: Aims, officer: Actor, system: AiSystem
) -> None:
    change_places(system, {("data", "retention_days"): 90}, within=("data",), seen=1, actor=officer)
    body = {"seen": 1, "f-deployment-environment": "staging"}
    assert browser.post(at(aims, "section", system.code, "deployment"), body).status_code == 302
    record = AiSystem.objects.get().record
    assert (record["data"]["retention_days"], record["deployment"]["environment"]) == (90, "staging")


def test_two_people_in_one_section_see_both_texts(
    browser: Client, aims: Aims, officer: Actor, system: AiSystem
) -> None:
    theirs = {("deployment", "plan"): "Their plan", ("deployment", "endpoint"): "https://theirs.example"}
    change_places(system, theirs, within=("deployment",), seen=1, actor=officer)
    place = at(aims, "section", system.code, "deployment")
    mine = {"seen": 1, "f-deployment-environment": "production", "f-deployment-plan": "My plan"}
    answer = browser.post(place, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Their plan", 'value="My plan"', 'value="https://theirs.example"', 'name="seen" value="2"'):
        assert words in page
    assert AiSystem.objects.get().record["deployment"]["plan"] == "Their plan"
    again = mine | {"seen": 2, "f-deployment-endpoint": "https://theirs.example"}
    assert browser.post(place, again).status_code == 302
    assert AiSystem.objects.get().record["deployment"]["plan"] == "My plan"


def test_rows_are_added_without_saving(browser: Client, aims: Aims, system: AiSystem) -> None:
    place = at(aims, "section", system.code, "data")
    body = {"seen": 1, "do": "add:data-sources", "f-data-sources-rows": 1, "f-data-sources-0-was": 1}
    answer = browser.post(place, body | {"f-data-sources-0-name": "typed"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="f-data-sources-rows" value="2"' in page
    assert 'value="typed"' in page
    assert "autofocus" in page
    assert AiSystem.objects.get().version == 1


def test_what_does_not_fit_is_said_at_its_field(browser: Client, aims: Aims, system: AiSystem) -> None:
    place = at(aims, "section", system.code, "classification")
    body = {"seen": 1, "f-classification-purpose": "", "f-classification-eu_ai_act-annex_iii_point": "9"}
    page = browser.post(place, body)
    assert page.status_code == 422
    assert '<a href="#id_f-classification-purpose">' in page.content.decode()
    page = browser.post(place, body | {"f-classification-purpose": "Ranks"})
    assert page.status_code == 422
    assert 'id="id_f-classification-eu_ai_act-annex_iii_point_error"' in page.content.decode()
    assert browser.get(at(aims, "section", system.code, "nothing")).status_code == 404


def test_the_owner_is_a_person_or_a_team(browser: Client, aims: Aims, officer: Actor, system: AiSystem) -> None:
    place, person = at(aims, "section", system.code, "identity"), person_of(officer)
    body = {"seen": 1, "f-id": system.key, "f-name": "Ranker", "f-owner": person.email}
    assert browser.post(place, body).status_code == 302
    assert AiSystem.objects.get().owner == person
    body |= {"seen": 2, "f-owner": "~other", "f-owner-other": "team-ai"}
    assert browser.post(place, body).status_code == 302
    row = AiSystem.objects.get()
    assert (row.owner, row.owning_team) == (None, "team-ai")
    assert "team-ai is not someone of the organisation" in browser.get(at(aims, "detail", "SYS-01")).content.decode()


def test_the_record_as_yaml(browser: Client, aims: Aims, system: AiSystem) -> None:
    page = browser.get(at(aims, "yaml", system.code)).content.decode()
    assert "<b>x_cost_centre:</b>" in page
    file = browser.get(at(aims, "yaml_file", system.code))
    assert file["Content-Disposition"] == 'attachment; filename="ranker.yaml"'
    assert b"x_cost_centre: 4711" in file.content


def test_faults_of_yaml_are_told_by_line(browser: Client, aims: Aims, system: AiSystem) -> None:
    place = at(aims, "yaml", system.code)
    text = "id: ranker\nname: Ranker\ndeployment:\n  environment: mars\nname: Twice\n"
    page = browser.post(place, {"seen": 1, "text": text})
    assert page.status_code == 422
    assert "line 5: The field name is here twice" in page.content.decode()
    page = browser.post(place, {"seen": 1, "text": text.removesuffix("name: Twice\n")})
    assert "line 4: deployment.environment must be one of" in page.content.decode()
    assert AiSystem.objects.get().version == 1
    good = (
        text.removesuffix("name: Twice\n").replace("mars", "staging") + "classification: {purpose: Ranks}\nx_new: [1]\n"
    )
    assert browser.post(place, {"seen": 1, "text": good}).status_code == 302
    assert AiSystem.objects.get().record["x_new"] == [1]


def test_yaml_over_a_newer_record_shows_what_others_changed(
    browser: Client, aims: Aims, officer: Actor, system: AiSystem
) -> None:
    edit_system(system, supplier="Their supplier", seen=1, actor=officer)
    text = "id: ranker\nname: Mine\nclassification: {purpose: Ranks}\n"
    page = browser.post(at(aims, "yaml", system.code), {"seen": 1, "text": text})
    assert page.status_code == 409
    assert "Their supplier" in page.content.decode()
    assert 'name="seen" value="2"' in page.content.decode()


def test_the_record_as_it_was(db: None) -> None:
    with clock.standing_at(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        aims, officer = an_organisation()
        with acting_in(aims, officer):
            system = a_system(officer, purpose="Ranks", record=RECORD)
    with clock.standing_at(datetime(2026, 5, 1, 12, tzinfo=UTC)):
        with acting_in(aims, officer):
            change_places(system, {("unit",): "Later unit"}, within=("unit",), seen=1, actor=officer)
        browser = signed_in(officer)
        for day, is_there in (("2026-04-01", False), ("2026-05-01", True)):
            for name in ("detail", "yaml"):
                page = browser.get(at(aims, name, system.code), {"as_of": day}).content.decode()
                assert (("Later unit" in page), "Ranks" in page) == (is_there, True)
                assert at(aims, "section", system.code, "identity") not in page


def test_a_long_record_costs_no_more_queries(browser: Client, aims: Aims, officer: Actor, system: AiSystem) -> None:
    def cost(name: str, *args: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(at(aims, name, system.code, *args)).status_code == 200
        return len(queries)

    few = [cost("detail"), cost("section", "data")]
    many = [{"name": f"source {number}", "provenance": "Bought"} for number in range(30)]
    change_places(system, {("data", "sources"): many}, within=("data",), seen=1, actor=officer)
    assert [cost("detail"), cost("section", "data")] == few
