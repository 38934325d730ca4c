"""Headings that are not the first line."""

from tests.soa.intake.make import a_plan, a_sheet, a_workbook, only, verdicts


def test_lines_above_the_heading_are_skipped() -> None:
    plan = a_sheet(
        ["Statement of Applicability"],
        [],
        ["Version", "1.1"],
        ["Control", "Title", "Applicable"],
        ["A.2.2", "AI policy", "Yes"],
    )
    assert [row.verdict for row in plan.rows] == ["skipped"] * 4 + ["matched"]
    assert only(plan).line == 5
    assert [row.reason for row in plan.rows[:4]] == [
        "Heading or text, with no control id.",
        "Blank row.",
        "No control id.",
        "Heading.",
    ]


def test_a_heading_may_take_two_lines() -> None:
    plan = a_sheet(
        ["Ref", "Control", "Applicability", None, "Implementation", None],
        [None, None, "Applicable", "Justification", "Status", "Evidence"],
        ["A.2.2", "AI policy", "N", "none made", "Planned", "a.pdf"],
    )
    row = only(plan)
    assert row.entry is not None
    assert (row.entry.applicability, row.entry.why, row.entry.implementation) == ("excluded", "none made", "planned")
    assert row.entry.evidence == ("a.pdf",)


def test_a_group_heading_lends_its_name_to_the_columns_under_it() -> None:
    plan = a_sheet(
        ["Ref", "Control", "Applicable", "Justification", None],
        [None, None, None, "Inclusion", "Exclusion"],
        ["A.2.2", "AI policy", "Y", "law", None],
        ["A.10.4", "Customers", "N", None, "we have none"],
    )
    first, second = plan.of("matched")
    assert first.entry is not None
    assert second.entry is not None
    assert (first.entry.why, second.entry.why) == ("law", "we have none")


def test_templates_of_the_security_standard_tick_their_reasons() -> None:
    plan = a_sheet(
        ["Annex A control", "Reasons for selection", None, None, None, "Remarks"],
        [None, "LR", "CO", "BR/BP", "RRA", None],
        ["A.2.2 AI policy", "x", None, None, "x", "hi"],
        ["A.10.3 Suppliers", None, "Contract 7", None, None, None],
    )
    first, second = plan.of("matched")
    assert first.entry is not None
    assert second.entry is not None
    assert (first.entry.reasons, first.entry.applicability, first.entry.notes) == (("LG", "RT"), "included", "hi")
    assert (second.entry.reasons, second.entry.notes) == (("CT",), "CO: Contract 7")


def test_the_heading_may_return_for_every_area_in_another_order() -> None:
    plan = a_plan(
        "Control,Ref,Included\nAI policy,A.2.2,Y\n\nDomain 2\nRef,Control,Included\nA.3.3,Reporting of concerns,N\n"
    )
    assert [(row.id, row.title) for row in plan.of("matched")] == [
        ("A.2.2", "AI policy"),
        ("A.3.3", "Reporting of concerns"),
    ]
    assert [row.entry.applicability for row in plan.of("matched") if row.entry] == ["included", "excluded"]


def test_every_sheet_counts_hidden_ones_too() -> None:
    rows = [["Control", "Title"], ["A.2.2", "AI policy"]]
    others = [["Control", "Title"], ["A.10.3", "Suppliers"]]
    plan = a_plan(a_workbook(("Cover", [["Statement"]]), ("Two", rows), ("Ten", others)), "x.xlsx")
    assert verdicts(plan) == [
        ("skipped", ""),
        ("skipped", ""),
        ("matched", "A.2.2"),
        ("skipped", ""),
        ("matched", "A.10.3"),
    ]
    assert [(row.sheet, row.line) for row in plan.of("matched")] == [("Two", 2), ("Ten", 2)]


def test_a_copied_sheet_shows_as_second_rows() -> None:
    rows = [["Control", "Title"], ["A.2.2", "AI policy"]]
    plan = a_plan(a_workbook(("SoA", rows), ("SoA (2)", rows)), "x.xlsx")
    assert plan.of("flagged")[0].reason == "A second row for A.2.2; the first is on line 2 of sheet “SoA”."
