"""The library through the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from accounts.models import TokenKind
from accounts.roles import Role
from aims.models import Aims
from evidence.models import Evidence, EvidenceLink, Read
from tests.api.make import Machine, a_machine
from tests.evidence.make import PDF, a_note, an_evidence, files_on_disk
from tests.make import a_member, signed_in, trace_of
from tests.systems.make import a_system

PLACE = "evidence/EV-001/"


@pytest.fixture
def machine(aims: Aims, officer: Actor) -> Machine:
    """The officer's own token."""
    return a_machine(aims, officer)


def upload(name: str = "policy.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def given(machine: Machine, place: str = "evidence/", **form: Any) -> Any:
    return machine.post(machine.base + place, form)


def test_files_are_given_in_a_form(machine: Machine, officer: Actor) -> None:
    form = {"kind": "record", "owner": officer.email, "controls": ["A.2.2", "A.6.2.4"], "made_on": "2020-02-03"}
    answer = given(machine, files=[upload("a.pdf"), upload("b.pdf", b"%PDF-2")], title="AI policy", **form)
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["code"], body["title"], body["kind"], body["state"]) == ("EV-001", "AI policy", "record", "current")
    assert body["controls"] == ["A.2.2", "A.6.2.4"]
    [version] = body["versions"]
    assert [file["name"] for file in version["files"]] == ["a.pdf", "b.pdf"]
    assert (version["made_on"], version["given_by"]["email"]) == ("2020-02-03", officer.email)
    assert trace_of("evidence:EV-001") == ["evidence.given"]


def test_links_notes_and_results_are_given_as_json(machine: Machine) -> None:
    for body, form in (
        ({"title": "Wiki", "link": "https://example.org/x"}, "link"),
        ({"title": "Minutes", "note": "Held on 3 June."}, "note"),
        ({"title": "Test run", "result": {"accuracy": "0.92"}}, "result"),
    ):
        answer = machine.act("evidence/", body)
        assert (answer.status_code, answer.json()["form"]) == (201, form)
    assert answer.json()["versions"][0]["result"] == {"accuracy": "0.92"}


def test_every_verb_of_an_item_leaves_its_trace(machine: Machine, officer: Actor) -> None:
    an_evidence(actor=officer)
    a_system(officer)
    answer = machine.act(PLACE, {"title": "Policy"}, seen='"1"', verb="patch")
    assert (answer.status_code, answer.json()["title"]) == (200, "Policy")
    answer = given(machine, f"{PLACE}versions/", files=[upload(data=b"%PDF-3")], change_note="Second round")
    assert (answer.status_code, answer.json()["latest"]) == (201, 2)
    answer = machine.act(f"{PLACE}links/", {"controls": ["A.2.2"], "system": "SYS-01", "reason": "It says so"})
    assert answer.status_code == 201
    [link] = answer.json()["links"]
    assert (link["control"], link["system"], link["reason"]) == ("A.2.2", "SYS-01", "It says so")
    gone = machine.act(f"{PLACE}links/{link['id']}/withdraw/", {"reason": "Wrong one"}, seen=f'"{link["version"]}"')
    assert (gone.status_code, gone.json()["links"]) == (200, [])
    answer = machine.act(f"{PLACE}withdraw/", {"reason": "Superseded"}, seen=gone["ETag"])
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    assert trace_of("evidence:EV-001") == [
        "evidence.given", "evidence.edited", "evidence.renewed", "evidence.linked", "evidence.unlinked",
        "evidence.withdrawn",
    ]  # fmt: skip
    assert EvidenceLink.objects.get().withdrawn_at


def test_a_stale_version_withdraws_nothing(machine: Machine, officer: Actor) -> None:
    a_note(actor=officer)
    assert machine.act(f"{PLACE}withdraw/", {"reason": "Old"}, seen='"9"').status_code == 412
    assert machine.act(f"{PLACE}withdraw/", {"reason": "Old"}).status_code == 428
    assert Evidence.objects.get().withdrawn_at is None


def test_a_file_is_handed_out_harmless_and_the_read_is_noted(machine: Machine, officer: Actor) -> None:
    an_evidence(actor=officer, name="page.html", data=b"<html><script>alert(1)</script></html>")
    [file] = machine.read(PLACE).json()["versions"][0]["files"]
    place = f"{PLACE}versions/1/files/{file['id']}/"
    answer = machine.get(machine.base + place, headers={"accept": "application/pdf"})
    assert b"".join(answer.streaming_content).startswith(b"<html>")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"
    assert Read.objects.get().user_id == officer.user_id
    assert machine.read(f"{PLACE}versions/2/files/{file['id']}/").status_code == 404


def test_bytes_that_changed_are_not_handed_out(machine: Machine, officer: Actor) -> None:
    an_evidence(actor=officer)
    [file] = machine.read(PLACE).json()["versions"][0]["files"]
    for path in files_on_disk():
        path.chmod(0o600)
        path.write_bytes(b"something else")
    assert machine.read(f"{PLACE}versions/1/files/{file['id']}/").status_code == 410
    assert not Read.objects.exists()


