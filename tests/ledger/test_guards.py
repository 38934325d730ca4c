"""The database itself refuses to rewrite the ledger, on both databases."""

import logging
from collections.abc import Iterator

import pytest
from django.core import checks
from django.db import DatabaseError, connection, transaction

from accounts.actor import Actor
from aims.models import Aims
from assessments.models import Assessment
from ledger.actions import checkpoint
from ledger.checks import guards_are_in_place
from ledger.guards import guards, install, missing, protect
from ledger.models import APPEND_ONLY, Anchor, AnchorKind, Annex, Incarnation, Log, Record, SetAside, Subtree
from ledger.verify import verify
from soa.models import StatementVersion
from tests.assessments.make import an_assessment
from tests.databases import drop_guards, drop_walls, guards_lifted, owning
from tests.ledger.make import an_act
from tests.soa.make import a_version, decided

TABLES = [model._meta.db_table for model in APPEND_ONLY]


@pytest.fixture
def rows(aims: Aims, officer: Actor) -> None:
    """Return with at least one row in each guarded table."""
    record = an_act(officer, aims_id=aims.pk)
    row = checkpoint(aims.pk)
    log = Log.objects.get()
    Anchor(checkpoint=row, aims_id=aims.pk, kind=AnchorKind.REPORT).save()
    Subtree(log=log, aims_id=aims.pk, number=1, root="00" * 32).save()
    Incarnation(log=log, aims_id=aims.pk, number=1, origin=log.origin).save()
    SetAside(record=record, aims_id=aims.pk, reason="It is not ours.", by_pseudonym=officer.pseudonym).save()


def refused(statement: str, says: str = "is append-only") -> None:
    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.db_both
@pytest.mark.parametrize("table", TABLES)
def test_update_and_delete_are_refused(table: str, rows: None) -> None:
    refused(f"UPDATE {table} SET aims_id = aims_id")
    refused(f"DELETE FROM {table}")
    refused(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})")


@pytest.mark.parametrize("table", TABLES)
def test_replacing_a_row_is_refused(table: str, rows: None) -> None:
    refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    refused(f"REPLACE INTO {table} SELECT * FROM {table}")
    refused(f"INSERT OR IGNORE INTO {table} SELECT * FROM {table}")
    refused(f"UPDATE OR REPLACE {table} SET id = id + 1")


def test_replacing_by_any_unique_key_is_refused(rows: None) -> None:
    drop_walls()
    columns = ", ".join(field.column for field in Record._meta.concrete_fields if field.column != "id")
    refused(f"INSERT OR REPLACE INTO ledger_record (id, {columns}) SELECT id + 1000, {columns} FROM ledger_record")
    refused(
        "INSERT OR REPLACE INTO ledger_leaf (log_id, aims_id, number, record_id, leaf_hash)"
        " SELECT log_id, aims_id, number, record_id + 1000, leaf_hash FROM ledger_leaf"
    )


