"""The statement through the API: from an empty draft to an approved version."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.models import TokenKind
from accounts.roles import Role
from aims.models import Aims
from ledger.models import Record
from soa.actions import add_own_control, open_statement, plan_of
from soa.models import Entry, Intake, Statement, StatementVersion
from tests.accounts.make import unconfirmed
from tests.api.make import Machine, a_decided_statement, a_machine
from tests.make import a_member, signed_in, trace_of
from tests.systems.make import a_reliance, a_system

ROW = "soa/entries/A.2.2/"


@pytest.fixture
def machine(aims: Aims, officer: Actor) -> Machine:
    """The officer's own token, with an open statement."""
    open_statement(actor=officer)
    return a_machine(aims, officer)


def entry(code: str = "A.2.2") -> Entry:
    return Entry.objects.with_names().get(requirement__code=code)


def test_the_statement_is_opened_once(aims: Aims, officer: Actor) -> None:
    machine = a_machine(aims, officer)
    assert machine.read("soa/").json() == {
        "is_open": False, "draft": 1, "changed": [], "in_force": None, "waiting": None,
        "counts": dict.fromkeys(
            ("rows", "undecided", "included", "excluded", "implemented", "blocking", "warnings"), 0
        ),
    }  # fmt: skip
    assert machine.read(ROW).status_code == 404
    for _time in range(2):
        answer = machine.act("soa/")
        assert (answer.status_code, answer.json()["counts"]["undecided"]) == (201, 38)
    assert trace_of(Statement.objects.get().ref) == ["soa.opened"]


def test_deciding_amending_and_undoing_leave_their_trace(machine: Machine, officer: Actor) -> None:
    said = {"applicability": "included", "why": "One policy for all.", "reasons": ["BP", "RT"]}
    answer = machine.act(f"{ROW}decide/", said, seen=machine.tag(ROW))
    assert answer.status_code == 200, answer.content
    assert answer.json()["entry"]["reasons"] == [{"code": "RT", "ref": ""}, {"code": "BP", "ref": ""}]
    fields = {"implementation": "planned", "planned_on": "2030-01-31", "owner": officer.email, "how": "By hand"}
    answer = machine.act(ROW, fields, seen=answer["ETag"], verb="patch")
    assert (answer.status_code, answer.json()["entry"]["planned_on"]) == (200, "2030-01-31")
    assert answer.json()["entry"]["owner"]["email"] == officer.email
    answer = machine.act(f"{ROW}undo/", seen=answer["ETag"])
    assert (answer.status_code, answer.json()["entry"]["how"], answer.json()["entry"]["version"]) == (200, "", 4)
    assert trace_of("entry:A.2.2") == ["soa.decided", "soa.amended", "soa.undone"]
    assert entry().history.count() == 4


def test_a_lost_race_is_told_with_both_texts(machine: Machine) -> None:
    tag = machine.tag(ROW)
    assert machine.act(ROW, {"why": "first"}, seen=tag, verb="patch").status_code == 200
    answer = machine.act(ROW, {"why": "second"}, seen=tag, verb="patch")
    assert answer.status_code == 412
    assert answer.json()["current"] == {"why": "first", "version": 2}
    assert answer.json()["offered"] == {"why": "second"}
    assert entry().why == "first"


def test_an_exclusion_that_a_system_relies_on_is_refused(machine: Machine, officer: Actor) -> None:
    a_reliance(officer, a_system(officer, in_scope=True), "A.2.2")
    answer = machine.act(f"{ROW}decide/", {"applicability": "excluded", "why": "Not for us"}, seen='"1"')
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["applicability"])
    assert entry().applicability == "undecided"


@pytest.mark.parametrize("reasons", [["XX"], ["RT obligation:OBL-1"]])
def test_a_reason_that_does_not_exist_is_refused(machine: Machine, reasons: list[str]) -> None:
    answer = machine.act(ROW, {"reasons": reasons}, seen='"1"', verb="patch")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["reasons"])


def test_one_system_is_decided_apart(machine: Machine, officer: Actor) -> None:
    a_system(officer, in_scope=True)
    place = f"{ROW}systems/SYS-01/"
    said = {"applicability": "excluded", "why": "It holds no such data."}
    assert machine.act(place, said).status_code == 422
    machine.act(f"{ROW}decide/", {"applicability": "included", "why": "Needed"}, seen='"1"')
    answer = machine.act(place, said)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    again = machine.act(place, said | {"why": "Another why."})
    assert again.status_code == 409
    assert (again.json()["current"]["why"], again.json()["offered"]["why"]) == (said["why"], "Another why.")
    assert machine.act(place, said | {"why": "Another why."}, seen='"9"').status_code == 412
    answer = machine.act(place, said | {"why": "Another why."}, seen=answer["ETag"])
    assert (answer.status_code, answer.json()["why"]) == (200, "Another why.")
    assert machine.read(ROW).json()["rolled"]["excluded_for"] == ["SYS-01"]
    assert trace_of("entry-system:A.2.2/SYS-01") == ["soa.system_decided", "soa.system_decided"]


