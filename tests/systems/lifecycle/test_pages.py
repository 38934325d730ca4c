"""The pages of moves and gates: what each person sees and can do, how wrong input is answered, what a page costs."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from systems.actions import edit_system, move_stage, name_function, set_rule, sign_move
from systems.models import AiSystem, FunctionHolder, GateRule, Transition
from tests.accounts.make import unconfirmed
from tests.make import a_member, signed_in
from tests.systems.lifecycle.test_moves import unreviewed
from tests.systems.make import a_signer, a_system, asked, at_the_gate, in_operation, person_of

HARM = {"harm": "A customer is misled", "is_reversible": "on", "reversing": "The last release is put back"}


@pytest.fixture
def signer(aims: Aims, officer: Actor) -> Actor:
    return a_signer(aims, officer)


@pytest.fixture
def ready(aims: Aims, officer: Actor, signer: Actor) -> AiSystem:
    return at_the_gate(a_system(officer, name="Helper", owner=person_of(officer)), officer, signer)


def at(aims: Aims, name: str, *args: object) -> str:
    return reverse(f"systems:{name}", args=[aims.slug, *args])


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_asking_to_the_signature_in_two_browsers(
    aims: Aims, ready: AiSystem, officer: Actor, signer: Actor
) -> None:
    mine, theirs, ask = signed_in(officer), signed_in(signer), at(aims, "stage", "SYS-01")
    page = text_of(mine.get(f"{ask}?to=deployment"))
    assert "An impact assessment is decided and current" in page
    assert "Approver and every mandatory check" in page
    said = {"stage": "deployment", "seen": ready.version, "reason": "Tested"}
    refused = mine.post(ask, said)
    assert refused.status_code == 422
    assert "Say which harm you considered" in text_of(refused)
    answer = mine.post(ask, said | HARM)
    assert answer["Location"] == at(aims, "move", "SYS-01", 3)
    assert "Sign into Deployment" not in text_of(mine.get(answer["Location"]))
    page = text_of(theirs.get(answer["Location"]))
    for words in ("Sign into Deployment", "A customer is misled", "never signed before", "Could still sign: Approver"):
        assert words in page.replace("\n", " ")
    assert "asked for a move" in text_of(theirs.get(at(aims, "detail", "SYS-01")))
    stopped = unconfirmed(theirs).post(at(aims, "sign", "SYS-01", 3), {"seen": 1, "note": "Read"})
    assert stopped["Location"].startswith("/accounts/confirm/")
    assert AiSystem.objects.get().stage == "verification"
    done = signed_in(signer).post(at(aims, "sign", "SYS-01", 3), {"seen": 1, "note": "Read"})
    assert done.status_code == 302
    assert AiSystem.objects.get().stage == "deployment"
    page = text_of(mine.get(answer["Location"]))
    assert f"{signer.name} signed as Approver" in page
    assert "Necessary" in page
    track = text_of(mine.get(at(aims, "detail", "SYS-01")))
    assert "9 of 9 checks" in track


def test_a_shut_gate_says_what_is_missing_and_where_it_is_mended(aims: Aims, officer: Actor) -> None:
    a_system(officer, owner=person_of(officer), stage="verification")
    browser, ask = signed_in(officer), at(aims, "stage", "SYS-01")
    page = text_of(browser.get(ask))
    for address in (
        at(aims, "section", "SYS-01", "data"),
        at(aims, "scope", "SYS-01"),
        "/assessments/new/?system=SYS-01",
    ):
        assert f'href="{address}"' in page or address in page
    assert "4 mandatory checks are not met" in page
    answer = browser.post(ask, {"stage": "deployment", "seen": 1, "reason": "Go"} | HARM)
    assert answer.status_code == 422
    assert "The gate is shut" in text_of(answer)
    assert not Transition.objects.exists()


def test_conditions_are_asked_for_beside_what_is_left_open(aims: Aims, officer: Actor, signer: Actor) -> None:
    system = unreviewed(officer, signer)
    browser, ask = signed_in(officer), at(aims, "stage", "SYS-01")
    said = {"stage": "deployment", "seen": system.version, "reason": "Go", "mode": "partial"} | HARM
    answer = browser.post(ask, said)
    assert answer.status_code == 422
    assert "Each condition needs a text, an owner and a date" in text_of(answer)
    given = {"suppliers_condition": "Review Halden", "suppliers_owner": signer.user_id}
    assert browser.post(ask, said | given | {"suppliers_due_on": "2019-01-01"}).status_code == 422
    assert browser.post(ask, said | given | {"suppliers_due_on": "2099-01-01"}).status_code == 302
    done = signed_in(signer).post(at(aims, "sign", "SYS-01", 3), {"seen": 1})
    assert done.status_code == 302
    assert "Review Halden" in text_of(signed_in(signer).get(at(aims, "move", "SYS-01", 3)))
    meet = at(aims, "meet", "SYS-01", 3, 1)
    assert browser.post(meet, {"seen": 2}).status_code == 422
    assert browser.post(meet, {"seen": 2, "note": "Reviewed"}).status_code == 302
    assert browser.post(at(aims, "meet", "SYS-01", 3, 9), {"seen": 3, "note": "None"}).status_code == 422


def test_who_comes_second_is_told(aims: Aims, ready: AiSystem, officer: Actor, signer: Actor) -> None:
    asked(ready, officer)
    second = signed_in(a_signer(aims, officer))
    assert signed_in(signer).post(at(aims, "sign", "SYS-01", 3), {"seen": 1}).status_code == 302
    for verb, more in (("sign", {}), ("refuse", {"mode": "refuse", "reason": "No"})):
        late = second.post(at(aims, verb, "SYS-01", 3), {"seen": 1} | more)
        assert late.status_code == 409
        assert "Somebody else decided or signed" in text_of(late)
    stale = {"stage": "re-evaluation", "reason": "Look", "seen": 1}
    answer = signed_in(officer).post(at(aims, "stage", "SYS-01"), stale)
    assert answer.status_code == 409
    assert "Somebody changed this system" in text_of(answer)


def test_deferring_and_taking_back(aims: Aims, ready: AiSystem, officer: Actor, signer: Actor) -> None:
    asked(ready, officer)
    refuse, withdraw = at(aims, "refuse", "SYS-01", 3), at(aims, "withdraw_move", "SYS-01", 3)
    theirs = signed_in(signer)
    assert theirs.post(refuse, {"seen": 1, "mode": "defer", "reason": "Later"}).status_code == 422
    assert signed_in(officer).post(withdraw, {"seen": 1}).status_code == 422
    said = {"seen": 1, "mode": "defer", "reason": "Later", "look_again_on": "2099-01-01"}
    assert theirs.post(refuse, said).status_code == 302
    assert "Deferred" in text_of(theirs.get(at(aims, "moves", "SYS-01")))
    late = signed_in(officer).post(withdraw, {"seen": 2, "reason": "Mine"})
    assert late.status_code == 422
    assert "does not wait any more" in text_of(late)


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER, Role.AUDITOR])
def test_readers_look_and_decide_nothing(aims: Aims, ready: AiSystem, officer: Actor, role: Role) -> None:
    asked(ready, officer)
    reader = signed_in(a_member(aims, role, by=officer))
    page = text_of(reader.get(at(aims, "move", "SYS-01", 3)))
    for verb in ("sign", "refuse", "withdraw_move"):
        assert at(aims, verb, "SYS-01", 3) not in page
        assert reader.post(at(aims, verb, "SYS-01", 3), {"seen": 1}).status_code == 403
    assert reader.get(at(aims, "gates")).status_code == 200
    assert 'method="post" novalidate' not in text_of(reader.get(at(aims, "gate", "deployment")))
    assert reader.post(at(aims, "gate", "deployment"), {}).status_code == 403
    for name in ("name_function", "stage", "advise"):
        assert reader.get(at(aims, name, *(() if name == "name_function" else ("SYS-01",)))).status_code == 403


def a_rule(**said: Any) -> dict[str, Any]:
    groups = {f"need_{number}": "all" for number in (1, 2, 3)}
    return {"seen": 0, "joined": "all", "reason": "Two agree"} | groups | said


def test_a_rule_is_written_in_the_form_and_shown_in_words(aims: Aims, officer: Actor) -> None:
    name_function("Data protection officer", person_of(a_member(aims, Role.REVIEWER, by=officer)), actor=officer)
    browser, gate = signed_in(officer), at(aims, "gate", "deployment")
    assert 'value="role:approver"' in text_of(browser.get(gate))
    empty = browser.post(gate, a_rule())
    assert empty.status_code == 422
    assert "nobody would have to sign" in text_of(empty)
    said = a_rule(
        authorities_1=["role:approver"],
        authorities_2=["function:data-protection-officer", "role:officer"],
        need_2="some",
        least_2=1,
        places_2="EU\nUK",
    )
    assert browser.post(gate, said).status_code == 302
    assert GateRule.objects.get().body == {
        "all": [
            {"all": [{"role": "approver"}]},
            {
                "where": ["EU", "UK"],
                "rule": {"quorum": 1, "of": [{"function": "data-protection-officer"}, {"role": "officer"}]},
            },
        ]
    }
    words = "in EU, UK: (at least 1 of: Data protection officer; Compliance officer)"
    assert words in text_of(browser.get(at(aims, "gates")))
    again = text_of(browser.get(gate))
    assert "Two agree" in again
    assert "EU\nUK" in again
    assert browser.post(gate, a_rule(authorities_1=["role:approver"])).status_code == 409
    assert browser.post(gate, a_rule(authorities_1=["role:approver"], seen=1, reason="")).status_code == 422
    assert GateRule.objects.get().version == 1


def test_a_deeper_rule_is_told_and_not_lost_unseen(aims: Aims, officer: Actor) -> None:
    deep = {"all": [{"role": "approver"}, {"any": [{"all": [{"role": "owner"}, {"role": "officer"}]}]}]}
    set_rule(deep, stage="operation", reason="Deep", seen=0, actor=officer)
    page = text_of(signed_in(officer).get(at(aims, "gate", "operation")))
    assert "deeper than the form" in page
    assert "Approver and (Control owner and Compliance officer)" in page


def test_functions_are_given_and_ended(aims: Aims, officer: Actor) -> None:
    browser, person = signed_in(officer), person_of(a_member(aims, Role.REVIEWER, by=officer))
    name = at(aims, "name_function")
    assert browser.post(name, {"name": "Product owner", "person": officer.user_id}).status_code == 422
    assert browser.post(name, {"name": "Product owner", "person": person.pk}).status_code == 302
    end = at(aims, "end_function", FunctionHolder.objects.get().pk)
    assert browser.post(end, {"seen": 1}).status_code == 422
    assert browser.post(end, {"seen": 1, "reason": "Left"}).status_code == 302
    assert browser.get(end).status_code == 404


def test_the_data_protection_officer_advises_in_the_browser(aims: Aims, officer: Actor) -> None:
    privacy = a_member(aims, Role.REVIEWER, by=officer)
    name_function("Data protection officer", person_of(privacy), actor=officer)
    a_system(officer)
    browser, advise = signed_in(privacy), at(aims, "advise", "SYS-01")
    assert browser.post(advise, {"text": " "}).status_code == 422
    assert browser.post(advise, {"text": "Tell people"}).status_code == 302


def test_pages_cost_the_same_with_few_moves_and_with_many(aims: Aims, officer: Actor, signer: Actor) -> None:
    in_operation(a_system(officer, owner=person_of(officer)), officer, signer)
    browser = signed_in(officer)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    places = [at(aims, "detail", "SYS-01"), at(aims, "moves", "SYS-01"), at(aims, "gates")]
    few = [cost(place) for place in places]
    for turn in range(6):
        row = AiSystem.objects.select_related("aims").get()
        stage = "suspended" if turn % 2 == 0 else "re-evaluation"
        move_stage(row, stage, reason="Again", seen=row.version, actor=officer)
        name_function(f"Function {turn}", person_of(signer), actor=officer)
    assert [cost(place) for place in places][1:] == few[1:]
    assert cost(places[0]) <= few[0] + 6  # the gate of operation is before it again


def test_what_differs_from_the_last_signature_is_shown(
    aims: Aims, ready: AiSystem, officer: Actor, signer: Actor
) -> None:
    system = sign_move(asked(ready, officer), seen=1, actor=signer).system
    system = edit_system(
        system, record=system.record | {"contact": "desk@example.org"}, seen=system.version, actor=officer
    )
    asked(system, officer, "operation")
    page = text_of(signed_in(signer).get(at(aims, "move", "SYS-01", 4)))
    assert "What differs from move 3" in page
    assert "<ins>desk@example.org</ins>" in page


def test_a_browser_that_is_nobody_is_sent_to_sign_in(aims: Aims) -> None:
    assert Client().get(at(aims, "gates")).status_code == 302