@pytest.mark.db_both
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", TABLES)
def test_truncate_is_refused_even_to_the_owner(table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with owning():
        refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.db_both
def test_texts_can_be_erased_and_nothing_else(rows: None) -> None:
    refused("UPDATE ledger_annex SET text = 'I never said so'", "can be erased, not changed")
    refused("UPDATE ledger_annex SET text = ''", "can be erased, not changed")
    refused("DELETE FROM ledger_annex")
    Annex.objects.update(text="", salt=b"")
    assert not Annex.objects.exclude(text="").exists()


@pytest.mark.db_both
def test_what_was_frozen_stays(aims: Aims, officer: Actor) -> None:
    decided(officer)
    version = a_version(aims, officer)
    for change in ("body = ''", "digest = 'ab'", "body = NULL"):
        refused(f"UPDATE soa_statementversion SET {change}", "keeps body, digest|NOT NULL|not-null")
    refused("DELETE FROM soa_statementversion")
    StatementVersion.objects.filter(pk=version.pk).update(summary="Said otherwise")


@pytest.mark.db_both
def test_a_decision_freezes_an_assessment_once(aims: Aims, officer: Actor) -> None:
    row = an_assessment(officer)
    Assessment.objects.filter(pk=row.pk).update(frozen=b"{}", digest="ab")
    refused("UPDATE assessments_assessment SET frozen = NULL", "keeps frozen, digest")
    refused("UPDATE assessments_assessment SET digest = 'cd'", "keeps frozen, digest")
    Assessment.objects.filter(pk=row.pk).update(oversight="Two people look.")


@pytest.mark.db_both
@pytest.mark.django_db(transaction=True)
def test_guards_come_back_by_themselves() -> None:
    assert missing() == []
    with owning():
        drop_guards()
        assert missing() == [guard.name for guard in guards(connection.vendor)]
        install()
        install()
    assert missing() == []


def test_a_guard_that_does_nothing_counts_as_missing(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_leaf_no_delete")
        cursor.execute("CREATE TRIGGER ledger_leaf_no_delete BEFORE DELETE ON ledger_leaf BEGIN SELECT 1; END")
    assert missing() == ["ledger_leaf_no_delete"]
    install()
    assert missing() == []


@pytest.mark.db_both
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "weaken",
    [
        "ALTER TABLE ledger_leaf DISABLE TRIGGER ledger_leaf_no_delete",
        "ALTER TABLE ledger_leaf ENABLE TRIGGER ledger_leaf_no_delete",
        "DROP TRIGGER ledger_leaf_no_delete ON ledger_leaf; CREATE TRIGGER ledger_leaf_no_delete BEFORE DELETE ON"
        " ledger_leaf FOR EACH ROW WHEN (false) EXECUTE FUNCTION assay_append_only()",
    ],
    ids=["off", "off for replicas", "never true"],
)
def test_a_weakened_guard_counts_as_missing(weaken: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("triggers are switched off on PostgreSQL only")
    with owning():
        with connection.cursor() as cursor:
            cursor.execute(weaken)
        assert missing() == ["ledger_leaf_no_delete"]
        install()
        assert missing() == []


def test_a_table_that_is_not_there_needs_no_guards(db: None) -> None:
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE ledger_checkpoint")
        assert not any("checkpoint" in name for name in missing())
        install()
        assert missing() == []


@pytest.mark.parametrize(("vendor", "last"), [("sqlite", "insert"), ("postgresql", "truncate")])
def test_every_table_has_three_guards(vendor: str, last: str) -> None:
    names = {guard.name for guard in guards(vendor)}
    for table in TABLES:
        assert {f"{table}_no_update", f"{table}_no_delete", f"{table}_no_{last}"} <= names


def test_protecting_twice_is_protecting_once(db: None) -> None:
    before = guards("sqlite")
    protect(*APPEND_ONLY)
    assert guards("sqlite") == before


def test_the_start_refuses_a_ledger_without_guards(aims: Aims) -> None:
    assert checks.run_checks(tags=["ledger"]) == []
    drop_guards()
    [error] = guards_are_in_place()
    assert (error.id, error.level) == ("ledger.E001", checks.ERROR)
    assert "ledger_record_no_update" in error.msg
    assert "verify_chain" in str(error.hint)
    assert verify(Log.objects.get()).fault.startswith("Guards are missing")


@pytest.mark.parametrize("command", ["migrate", "makemigrations"])
def test_what_puts_guards_back_may_start(aims: Aims, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drop_guards()
    monkeypatch.setattr("sys.argv", ["manage.py", command])
    assert guards_are_in_place() == []


def test_a_table_that_stood_open_is_told_of(aims: Aims, caplog: pytest.LogCaptureFixture) -> None:
    drop_guards()
    with caplog.at_level(logging.WARNING):
        install()
    assert "missing from ledger_record and are back" in caplog.text
    assert "ledger_checkpoint" not in caplog.text


@pytest.fixture
def without_recursion(db: None) -> Iterator[None]:
    """Switch the pragma off for one test; inside a transaction SQLite takes it for the next statement."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        yield
        cursor.execute("PRAGMA recursive_triggers = ON")


def test_the_start_refuses_sqlite_that_does_not_see_replace(without_recursion: None) -> None:
    assert [error.id for error in guards_are_in_place()] == ["ledger.E002"]


def test_the_start_waits_for_a_database_that_is_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/at/all.sqlite3")
    elsewhere = connection.copy()
    monkeypatch.setattr("ledger.checks.connection", elsewhere)
    monkeypatch.setattr("ledger.checks.missing", list)
    assert [warning.id for warning in guards_are_in_place()] == ["ledger.W001"]
