"""The registry through the API: every verb leaves its trace, and nobody does what their role does not allow."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from accounts.actor import Actor
from accounts.models import TokenKind
from accounts.roles import Role
from aims.models import Aims
from systems.models import AiSystem, Reliance
from tests.api.make import Machine, a_machine
from tests.make import a_member, trace_of
from tests.systems.make import a_reliance, a_system


@pytest.fixture
def machine(aims: Aims, officer: Actor) -> Machine:
    """The officer's own token."""
    return a_machine(aims, officer)


def test_registering_answers_the_system_with_its_version(machine: Machine, officer: Actor) -> None:
    owner = {"owner": officer.email, "roles_played": ["provider"]}
    answer = machine.act("systems/", {"name": "Helper", "purpose": "Answers questions", **owner})
    assert answer.status_code == 201
    assert answer.json()["code"] == "SYS-01"
    assert answer.json()["owner"] == {"name": officer.name, "email": officer.email}
    assert answer["Location"] == f"{machine.base}systems/SYS-01/"
    assert answer["ETag"].startswith('"1-')
    assert trace_of("system:SYS-01") == ["system.registered"]


def test_every_verb_of_a_system_leaves_its_trace(machine: Machine, officer: Actor) -> None:
    a_system(officer)
    place = "systems/SYS-01/"
    answer = machine.act(place, {"supplier": "Acme"}, seen='"1"', verb="patch")
    assert (answer.status_code, answer.json()["supplier"], answer.json()["version"]) == (200, "Acme", 2)
    answer = machine.act(f"{place}scope/", {"is_in_scope": True, "reason": "Customers meet it"}, seen=answer["ETag"])
    assert (answer.status_code, answer.json()["is_in_scope"]) == (200, True)
    answer = machine.act(f"{place}moves/", {"stage": "retired", "reason": "Replaced"}, seen=answer["ETag"])
    assert (answer.status_code, answer.json()["state"]) == (201, "done")
    assert trace_of("system:SYS-01") == [
        "system.registered", "system.edited", "system.scope_said", "system.retired",
    ]  # fmt: skip
    assert AiSystem.objects.get().history.count() == 4


def test_a_reliance_is_made_and_withdrawn(machine: Machine, officer: Actor) -> None:
    a_system(officer)
    answer = machine.act("systems/SYS-01/reliances/", {"control": "A.6.2.4", "why": "Releases are tested"})
    assert answer.status_code == 201
    [link] = answer.json()["reliances"]
    assert (link["control"], link["why"]) == ("A.6.2.4", "Releases are tested")
    place = f"systems/SYS-01/reliances/{link['id']}/withdraw/"
    answer = machine.act(place, {"reason": "Not used any more"}, seen=f'"{link["version"]}"')
    assert (answer.status_code, answer.json()["reliances"]) == (200, [])
    row = Reliance.objects.get()
    assert row.withdrawn_at
    assert trace_of(row.ref) == ["system.relied_on", "system.let_go"]
    assert machine.act(place, {"reason": "Again"}, seen='"2"').status_code == 404


@pytest.mark.parametrize("query", [{"stage": "verification"}, {"in_scope": "yes"}, {"owner": True}, {"q": "harbour"}])
def test_filters_narrow_the_list(machine: Machine, officer: Actor, query: dict[str, object]) -> None:
    person = machine.token.user
    a_system(officer, name="Harbour pilot", in_scope=True, stage="verification", owner=person)
    a_system(officer, name="Other", in_scope=False)
    asked = {name: officer.email if value is True else value for name, value in query.items()}
    assert [row["name"] for row in machine.read("systems/", **asked).json()["results"]] == ["Harbour pilot"]


def test_pages_neither_skip_nor_repeat(machine: Machine, officer: Actor) -> None:
    for _number in range(5):
        a_system(officer)
    first = machine.read("systems/", page_size=2).json()
    a_system(officer)
    found = [row["code"] for row in first["results"]]
    page = first
    while page["next"]:
        page = machine.get(page["next"]).json()
        found += [row["code"] for row in page["results"]]
    assert found == [f"SYS-0{number}" for number in range(1, 7)]


def test_the_list_costs_the_same_at_any_length(machine: Machine, officer: Actor) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert machine.read("systems/", page_size=200).status_code == 200
        return len(caught)

    for _number in range(3):
        a_reliance(officer, a_system(officer, owner=machine.token.user))
    queries()  # notes when the token was last used
    few = queries()
    for _number in range(60):
        a_system(officer, owner=machine.token.user)
    assert queries() == few


def test_auditors_read_and_write_nothing(aims: Aims, officer: Actor) -> None:
    a_system(officer)
    machine = a_machine(aims, a_member(aims, Role.AUDITOR, by=officer))
    assert machine.read("systems/SYS-01/").status_code == 200
    for place, body in (("systems/", {"name": "X", "purpose": "Y"}), ("systems/SYS-01/scope/", {})):
        answer = machine.act(place, body, seen="*")
        assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert trace_of("system:SYS-01") == ["system.registered"]


