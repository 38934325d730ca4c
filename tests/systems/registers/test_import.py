"""Importing registers: no row is lost, nothing is invented, and what is not understood is kept and told."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from duties.models import Task
from ledger.models import Record
from systems.actions import edit_system
from systems.actions.bring import plan_of_register
from systems.models import AiSystem, Stage
from systems.registers.mapping import Words
from tests.make import a_member, trace_of
from tests.systems.make import a_system
from tests.systems.sync.make import run

ROOT = Path(__file__).resolve().parents[3]
PUBLIC = ROOT.parent / "shared" / "data" / "us_federal_2024_inventory_v2.csv"
HEAD = ("AI system", "Purpose", "Department", "Status", "Personal data", "Notes", "Notes")
ROWS = (
    ("Ranker", "Ranks letters\nby urgency", "Post", "In production", "Yes", "a", "b"),
    ("Chatbot – Ärzte", "Answers", "Clinic", "Dreamt of", "No", "", "c; d"),
    ("Chatbot – Ärzte", "Answers too", "Desk", "", "n/a", "", ""),
)


def table(*rows: Any, mark: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue().encode(encoding)


def book(*rows: Any, title: str = "Systems") -> bytes:
    workbook, out = Workbook(), io.BytesIO()
    workbook.active.title = "Read me"
    workbook.active.append(["This workbook holds our register"])
    sheet = workbook.create_sheet(title)
    for row in rows:
        sheet.append(row)
    workbook.save(out)
    return out.getvalue()


def bring(aims: Aims, actor: Actor | None, folder: Path, data: bytes, *words: str, status: int = 0) -> dict[str, Any]:
    file = folder / "register.csv"
    file.write_bytes(data)
    return run("import_systems", aims, actor, str(file), *words, status=status)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_encoding_and_delimiter(aims: Aims, tmp_path: Path, encoding: str, mark: str) -> None:
    told = bring(aims, None, tmp_path, table(HEAD, *ROWS, mark=mark, encoding=encoding))
    assert [row["name"] for row in told["added"]] == ["Ranker", "Chatbot – Ärzte", "Chatbot – Ärzte"]
    assert not AiSystem.objects.exists()


@pytest.mark.db_both
def test_rows_become_systems_with_gaps_where_nothing_is_said(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    told = bring(aims, officer, tmp_path, table(["Our AI"], [], HEAD, ROWS[0], ["", " "], HEAD, *ROWS[1:]))
    assert told["columns"] == {
        "AI system": "name",
        "Purpose": "classification.purpose",
        "Department": "unit",
        "Status": "lifecycle.stage",
        "Personal data": "classification.data_sensitivity",
        "Notes": "register",
        "Notes (2)": "register",
    }
    assert [row["line"] for row in told["added"]] == [4, 8, 9]
    assert told["skipped"] == [7]
    assert [flag["line"] for flag in told["flagged"]] == [8, 9]
    assert told["gaps"]["owner"] == 3
    first, second, third = AiSystem.objects.order_by("code")
    assert first.record == {
        "id": "ranker",
        "name": "Ranker",
        "classification": {"purpose": "Ranks letters\nby urgency", "data_sensitivity": "pii"},
        "unit": "Post",
        "lifecycle": {"stage": "operation"},
        "register": {"Status": "In production", "Personal data": "Yes", "Notes": "a", "Notes (2)": "b"},
    }
    assert (first.stage, first.claimed_stage) == (Stage.INCEPTION, "operation")
    assert second.record["register"] == {"Status": "Dreamt of", "Personal data": "No", "Notes (2)": "c; d"}
    assert [second.key, third.key] == ["chatbot-arzte", "chatbot-arzte-desk"]
    assert trace_of(first.ref) == ["system.registered"]
    assert first.history.get().history_change_reason == "Imported from register.csv, line 4."
    assert Task.objects.filter(subject=first.ref).count() == 4


@pytest.mark.db_both
def test_a_second_import_changes_nothing_and_a_changed_cell_one_place(
    aims: Aims, officer: Actor, tmp_path: Path
) -> None:
    bring(aims, officer, tmp_path, table(HEAD, *ROWS))
    before = list(AiSystem.objects.values()), Record.objects.count(), Task.objects.count()
    told = bring(aims, officer, tmp_path, table(HEAD, *ROWS))
    assert [len(told[verdict]) for verdict in ("added", "changed", "unchanged")] == [0, 0, 3]
    assert (list(AiSystem.objects.values()), Record.objects.count(), Task.objects.count()) == before
    row = AiSystem.objects.get(key="ranker")
    edit_system(row, supplier="Acme", seen=row.version, actor=officer)
    changed = [*ROWS[0][:2], "Mail", *ROWS[0][3:]]
    told = bring(aims, officer, tmp_path, table(HEAD, changed, *ROWS[1:]))
    assert [row["changes"] for row in told["changed"]] == [[{"place": "unit", "old": "Post", "new": "Mail"}]]
    row.refresh_from_db()
    assert (row.unit, row.supplier) == ("Mail", "Acme")


def test_what_people_wrote_is_only_filled_up(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    row = a_system(officer, name="Ranker", purpose="Ranks")
    told = bring(aims, officer, tmp_path, table(HEAD, ROWS[0]))
    assert "did not come from a register" in told["flagged"][0]["reason"]
    row.refresh_from_db()
    assert (row.purpose, row.unit) == ("Ranks", "Post")


def test_a_row_without_a_name_is_rejected_and_the_others_are_taken(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    told = bring(aims, officer, tmp_path, table(HEAD, ROWS[0], ["", "For what?"]), status=2)
    assert told["rejected"] == [{"line": 4, "reason": "There is no name in this row."}]
    assert AiSystem.objects.count() == 1


MAPPING = """\
columns:
  Was ist es: name
  Wer: owner
  Lieferung: suppliers.name
  Zahl: data.retention_days
  Seit: lifecycle.live_since
  Frei: null
