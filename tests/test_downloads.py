"""Whatever any room hands out is harmless: every download, every header, every cell.

A new door that hands out files falls under it by itself: only one module names an attachment, and every function that
calls it must have been reached by the walk.
"""

import ast
import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpResponseBase
from openpyxl import load_workbook

from accounts import serving
from accounts.actor import Actor
from accounts.cells import RUNS
from accounts.models import User
from aims.models import Aims
from assessments.actions import approve_plan, submit_plan
from assessments.models import TreatmentPlan
from evidence.models import File
from jobs.models import Job
from ledger.actions import checkpoint, seal_all
from ledger.models import Anchor, AnchorKind
from reports import plans
from reports.actions import signing_identity
from reports.models import Pack
from soa.actions import open_statement
from tests.assessments.make import a_risk, an_approver, an_assessment
from tests.changes.make import a_plan
from tests.evidence.make import a_note, an_evidence
from tests.incidents.make import an_incident
from tests.make import signed_in
from tests.matrix.urls import address
from tests.operations.make import a_signal, post
from tests.reports.flow import a_report
from tests.reports.packs import a_pack, a_state
from tests.reports.test_packs import ready
from tests.reports.test_views import made
from tests.soa.make import included
from tests.systems.make import a_system
from tests.test_contracts import modules

HANDS_OUT = {"streamed", "attached", "attachment"}
BELOW = {("reports.child", "press")}  # attaches a text to a PDF
STARTS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1")
SHEETS = {"text/csv": "csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx"}


@pytest.fixture
def doors(aims: Aims, officer: Actor) -> list[tuple[str, dict[str, Any]]]:
    """Fill an organisation with names that spreadsheets would run; return every door that hands out, and its names."""
    open_statement(actor=officer)
    system = a_system(officer, name="=1+1", purpose="@SUM(A1)", supplier="-1", in_scope=True)
    an_incident(officer, system, title="=1+1")
    post(officer, a_signal(officer, system, unit="=1+1"), [1])
    for start in STARTS:
        a_note(actor=officer, title=start, serves=["A.2.2"])
    a_plan(officer, title="=1+1")
    an_incident(officer, title="=1+1")
    included(officer, why="=HYPERLINK(1)", how="@how", notes="-1", provider="+1", how_document="\t=1")
    assessment = an_assessment(officer, system)
    item = an_evidence(actor=officer, name="=cmd|' /C calc'!A0.html", data=b"<script>alert(1)</script>")
    file, pk = {"code": item.code, "number": 1}, File.objects.get().pk
    report = made(a_report(aims, officer), officer)
    seal_all(aims.pk, wait=True)
    row = checkpoint(aims.pk)
    Anchor(checkpoint=row, aims_id=aims.pk, kind=AnchorKind.TIMESTAMP, place="x", token=b"x").save(force_insert=True)
    pack = Pack(aims=aims, code="PK-001", preset="stage2", asked_by_id=officer.user_id, controls=[])
    pack.save()
    plan = a_treatment_plan(aims, officer)
    return [
        ("evidence:export", {}),
        ("evidence:download", file | {"file_id": pk}),
        ("api:evidence-download", file | {"file": pk}),
        ("changes:export", {}),
        ("incidents:export", {}),
        ("soa:export", {"form": "csv"}),
        ("soa:export", {"form": "xlsx"}),
        ("operations:export", {"code": system.code}),
        ("assessments:markdown", {"code": assessment.code, "edition": assessment.edition}),
        ("api:assessments-markdown", {"ref": f"{assessment.code}@{assessment.edition}"}),
        ("assessments:plan-workbook", {}),
        ("assessments:treatment-plan-workbook", {"number": plan.number}),
        ("reports:treatment-plan", {"number": plan.number}),
        ("systems:yaml_file", {"code": system.code}),
        ("systems:asked_table", {"control": "A.4.3"}),
        *(("systems:inventory_file", {"form": form}) for form in ("csv", "xlsx")),
        *(("systems:export", {"form": form}) for form in ("zip", "csv", "xlsx")),
        ("reports:download", {"pk": report.pk}),
        ("api:reports-download", {"pk": report.pk}),
        ("api:packs-download", {"code": pack.code}),
        ("api:chain_records-proof", {"number": 1}),
        ("reports:pack_download", {"code": ready(pack, officer).code}),
        ("reports:certificate_pem", {"code": signing_identity(aims, actor=officer).code}),
        ("trace:export", {}),
        ("trace:proof", {"number": 1}),
        ("trace:token", {"size": row.size}),
        ("trace:checkpoint", {"size": row.size}),
    ]


