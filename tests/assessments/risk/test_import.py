"""Importing a register: through the actions, the same file twice changes nothing, and a dry run writes nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import NotAllowed
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import import_risks, withdraw_risk
from assessments.actions.bring_risks import NotImportable
from assessments.models import Risk, Treatment
from ledger.models import Record
from tests.assessments.make import a_system
from tests.assessments.risk.make import table
from tests.make import a_member, trace_of
from tests.systems.sync.make import run

pytestmark = pytest.mark.db_both

HEAD = ("Risk ID", "Risk", "AI system", "Likelihood", "Impact", "Rating", "Owner", "Treatment", "Controls",
        "Target date", "Residual likelihood", "Residual impact")  # fmt: skip

CONTROLS = "A.6.2.4, A.99.9"


def rows(owner: str = "", system: str = "") -> list[tuple[Any, ...]]:
    return [
        (
            "BIAS-1",
            "Letters are ranked unfairly",
            system,
            4,
            4,
            "High",
            owner,
            "Mitigate",
            "A.6.2.4 and A.99.9",
            "2030-05-01",
            2,
            3,
        ),
        ("BIAS-2", "Nobody notices", "", 2, 2, "Low", "Head of nothing", "Accept", "", "Q3", "", ""),
        ("BIAS-3", "Off the scale", "", 9, 2, "High", "", "", "", "", "", ""),
    ]


def bring(aims: Aims, actor: Actor | None, folder: Path, data: bytes, *words: str, status: int = 0) -> dict[str, Any]:
    file = folder / "register.csv"
    file.write_bytes(data)
    return run("import_risks", aims, actor, str(file), *words, status=status)


def test_rows_come_in_with_recomputed_levels_and_rejected_ones_stay_out(
    aims: Aims, officer: Actor, tmp_path: Path
) -> None:
    owner = User.objects.get(pk=officer.user_id)
    system = a_system(officer)
    told = bring(aims, officer, tmp_path, table(HEAD, *rows(owner.email, system.name)), status=2)
    assert {verdict: [row["id"] for row in found] for verdict, found in told.items()} == {
        "matched": ["BIAS-2"],
        "flagged": ["BIAS-1"],
        "rejected": ["BIAS-3"],
        "skipped": [],
    }
    assert told["flagged"][0]["risk"] == "R-001"
    one, two = Risk.objects.order_by("code")
    assert (one.reference, one.likelihood, one.severity, one.option, one.owner_id) == (
        "BIAS-1",
        4,
        4,
        "modify",
        owner.pk,
    )
    assert (one.system_id, str(one.due_on), one.residual_likelihood, one.residual_severity) == (
        system.pk,
        "2030-05-01",
        2,
        3,
    )
    assert (two.option, two.owner, two.due_on) == ("retain", None, None)
    assert [link.requirement.code for link in Treatment.objects.select_related("requirement")] == ["A.6.2.4"]
    assert trace_of("risk:R-001") == ["risk.registered", "risk.treated"]
    assert "“High”; 16 is Severe" in str(one.history.earliest().history_change_reason)


def test_the_same_file_again_changes_nothing_and_another_changes_what_differs(aims: Aims, officer: Actor) -> None:
    data = table(HEAD, *rows())
    assert import_risks(data, "register.csv", actor=officer).added == 2
    before = Record.objects.count()
    again = import_risks(data, "register.csv", actor=officer)
    assert (again.added, again.changed, Record.objects.count()) == (0, 0, before)
    changed = import_risks(
        table(HEAD, ("BIAS-1", "Letters are ranked unfairly", "", 3, 4, *[""] * 7)), "r.csv", actor=officer
    )
    assert (changed.added, changed.changed) == (0, 1)
    row = Risk.objects.get(reference="BIAS-1")
    assert (row.likelihood, row.residual_likelihood, row.option) == (3, 2, "modify")


def test_rows_without_an_id_of_their_own_are_known_by_their_title(aims: Aims, officer: Actor) -> None:
    data = table(
        ("No", "Risk", "Likelihood", "Impact"), ("1", "Drift goes unseen", 3, 3), ("2", "Theft of weights", 2, 2)
    )
    assert import_risks(data, "r.csv", actor=officer).added == 2
    assert import_risks(data, "r.csv", actor=officer).added == 0
    assert set(Risk.objects.values_list("reference", flat=True)) == {""}


def test_a_withdrawn_risk_is_not_brought_back(aims: Aims, officer: Actor) -> None:
    import_risks(table(HEAD, rows()[1]), "r.csv", actor=officer)
    held = Risk.objects.get()
    withdraw_risk(held, reason="Gone", seen=held.version, actor=officer)
    import_risks(table(HEAD, rows()[1]), "r.csv", actor=officer)
    assert [(row.code, row.withdrawn_at is None) for row in Risk.objects.order_by("code")] == [
        ("R-001", False),
        ("R-002", True),
    ]


def test_a_long_title_is_cut_and_kept_whole_beside(aims: Aims, officer: Actor) -> None:
    title = "Answers " * 40
    import_risks(table(("ID", "Risk", "L", "S"), ("R-1", title, 3, 3)), "r.csv", actor=officer)
    row = Risk.objects.get()
    assert (len(row.title), row.title[-1], row.description) == (200, "…", title.strip())


def test_a_dry_run_writes_nothing(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    before = Record.objects.count()
    told = bring(aims, None, tmp_path, table(HEAD, *rows()), "--dry-run", status=2)
    assert [len(told[verdict]) for verdict in ("matched", "flagged", "rejected")] == [1, 1, 1]
    assert (Record.objects.count(), Risk.objects.count()) == (before, 0)


def test_readers_and_unreadable_files_are_refused(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    reader = a_member(aims, Role.REVIEWER, by=officer)
    with pytest.raises(NotAllowed):
        import_risks(table(HEAD, *rows()), "r.csv", actor=reader)
    with pytest.raises(NotImportable, match="no register"):
        import_risks(b"a,b\n1,2\n", "r.csv", actor=officer)
    with pytest.raises(CommandError, match="no register"):
        bring(aims, officer, tmp_path, b"a,b\n1,2\n")
    assert Risk.objects.count() == 0
