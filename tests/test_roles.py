"""Every permission is a verb of the table of roles, every action asks one, and no seat is enough for anything."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from accounts.roles import Role
from accounts.verbs import known_verbs, verb
from ops.roles import KINDS, ROOT, SHORT, lines_of, load_permissions, policies, rooms
from soa.permissions import may_approve
from tests.test_contracts import STORY

load_permissions()
ASKS_NOTHING = {
    "aims.accept_invitation": "the link that was mailed is the permission",
    "aims.found": "everybody may begin; whoever may not is refused by desk.start",
    "assessments.made": "a step of actions that have asked",
    "assessments.changed": "a step of actions that have asked",
    "aims.join_by_provider": "the identity provider and the mailed link are the permission",
    "changes.hear_edits": "follows edits that were asked for",
    "evidence.draft_review": "a job keeps what a reader drafted",
    "evidence.note_scan": "a job notes what a scanner found",
    "evidence.note_suggestions": "a job notes what the matcher proposes; nothing is linked by it",
    "incidents.hear_of_edit": "follows an edit that was asked for",
    "incidents.hear_of_many": "follows edits that were asked for",
    "incidents.made": "a step of actions that have asked",
    "incidents.reckon": "a step of actions that have asked",
    "incidents.reckon_open": "a step of actions that have asked",
    "incidents.saved": "a step of actions that have asked",
    "operations.drift_signals": "a nightly job compares what was posted",
    "operations.new_signal": "a step of actions that have asked",
    "operations.thin": "a nightly job keeps old readings by the day, as declared",
    "signon.bind": "a step of signing in",
    "signon.enter": "signing in: the identity provider is asked",
    "signon.join": "the identity provider and the mailed link are the permission",
    "signon.link": "everybody links themselves, signed in on both sides",
    "signon.note_bypass": "notes that the rule was gone round",
    "evidence.note_check": "a job finishes what was asked for",
    "reports.complete_pack": "a job finishes what was asked for",
    "reports.complete_report": "a job finishes what was asked for",
    "reports.download_plan": "whoever sees the plan's page may take its file out",
    "reports.freeze_pack": "a job does what was asked for",
    "reports.put_in_force": "a step of actions that have asked",
    "systems.enter": "a step of actions that have asked",
    "systems.taken_back": "a step of actions that have asked",
    "reports.signing_identity": "the worker makes a certificate where there is none",
    "systems.note_judging": "a job notes what policies said",
    "trace.keep_stamp": "a schedule keeps what a service confirmed",
    "trace.keep_sent": "the mail was asked for by send_checkpoint",
    "trace.note_sent": "the mail was asked for by send_checkpoint",
    "changes.demand_all": "a step of actions that have asked",
    "assessments.pull": "follows an act that was asked for",
    "assessments.settle_by_change": "what it hears of was said by who may",
    "assessments.settle_by_edition": "a step of deciding, which has asked",
    "soa.expire_all": "a schedule reopens what has expired",
    "soa.expire_exclusions": "a schedule reopens what has expired",
    "soa.reopen": "follows an act that was asked for",
    "changes.hear_edit": "the edit that it hears of has asked",
}


def permissions() -> Iterator[str]:
    for file in sorted(ROOT.glob("*/permissions.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("may_"):
                yield f"{file.parent.name}.{node.name}"


def test_every_permission_is_a_verb_and_every_verb_a_permission() -> None:
    assert sorted(permissions()) == sorted(known_verbs())


def test_permissions_stand_nowhere_else() -> None:
    strays = [
        f"{file.relative_to(ROOT)}: {node.name}"
        for room in (*STORY, "accounts")
        for file in sorted((ROOT / room).rglob("*.py"))
        if file.name != "permissions.py"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("may_") and "Actor" in ast.unparse(node.args)
    ]
    assert strays == []


def test_a_verb_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        verb("Approve a statement version")(lambda actor: True)
    with pytest.raises(ValueError, match="declared twice"):
        verb("Approve once more")(may_approve)


def test_a_seat_is_enough_for_nothing_by_itself() -> None:
    certifier = {line.words: line.answers[SHORT[Role.CERTIFIER]] for lines in rooms().values() for line in lines}
    assert {words for words, answer in certifier.items() if answer == "yes"} == set()
    assert {words for words, answer in certifier.items() if answer == "own"} == {
        "Revoke a token",
        "Cut a link to an identity provider",
    }
    assert {words for words, answer in certifier.items() if answer == "shared"} == {
        "Read evidence",
        "Take a report out",
        "Take a certification pack out",
    }


DECIDING = ("soa.may_approve", "soa.may_decide", "soa.may_test", "assessments.may_decide", "assessments.may_accept",
            "aims.may_grant", "aims.may_share", "aims.may_deputise", "aims.may_issue")  # fmt: skip


@pytest.mark.parametrize("name", DECIDING)
def test_machines_decide_nothing(name: str) -> None:
    answers = [line.answers[kind] for line in lines_of(known_verbs()[name]) for kind in KINDS.values()]
    assert answers
    assert not any(answers)


def test_the_table_tells_owning_from_holding() -> None:
    [line] = lines_of(known_verbs()["soa.may_amend"])
    assert [line.answers[name] for name in ("admin", "officer", "owner", "auditor", "service")] == [
        "yes", "yes", "own", "", "",
    ]  # fmt: skip
    severe = [line for line in lines_of(known_verbs()["assessments.may_accept"]) if line.words.endswith("severe")]
    assert not any(severe[0].answers.values())


def test_every_policy_says_what_it_answers() -> None:
    found = dict(policies())
    assert {"soa.own_version", "soa.own_control", "assessments.own_assessment", "assessments.own_scores"} <= set(found)
    assert all(found.values())


@cache
def tree_of(module: str) -> ast.Module:
    file = ROOT / (module.replace(".", "/") + ".py")
    file = file if file.exists() else ROOT / module.replace(".", "/") / "__init__.py"
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def imported(module: str) -> dict[str, tuple[str, str]]:
    """Where the names of a module of actions come from, as far as they are actions too."""
    return {
        name.asname or name.name: (node.module, name.name)
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.ImportFrom) and node.module and ".actions" in node.module
        for name in node.names
    }


@cache
def reaches(module: str, function: str, wanted: str) -> bool:
    """Whether a function calls, itself or through other actions, a function whose name begins so."""
    local = {node.name: node for node in tree_of(module).body if isinstance(node, ast.FunctionDef)}
    if function not in local:
        source = imported(module).get(function)
        return source is not None and source != (module, function) and reaches(*source, wanted)
    called = {id(node.func) for node in ast.walk(local[function]) if isinstance(node, ast.Call)}
    for node in ast.walk(local[function]):
        if isinstance(node, ast.Name) and node.id != function:
            if id(node) in called and node.id.startswith(wanted):
                return True
            if (node.id in local or node.id in imported(module)) and reaches(module, node.id, wanted):
                return True
    return False


def actions() -> Iterator[tuple[str, str, str]]:
    """Every public function of a room's actions that leaves a record: its name in the list, its module, itself."""
    for room in (*STORY, "accounts"):
        for file in sorted((ROOT / room / "actions").rglob("*.py")):
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            for node in tree_of(module).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield f"{room}.{node.name}", module, node.name


def test_every_action_that_records_asks_a_permission() -> None:
    recording = [(name, module, it) for name, module, it in actions() if reaches(module, it, "record")]
    silent = {name for name, module, it in recording if not reaches(module, it, "may_")}
    assert len(recording) > 60
    assert silent - set(ASKS_NOTHING) == set(), "An action asks no permission."
    assert set(ASKS_NOTHING) - silent == set(), "The list names an action that asks one, or is gone."


def test_the_walk_finds_an_action_that_asks_none(tmp_path: Path) -> None:
    assert reaches("soa.actions.approve", "approve", "may_")
    assert not reaches("reports.actions.complete", "complete_report", "may_")
    assert import_module("soa.actions.approve")
