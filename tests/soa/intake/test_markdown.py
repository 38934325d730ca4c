"""Tables in Markdown."""

import pytest

from soa.intake.raw import NotReadable
from tests.soa.intake.make import ROOT, a_plan, verdicts

TEMPLATE = ROOT.parent / "shared" / "data" / "soa_template_42001.md"


def test_the_real_template_matches_whole() -> None:
    if not TEMPLATE.exists():
        pytest.skip(f"{TEMPLATE} is not here")
    plan = a_plan(TEMPLATE.read_bytes(), TEMPLATE.name)
    assert len(plan.of("matched")) == 38
    assert plan.missing == ()
    assert plan.of("flagged") == plan.of("rejected") == ()
    tables = [line for line in TEMPLATE.read_text().splitlines() if line.startswith("|") and not line.startswith("|--")]
    assert len(plan.rows) == len(tables)
    first = plan.of("matched")[0]
    assert (
        first.line == TEMPLATE.read_text().splitlines().index(next(line for line in tables if "| A.2.2 |" in line)) + 1
    )
    assert first.entry is not None
    assert (first.entry.applicability, first.entry.implementation) == ("included", "planned")
    assert first.entry.evidence == ("04-CLAUSE5-LEADERSHIP/AIMS-POLICY-TEMPLATE.md",)


def test_code_links_breaks_and_escaped_bars_become_text() -> None:
    plan = a_plan(
        "# SoA\n\n| Ref | Control | Applicable | Evidence |\n|:--|---|:-:|--:|\n"
        "| **A.2.2** | [AI policy](x.md) | `Y` | `a.md`<br>*b.md*<!-- c --> ![d.png](d) |\n"
        "| A.10.3 | Suppliers | N | one \\| two |\n",
        "soa.md",
    )
    assert [(row.line, row.verdict, row.title) for row in plan.rows] == [
        (3, "skipped", ""),
        (5, "matched", "AI policy"),
        (6, "matched", "Suppliers"),
    ]
    assert [row.entry.evidence for row in plan.of("matched") if row.entry] == [("a.md", "b.md d.png"), ("one | two",)]


def test_bars_at_the_edges_may_be_missing() -> None:
    assert verdicts(a_plan("Ref | Control\n--- | ---\nA.2.2 | AI policy\n", "soa.md"))[1:] == [("matched", "A.2.2")]


def test_the_line_of_dashes_may_be_missing_too() -> None:
    assert verdicts(a_plan("| Ref | Control |\n| A.2.2 | AI policy |\n", "soa.md"))[1:] == [("matched", "A.2.2")]


def test_cells_beyond_the_heading_are_kept() -> None:
    plan = a_plan("| Ref | Control |\n|---|---|\n| A.2.2 | AI policy | one more |\n", "soa.md")
    assert plan.of("matched")[0].entry is not None
    assert plan.of("matched")[0].entry.notes == "Column C: one more"


def test_other_tables_are_skipped_row_by_row() -> None:
    plan = a_plan(
        "| Ref | Control |\n|---|---|\n| A.2.2 | AI policy |\n\nWords\n\n"
        "| Version | Author |\n|---|---|\n| 1.0 | Ann |\n\n"
        "| Control | Ref | Reason |\n|---|---|---|\n| None | — | all apply |\n",
        "soa.md",
    )
    assert [row.verdict for row in plan.rows] == ["skipped", "matched", "skipped", "skipped", "skipped", "skipped"]


def test_a_file_without_a_table_or_too_large_is_refused() -> None:
    with pytest.raises(NotReadable, match="no table"):
        a_plan("# Statement\n\nWords only.\n", "soa.md")
    with pytest.raises(NotReadable, match="5 MB"):
        a_plan("| A |\n|---|\n" + "x" * 5_000_001, "soa.md")
    with pytest.raises(NotReadable, match="20,000"):
        a_plan("| A |\n|---|\n" + "| x |\n" * 20_001, "soa.md")