@pytest.mark.parametrize("kind", [TokenKind.SERVICE, TokenKind.AGENT])
def test_machines_register_and_edit_but_decide_nothing(aims: Aims, officer: Actor, kind: TokenKind) -> None:
    machine = a_machine(aims, officer, kind=kind)
    assert machine.act("systems/", {"name": "Helper", "purpose": "Answers"}).status_code == 201
    assert machine.act("systems/SYS-01/", {"supplier": "Acme"}, seen='"1"', verb="patch").status_code == 200
    scope = machine.act("systems/SYS-01/scope/", {"is_in_scope": True, "reason": "It is"}, seen='"2"')
    stage = machine.act("systems/SYS-01/moves/", {"stage": "retired", "reason": "Over"}, seen='"2"')
    assert (scope.status_code, stage.status_code) == (403, 403)


def test_refusals_name_the_field(machine: Machine, officer: Actor) -> None:
    a_system(officer)
    for body, field in (({"name": " "}, "name"), ({"owner": "nobody@example.org"}, "owner")):
        answer = machine.act("systems/SYS-01/", body, seen='"1"', verb="patch")
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    answer = machine.act("systems/SYS-01/reliances/", {"control": "A.99"})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["control"])


def test_the_whole_record_is_read_and_written(machine: Machine, officer: Actor) -> None:
    a_system(officer, name="Ranker", purpose="Ranks")
    answer = machine.read("systems/SYS-01/")
    record = answer.json()["record"] | {"x_ours": [1], "deployment": {"environment": "staging", "regions": ["eu"]}}
    answer = machine.act("systems/SYS-01/", {"record": record}, seen=answer["ETag"], verb="patch")
    assert (answer.status_code, answer.json()["record"], answer.json()["environment"]) == (200, record, "staging")
    late = machine.act("systems/SYS-01/", {"record": record | {"unit": "Late"}}, seen='"1"', verb="patch")
    assert (late.status_code, late.json()["current"]["record"]) == (412, record)
    made = machine.act("systems/", {"record": record | {"id": "second", "name": "Second"}})
    assert (made.status_code, made.json()["id"], made.json()["record"]["x_ours"]) == (201, "second", [1])


def test_every_place_of_a_record_that_does_not_fit_is_named(machine: Machine, officer: Actor) -> None:
    a_system(officer, name="Ranker", purpose="Ranks")
    record = {"id": "ranker", "name": "Ranker", "classification": {"purpose": "Ranks", "risk_tier": "huge"}}
    wrong = record | {"tools": [{"name": "a"}, {"name": 5}]}
    answer = machine.act("systems/SYS-01/", {"record": wrong}, seen='"1"', verb="patch")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["classification.risk_tier", "tools[2].name"]
    for shape in ([], "text", None):
        answer = machine.act("systems/SYS-01/", {"record": shape}, seen='"1"', verb="patch")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["record"])
    assert machine.act("systems/", {"owner": officer.email}).status_code == 400
    assert AiSystem.objects.get().version == 1


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"risk_tier": "high"}, ["A"]),
        ({"unit": "Sales"}, ["A"]),
        ({"gaps": "true"}, ["B"]),
        ({"gaps": "false"}, ["A"]),
        ({"claim": "unsigned"}, ["A"]),
        ({"id": "B"}, ["B"]),
    ],
)
def test_places_of_the_record_narrow_the_list(
    machine: Machine, officer: Actor, query: dict[str, str], names: list[str]
) -> None:
    classification = {"purpose": "Helps", "risk_tier": "high", "data_sensitivity": "pii"}
    record = {"unit": "Sales", "owner": "team", "classification": classification, "lifecycle": {"stage": "production"}}
    a_system(officer, name="A", record=record | {"deployment": {"environment": "staging"}})
    a_system(officer, name="B")
    assert [row["name"] for row in machine.read("systems/", **query).json()["results"]] == names


def test_completeness_is_stated_and_taken_back(machine: Machine, officer: Actor) -> None:
    a_system(officer)
    until = (clock.today("Europe/London") + timedelta(days=90)).isoformat()
    body = {"method": "Asked everybody", "seen": 1, "valid_until": until}
    assert machine.act("completeness/", body | {"seen": 7}).status_code == 422
    answer = machine.act("completeness/", body)
    assert (answer.status_code, answer.json()["systems"], answer.json()["unit"]) == (201, ["SYS-01"], "")
    assert answer["Location"] == f"{machine.base}completeness/CPL-01/"
    found = machine.read("completeness/", in_force="true").json()["results"]
    assert [row["stated_by"]["email"] for row in found] == [officer.email]
    back = machine.act("completeness/CPL-01/withdraw/", {"reason": "One was forgotten"}, seen='"1"')
    assert (back.status_code, machine.read("completeness/", in_force="true").json()["results"]) == (200, [])
    service = a_machine_of(machine, officer)
    assert service.act("completeness/", body).status_code == 403


def a_machine_of(machine: Machine, officer: Actor) -> Machine:
    """A service of the same organisation."""
    aims = Aims.objects.get(pk=machine.token.aims_id)
    return a_machine(aims, officer, kind=TokenKind.SERVICE)
