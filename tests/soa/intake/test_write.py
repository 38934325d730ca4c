"""The export: text stays text, and comes back as the same statement."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from typing import IO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from soa.intake.plan import ImportedEntry
from soa.intake.values import is_nothing, read_names
from soa.intake.write import HEADINGS, ExportRow, NotWritable, write_csv, write_xlsx
from tests.soa.intake.make import a_plan, titles

Writer = Callable[[list[ExportRow], IO[bytes]], None]
WRITERS = {"soa.xlsx": write_xlsx, "soa.csv": write_csv}
RUNNING = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "'=1", "''@x", "＝1+1"]


def written(rows: list[ExportRow], name: str) -> bytes:
    out = io.BytesIO()
    WRITERS[name](rows, out)
    return out.getvalue()


def returned(rows: list[ExportRow], name: str) -> list[ImportedEntry | None]:
    plan = a_plan(written(rows, name), name)
    assert [row.verdict for row in plan.rows] == ["skipped"] + ["matched"] * len(rows)
    assert all(row.notes == () for row in plan.rows)
    return [row.entry for row in plan.of("matched")]


def a_row(code: str, **fields: object) -> ExportRow:
    return ExportRow(code, titles().get(code, "Human oversight"), ImportedEntry(**fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("text", RUNNING)
def test_text_that_would_run_stays_text(name: str, text: str) -> None:
    rows = [a_row("A.2.2", why=text, evidence=(text,), owner=text, notes=text)]
    assert returned(rows, name) == [rows[0].entry]
    if name == "soa.xlsx":
        sheet = load_workbook(io.BytesIO(written(rows, name))).worksheets[0]
        assert {cell.data_type for cell in sheet[2] if cell.value is not None} == {"s"}
        assert sheet["D2"].quotePrefix is (text[0] != "'")
    else:
        cells = list(csv.reader(io.StringIO(written(rows, name).decode("utf-8-sig"))))[1]
        assert not any(re.match(r"[=+\-@\t\r＝]", cell) for cell in cells)


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_statement_comes_back(name: str) -> None:
    full = ImportedEntry(
        "excluded",
        "one\ntwo",
        ("NR", "NP"),
        "partly",
        "how",
        "POL-01; POL-02",
        ("a.pdf", "b c"),
        "Ada",
        date(2027, 3, 4),
        date(2027, 1, 2),
        "provider",
        "Acme",
        "n\n\nRisk level: High",
    )
    rows = [ExportRow(code, title, full) for code, title in titles().items()] + [
        ExportRow("ORG.1", "Human oversight", full)
    ]
    assert returned(rows, name) == [full] * 39


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("applicability", ["undecided", "included", "excluded"])
@pytest.mark.parametrize("implementation", ["", "not_started", "planned", "partly", "implemented"])
def test_every_state_comes_back(name: str, applicability: str, implementation: str) -> None:
    rows = [a_row("A.2.2", applicability=applicability, implementation=implementation)]
    assert returned(rows, name) == [rows[0].entry]


@pytest.mark.parametrize("name", WRITERS)
def test_control_characters_are_left_out_and_escapes_survive(name: str) -> None:
    rows = [a_row("A.2.2", why="a\x00b\x0bc\ud800d\ufffe", notes="_x000D_ _x005F_ _x005F_x000D_ _x0041_")]
    (entry,) = returned(rows, name)
    assert entry is not None
    assert (entry.why, entry.notes) == ("abcd", "_x000D_ _x005F_ _x005F_x000D_ _x0041_")


def test_a_text_too_long_for_a_cell_is_refused_not_cut() -> None:
    with pytest.raises(NotWritable, match=r"A\.2\.2, Justification: 32,768 characters"):
        written([a_row("A.2.2", why="x" * 32_768)], "soa.xlsx")
    assert len(written([a_row("A.2.2", why="x" * 32_768)], "soa.csv")) > 32_768


def test_the_headings_are_those_an_import_knows() -> None:
    plan = a_plan(written([a_row("A.2.2")], "soa.xlsx"), "soa.xlsx")
    assert tuple(plan.rows[0].raw.values()) == HEADINGS
    assert set(plan.sheets[0].columns) == {
        "id",
        "title",
        "applicability",
        "why",
        "reasons",
        "implementation",
        "how",
        "document",
        "evidence",
        "owner",
        "review_on",
        "planned_on",
        "performed_by",
        "provider",
        "notes",
    }


def a_text(lines: bool = True) -> st.SearchStrategy[str]:
    """Texts as they come out of a cell: no outer space, plain newlines, not a lone dash."""
    alphabet = st.one_of(
        st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from("=+-@'\"\t;,|_x" + ("\n" if lines else ""))
    )
    tidy = st.text(alphabet, max_size=30).map(
        lambda text: text.strip().replace("\ufffe", "").replace("\uffff", "").strip()
    )
    return tidy.filter(lambda text: not re.fullmatch(r"[-‐-―−.…_/\s]+", text))


def one_line() -> st.SearchStrategy[str]:
    return (
        a_text(lines=False)
        .map(lambda text: " ".join(text.split()))
        .filter(lambda text: not re.fullmatch(r"[-‐-―−.…_/\s]+", text))
    )


def names() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(a_text(), max_size=3).map(
        lambda many: tuple(name for name in read_names("\n".join(many)) if not is_nothing(name))
    )


ENTRIES = st.builds(
    ImportedEntry,
    applicability=st.sampled_from(["undecided", "included", "excluded"]),
    why=a_text(),
    reasons=st.lists(st.sampled_from(["RT", "IA", "LG", "CT", "IP", "BP", "OB", "NR", "EX", "NP"]), unique=True).map(
        tuple
    ),
    implementation=st.sampled_from(["", "not_started", "planned", "partly", "implemented"]),
    how=a_text(),
    document=a_text().map(lambda text: "; ".join(read_names(text))),
    evidence=names(),
    owner=one_line(),
    review_on=st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    planned_on=st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    performed_by=st.sampled_from(["", "us", "shared", "group", "provider"]),
    provider=one_line(),
    notes=a_text(),
)


@settings(deadline=None)
@given(st.lists(ENTRIES, min_size=1, max_size=3), st.sampled_from(sorted(WRITERS)))
def test_any_statement_comes_back_the_same(entries: list[ImportedEntry], name: str) -> None:
    rows = [ExportRow(code, title, entry) for (code, title), entry in zip(titles().items(), entries, strict=False)]
    assert returned(rows, name) == entries
