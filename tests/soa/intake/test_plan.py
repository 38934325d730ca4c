"""Whatever the table: every row once, in order, with one verdict."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from soa.intake.plan import VERDICTS, Plan
from soa.intake.raw import NotReadable
from tests.soa.intake.make import a_catalogue, a_plan, a_workbook, titles

CODES = [
    *titles(),
    *a_catalogue().areas,
    "A.2.1",
    "B.2.2",
    "ORG.1",
    "a2.2",
    "A622",
    "A.5.15",
    "6.1.3",
    "CTRL-7",
    "A.5.2, A.5.3",
]
HEADINGS = [
    "Control ID",
    "Control",
    "Title",
    "Applicable",
    "Excluded",
    "Justification",
    "Status",
    "Evidence",
    "Owner",
    "Review date",
    "Maßnahme",
    "x",
]
CELLS = st.one_of(
    st.none(),
    st.sampled_from(CODES),
    st.sampled_from(HEADINGS),
    st.sampled_from(
        [
            *titles().values(),
            "Lieferanten",
            "Y",
            "N",
            "x",
            "Implemented",
            "50%",
            "31/12/2026",
            "Q3 2026",
            "TBD",
            "see A.5.2",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.booleans(),
    st.integers(-10, 50_000),
    st.floats(0, 100),
    st.dates(),
)
TABLES = st.lists(st.lists(CELLS, max_size=6), min_size=1, max_size=8)


def holds(plan: Plan, rows_in: int) -> None:
    """Every row has one verdict and is in the plan once; controls are seen or missing."""
    assert len(plan.rows) == rows_in
    assert sum(len(plan.of(verdict)) for verdict in VERDICTS) == rows_in
    seen = {row.id for row in plan.rows if row.verdict in ("matched", "flagged")}
    assert [code for code in titles() if code not in seen] == list(plan.missing)
    assert len({row.id for row in plan.of("matched")}) == len(plan.of("matched"))
    for row in plan.rows:
        assert (row.entry is not None) == (row.verdict in ("matched", "flagged"))
        assert row.reason or row.verdict == "matched"


def is_blank(cells: list[object]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


@settings(deadline=None, max_examples=150)
@given(TABLES)
def test_every_row_of_a_workbook_gets_one_verdict(table: list[list[object]]) -> None:
    try:
        plan = a_plan(a_workbook(("S", table)), "soa.xlsx")
    except NotReadable:
        assert all(is_blank(cells) for cells in table)
        return
    filled = max(at for at, cells in enumerate(table, start=1) if not is_blank(cells))
    holds(plan, filled)
    assert [row.line for row in plan.rows] == list(range(1, filled + 1))


@settings(deadline=None, max_examples=150)
@given(TABLES)
def test_every_record_of_a_csv_gets_one_verdict(table: list[list[object]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["Control ID", "Title", "Applicable", "Why"], *table])
    plan = a_plan(out.getvalue())
    holds(plan, len(table) + 1)


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=12))
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    for name in ("soa.csv", "soa.md"):
        try:
            plan = a_plan("\n".join(lines).encode(), name)
        except NotReadable:
            continue
        holds(plan, len(plan.rows))