def test_own_controls_are_added(machine: Machine) -> None:
    answer = machine.act("soa/entries/", {"title": "Our own"})
    assert (answer.status_code, answer.json()["code"], answer.json()["area"]) == (201, "ORG.1", "")
    assert machine.get(answer["Location"]).json()["title"] == "Our own"
    assert [row["code"] for row in machine.read("soa/entries/", area="ORG").json()["results"]] == ["ORG.1"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"applicability": "included"}, ["A.2.2"]),
        ({"implementation": "partly"}, ["A.2.2"]),
        ({"area": "A.2"}, ["A.2.2", "A.2.3", "A.2.4"]),
        ({"q": "harbour"}, ["A.2.2"]),
        ({"owner": "nobody@example.org"}, []),
    ],
)
def test_filters_narrow_the_rows(machine: Machine, query: dict[str, str], codes: list[str]) -> None:
    machine.act(f"{ROW}decide/", {"applicability": "included", "why": "The harbour asks"}, seen='"1"')
    machine.act(ROW, {"implementation": "partly"}, seen='"2"', verb="patch")
    assert [row["code"] for row in machine.read("soa/entries/", **query).json()["results"]] == codes


def test_pages_follow_the_standard(machine: Machine) -> None:
    machine.act("soa/entries/", {"title": "Our own"})
    page = machine.read("soa/entries/", page_size=10).json()
    found = [row["code"] for row in page["results"]]
    while page["next"]:
        page = machine.get(page["next"]).json()
        found += [row["code"] for row in page["results"]]
    assert found == list(Entry.objects.in_order().values_list("requirement__code", flat=True))
    assert len(found) == 39


