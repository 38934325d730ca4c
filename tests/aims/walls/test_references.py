"""Every reference between tenants' tables is tried across two AIMS, whatever models there are."""

import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from aims.walls import Reference, missing, references, strays, tenants
from aims.walls.references import AIMS
from controls.models import Requirement, RequirementKind
from ledger.guards import guards
from systems.models import AiSystem, Reliance
from tests.aims.walls.rows import Maker, saved, target
from tests.databases import drop_guards, drop_walls
from tests.make import an_organisation

SAYS = re.compile(r"refers to no row of its own AIMS|\"own_")
STAYS = re.compile(r"stays in its AIMS|row-level security|\"own_")
HELD = {"systems_transition.system_id": "a move that was decided stays as it was decided"}
"""References that a rule of their table holds as they were written, before the wall is asked."""

Two = tuple[Maker, Maker]


@pytest.fixture
def two(db: None) -> Two:
    """Makers for two organisations, each acting in its own."""
    return Maker(an_organisation()[0]), Maker(an_organisation()[0])


def name(reference: Reference) -> str:
    return f"{reference.child.table}.{reference.column}"


def said(act: Callable[[], object]) -> str:
    """What the database says against something, or nothing where it lets it pass."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return str(error)
    return ""


def sql(statement: str, *rows: models.Model) -> Callable[[], object]:
    """A statement that names rows by their keys."""

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [row.pk for row in rows])

    return run


def changeable(mine: list[Reference]) -> list[Reference]:
    """Those of rows that are changed: SQLite watches over history only as it is written."""
    return [one for one in mine if not (one.child.is_history and connection.vendor == "sqlite")]


@pytest.mark.db_both
def test_no_row_is_written_that_refers_to_another_aims(two: Two) -> None:
    ours, theirs = two
    passed = {}
    for reference in references():
        with acting_in(theirs.aims):
            other = target(theirs, reference)
        with acting_in(ours.aims):
            ours.row(reference.child.model)
            row = ours.fresh(reference.child.model, **{reference.column: other.pk})
            if not SAYS.search(words := said(lambda row=row: saved(row))):
                passed[name(reference)] = words
    assert passed == {}
    assert strays() == []


@pytest.mark.db_both
def test_no_row_is_changed_to_refer_to_another_aims(two: Two) -> None:
    """Rows that nothing may change are held by their guards; on SQLite these are lifted to see the wall behind them."""
    ours, theirs = two
    held = {guard.table for guard in guards(connection.vendor) if guard.name.endswith("_no_update")}
    if connection.vendor == "sqlite":
        drop_guards()
        held = set()
    passed = {}
    for reference in changeable(references()):
        with acting_in(theirs.aims):
            other = target(theirs, reference)
        with acting_in(ours.aims):
            row = ours.row(reference.child.model)
            key = reference.child.model._meta.pk.column
            words = said(
                sql(f"UPDATE {reference.child.table} SET {reference.column} = %s WHERE {key} = %s", other, row)
            )
        is_held = words and (reference.child.table in held or words.startswith(HELD.get(name(reference), "nothing")))
        if not (SAYS.search(words) or is_held):
            passed[name(reference)] = words
    assert passed == {}


@pytest.mark.db_both
def test_no_row_moves_to_another_aims(two: Two) -> None:
    ours, theirs = two
    passed = {}
    for tenant in tenants():
        if tenant.is_null and (not tenant.is_history or connection.vendor == "sqlite"):
            continue
        with acting_in(ours.aims):
            row = ours.row(tenant.model)
            key = tenant.model._meta.pk.column
            words = said(sql(f"UPDATE {tenant.table} SET {AIMS} = %s WHERE {key} = %s", theirs.aims, row))
        if not words:
            passed[tenant.table] = words
    assert passed == ({} if connection.vendor == "sqlite" else {"accounts_token": ""})


@pytest.mark.db_both
def test_what_is_shared_is_referred_to_by_all_and_own_controls_by_one(two: Two) -> None:
    ours, theirs = two
    shared = Requirement.unscoped.get(code="A.6.2.4")
    with acting_in(theirs.aims):
        own = Requirement(aims=theirs.aims, code="ORG.1", kind=RequirementKind.OWN, title="Own", position=900)
        saved(own)
    with acting_in(ours.aims):
        system = ours.row(AiSystem)
        saved(ours.fresh(Reliance, system_id=system.pk, requirement_id=shared.pk))
        with pytest.raises(IntegrityError, match=SAYS), transaction.atomic():
            saved(ours.fresh(Reliance, system_id=system.pk, requirement_id=own.pk))
    with pytest.raises(DatabaseError, match=SAYS), transaction.atomic():
        Requirement.unscoped.filter(pk=shared.pk).update(area=own)


def test_references_that_were_there_before_are_told_of(two: Two) -> None:
    ours, theirs = two
    drop_walls()
    with acting_in(ours.aims):
        saved(ours.fresh(Reliance, system_id=theirs.row(AiSystem).pk))
    assert strays() == ["systems_reliance.system_id: 1"]


@pytest.mark.db_both
def test_every_table_of_a_tenant_is_known_and_every_wall_stands(aims: Aims, officer: Actor) -> None:
    labels = {tenant.label for tenant in tenants()}
    assert {"soa.Entry", "soa.HistoricalEntry", "ledger.Record", "duties.Task", "controls.Requirement"} <= labels
    assert missing() == []
    assert any(reference.child.label == "soa.HistoricalEntry" for reference in references())


@pytest.mark.django_db(transaction=True)
def test_migrating_takes_the_walls_down_and_puts_them_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite makes a table anew to alter it, which it refuses while a trigger of another table names it."""
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL alters tables in place")
    call_command("migrate", "audits", "zero", verbosity=0)
    assert missing() == []
    call_command("migrate", verbosity=0)
    assert missing() == []
    drop_walls()
    assert f"walls_{models_table()}_update" in missing()
    call_command("migrate", verbosity=0)
    assert missing() == []


def models_table() -> str:
    return str(AiSystem._meta.db_table)
