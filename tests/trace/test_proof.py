"""A record's proof is recomputed when somebody looks, handed over under a signed checkpoint, and red when it fails."""

import hashlib
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from ledger.keys import keys_of
from ledger.merkle import leaf_hash, root_from_inclusion
from ledger.models import AnchorKind, Checkpoint, Leaf, Log, LogKey
from ledger.notes import Proof, checkpoint_of
from tests.databases import guards_lifted
from tests.ledger.make import a_long_log
from tests.make import a_member, signed_in
from tests.trace.make import a_checkpoint, an_anchor, an_edit, an_obligation
from trace.proving import prove

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def browser(officer: Actor) -> Client:
    return signed_in(officer)


def address(aims: Aims, name: str, *args: object) -> str:
    return reverse(f"trace:{name}", args=[aims.slug, *args])


def panel(browser: Client, aims: Aims, number: int) -> str:
    """The panel alone, in one line."""
    answer = browser.get(address(aims, "record", number), headers={"HX-Request": "true", "HX-Target": "inspector"})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.db_both
def test_a_proof_leads_from_the_record_to_a_signed_root(browser: Client, aims: Aims, officer: Actor) -> None:
    an_obligation(officer, "O-1", aims_id=aims.pk)
    row = a_checkpoint(aims.pk)
    answer = browser.get(address(aims, "proof", 2))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="{aims.slug}-record-2.tlog-proof"'
    proof = Proof.read(answer.content.decode())
    assert proof.index == 1
    assert proof.extra == bytes(Leaf.objects.get(number=2).record.body)
    head = checkpoint_of(proof.checkpoint, keys_of(Log.objects.get()))
    assert (head.size, head.root.hex()) == (row.size, row.root)
    assert root_from_inclusion(leaf_hash(proof.extra), proof.index, head.size, proof.path) == head.root


@pytest.mark.db_both
def test_without_a_checkpoint_there_is_no_proof_yet(browser: Client, aims: Aims, officer: Actor) -> None:
    an_obligation(officer, "O-1", aims_id=aims.pk)
    answer = browser.get(address(aims, "proof", 1))
    assert answer.status_code == 409
    assert "Not yet under a checkpoint" in answer.content.decode()
    assert "Sign now" in answer.content.decode()
    page = panel(browser, aims, 1)
    assert "Not yet under a checkpoint. The next is signed within seconds." in page
    assert "Leaf lies under the root" in page
    assert "Download proof" not in page
    assert Log.objects.get().root in page


def test_the_panel_tells_the_path_and_where_copies_went(browser: Client, aims: Aims, officer: Actor) -> None:
    an_obligation(officer, "O-1", aims_id=aims.pk)
    row = a_checkpoint(aims.pk)
    page = panel(browser, aims, 1)
    steps = len(Proof.read(browser.get(address(aims, "proof", 1)).content.decode()).path)
    assert f"{steps} steps to the root" in page
    assert row.root in page
    assert f"Checkpoint over #1 to #{row.size}, signed" in page
    assert "No copy that covers it has gone outside yet." in page
    an_anchor(row, AnchorKind.PACK, place="PK-003")
    assert "A copy that covers it was handed over in pack PK-003 on" in panel(browser, aims, 1)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.OWNER])
