"""Moves through the API: asked by a personal token, never signed by one; what a shut gate answers."""

import pytest

from accounts.actor import Actor
from accounts.models import TokenKind
from aims.models import Aims
from systems.models import AiSystem, Transition
from tests.api.make import Machine, a_machine
from tests.make import signed_in, trace_of
from tests.systems.make import a_signer, a_system, asked, at_the_gate, person_of

THOUGHT = {"harm": "Somebody is misled.", "reversing": "The last release."}


@pytest.fixture
def machine(aims: Aims, officer: Actor) -> Machine:
    """The officer's own token."""
    return a_machine(aims, officer)


def test_a_shut_gate_answers_what_is_missing_and_where_it_is_mended(machine: Machine, officer: Actor) -> None:
    a_system(officer, owner=person_of(officer), stage="verification")
    answer = machine.act("systems/SYS-01/moves/", {"stage": "deployment", "reason": "Go"} | THOUGHT, seen='"1"')
    assert answer.status_code == 422
    told = {one["check"]: one["address"] for one in answer.json()["missing"]}
    assert {"record", "scope", "data", "assessment"} <= set(told)
    assert told["scope"].endswith("/systems/SYS-01/scope/")
    assert not Transition.objects.exists()


def test_a_token_asks_and_a_person_in_a_browser_signs(aims: Aims, machine: Machine, officer: Actor) -> None:
    signer = a_signer(aims, officer)
    at_the_gate(a_system(officer, owner=person_of(officer)), officer, signer)
    tag = machine.tag("systems/SYS-01/")
    answer = machine.act("systems/SYS-01/moves/", {"stage": "deployment", "reason": "Go"} | THOUGHT, seen=tag)
    assert (answer.status_code, answer.json()["state"]) == (201, "proposed")
    assert answer["Location"].endswith("/systems/SYS-01/moves/3/")
    token, place = a_machine(aims, signer), "systems/SYS-01/moves/3/"
    assert token.act(f"{place}sign/", {}, seen='"1"').status_code == 403
    assert AiSystem.objects.get().stage == "verification"
    browser = signed_in(signer)
    sent = {"content_type": "application/json", "headers": {"if-match": '"1"'}}
    done = browser.post(f"{machine.base}{place}sign/", {"note": "Read"}, **sent)
    assert (done.status_code, done.json()["state"]) == (200, "signed")
    assert [one["authority"] for one in done.json()["signatures"]] == ["role:approver"]
    assert browser.post(f"{machine.base}{place}sign/", {}, **sent).status_code == 412
    listed = machine.read("systems/SYS-01/moves/").json()["results"]
    assert [one["number"] for one in listed] == [1, 2, 3]


def test_refusing_and_taking_back(aims: Aims, machine: Machine, officer: Actor) -> None:
    signer = a_signer(aims, officer)
    system = at_the_gate(a_system(officer, owner=person_of(officer)), officer, signer)
    asked(system, officer)
    theirs, place = a_machine(aims, signer), "systems/SYS-01/moves/3/"
    assert theirs.act(f"{place}refuse/", {"reason": "No", "mode": "defer"}, seen='"1"').status_code == 422
    assert theirs.act(f"{place}refuse/", {"reason": "No"}, seen='"1"').json()["state"] == "refused"
    asked(system, officer)
    answer = machine.act("systems/SYS-01/moves/4/withdraw/", {"reason": "Not yet"}, seen='"1"')
    assert (answer.status_code, trace_of("move:SYS-01.4")[-1]) == (200, "system.move_withdrawn")


@pytest.mark.parametrize("kind", [TokenKind.SERVICE, TokenKind.AGENT])
def test_machines_neither_ask_nor_decide(aims: Aims, officer: Actor, kind: TokenKind) -> None:
    signer = a_signer(aims, officer)
    system = at_the_gate(a_system(officer, owner=person_of(officer)), officer, signer)
    asked(system, officer)
    machine, place = a_machine(aims, officer, kind=kind), "systems/SYS-01/moves/"
    assert machine.act(place, {"stage": "retired", "reason": "Over"}, seen="*").status_code == 403
    for verb in ("sign", "refuse", "withdraw"):
        assert machine.act(f"{place}3/{verb}/", {"reason": "No"}, seen="*").status_code == 403
    assert Transition.objects.get(number=3).state == "proposed"