values:
  lifecycle.stage:
    läuft: production
defaults:
  deployment.environment: production
  classification.risk_tier: low
Lage: lifecycle.stage
"""


def test_a_mapping_says_what_columns_and_words_mean(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    head = ("Was ist es", "Wer", "Lieferung", "Zahl", "Seit", "Frei", "Lage")
    rows = [["A", "team-a", "Acme", "30 days", "3/4/2024", "x", "läuft"], ["B", "", "", "many", "3/25/2024", "", "?"]]
    bring(aims, officer, tmp_path, table(head, *rows), "--mapping", str(tmp_path / "mapping.yaml"))
    first, second = AiSystem.objects.order_by("code")
    assert first.record == {
        "id": "a",
        "name": "A",
        "owner": "team-a",
        "suppliers": [{"name": "Acme"}],
        "data": {"retention_days": 30},
        "lifecycle": {"live_since": "2024-03-04", "stage": "production"},
        "deployment": {"environment": "production"},
        "classification": {"risk_tier": "low"},
        "register": {"Frei": "x", "Seit": "3/4/2024", "Lage": "läuft"},
    }
    assert second.record["register"]["Zahl"] == "many"


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("Nothing: name", "no column Nothing"),
        ("AI system: name\nPurpose: name", "cannot both fill"),
        ("AI system: [name]", "as a text"),
        ("AI system: a..b", "not a place"),
        ("AI system: name\ndefaults: {deployment.environment: moon}", "cannot be moon"),
        ("AI system: null", "names of systems"),
        ("a: [", "cannot be read"),
        ("values: 3", "fields of its own"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(
    aims: Aims, officer: Actor, tmp_path: Path, mapping: str, words: str
) -> None:
    (tmp_path / "mapping.yaml").write_text(mapping)
    with pytest.raises(CommandError, match=words):
        bring(aims, officer, tmp_path, table(HEAD, *ROWS), "--mapping", str(tmp_path / "mapping.yaml"))
    assert not AiSystem.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04broken", "damaged"),
        (bytes(range(256)) * 20, "neither"),
        (table(["Colour", "Weight"], ["red", "1"]), "names of systems"),
    ],
)
def test_what_is_no_register_is_refused(aims: Aims, officer: Actor, tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        bring(aims, officer, tmp_path, data)


def test_only_who_may_register_imports(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="administrator"):
        bring(aims, a_member(aims, Role.REVIEWER, by=officer), tmp_path, table(HEAD, *ROWS))
    assert not AiSystem.objects.exists()


def test_a_workbook_is_read_where_its_register_is(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    data = book(
        ["Stand: heute"], ["Name", "Zweck", "In Betrieb seit", "Risiko"], ["R", "=1+1", date(2024, 3, 4), "hoch"]
    )
    told = bring(aims, officer, tmp_path, data)
    assert told["sheets_left"] == ["Read me"]
    record = AiSystem.objects.get().record
    assert record["lifecycle"] == {"live_since": "2024-03-04"}
    assert record["classification"] == {"risk_tier": "high"}


NAMES = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=20)


@given(st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=12))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_row_is_lost_and_ids_are_stable(aims: Aims, rows: list[tuple[str, str, str]]) -> None:
    data = table(["Name", "Department", "Anything else"], *rows)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return
    plan = plan_of_register(data, Words())
    assert len(plan.rows) + len(plan.rejected) == len(filled)
    assert len(plan.rejected) == sum(not row[0].strip() for row in filled)
    keys = [str(row.record["id"]).lower() for row in plan.rows]
    assert len(set(keys)) == len(keys)
    assert plan_of_register(data, Words()) == plan


@pytest.mark.skipif(not PUBLIC.exists(), reason="the public register is not on this machine")
def test_a_public_register_is_read_without_losing_a_row(aims: Aims) -> None:
    told = run("import_systems", aims, None, str(PUBLIC))
    assert len(told["added"]) == 2133
    assert not told["rejected"]
    assert sum(place == "register" for place in told["columns"].values()) == 55
    assert len({row["id"].lower() for row in told["added"]}) == 2133
