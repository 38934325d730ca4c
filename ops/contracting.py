"""What the release before could not run beside: the destructive operations of migrations (docs/upgrades.md)."""

import re
from collections.abc import Iterator, Sequence

from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AlterField,
    AlterModelTable,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field, ManyToManyField
from django.db.models.fields import NOT_PROVIDED

GONE = (RemoveField, RenameField, RenameModel, DeleteModel, AlterModelTable)
HARSH = re.compile(r"\b(DROP\s+(TABLE|COLUMN|VIEW)|SET\s+NOT\s+NULL|RENAME\s+(TO|COLUMN)|TRUNCATE)\b", re.I)


def contracting(loader: MigrationLoader, apps: Sequence[str]) -> Iterator[tuple[Migration, str]]:
    """Return each destructive operation of these apps with its migration, in the order they are applied."""
    state = ProjectState(real_apps=loader.unmigrated_apps)
    for key in _in_order(loader):
        migration = loader.graph.nodes[key]
        made: set[str] = set()
        for operation in _database_side(migration.operations):
            if key[0] in apps and (why := _why(operation, key[0], state, made)):
                yield migration, why
            if isinstance(operation, CreateModel):
                made.add(operation.name_lower)
        for operation in migration.operations:
            operation.state_forwards(key[0], state)


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    seen: dict[tuple[str, str], None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        seen |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    return list(seen)


def _database_side(operations: Sequence[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _database_side(operation.database_operations)
        else:
            yield operation


def _why(operation: Operation, app: str, state: ProjectState, made: set[str]) -> str:
    """Say what the release before trips over, or nothing; tables made in the same migration have no old readers."""
    what = operation.describe()
    if getattr(operation, "model_name_lower", "") in made:
        return ""
    if isinstance(operation, GONE):
        return what
    if isinstance(operation, AddField) and _is_compulsory(operation.field):
        return f"{what}, which only new code fills (give it db_default, or let it be null)"
    if isinstance(operation, AlterField):
        before = state.models[app, operation.model_name_lower].fields.get(operation.name)
        return f"{what}, which narrows it" if before is not None and _narrows(before, operation.field) else ""
    if isinstance(operation, AddConstraint | AlterUniqueTogether):
        return f"{what}, which old code may break"
    if isinstance(operation, RunSQL) and HARSH.search(str(operation.sql)):
        return f"SQL that says {HARSH.search(str(operation.sql))[0]}"  # type: ignore[index]
    return ""


def _is_compulsory(field: "Field[object, object]") -> bool:
    return not (isinstance(field, ManyToManyField) or field.null or field.db_default is not NOT_PROVIDED)


def _narrows(before: "Field[object, object]", after: "Field[object, object]") -> bool:
    if before.null and not after.null:
        return True
    if before.get_internal_type() != after.get_internal_type():
        return True
    if after.unique and not before.unique:
        return True
    longest = (before.max_length, after.max_length)
    return longest[1] is not None and (longest[0] is None or longest[1] < longest[0])
