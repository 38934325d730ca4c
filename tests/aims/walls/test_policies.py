"""Row-level security, tried as the role that the application is: what raw SQL sees, and what a connection remembers."""

from collections.abc import Callable

import pytest
from django.core import checks
from django.db import DatabaseError, connection, transaction

from accounts.actor import Actor
from accounts.context import acting_in, known_as
from accounts.roles import Role
from aims.models import Aims, Membership
from aims.queries import aims_of
from aims.walls import Tenant, install, missing, tenants
from aims.walls.policies import OUTSIDE, PERSONAL, READABLE, is_walled
from soa.models import Entry
from tests.aims.walls.rows import Maker, saved
from tests.databases import owning
from tests.make import a_member, an_organisation, signed_in
from tests.soa.make import a_statement

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row-level security"),
]


def ask(statement: str, *params: object) -> int:
    """The one number that raw SQL gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.fetchone()[0])


def count(table: str, where: str = "true") -> int:
    return ask(f"SELECT count(*) FROM {table} WHERE {where}")


def told() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.aims', true), '')")
        return str(cursor.fetchone()[0])


def walled() -> list[Tenant]:
    return [tenant for tenant in tenants() if is_walled(tenant)]


def refused(act: Callable[[], object]) -> bool:
    """Whether row-level security refuses something, or a trigger that sees as little as the role does."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return "row-level security" in str(error) or "no row of its own AIMS" in str(error)
    return False


@pytest.fixture
def two(db: None) -> tuple[Maker, Maker]:
    """Two organisations with a row in every table."""
    makers = Maker(an_organisation()[0]), Maker(an_organisation()[0])
    for maker in makers:
        with acting_in(maker.aims):
            for tenant in tenants():
                maker.row(tenant.model)
    return makers


def test_without_an_aims_nothing_of_any_is_seen(two: tuple[Maker, Maker]) -> None:
    seen = {tenant.label: count(tenant.table, "aims_id IS NOT NULL") for tenant in walled()}
    assert {label for label, number in seen.items() if number} == set(READABLE)
    assert count("controls_requirement") > 80


def test_with_an_aims_its_own_rows_are_seen_and_no_others(two: tuple[Maker, Maker]) -> None:
    ours, theirs = two
    with acting_in(ours.aims):
        for tenant in walled():
            assert count(tenant.table, f"aims_id = {ours.aims.pk}") > 0, tenant.label
            others = count(tenant.table, f"aims_id = {theirs.aims.pk}")
            assert (others > 0) == (tenant.label in READABLE), tenant.label


def test_nothing_is_written_into_another_aims(two: tuple[Maker, Maker]) -> None:
    ours, theirs = two
    for tenant in walled():
        with acting_in(theirs.aims):
            row = theirs.fresh(tenant.model)
        with acting_in(ours.aims):
            assert refused(lambda row=row: saved(row)), f"{tenant.label} was written"
            with connection.cursor() as cursor, transaction.atomic():
                cursor.execute(f"UPDATE {tenant.table} SET aims_id = aims_id WHERE aims_id = %s", [theirs.aims.pk])
                assert cursor.rowcount == 0, tenant.label


def test_nothing_is_written_without_an_aims_but_the_catalogue(two: tuple[Maker, Maker]) -> None:
    for tenant in walled():
        with acting_in(two[0].aims):
            row = two[0].fresh(tenant.model)
        assert refused(lambda row=row: saved(row)), f"{tenant.label} was written"
    with acting_in(two[0].aims):
        assert (
            ask(
                "WITH done AS (UPDATE controls_requirement SET title = 'X' WHERE aims_id IS NULL RETURNING 1) "
                "SELECT count(*) FROM done"
            )
            == 0
        )


def test_a_person_sees_their_own_memberships_everywhere(two: tuple[Maker, Maker]) -> None:
    aims, founder = an_organisation()
    other, owner = an_organisation()
    a_member(aims, Role.OWNER, by=founder)
    person = a_member(other, Role.REVIEWER, by=owner)
    assert person.user_id is not None
    with known_as(founder.user_id or 0):
        rows = Membership.unscoped.all()
        assert {(row.aims_id, row.user_id) for row in rows} == {(aims.pk, founder.user_id)}
        assert Membership.unscoped.update(scope="everything") == 0
    assert not Membership.unscoped.exists()
    with acting_in(aims, founder):
        assert {row.aims_id for row in Membership.unscoped.all()} == {aims.pk}
        with known_as(person.user_id):
            assert {row.aims_id for row in Membership.unscoped.all()} == {aims.pk, other.pk}
        assert {row.aims_id for row in Membership.unscoped.all()} == {aims.pk}