@pytest.mark.parametrize("place", ["soa/entries/?page_size=200", "soa/", "soa/checks/", "soa/versions/", ROW])
def test_reading_costs_the_same_at_any_length(machine: Machine, officer: Actor, place: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert machine.get(machine.base + place).status_code == 200
        return len(caught)

    queries()  # notes when the token was last used
    few = queries()
    for number in range(40):
        add_own_control(f"Own {number}", actor=officer)
    assert queries() == few


def test_checks_name_what_blocks_first(machine: Machine) -> None:
    flags = machine.read("soa/checks/").json()
    assert len(flags) == 38
    assert flags[0] == {
        "check": "undecided", "blocks": True, "code": "A.2.2", "message": "A.2.2 is undecided",
        "field": "applicability",
    }  # fmt: skip


def test_a_version_is_submitted_returned_and_approved_by_its_digest(aims: Aims, officer: Actor) -> None:
    a_decided_statement(officer)
    writer = a_machine(aims, officer)
    person = a_member(aims, Role.APPROVER, by=officer)
    approver = a_machine(aims, person)
    answer = writer.act("soa/versions/", {"summary": "First issue."})
    assert (answer.status_code, answer.json()["state"]) == (201, "submitted")
    back = approver.act("soa/versions/1/return/", {"reason": "Say more"}, seen=answer["ETag"])
    assert (back.status_code, back.json()["state"]) == (200, "returned")
    answer = writer.act("soa/versions/", {})
    place, digest = "soa/versions/1/", answer.json()["digest"]
    assert len(answer.json()["body"]["entries"]) == 38
    wrong = approver.act(f"{place}approve/", {"digest": "0" * 64, "confirms_warnings": True}, seen=answer["ETag"])
    own = writer.act(f"{place}approve/", {"digest": digest, "confirms_warnings": True}, seen=answer["ETag"])
    blind = approver.act(f"{place}approve/", {"digest": digest}, seen=answer["ETag"])
    stale = approver.act(f"{place}approve/", {"digest": digest, "confirms_warnings": True}, seen='"9"')
    assert [row.status_code for row in (wrong, own, blind, stale)] == [422, 403, 422, 412]
    token = approver.act(f"{place}approve/", {"digest": digest, "confirms_warnings": True}, seen=answer["ETag"])
    assert (token.status_code, token["Content-Type"]) == (403, "application/problem+json")
    assert "A token cannot confirm that it is you." in token.json()["detail"]
    assert writer.read("soa/").json()["in_force"] is None
    said, seen = {"digest": digest, "confirms_warnings": True}, {"if-match": answer["ETag"]}
    browser, door = signed_in(person), f"{writer.base}{place}approve/"
    old = unconfirmed(signed_in(person)).post(door, said, content_type="application/json", headers=seen)
    assert (old.status_code, "Confirm that it is you" in old.json()["detail"]) == (403, True)
    done = browser.post(door, said, content_type="application/json", headers=seen)
    assert (done.status_code, done.json()["state"]) == (200, "approved")
    assert writer.read("soa/").json()["in_force"]["digest"] == digest
    assert [row["state"] for row in writer.read("soa/versions/").json()["results"]] == ["approved", "returned"]
    assert trace_of("version:SOA-1") == [
        "version.submitted", "version.returned", "version.submitted", "version.approved",
    ]  # fmt: skip


def test_a_draft_that_is_blocked_is_not_submitted(machine: Machine) -> None:
    answer = machine.act("soa/versions/", {})
    assert (answer.status_code, "block" in answer.json()["detail"]) == (422, True)
    assert not StatementVersion.objects.exists()


@pytest.mark.parametrize("kind", [TokenKind.SERVICE, TokenKind.AGENT])
def test_machines_decide_nothing(aims: Aims, officer: Actor, kind: TokenKind) -> None:
    a_decided_statement(officer)
    machine = a_machine(aims, a_member(aims, Role.OFFICER, Role.APPROVER, by=officer), kind=kind)
    version = a_machine(aims, officer).act("soa/versions/", {}).json()
    records = Record.objects.count()
    attempts = [
        machine.act(f"{ROW}decide/", {"applicability": "excluded", "why": "No"}, seen="*"),
        machine.act(ROW, {"why": "No"}, seen="*", verb="patch"),
        machine.act(f"{ROW}undo/", seen="*"),
        machine.act("soa/versions/", {}),
        machine.act("soa/entries/", {"title": "Mine"}),
        machine.act("soa/versions/1/approve/", {"digest": version["digest"], "confirms_warnings": True}, seen="*"),
        machine.act("soa/versions/1/return/", {"reason": "No"}, seen="*"),
        machine.post(f"{machine.base}soa/imports/", {"file": sheet(), "accept": "matched"}),
    ]
    assert [answer.status_code for answer in attempts] == [403] * len(attempts)
    assert Record.objects.count() == records


def test_a_control_owner_describes_their_own_row_only(machine: Machine, aims: Aims, officer: Actor) -> None:
    person = a_member(aims, Role.OWNER, by=officer)
    machine.act(ROW, {"owner": person.email}, seen='"1"', verb="patch")
    owner = a_machine(aims, person)
    assert owner.act(ROW, {"how": "By hand"}, seen='"2"', verb="patch").status_code == 200
    assert owner.act(ROW, {"why": "Mine"}, seen='"3"', verb="patch").status_code == 403
    assert owner.act("soa/entries/A.2.3/", {"how": "Mine"}, seen='"1"', verb="patch").status_code == 403
    assert owner.act(f"{ROW}decide/", {"applicability": "excluded"}, seen='"3"').status_code == 403


def sheet(*rows: str) -> SimpleUploadedFile:
    lines = ["Control,Title,Applicable,Justification", *(rows or ("A.2.2,AI policy,Yes,One for all",))]
    return SimpleUploadedFile("soa.csv", "\n".join(lines).encode())


def test_an_import_is_judged_as_the_command_judges_it(machine: Machine, aims: Aims) -> None:
    file = sheet("A.2.2,AI policy,Yes,One for all", "A.99,No such,Yes,Because")
    answer = machine.post(f"{machine.base}soa/imports/", {"file": file})
    file.seek(0)
    assert answer.status_code == 200, answer.content
    assert answer.json() == dict(plan_of(file.read(), "soa.csv", aims).as_json()) | {"result": None}
    assert [row["id"] for row in answer.json()["matched"]] == ["A.2.2"]
    assert (Intake.objects.count(), entry().applicability) == (0, "undecided")


def test_an_accepted_import_takes_what_matches(machine: Machine) -> None:
    answer = machine.post(f"{machine.base}soa/imports/", {"file": sheet(), "accept": "matched"})
    assert (answer.status_code, answer.json()["result"]["taken"]) == (201, 1)
    assert (entry().applicability, entry().why) == ("included", "One for all")
    assert trace_of(Statement.objects.get().ref) == ["soa.opened", "soa.imported"]


@pytest.mark.parametrize("form", [{"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04 no workbook")}, {}, {"file": "x"}])
def test_a_file_that_is_none_is_refused(machine: Machine, form: dict[str, Any]) -> None:
    answer = machine.post(f"{machine.base}soa/imports/", form)
    assert answer.status_code in (400, 422)
    assert list(answer.json()["errors"]) == ["file"]


def test_an_import_that_is_too_large_is_not_read(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soa.api.MOST", 10)
    assert machine.post(f"{machine.base}soa/imports/", {"file": sheet()}).status_code == 413
    body = {"file": SimpleUploadedFile("x.csv", b"x" * 2 * 1024 * 1024)}
    assert machine.post(f"{machine.base}soa/imports/", body).status_code == 413
