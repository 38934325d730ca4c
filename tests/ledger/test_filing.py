"""Records are filed under the role and the grant they were made with, also those written before there were columns."""

from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from accounts.actor import Actor, ActorKind, service
from accounts.context import acting_in
from aims.models import Aims
from ledger.guards import missing
from ledger.models import Record
from ledger.verify import verify
from tests.databases import guards_lifted, owning
from tests.ledger.make import an_act
from tests.make import an_organisation

FILLING = import_module("ledger.migrations.0006_fill_role")


def filed(row: Record) -> tuple[str, int | None]:
    kept = Record.objects.get(pk=row.pk)
    assert (kept.role, kept.membership_id) == (row.role, row.membership_id)
    return kept.role, kept.membership_id


@pytest.mark.db_both
def test_a_person_is_filed_under_role_and_grant(aims: Aims, officer: Actor) -> None:
    row = an_act(officer, aims_id=aims.pk)
    assert filed(row) == ("officer", officer.authorities[0].membership_id)


@pytest.mark.db_both
def test_what_is_no_person_is_filed_by_its_kind(aims: Aims, officer: Actor) -> None:
    assert filed(an_act(service("importer"), aims_id=aims.pk, code="O-1")) == ("service", None)
    agent = replace(officer, kind=ActorKind.AI, user_id=None)
    assert filed(an_act(agent, aims_id=aims.pk, code="O-2")) == ("ai", officer.authorities[0].membership_id)
    nobody = replace(officer, authorities=())
    assert filed(an_act(nobody, aims_id=aims.pk, code="O-3")) == ("", None)


@pytest.mark.db_both
@pytest.mark.django_db(transaction=True)
def test_older_records_are_filed_and_guarded_again() -> None:
    aims, officer = an_organisation()
    with acting_in(aims, officer):
        rows = [an_act(actor, aims_id=aims.pk, code=f"O-{at}") for at, actor in enumerate((officer, service("x")))]
    with owning():
        with guards_lifted():
            Record.unscoped.update(role="", membership_id=None)
        FILLING.fill(apps, SimpleNamespace(connection=connection))
        assert missing() == []
    with acting_in(aims, officer):
        assert [filed(row)[0] for row in rows] == ["officer", "service"]


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{}", b'{"actor":{},"authority":{}}', b"null"])
def test_a_body_that_cannot_be_read_stops_no_migration(body: bytes) -> None:
    assert FILLING.said_by(body) == ("", None)


def test_a_migration_without_guards_fills_all_the_same(aims: Aims, officer: Actor) -> None:
    row = an_act(officer, aims_id=aims.pk)
    with guards_lifted():
        Record.objects.update(role="", membership_id=None)
        FILLING.fill(apps, SimpleNamespace(connection=connection))
        assert len(missing()) > 1
    assert filed(row)[0] == "officer"
    assert verify(row.leaf.log).is_sound
