"""The other AIMS is worth hiding from: it has a row in every table and its word in every text."""

import pytest
from django.db import connection

from accounts.context import acting_in
from tests.matrix.asking import NOWHERE, World, trying
from tests.matrix.planted import bare, hashes_of, text_fields
from tests.matrix.rows import digests, rows_of, straying, tenant_models
from tests.matrix.tenant import CHIEF

pytestmark = pytest.mark.db_both


def test_they_have_a_row_in_every_table(world: World) -> None:
    """A new table needs something in `furnish.py`, or nobody would notice that it leaks."""
    sealed = {"ledger_waiting"}  # the sealer of this very process has taken what waited
    assert [table for table in tenant_models() if not rows_of(world.theirs, table) and table not in sealed] == []


def test_their_word_stands_in_every_text(world: World) -> None:
    """A new text field is filled by `furnish.py`, planted, or said in `planted.py` to hold no words."""
    assert bare(world.theirs) == []
    assert sum(1 for table in tenant_models() for _field in text_fields(table)) > 150


def test_ours_has_the_same_codes_and_none_of_their_words(world: World) -> None:
    for table in tenant_models():
        assert world.theirs.word not in repr(rows_of(world.ours, table)), table
    for table in ("systems_aisystem", "evidence_evidence", "assessments_risk", "aims_obligation", "reports_pack"):
        place = [field.column for field in tenant_models()[table]._meta.concrete_fields].index("code")
        ours, theirs = ({row[place] for row in rows_of(one, table)} for one in (world.ours, world.theirs))
        assert ours < theirs, table


def test_nothing_leads_from_one_to_the_other(world: World) -> None:
    tables = set(tenant_models())
    assert straying(world.ours, world.theirs, tables) == []
    strays = straying(world.theirs, world.ours, tables)
    assert [stray for stray in strays if f"leads to {world.ours.people['heir'].pk}" not in stray] == []


def test_the_walk_sees_a_row_that_leads_astray(world: World) -> None:
    """People belong to no AIMS, so no wall of the database stands before this one."""
    stranger = world.theirs.people["reviewer"].pk
    with trying(), acting_in(world.ours.aims), connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_risk SET owner_id = %s WHERE aims_id = %s", [stranger, world.ours.aims.pk])
        found = straying(world.ours, world.theirs, {"assessments_risk"})
    assert found
    assert all("assessments_risk.owner_id" in stray for stray in found)


def test_the_walk_sees_a_change_and_a_hash_of_theirs(world: World) -> None:
    assert digests(world.theirs) == world.theirs_before
    table = "systems_aisystem"
    with trying(), acting_in(world.theirs.aims), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET version = version + 1 WHERE aims_id = %s", [world.theirs.aims.pk])
        assert world.harm({table}) == [f"their rows of {table} changed"]
    assert hashes_of(world.theirs) & world.their_hashes
    answer = world.clients[CHIEF].get(f"/a/{NOWHERE}/", {"q": world.theirs.word})
    assert world.leaks(answer) == []