def test_every_member_may_have_it_signed(
    aims: Aims, officer: Actor, role: Role, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    an_obligation(officer, "O-1", aims_id=aims.pk)
    browser = signed_in(a_member(aims, role, by=officer))
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(address(aims, "sign"), {"number": "2"})
    assert answer["Location"] == address(aims, "record", 2)
    assert Checkpoint.objects.get().size == Log.objects.get().size
    assert browser.get(address(aims, "proof", 2)).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(address(aims, "sign"), {"number": "9" * 40})
    assert answer["Location"] == address(aims, "anchors")


def test_a_record_of_another_kind_of_number_is_not_there(browser: Client, aims: Aims) -> None:
    for name in ("proof", "raw", "erase"):
        assert browser.get(address(aims, name, 99)).status_code == 404
        assert browser.get(address(aims, name, 10**30)).status_code == 404
    assert browser.get(address(aims, "checkpoint", 10**30)).status_code == 404


@pytest.mark.db_both
def test_the_raw_record_is_what_was_hashed(browser: Client, aims: Aims, officer: Actor) -> None:
    an_obligation(officer, "O-1", aims_id=aims.pk, text="Ä “quoted” text")
    leaf = Leaf.objects.order_by("-number")[0]
    answer = browser.get(address(aims, "raw", leaf.number))
    assert answer["Content-Type"] == "application/json"
    assert hashlib.sha256(b"\x00" + answer.content).hexdigest() == leaf.leaf_hash


@pytest.mark.db_both
def test_a_checkpoint_is_handed_over_to_the_byte(browser: Client, aims: Aims) -> None:
    row = a_checkpoint(aims.pk)
    answer = browser.get(address(aims, "checkpoint", row.size))
    assert answer.content == bytes(row.note)
    assert answer["Content-Disposition"] == f'attachment; filename="{aims.slug}-checkpoint-{row.size}.txt"'
    assert browser.get(address(aims, "checkpoint", row.size + 1)).status_code == 404


def change_a_record(_row: Checkpoint) -> None:
    record = Leaf.objects.get(number=2).record
    record.body = bytes(record.body).replace(b"human", b"Human")
    record.save()


def change_a_neighbour(_row: Checkpoint) -> None:
    Leaf.objects.filter(number=1).update(leaf_hash="00" * 32)


def change_the_root(row: Checkpoint) -> None:
    Checkpoint.objects.filter(pk=row.pk).update(root="00" * 32)


def cut_the_tail(_row: Checkpoint) -> None:
    Leaf.objects.filter(number__gt=2).delete()


@pytest.mark.parametrize("spoil", [change_a_record, change_a_neighbour, change_the_root, cut_the_tail])
def test_what_does_not_lead_to_the_root_is_red(
    browser: Client, aims: Aims, officer: Actor, spoil: Callable[[Checkpoint], None]
) -> None:
    row = an_obligation(officer, "O-1", aims_id=aims.pk)
    an_edit(officer, row, title="Another law")
    signed = a_checkpoint(aims.pk)
    assert "Leaf lies under the root" in panel(browser, aims, 2)
    with guards_lifted():
        spoil(signed)
    page = panel(browser, aims, 2)
    assert "Leaf does not lie under the root" in page
    assert "Leaf lies under the root" not in page


def resign(row: Checkpoint) -> None:
    Checkpoint.objects.filter(pk=row.pk).update(note=bytes(row.note)[:-10] + b"AAAAAAAA=\n")


def take_the_keys(_row: Checkpoint) -> None:
    LogKey.objects.all().delete()


def write_bytes_that_are_no_text(row: Checkpoint) -> None:
    Checkpoint.objects.filter(pk=row.pk).update(note=b"\xff\xfe")


@pytest.mark.parametrize("spoil", [resign, take_the_keys, write_bytes_that_are_no_text])
def test_a_checkpoint_that_we_did_not_sign_is_red(
    browser: Client, aims: Aims, officer: Actor, spoil: Callable[[Checkpoint], None]
) -> None:
    an_obligation(officer, "O-1", aims_id=aims.pk)
    row = a_checkpoint(aims.pk)
    with guards_lifted():
        spoil(row)
    page = panel(browser, aims, 1)
    assert f"The checkpoint over #1 to #{row.size} is not signed by a key of this log." in page
    assert not prove(Leaf.objects.get(number=1), Log.objects.get(), LONDON).holds


def test_a_leaf_beyond_the_head_lies_under_nothing(aims: Aims, officer: Actor) -> None:
    an_obligation(officer, "O-1", aims_id=aims.pk)
    log = Log.objects.get()
    log.size = 2
    proof = prove(Leaf.objects.get(number=4), log, LONDON)
    assert (proof.is_under, proof.steps, proof.holds) == (False, 0, False)


@pytest.mark.db_both
def test_a_proof_costs_few_queries_in_a_long_log(aims: Aims, officer: Actor) -> None:
    an_obligation(officer, "O-1", aims_id=aims.pk)
    log = a_long_log(aims.pk, 1_500)
    an_anchor(a_checkpoint(aims.pk), AnchorKind.REPORT)
    for number in (1, 700, 1_500):
        leaf = Leaf.objects.select_related("record").get(number=number)
        with CaptureQueriesContext(connection) as queries:
            proof = prove(leaf, log, LONDON)
        assert proof.holds
        assert proof.steps <= 11
        assert len(queries) <= 7, [query["sql"][:90] for query in queries]
