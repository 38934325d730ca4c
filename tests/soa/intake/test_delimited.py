"""CSV and its kin."""

import pytest

from soa.intake.raw import NotReadable
from tests.soa.intake.make import a_plan, only, verdicts

ROWS = (
    "Control ID{0}Title{0}Applicable{0}Why\n"
    'A.2.2{0}AI policy{0}Y{0}"one, two; three | four\nand more"\n'
    "A.10.3{0}Suppliers{0}N{0}no\n"
)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["soa.csv", "soa.tsv", "soa.txt", "soa"])
def test_delimiters_and_the_lines_rows_start_on(mark: str, name: str) -> None:
    plan = a_plan(ROWS.format(mark), name)
    assert [(row.line, row.verdict, row.id) for row in plan.rows] == [
        (1, "skipped", ""),
        (2, "matched", "A.2.2"),
        (4, "matched", "A.10.3"),
    ]
    assert plan.rows[1].entry is not None
    assert plan.rows[1].entry.why == "one, two; three | four\nand more"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    plan = a_plan(end.join(["Control,Title", "", "A.2.2,AI policy", ",,,"]) + end)
    assert [(row.line, row.verdict) for row in plan.rows] == [
        (1, "skipped"),
        (2, "skipped"),
        (3, "matched"),
        (4, "skipped"),
    ]


def test_a_declared_delimiter_is_no_row() -> None:
    plan = a_plan("sep=|\r\nControl|Title, or name\r\nA.2.2|AI policy\r\n")
    assert [(row.line, row.verdict) for row in plan.rows] == [(2, "skipped"), (3, "matched")]


def test_a_quotation_mark_that_never_closes_swallows_no_row() -> None:
    plan = a_plan('Control;Title;Why\nA.2.2;AI policy;"because\nA.10.3;Suppliers;x\n')
    assert [row.id for row in plan.of("matched")] == ["A.2.2", "A.10.3"]
    assert plan.rows[1].entry is not None
    assert plan.rows[1].entry.why == "because"


def test_quotation_marks_inside_a_cell_are_text() -> None:
    assert a_plan('Control,Title,Why\nA.2.2,AI policy,"so "called" law"\n').of("matched")[0].id == "A.2.2"


def test_commas_in_prose_do_not_make_columns() -> None:
    plan = a_plan("Ref;Control;Justification\nA.2.2;AI policy;law, contract, and custom, all, three\n")
    assert only(plan).verdict == "matched"


def test_one_column_is_enough() -> None:
    assert verdicts(a_plan("A.2.2 AI policy\nA.10.3 Customers\n", "list.txt")) == [
        ("matched", "A.2.2"),
        ("flagged", "A.10.3"),
    ]


def test_the_apostrophe_that_guards_a_formula_is_taken_off() -> None:
    plan = a_plan("Control,Title,Why\nA.2.2,AI policy,'=1+1\n")
    assert plan.of("matched")[0].entry is not None
    assert plan.of("matched")[0].entry.why == "=1+1"


def test_too_many_rows_and_too_long_cells_are_refused() -> None:
    with pytest.raises(NotReadable, match="20,000"):
        a_plan("Control,Title\n" * 20_001)
    with pytest.raises(NotReadable, match="cannot be read"):
        a_plan("Control,Title\nA.2.2," + "x" * 200_000)


def test_blank_lines_alone_are_no_table() -> None:
    with pytest.raises(NotReadable, match="no rows"):
        a_plan(",,,\n,,,\n")
