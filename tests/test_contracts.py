"""What no linter knows: governed rows are written by actions only, and nobody looks past the tenant unasked."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps

from ledger.governed import Governed

ROOT = Path(__file__).resolve().parent.parent
STORY = (
    "aims",
    "signon",
    "controls",
    "policies",
    "systems",
    "operations",
    "incidents",
    "changes",
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
    "backup/describing.py": "a backup holds every AIMS",
    "backup/making.py": "every log is signed before a backup",
    "controls/catalogue.py": "the shipped catalogue belongs to no AIMS",
    "controls/models.py": "declares it",
    "duties/models.py": "declares it",
    "evidence/models.py": "declares it",
    "ledger/actions": "sealing and signing go through all logs",
    "ledger/keys.py": "is handed a log",
    "ledger/holding.py": "takes the head of a log in another role's connection",
    "ledger/models.py": "declares it",
    "ledger/standing.py": "counts over all logs, for those who keep an installation running",
    "ledger/tree.py": "is handed a log",
    "ledger/verify.py": "verifies any log",
    "ledger/verifying.py": "verifies any log",
    "trace/checking.py": "verifies all logs",
    "trace/verifying.py": "a job verifies a log outside any context",
}
MAY_SPEAK_SQL = {
    "accounts/context.py": "tells the database whose context it is",
    "aims/walls": "puts up what the database keeps by itself",
    "backup": "reads databases whose tables may be another version's",
    "desk/actions/first_run.py": "takes a lock",
    "ledger/checks.py": "asks for a pragma",
    "ledger/guards.py": "puts up guards",
    "ledger/holding.py": "tells the sealer's connection whose log it holds",
    "ledger/roles.py": "grants rights",
    "ledger/rows.py": "writes records in the fewest statements; every one names the AIMS in context",
    "upkeep/doctor/places.py": "asks the database for its version, roles and clock",
    "upkeep/readiness.py": "asks whether the database answers",
    "upkeep/views.py": "asks whether the database answers",
}
MAY_FIND_PEOPLE = {
    "desk/views_demo.py": "asks whether whoever is signed in went with the demo",
}
PAST = {"unscoped", "_base_manager"}
DOORS = ("answers", "api", "forms", "verbs", "views")


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


def past_the_tenant(tree: ast.Module) -> Iterator[ast.expr]:
    """Uses of the manager that sees every AIMS; the empty queryset of a form field sees nothing."""
    named = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Assign)}
    harmless = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "none"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in PAST and id(node) not in harmless:
            yield node
        if isinstance(node, ast.Constant) and node.value in PAST and id(node) not in named:
            yield node


MAY_OPEN_STORED = {
    "evidence/examining/job.py": "shows the bytes to the scanner, and to a child that takes their words out",
    "evidence/review/job.py": "shows the bytes to a child that takes their words out",
    "evidence/actions/read.py": "notes each read",
    "evidence/store.py": "declares it",
    "reports/actions/download.py": "records each download",
    "reports/actions/pack.py": "records each download",
    "reports/actions/plans.py": "records each download",
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


def speaks_sql(tree: ast.Module) -> Iterator[ast.expr]:
    """Where SQL is written by hand, which no scoped manager sees."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_ours = node.func.attr == "raw" and root_of(node.func)[:1].isupper()
            if is_ours or (node.func.attr == "cursor" and not node.args) or node.func.attr == "extra":
                yield node
        if isinstance(node, ast.Name) and node.id == "RawSQL":
            yield node


def test_only_a_short_list_speaks_sql() -> None:
    found = [
        told(path, node) for path, tree in modules() if not covered(path, MAY_SPEAK_SQL) for node in speaks_sql(tree)
    ]
    assert not found, "Use the scoped manager:\n" + "\n".join(found)


def finds_people(tree: ast.Module) -> Iterator[ast.expr]:
    """Where people of any organisation are looked for; `none()` finds nobody."""
    harmless = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "none"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "User.objects" and id(node) not in harmless:
            yield node


def is_a_door(path: str) -> bool:
    """Whether a module of the story answers requests: `views_log.py` and `views/entry.py` alike."""
    return path.startswith(STORY) and any(
        part.partition(".")[0].split("_")[side] in DOORS for part in path.split("/")[1:] for side in (0, -1)
    )


def test_no_door_looks_for_people_of_other_organisations() -> None:
    found = [
        told(path, node)
        for path, tree in modules()
        if is_a_door(path) and not covered(path, MAY_FIND_PEOPLE)
        for node in finds_people(tree)
    ]
    assert not found, "Ask `aims.queries.people()`:\n" + "\n".join(found)


def test_the_lists_name_nothing_that_is_gone() -> None:
    writing = {covered(path, MAY_WRITE) for path, tree in modules() if any(writes(tree))}
    looking = {covered(path, MAY_LOOK_PAST_THE_TENANT) for path, tree in modules() if names_unscoped(tree)}
    assert set(MAY_WRITE) <= writing
    assert set(MAY_LOOK_PAST_THE_TENANT) <= looking
    assert set(MAY_SPEAK_SQL) <= {covered(path, MAY_SPEAK_SQL) for path, tree in modules() if any(speaks_sql(tree))}
    assert set(MAY_FIND_PEOPLE) <= {path for path, tree in modules() if is_a_door(path) and any(finds_people(tree))}


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


@pytest.mark.parametrize(
    ("lint", "line", "count"),
    [
        (past_the_tenant, "a = Entry.unscoped.all(); b = Entry.unscoped.none()", 1),
        (past_the_tenant, "rows = getattr(Entry, 'unscoped').all() or Entry._base_manager.all()", 2),
        (past_the_tenant, "base_manager_name = 'unscoped'", 0),
        (speaks_sql, "with connection.cursor() as cursor: cursor.execute('SELECT 1')", 1),
        (speaks_sql, "Entry.objects.raw('SELECT 1'); Entry.objects.annotate(a=RawSQL('1', [])).extra(a=1)", 3),
        (speaks_sql, "raw = table.raw(row)", 0),
        (finds_people, "User.objects.filter(email='a'); User.objects.none(); people().all()", 1),
    ],
)
def test_the_lint_of_tenants_sees_what_it_should(
    lint: Callable[[ast.Module], Iterator[ast.expr]], line: str, count: int
) -> None:
    assert len(list(lint(ast.parse(line)))) == count
