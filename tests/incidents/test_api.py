"""The API door: machines report and note, people judge; versions hold writers apart."""

from accounts.actor import Actor
from accounts.models import TokenKind
from aims.models import Aims
from incidents.models import Incident
from tests.api.make import a_machine
from tests.incidents.make import an_incident
from tests.systems.make import a_system


def test_a_service_reports_and_notes_and_a_person_judges(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    watcher = a_machine(aims, officer, kind=TokenKind.SERVICE)
    said = {"system": system.code, "title": "Slow", "what": "No answer for an hour.", "kind": "availability"}
    made = watcher.act("incidents/", said)
    assert made.status_code == 201, made.content
    code = made.json()["code"]
    assert made["Location"].endswith(f"/incidents/{code}/")
    assert watcher.act(f"incidents/{code}/notes/", {"text": "Up again."}).status_code == 201
    judged = {"severity": 4, "reason": "An hour."}
    tag = watcher.tag(f"incidents/{code}/")
    assert watcher.act(f"incidents/{code}/triage/", judged, seen=tag).status_code == 403
    person = a_machine(aims, officer)
    assert person.act(f"incidents/{code}/triage/", judged).status_code == 428
    assert person.act(f"incidents/{code}/triage/", judged, seen=tag).json()["state"] == "triaged"
    assert person.act(f"incidents/{code}/triage/", judged, seen=tag).status_code == 412
    contained = person.act(f"incidents/{code}/containments/", {"means": "none", "why": "Over."}, seen="*")
    assert (contained.status_code, contained.json()["state"]) == (201, "contained")
    refused = person.act(f"incidents/{code}/move/", {"state": "closed", "reason": "So"}, seen="*")
    assert refused.status_code == 422
    assert "cannot become" in refused.json()["detail"]


def test_notifications_are_read_sent_and_listed(aims: Aims, officer: Actor) -> None:
    row = an_incident(officer, kind="privacy", happened=["breach"])
    person = a_machine(aims, officer)
    (listed,) = person.read("incidents/", kind="privacy").json()["results"]
    assert (listed["code"], listed["owed"]) == (row.code, 1)
    (notice,) = person.read(f"incidents/{row.code}/").json()["notifications"]
    place = f"incidents/{row.code}/notifications/{notice['id']}/"
    assert person.act(f"{place}not-due/", {"because": " "}, seen="*").status_code == 422
    sent = person.act(f"{place}sent/", {"reference": "DPA 7"}, seen=f'"{notice["version"]}"')
    assert sent.json()["notifications"][0]["state"] == "sent"
    assert Incident.objects.get().version == row.version
    for nothing in ("notifications/999/sent/", "actions/999/done/", "links/999/withdraw/"):
        body = {"reference": "A", "evidence": "A", "reason": "A"}
        assert person.act(f"incidents/{row.code}/{nothing}", body, seen="*").status_code == 404