def a_treatment_plan(aims: Aims, officer: Actor) -> TreatmentPlan:
    """An approved one, laid out as a PDF."""
    a_risk(officer, title="=1+1", option="retain", owner=User.objects.get(pk=officer.user_id))
    plan = approve_plan(submit_plan(actor=officer), reason="@how", seen=1, actor=an_approver(aims, officer))
    job = plans.ask_plan(plan, actor=officer)
    Job.objects.filter(pk=job.pk).update(state="done", result=plans.finish(job, plans.work(job, lambda *_: None)))
    return plan


def reached(patch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Note which functions of which module hand something out from now on."""
    seen: set[tuple[str, str]] = set()

    def noting(real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            frame = sys._getframe(1)
            seen.add((frame.f_globals["__name__"], frame.f_code.co_name))
            return real(*args, **kwargs)

        return call

    for module in list(sys.modules.values()):
        for name in HANDS_OUT & set(vars(module) if isinstance(module, ModuleType) else ()):
            real = getattr(module, name)
            if getattr(real, "__module__", "") in (serving.__name__, "evidence.serving"):
                patch.setattr(module, name, noting(real))
    return seen


def callers() -> Iterator[tuple[str, str]]:
    """Every function of the code that hands something out."""
    for path, tree in modules():
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
            if any(isinstance(call, ast.Name) and call.id in HANDS_OUT for call in calls):
                yield path.removesuffix(".py").replace("/", "."), function.name


def body_of(answer: HttpResponseBase) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]


def cells_of(kind: str, data: bytes) -> Iterator[tuple[str, str]]:
    """The text of every cell, and its type; CSV has only text."""
    if kind == "csv":
        yield from ((cell, "csv") for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row)
        return
    book = load_workbook(io.BytesIO(data))
    yield from ((str(c.value), c.data_type) for sheet in book for row in sheet for c in row if c.value is not None)


def assert_harmless(name: str, answer: HttpResponseBase) -> None:
    assert answer["Content-Disposition"].startswith("attachment; filename"), name
    assert answer["Content-Disposition"].isascii(), name
    assert answer["X-Content-Type-Options"] == "nosniff", name
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'", name
    assert answer["Cache-Control"] == "private, no-store", name
    media = answer["Content-Type"].partition(";")[0]
    assert media not in ("text/html", "image/svg+xml", "application/xhtml+xml"), name
    data = body_of(answer)
    if media in SHEETS:
        cells = list(cells_of(SHEETS[media], data))
        assert any(RUNS.match(cell.removeprefix("'")) for cell, _type in cells), f"{name} was not tried"
        assert not [cell for cell, kind in cells if kind == "f" or (kind == "csv" and RUNS.match(cell))], name


def test_everything_that_is_handed_out_is_harmless(
    aims: Aims, officer: Actor, doors: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(officer)
    seen = reached(monkeypatch)
    for name, params in doors:
        answer = client.get(address(name, params, aims.slug))
        assert answer.status_code == 200, name
        assert_harmless(name, answer)
    assert set(callers()) - seen - BELOW == set(), "Name these doors in `doors`"


def test_no_cell_of_a_pack_is_a_formula(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    a_state(aims, officer)
    for start in STARTS:
        a_note(actor=officer, title=start, serves=["A.2.2"])
    found = [cell for path in a_pack(aims, officer, tmp_path / "pack").folder.rglob("*.csv") for cell in _cells(path)]
    assert {f"'{start.strip()}" for start in STARTS} <= set(found)
    assert not [cell for cell in found if RUNS.match(cell)]


def _cells(path: Path) -> list[str]:
    return [cell for cell, _type in cells_of("csv", path.read_bytes())]


WRITERS = {
    r"csv\.(writer|DictWriter)\(": {"accounts/cells.py", "desk/demo/proof.py"},
    r"\bWorkbook\(": {"accounts/cells.py", "soa/intake/write.py"},
    r"Content-Disposition|as_attachment|FileResponse\(": {"accounts/serving.py"},
}


@pytest.mark.parametrize("pattern", sorted(WRITERS))
def test_only_one_place_writes_tables_and_names_attachments(pattern: str) -> None:
    """The demo's own files are evidence, which nobody opens as an export."""
    root = Path(__file__).resolve().parent.parent
    found = {path for path, _tree in modules() if re.search(pattern, (root / path).read_text(encoding="utf-8"))}
    assert found == WRITERS[pattern], "Use accounts.serving and accounts.cells"
