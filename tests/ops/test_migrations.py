"""No migration breaks the release before it, unless it says that it contracts (docs/upgrades.md)."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from config.release import RELEASE
from ops.contracting import contracting
from tests.test_contracts import ROOMS

SAYS = re.compile(r"(\d+\.\d+\.\d+): .*since (\d+\.\d+\.\d+)\.?")
# Nothing ran before the first release: what its migrations did to each other broke nobody.
BEFORE_THE_FIRST_RELEASE = frozenset(
    {
        "aims.0002_seats_and_deputies",
        "aims.0004_criteria",
        "assessments.0003_risks",
        "assessments.0005_structure",
        "evidence.0002_linked_at",
        "jobs.0002_wake_at",
        "jobs.0003_attachments",
        "ledger.0002_waiting",
        "ledger.0003_proof",
        "ledger.0005_record_role",
        "reports.0002_signing",
        "systems.0002_record",
    }
)


def as_numbers(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))


def test_no_migration_breaks_the_release_before() -> None:
    found = []
    for migration, why in contracting(MigrationLoader(None), ROOMS):
        name = f"{migration.app_label}.{migration.name}"
        said = SAYS.fullmatch(getattr(migration, "contracts", ""))
        is_later = said is not None and as_numbers(said[2]) < as_numbers(said[1]) <= as_numbers(RELEASE)
        if name not in BEFORE_THE_FIRST_RELEASE and not is_later:
            found.append(f"{name}: {why}")
    assert not found, "The release before cannot run beside these (docs/upgrades.md):\n" + "\n".join(found)


def test_the_list_names_nothing_that_is_gone() -> None:
    named = {f"{migration.app_label}.{migration.name}" for migration, _why in contracting(MigrationLoader(None), ROOMS)}
    assert named >= BEFORE_THE_FIRST_RELEASE


def told(*operations: Any) -> list[str]:
    """What is found in a second migration of an app that has one model already."""
    first = SimpleNamespace(
        operations=[migrations.CreateModel("Row", [("name", models.CharField(max_length=20, null=True))])]
    )
    second = SimpleNamespace(operations=list(operations))
    nodes = {("a", "1"): first, ("a", "2"): second}
    graph = SimpleNamespace(nodes=nodes, leaf_nodes=lambda: [("a", "2")], forwards_plan=lambda _leaf: list(nodes))
    loader: Any = SimpleNamespace(graph=graph, unmigrated_apps=set())
    return [why for _migration, why in contracting(loader, ["a"])]


DESTRUCTIVE = [
    migrations.RemoveField("Row", "name"),
    migrations.RenameField("Row", "name", "title"),
    migrations.RenameModel("Row", "Line"),
    migrations.DeleteModel("Row"),
    migrations.AlterModelTable("Row", "rows"),
    migrations.AlterField("Row", "name", models.CharField(max_length=20)),
    migrations.AlterField("Row", "name", models.CharField(max_length=10, null=True)),
    migrations.AlterField("Row", "name", models.IntegerField(null=True)),
    migrations.AlterField("Row", "name", models.CharField(max_length=20, null=True, unique=True)),
    migrations.AddField("Row", "kind", models.CharField(max_length=5, default="x")),
    migrations.AddConstraint("Row", models.CheckConstraint(condition=models.Q(name="x"), name="x")),
    migrations.RunSQL("ALTER TABLE a_row ALTER COLUMN name SET NOT NULL"),
    migrations.SeparateDatabaseAndState([migrations.RunSQL("drop  table a_row")]),
]
HARMLESS = [
    migrations.AddField("Row", "kind", models.CharField(max_length=5, null=True)),
    migrations.AddField("Row", "kind", models.CharField(max_length=5, db_default="x")),
    migrations.AlterField("Row", "name", models.CharField(max_length=40, null=True)),
    migrations.AlterField("Row", "name", models.CharField(max_length=20, null=True, blank=True)),
    migrations.AddIndex("Row", models.Index(fields=["name"], name="x")),
    migrations.RunSQL("CREATE INDEX x ON a_row (name)"),
    migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("Row", "name")]),
]


@pytest.mark.parametrize("operation", DESTRUCTIVE, ids=lambda one: one.describe())
def test_what_is_destructive_is_found(operation: Any) -> None:
    assert len(told(operation)) == 1


@pytest.mark.parametrize("operation", HARMLESS, ids=lambda one: one.describe())
def test_what_is_harmless_is_let_through(operation: Any) -> None:
    assert told(operation) == []


def test_a_table_of_the_same_migration_has_no_old_readers() -> None:
    made = migrations.CreateModel("Line", [("name", models.CharField(max_length=20))])
    assert told(made, migrations.AddField("Line", "kind", models.CharField(max_length=5, default="x"))) == []
