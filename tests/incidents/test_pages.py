"""The pages: found, narrowed, sorted, exported; reported in a minute; beside systems and rows of the statement."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from controls.models import Requirement
from incidents import actions
from incidents.models import Incident, Runbook
from soa.actions import open_statement
from systems.models import AiSystem
from systems.ports import linked_facts
from tests.incidents.make import an_incident, resolved, triaged
from tests.make import a_member, signed_in
from tests.systems.make import a_system


@pytest.fixture
def client(officer: Actor) -> Client:
    """The officer's browser."""
    return signed_in(officer)


def place(aims: Aims, rest: str = "") -> str:
    return f"/a/{aims.slug}/incidents/{rest}"


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.db_both
def test_the_list_costs_the_same_with_three_and_with_many(aims: Aims, officer: Actor, client: Client) -> None:
    system = a_system(officer)
    for _turn in range(3):
        an_incident(officer, system, kind="privacy", happened=["breach"])
    few = queries(client, place(aims)), queries(client, place(aims, "export/"))
    for _turn in range(9):
        an_incident(officer, a_system(officer), kind="privacy", happened=["breach"])
    assert (queries(client, place(aims)), queries(client, place(aims, "export/"))) == few
    assert few[0] <= 18


@pytest.mark.db_both
def test_the_list_is_narrowed_counted_and_sorted(aims: Aims, officer: Actor, client: Client) -> None:
    severe = triaged(officer, an_incident(officer, title="Severe one", kind="privacy", happened=["breach"]), severity=1)
    mild = triaged(officer, an_incident(officer, title="Mild one"), severity=4)
    unsaid = an_incident(officer, title="Unsaid one", kind="misuse")

    def shown(query: str) -> list[str]:
        return [line.code for line in client.get(place(aims) + query).context["lines"]]

    assert shown("") == [unsaid.code, mild.code, severe.code]
    assert shown("?severity=1") == [severe.code]
    assert shown("?severity=unsaid") == shown("?kind=misuse") == shown("?q=unsaid one") == [unsaid.code]
    assert shown("?tab=owed") == [severe.code]
    assert shown(f"?system={mild.system.code}") == [mild.code]
    assert shown("?sort=severity") == [severe.code, mild.code, unsaid.code]
    assert shown("?sort=-severity")[:2] == [mild.code, severe.code]
    assert shown("?tab=closed") == []
    page = client.get(place(aims))
    assert [tab["count"] for tab in page.context["tabs"]] == [3, 3, 1, 0]
    assert "No incident matches" in client.get(place(aims) + "?q=zebra").content.decode()
    assert client.get(place(aims) + "?severity=9&kind=x&sort=x&tab=x&page=99").status_code == 200


def test_an_empty_list_says_how_to_begin(aims: Aims, client: Client) -> None:
    assert b"Report the first" in client.get(place(aims)).content


def test_the_export_runs_no_formula(aims: Aims, officer: Actor, client: Client) -> None:
    an_incident(officer, title="=HYPERLINK(1)")
    answer = client.get(place(aims, "export/"))
    assert "'=HYPERLINK(1)" in answer.content.decode()
    assert answer["Content-Disposition"].startswith("attachment")


def test_reporting_takes_four_answers_and_starts_from_the_system(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    reviewer = signed_in(a_member(aims, Role.REVIEWER, by=officer))
    form = reviewer.get(place(aims, f"new/?system={system.code}")).context["form"]
    assert form.initial["system"] == system
    said = {"system": system.pk, "title": "It swore", "what": "At a customer.", "kind": "output"}
    assert reviewer.post(place(aims, "new/"), said).status_code == 422
    at = clock.now().strftime("%Y-%m-%dT%H:%M")
    answer = reviewer.post(place(aims, "new/"), said | {"noticed_at": at})
    row = Incident.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, place(aims, f"{row.code}/"))
    assert row.reporter
    wrong = reviewer.post(place(aims, "new/"), said | {"noticed_at": "soon"})
    assert (wrong.status_code, Incident.objects.count()) == (422, 1)
    assert "Give a date and a time." in wrong.content.decode()


def test_times_are_those_of_the_organisation(aims: Aims, officer: Actor, client: Client) -> None:
    Aims.objects.filter(pk=aims.pk).update(time_zone="Asia/Kathmandu")
    row = an_incident(officer)
    form = client.get(place(aims, f"{row.code}/edit/"))
    local = (row.noticed_at + timedelta(hours=5, minutes=45)).strftime("%Y-%m-%dT%H:%M")
    assert f'value="{local}"' in form.content.decode()
    said = {"seen": row.version, "title": "T", "what": "W", "kind": "output", "noticed_at": "2026-02-03T05:45"}
    assert client.post(place(aims, f"{row.code}/edit/"), said).status_code == 302
    row.refresh_from_db()
    assert row.noticed_at.isoformat() == "2026-02-03T00:00:00+00:00"


