"""A record holds every field of trust.md section 1 and none of the text, and stands or falls with its act."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor, service
from accounts.clock import standing_at
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims, Obligation
from ledger.actions import record
from ledger.canonical import NotCanonical, canonical
from ledger.change import Change
from ledger.commitments import altered, commitment
from ledger.models import Annex, Leaf, Log, Record
from ledger.receipts import receipt_of
from tests.ledger.make import an_act, an_event, an_obligation
from tests.make import a_member

AT = datetime(2026, 6, 17, 16, 20, 7, 42, tzinfo=UTC)


def body_of(row: Record) -> dict[str, Any]:
    return json.loads(bytes(row.body))


def test_the_shape_is_the_golden_one(aims: Aims, officer: Actor) -> None:
    officer = replace(officer, request_id="request-1")
    with standing_at(AT):
        row = an_act(officer, aims_id=aims.pk, code="O-7", reason="Priya asked for it")
    body = body_of(row)
    membership = officer.authorities[0]
    annexes = {annex.field: annex for annex in row.annexes.all()}
    promised = {name: commitment(bytes(annex.salt), annex.text) for name, annex in annexes.items()}
    assert body == {
        "v": 1,
        "type": "obligation.recorded",
        "event_id": str(row.event_id),
        "aims": Log.objects.get().origin,
        "occurred_at": "2026-06-17T16:20:07.000042Z",
        "actor": {
            "pseudonym": officer.pseudonym,
            "kind": "human",
            "role": "officer",
            "auth_method": "password",
        },
        "authority": {
            "membership": membership.membership_id,
            "policy": {"id": "assay-roles", "version": 1},
            "granted_by": officer.pseudonym,
            "scope": "whole AIMS",
            "expires": None,
        },
        "subject": {
            "type": "obligation",
            "id": "O-7",
            "version": 1,
            "before_hash": None,
            "after_hash": promised["after"],
        },
        "evidence": [],
        "model": {"system": None, "version": None, "artefact": None, "reason": "no AI model took part"},
        "decision": {
            "mode": None,
            "outcome": None,
            "previous": None,
            "harm": None,
            "reversible": None,
            "rationale_commitment": promised["rationale"],
            "reason": "this act does not continue, limit, defer or refuse anything",
        },
        "approvals": [],
        "request_id": "request-1",
    }
    assert row.event_id.version == 7
    assert bytes(row.body) == canonical(body)
    assert b"Priya" not in bytes(row.body)
    assert b"Law O-7" not in bytes(row.body)


def test_the_texts_stand_beside_the_chain_and_can_be_erased(aims: Aims, officer: Actor) -> None:
    row = an_act(officer, aims_id=aims.pk, code="O-7", reason="Priya asked for it")
    texts = {annex.field: annex.text for annex in row.annexes.all()}
    assert texts["rationale"] == "Priya asked for it"
    assert json.loads(texts["after"]) == {"code": "O-7", "kind": "law", "title": "Law O-7"}
    assert len({bytes(annex.salt) for annex in row.annexes.all()}) == len(texts)
    assert {len(bytes(annex.salt)) for annex in row.annexes.all()} == {32}
    Annex.objects.filter(field__in=("rationale", "after")).update(text="", salt=b"")
    assert altered(body_of(row), row.annexes.all()) == []


def test_a_decision_an_artefact_and_a_model_are_named(aims: Aims, officer: Actor) -> None:
    row = an_obligation("O-9", aims_id=aims.pk)
    change = Change.new(row)
    change.save(actor=officer)
    written = record(
        an_event(),
        row,
        actor=officer,
        change=change,
        after_hash="ab" * 32,
        evidence=[{"id": "EV-1", "version": 2, "sha256": "cd" * 32, "size": 12}],
        model={"system": "SYS-01", "version": "3", "artefact": None},
        decision={"mode": "partial", "outcome": "with conditions"},
        approvals=["an earlier event id"],
    )
    body = body_of(written)
    assert body["subject"]["after_hash"] == "ab" * 32
    assert altered(body, written.annexes.all()) == []
    assert body["evidence"][0]["id"] == "EV-1"
    assert body["model"]["system"] == "SYS-01"
    assert body["decision"]["mode"] == "partial"
    assert "reason" not in body["decision"]
    assert body["approvals"] == ["an earlier event id"]


@pytest.mark.parametrize("decision", [{"mode": "perhaps"}, {"verdict": "yes"}])
def test_a_decision_keeps_to_its_vocabulary(decision: dict[str, str], organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with pytest.raises(ValueError, match="is not a decision"), transaction.atomic():
        an_act_with(officer, aims, decision=decision)


def an_act_with(officer: Actor, aims: Aims, **more: Any) -> Record:
    with acting_in(aims, officer):
        return record(an_event(), an_obligation("O-8", aims_id=aims.pk), actor=officer, **more)


def test_the_authority_is_the_membership_the_event_is_open_to(aims: Aims, officer: Actor) -> None:
    until = datetime(2027, 1, 1, tzinfo=UTC)
    reviewer = a_member(aims, Role.REVIEWER, by=officer)
    steward = replace(officer, authorities=(replace(officer.authorities[0], valid_until=until),))
    body = body_of(an_act(steward, aims_id=aims.pk, code="O-1"))
    assert body["actor"]["role"] == "officer"
    assert body["authority"]["expires"] == "2027-01-01T00:00:00.000000Z"
    body = body_of(an_act(reviewer, aims_id=aims.pk, code="O-2"))
    assert body["actor"]["role"] is None
    assert body["authority"]["membership"] is None
    assert body["authority"]["reason"] == "no membership is needed for this event"


def test_a_service_stands_in_the_chain_as_itself(aims: Aims) -> None:
    body = body_of(an_act(service("render"), aims_id=aims.pk))
    assert body["actor"] == {
        "pseudonym": "service-render",
        "kind": "service",
        "role": "administrator",
        "auth_method": "internal",
    }


@pytest.mark.db_both
def test_a_record_costs_few_queries(aims: Aims, officer: Actor, on_postgres: bool) -> None:
    row = an_obligation("O-1", aims_id=aims.pk)
    change = Change.new(row)
    change.save(actor=officer)
    with CaptureQueriesContext(connection) as seen:
        record(an_event(), row, actor=officer, change=change, reason="why")
    assert len(seen) == (2 if on_postgres else 5), [query["sql"][:90] for query in seen]


def test_a_receipt_names_the_place(aims: Aims, officer: Actor) -> None:
    row = an_act(officer, aims_id=aims.pk)
    head = Log.objects.get()
    receipt = receipt_of(row)
    assert (receipt.number, receipt.size, receipt.root) == (head.size, head.size, head.root)
    assert receipt.leaf_hash == Leaf.objects.get(record=row).leaf_hash
    assert not receipt.is_pending


@pytest.mark.db_both
@pytest.mark.django_db(transaction=True)
def test_the_act_rolls_back_when_its_record_cannot_be_written(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with pytest.raises(NotCanonical):
        make_what_no_record_can_hold(aims, officer)
    with pytest.raises(transaction.TransactionManagementError):
        swallow_the_ledger_error(aims, officer)
    with acting_in(aims, officer):
        assert not Obligation.objects.exists()
        assert not Obligation.history.exists()
        assert not Record.objects.filter(subject__startswith="obligation").exists()


def make_what_no_record_can_hold(aims: Aims, officer: Actor) -> None:
    with acting_in(aims, officer), transaction.atomic():
        row = an_obligation("O-1", aims_id=aims.pk)
        Change.new(row).save(actor=officer)
        record(an_event(), row, actor=officer, approvals=["\ud800"])


def swallow_the_ledger_error(aims: Aims, officer: Actor) -> None:
    """An action that ignores a failing ledger must not come through with its change."""
    with acting_in(aims, officer), transaction.atomic():
        row = an_obligation("O-2", aims_id=aims.pk)
        Change.new(row).save(actor=officer)
        with suppress(NotCanonical):
            record(an_event(), row, actor=officer, approvals=["\ud800"])
        Obligation.objects.count()
