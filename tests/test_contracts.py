"""What no linter knows: governed rows are written by actions only, and nobody looks past the tenant unasked."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from ledger.governed import Governed

ROOT = Path(__file__).resolve().parent.parent
STORY = (
    "aims",
    "controls",
    "systems",
    "assessments",
    "evidence",
    "soa",
    "audits",
    "trace",
    "reports",
    "backup",
    "upkeep",
    "desk",
)
ROOMS = ("config", "accounts", "ledger", "jobs", "duties", *STORY)
KEYWORD_ONLY = {"create", "delete", "save", "update"}
ALWAYS = {"abulk_create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}

MAY_WRITE = {
    "accounts": "people and tokens are no governed rows; what concerns an AIMS goes through aims/actions",
    "aims/numbering.py": "counters are no governed rows",
    "controls/catalogue.py": "the shipped catalogue belongs to no AIMS",
    "desk/scale": "rows by the hundred thousand to measure with, in an installation that is nobody's",
    "jobs": "jobs, runs and deliveries are no governed rows",
    "ledger": "the chain is what governed writes are recorded in",
}
MAY_LOOK_PAST_THE_TENANT = {
    "aims/queries.py": "who somebody is in an AIMS is asked before there is a context",
    "aims/tenant.py": "declares it",
    "backup": "a backup holds every AIMS",
    "controls/catalogue.py": "the shipped catalogue belongs to no AIMS",
    "controls/models.py": "declares it",
    "duties/models.py": "declares it",
    "evidence/models.py": "declares it",
    "ledger": "sealing and verifying go through all logs",
    "trace/checking.py": "verifies all logs",
    "trace/verifying.py": "a job verifies a log outside any context",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of every room, by its path, migrations left out."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            if "/migrations/" not in path:
                yield path, ast.parse(file.read_text(encoding="utf-8"))


def covered(path: str, allowed: dict[str, str]) -> str | None:
    """The entry of a list that a path falls under."""
    return next((entry for entry in allowed if path == entry or path.startswith(f"{entry}/")), None)


def writes(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that write rows. `update`, `delete`, `save` and `create` of rows take no positional argument, unlike those
    of dictionaries, digests, caches and workbooks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            verb = node.func.attr
            if verb in ALWAYS or (verb in KEYWORD_ONLY and not node.args and not is_a_change(node.func.value)):
                yield node


def is_a_change(receiver: ast.expr) -> bool:
    """`Change.save(actor=…)` is the very way to save."""
    return isinstance(receiver, ast.Name) and receiver.id.endswith("change")


def root_of(node: ast.expr) -> str:
    """The name at the beginning of a chain such as `Entry.objects.filter(…)`."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def past_the_tenant(tree: ast.Module) -> Iterator[ast.Attribute]:
    """Uses of the manager that sees every AIMS; the empty queryset of a form field sees nothing."""
    harmless = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "none"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "unscoped" and id(node) not in harmless:
            yield node


MAY_OPEN_STORED = {
    "evidence/examining/job.py": "shows the bytes to the scanner, and to a child that takes their words out",
    "evidence/actions/read.py": "notes each read",
    "evidence/store.py": "declares it",
    "reports/actions/download.py": "records each download",
    "reports/actions/pack.py": "records each download",
    "reports/pack/build.py": "what a pack holds leaves with it, and its download is recorded",
}


def told(path: str, node: ast.expr) -> str:
    return f"{path}:{node.lineno}: {ast.unparse(node)[:100]}"


def test_only_actions_write() -> None:
    found = [
        told(path, node)
        for path, tree in modules()
        if "/actions/" not in path and not covered(path, MAY_WRITE)
        for node in writes(tree)
    ]
    assert not found, "Write through an action:\n" + "\n".join(found)


def test_actions_write_governed_rows_one_by_one() -> None:
    governed = {model.__name__ for model in apps.get_models() if issubclass(model, Governed)}
    found = [
        told(path, node)
        for path, tree in modules()
        if not covered(path, MAY_WRITE)
        for node in writes(tree)
        if isinstance(node.func, ast.Attribute) and root_of(node.func.value) in governed
    ]
    assert "Entry" in governed
    assert not found, "These leave no history row; use Change.of(row, …).save(…):\n" + "\n".join(found)


def test_only_a_short_list_looks_past_the_tenant() -> None:
    found = [
        told(path, node)
        for path, tree in modules()
        if not covered(path, MAY_LOOK_PAST_THE_TENANT)
        for node in past_the_tenant(tree)
    ]
    assert not found, "Use the scoped manager:\n" + "\n".join(found)


def test_stored_bytes_leave_only_where_it_is_noted() -> None:
    opening = {path for path, tree in modules() for node in ast.walk(tree) if getattr(node, "id", "") == "open_stored"}
    opening |= {
        path for path, tree in modules() if "open_stored" in {getattr(node, "name", "") for node in ast.walk(tree)}
    }
    assert opening == set(MAY_OPEN_STORED)


def test_the_lists_name_nothing_that_is_gone() -> None:
    writing = {covered(path, MAY_WRITE) for path, tree in modules() if any(writes(tree))}
    looking = {covered(path, MAY_LOOK_PAST_THE_TENANT) for path, tree in modules() if names_unscoped(tree)}
    assert set(MAY_WRITE) <= writing
    assert set(MAY_LOOK_PAST_THE_TENANT) <= looking


def names_unscoped(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Name | ast.Attribute) and "unscoped" in ast.unparse(node) for node in ast.walk(tree)
    )


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("Entry.objects.filter(pk=1).update(why='')", 1),
        ("entry.save()", 1),
        ("form.save(commit=False)", 1),
        ("entry.delete()", 1),
        ("Entry.objects.create(why='')", 1),
        ("Entry.objects.bulk_create(rows)", 1),
        ("change.save(actor=actor)", 0),
        ("digest.update(chunk); words.update(more); book.save(file); cache.delete(key)", 0),
    ],
)
def test_the_lint_sees_what_it_should(line: str, count: int) -> None:
    assert len(list(writes(ast.parse(line)))) == count
    assert len(list(past_the_tenant(ast.parse("a = Entry.unscoped.all(); b = Entry.unscoped.none()")))) == 1