def test_two_writers_are_shown_both_texts(aims: Aims, officer: Actor, client: Client) -> None:
    row = an_incident(officer, title="First")
    seen = row.version
    actions.edit_incident(row, seen=seen, actor=officer, title="Second")
    at = row.noticed_at.isoformat()
    said = {"seen": seen, "title": "Third", "what": row.what, "kind": row.kind, "noticed_at": at}
    answer = client.post(place(aims, f"{row.code}/edit/"), said)
    assert answer.status_code == 409
    assert "Second" in answer.content.decode()
    assert "Third" in answer.content.decode()


def test_one_incident_shows_deadlines_timeline_and_costs_the_same(aims: Aims, officer: Actor, client: Client) -> None:
    row = resolved(officer, kind="privacy", happened=["breach", "high-risk"])
    address = place(aims, f"{row.code}/")

    def more() -> None:
        actions.note(row, "Somebody called.", actor=officer)
        actions.plan_action(row, "Mend", due_on=date(2027, 1, 1), actor=officer)

    more()
    actions.link(row, Requirement.objects.get(code="A.8.4"), actor=officer)
    few = queries(client, address)
    for _turn in range(8):
        more()
    for code in ("A.8.3", "A.3.3", "A.6.2.6"):
        actions.link(row, Requirement.objects.get(code=code), actor=officer)
    assert queries(client, address) == few
    text = client.get(address).content.decode()
    for words in ("Notify the personal data breach", "hours left", "at once", "Somebody called.", "A stale index."):
        assert words in text, words


def test_a_reader_is_offered_nothing_they_may_not_do(aims: Aims, officer: Actor) -> None:
    row = triaged(officer)
    auditor = signed_in(a_member(aims, Role.AUDITOR, by=officer))
    text = auditor.get(place(aims, f"{row.code}/")).content.decode()
    assert "note/" in text
    for verb in ("triage", "contain", "edit", "move"):
        assert f"{row.code}/{verb}/" not in text
        assert auditor.get(place(aims, f"{row.code}/{verb}/")).status_code == 403


def test_it_stands_on_its_system_and_beside_the_rows_of_the_statement(
    aims: Aims, officer: Actor, client: Client
) -> None:
    row = triaged(officer)
    actions.link(row, Requirement.objects.get(code="A.8.4"), why="Told late", actor=officer)
    open_statement(actor=officer)
    facts = [fact for fact in linked_facts(AiSystem.objects.get(pk=row.system_id)) if fact.heading == "Incidents"]
    assert [fact.state for fact in facts] == ["Triaged", ""]
    assert facts[1].address.endswith(f"/incidents/new/?system={row.system.code}")
    assert client.get(f"/a/{aims.slug}/soa/?control=A.8.4").content.decode().count(f"{row.code} ") == 1
    assert f"{row.code} " not in client.get(f"/a/{aims.slug}/soa/?control=A.8.3").content.decode()
    back = client.get(f"/api/v1/a/{aims.slug}/lineage/?subject={row.ref}").json()
    assert {edge["to"] for edge in back["edges"]} >= {row.system.ref, "entry:A.8.4"}
    forward = client.get(f"/api/v1/a/{aims.slug}/lineage/?subject={row.system.ref}").json()
    assert row.ref in {edge["from"] for edge in forward["edges"]}


def test_runbooks_show_drills_and_the_next_one_and_run_no_markup(aims: Aims, officer: Actor, client: Client) -> None:
    said: dict[str, Any] = {
        "name": "First hour",
        "steps": "1. **Stop**\n\n<script>x</script> ![a](http://b/c)",
        "drilled_each": 6,
    }
    answer = client.post(place(aims, "runbooks/new/"), said)
    book = Runbook.objects.get()
    text = client.get(answer["Location"]).content.decode()
    assert "<strong>Stop</strong>" in text
    assert "<script>x" not in text
    assert 'src="http' not in text
    today = clock.today(aims.time_zone)
    done = {"held_on": today.isoformat(), "tried": "All of it", "outcome": "failed"}
    assert client.post(place(aims, f"runbooks/{book.code}/drill/"), done).status_code == 422
    assert client.post(place(aims, f"runbooks/{book.code}/drill/"), done | {"findings": "Slow"}).status_code == 302
    (line,) = client.get(place(aims, "runbooks/")).context["lines"]
    assert (line.outcome, line.drilled_on, line.next_on > today + timedelta(days=150)) == ("Did not work", today, True)
    with clock.standing_at(clock.now() + timedelta(days=200)):
        from incidents.queries.runbooks import runbook_lines  # noqa: PLC0415

        assert runbook_lines(clock.today(aims.time_zone))[0].state == "Overdue"


def test_duties_of_ones_own_are_added_and_ended(aims: Aims, officer: Actor, client: Client) -> None:
    said = {"title": "Tell", "authority": "Customers", "within": 24, "in_days": "False", "least_severity": "3"}
    assert client.post(place(aims, "duties/new/"), said).status_code == 302
    assert "within 24 hours" in client.get(place(aims, "duties/")).content.decode()
    assert client.post(place(aims, "duties/ND-01/end/"), {"seen": 1, "reason": "Ended"}).status_code == 302
    assert client.get(place(aims, "duties/ND-01/end/")).status_code == 404