def test_a_file_that_is_too_large_leaves_nothing(machine: Machine, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 1000
    answer = given(machine, files=[upload(data=b"x" * 2000)], title="Large")
    assert (answer.status_code, list(answer.json()["errors"])) == (413, ["files"])
    settings.EVIDENCE_MAX_FILES = 0
    far = given(machine, files=[upload(data=b"x" * 2 * 1024 * 1024)], title="Larger")
    assert far.status_code == 413
    assert files_on_disk() == []
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("form", "status", "field"),
    [
        ({"title": "Nothing"}, 422, "files"),
        ({"title": "X", "note": "Y", "controls": "A.99"}, 422, "controls"),
        ({"title": "X", "note": "Y", "system": "SYS-99"}, 422, "system"),
        ({"title": "X", "note": "Y", "made_on": "9999-12-31"}, 422, "made_on"),
        ({"title": "X", "note": "Y", "made_on": "tomorrow"}, 400, "made_on"),
        ({"title": "X\x00", "note": "Y"}, 400, "title"),
        ({"title": "X", "result": "[" * 5000}, 400, "result"),
        ({"title": "X", "result": '{"a": "\\u0000"}'}, 400, "result"),
        ({"title": "X", "result": "[1]"}, 400, "result"),
        ({"title": "X", "link": "javascript:alert(1)"}, 422, "link"),
        ({"files": "no file"}, 400, "files"),
    ],
)
def test_what_will_not_do_is_named(machine: Machine, form: dict[str, str], status: int, field: str) -> None:
    answer = given(machine, **form)
    assert (answer.status_code, list(answer.json()["errors"])) == (status, [field])
    assert not Evidence.objects.exists()
    assert files_on_disk() == []


@pytest.fixture
def library(aims: Aims, officer: Actor) -> None:
    """An item of each state: current, due, overdue, withdrawn."""
    today = clock.today(aims.time_zone)
    a_note(actor=officer, title="Current", serves=["A.2.2"])
    a_note(actor=officer, title="Due", renew_by=today + timedelta(days=3))
    a_note(actor=officer, title="Overdue", renew_by=today - timedelta(days=3))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["Current", "Due", "Overdue"]),
        ({"state": "current"}, ["Current"]),
        ({"state": "renewal due"}, ["Due"]),
        ({"state": "renewal overdue"}, ["Overdue"]),
        ({"state": "withdrawn"}, []),
        ({"state": "awaited"}, []),
        ({"control": "A.2.2"}, ["Current"]),
        ({"kind": "record"}, []),
        ({"q": "over"}, ["Overdue"]),
    ],
)
def test_filters_narrow_the_list(machine: Machine, library: None, query: dict[str, str], titles: list[str]) -> None:
    rows = machine.read("evidence/", **query).json()["results"]
    assert [row["title"] for row in rows] == titles
    assert all(row["state"] == query.get("state", row["state"]) for row in rows)


def test_the_list_costs_the_same_at_any_length(machine: Machine, officer: Actor) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert machine.read("evidence/", page_size=200).status_code == 200
        return len(caught)

    for _number in range(3):
        an_evidence(actor=officer, serves=["A.2.2", "A.2.3"], owner=machine.token.user)
    queries()  # notes when the token was last used
    few = queries()
    for _number in range(40):
        an_evidence(actor=officer, serves=["A.2.2", "A.2.3"], owner=machine.token.user)
    assert queries() == few


def test_one_item_costs_the_same_with_many_versions(machine: Machine, officer: Actor) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert machine.read(PLACE).status_code == 200
        return len(caught)

    an_evidence(actor=officer, serves=["A.2.2"])
    queries()  # notes when the token was last used
    few = queries()
    for number in range(5):
        given(machine, f"{PLACE}versions/", files=[upload(), upload()], change_note=f"Round {number}")
    machine.act(f"{PLACE}links/", {"controls": ["A.2.3", "A.6.2.4"]})
    assert queries() == few


def test_agents_deliver_and_do_not_withdraw(aims: Aims, officer: Actor) -> None:
    agent = a_machine(aims, officer, kind=TokenKind.AGENT)
    assert agent.act("evidence/", {"title": "Run", "result": {"passed": "12"}}).status_code == 201
    assert agent.act(f"{PLACE}withdraw/", {"reason": "Wrong"}, seen="*").status_code == 403
    assert Evidence.objects.get().withdrawn_at is None


def test_certifiers_read_and_give_nothing(aims: Aims, officer: Actor) -> None:
    a_note(actor=officer)
    machine = a_machine(aims, a_member(aims, Role.REVIEWER, by=officer))
    assert machine.read("evidence/").status_code == 200
    assert given(machine, files=[upload()], title="X").status_code == 403
    assert machine.act(f"{PLACE}links/", {"controls": ["A.2.2"]}).status_code == 403
    assert trace_of("evidence:EV-001") == ["evidence.given"]
    assert files_on_disk() == []


@pytest.mark.parametrize("door", ["api", "page"])
def test_more_files_than_are_read_are_refused_and_leave_nothing(machine: Machine, officer: Actor, door: str) -> None:
    client = machine if door == "api" else signed_in(officer)
    place = f"{machine.base}evidence/" if door == "api" else machine.base.removeprefix("/api/v1") + "evidence/upload/"
    files = [upload(f"{number}.pdf") for number in range(101)]
    answer = client.post(place, {"files": files, "title": "Many"})
    assert answer.status_code == 400
    assert files_on_disk() == []