def test_contexts_lie_in_each_other_and_a_broken_one_leaves_nothing(two: tuple[Maker, Maker]) -> None:
    ours, theirs = (maker.aims for maker in two)
    with acting_in(ours):
        with acting_in(theirs):
            assert told() == str(theirs.pk)
        assert told() == str(ours.pk)
        with pytest.raises(ZeroDivisionError), acting_in(theirs):
            raise ZeroDivisionError
        assert told() == str(ours.pk)
        with pytest.raises(DatabaseError), acting_in(theirs), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert told() == str(ours.pk)
    assert told() == ""


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_kept_remembers_no_request() -> None:
    """The same connection answers member, stranger and a page that fails, and knows of no AIMS after each."""
    (aims, officer), (other, _stranger) = an_organisation(), an_organisation()
    with acting_in(aims, officer):
        a_statement(officer)
    client, backend = signed_in(officer), connection.connection.info.backend_pid
    for path, status in ((f"/a/{aims.slug}/soa/", 200), (f"/a/{other.slug}/soa/", 404), (f"/a/{aims.slug}/no/", 404)):
        assert client.get(path).status_code == status
        assert connection.connection.info.backend_pid == backend
        assert (told(), count("soa_entry")) == ("", 0)
    with acting_in(other):
        assert not Entry.unscoped.exists()
    assert list(aims_of(signed_user(officer))) == [aims]


def signed_user(actor: Actor) -> object:
    from accounts.models import User  # noqa: PLC0415

    return User.objects.get(pk=actor.user_id)


def test_the_setting_is_read_once_a_statement(aims: Aims) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT * FROM soa_historicalentry")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "InitPlan" in plan
    assert "assay_aims()" not in plan
    assert "Index Cond: (aims_id = (InitPlan" in plan or "Index Cond: (aims_id = $0)" in plan


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_bound_until_it_says_that_it_sees_the_whole() -> None:
    aims, _officer = an_organisation()
    with owning():
        assert count("aims_membership", f"aims_id = {aims.pk}") == 2
        with connection.cursor() as cursor:
            cursor.execute("SET app.whole = ''")
        assert count("aims_membership") == 0
    with connection.cursor() as cursor:
        cursor.execute("SET app.whole = 'on'")
    assert count("aims_membership") == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("weaken", "part"),
    [
        ("ALTER TABLE soa_entry NO FORCE ROW LEVEL SECURITY", "soa_entry row security"),
        ("ALTER TABLE soa_entry DISABLE ROW LEVEL SECURITY", "soa_entry row security"),
        ("ALTER POLICY assay_own ON soa_entry USING (true)", "soa_entry assay_own"),
        ("ALTER TABLE soa_entry DROP CONSTRAINT own_soa_entry_statement_id", "own_soa_entry_statement_id"),
        ("ALTER TABLE soa_entry DISABLE TRIGGER own_soa_entry", "own_soa_entry"),
        (
            "CREATE OR REPLACE FUNCTION assay_aims() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint'",
            "assay_aims",
        ),
    ],
)
def test_a_weakened_wall_counts_as_missing_and_comes_back(weaken: str, part: str) -> None:
    with owning():
        run(weaken)
        assert missing() == [part]
        [error] = checks.run_checks(tags=["aims"])
        assert (error.id, error.level) == ("aims.E001", checks.ERROR)
        install()
        assert missing() == []


@pytest.mark.django_db(transaction=True)
def test_a_policy_of_somebody_else_is_told_of() -> None:
    assert checks.run_checks(tags=["aims"]) == []
    with owning():
        run("CREATE POLICY reporting ON soa_entry USING (true)")
    [warning] = checks.run_checks(tags=["aims"])
    with owning():
        run("DROP POLICY reporting ON soa_entry")
    assert warning.msg == "The policy reporting on soa_entry opens the wall."


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_lists_name_nothing_that_is_gone() -> None:
    labels = {tenant.label for tenant in tenants()}
    assert {*OUTSIDE, *READABLE, *PERSONAL} <= labels
