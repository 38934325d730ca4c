"""A row's cells as a decision; nothing is lost."""

from datetime import date
from typing import Any

import pytest

from tests.soa.intake.make import a_sheet, entry, only


def test_every_field_at_once() -> None:
    got = entry(
        [
            "Applicable",
            "Reason",
            "Reason code",
            "Status",
            "How implemented",
            "Policy",
            "Evidence",
            "Owner",
            "Review date",
            "Target date",
            "Performed by",
            "Provider",
            "Comments",
            "Risk level",
        ],
        "Yes",
        "the law says so",
        "LG",
        "Planned",
        "a policy is being written",
        "POL-01",
        "draft.docx; minutes",
        "Ada  Lovelace",
        date(2027, 1, 31),
        "31.03.2027",
        "shared",
        "Acme",
        "to do",
        "High",
    )
    assert (got.applicability, got.why, got.reasons, got.implementation) == (
        "included",
        "the law says so",
        ("LG",),
        "planned",
    )
    assert (got.how, got.document, got.evidence) == ("a policy is being written", "POL-01", ("draft.docx", "minutes"))
    assert (got.owner, got.review_on, got.planned_on) == ("Ada Lovelace", date(2027, 1, 31), date(2027, 3, 31))
    assert (got.performed_by, got.provider, got.notes) == ("shared", "Acme", "to do\nRisk level: High")


@pytest.mark.parametrize("text", ["[Insert reason]", "TBD", "N/A", "tbc"])
def test_template_text_is_kept_for_the_checks_to_report(text: str) -> None:
    assert entry(["Justification", "Owner"], text, text).why == text
    assert entry(["Justification", "Owner"], text, text).owner == text


def test_an_unknown_word_is_kept_and_told() -> None:
    row = only(a_sheet(["Ref", "Title", "Applicable"], ["A.2.2", "AI policy", "perhaps"]))
    assert row.entry is not None
    assert (row.entry.applicability, row.entry.notes) == ("undecided", "Applicable: perhaps")
    assert row.notes == ("“perhaps” is not a decision.",)


@pytest.mark.parametrize(
    ("cells", "applicability"),
    [
        (("x", None), "included"),
        ((None, "x"), "excluded"),
        (("✗", None), "included"),
        (("Y", "N"), "included"),
        (("N", "Y"), "excluded"),
        ((None, None), "undecided"),
        (("x", "x"), "undecided"),
        ((None, "we have none of it"), "excluded"),
    ],
)
def test_two_columns_of_ticks(cells: tuple[Any, Any], applicability: str) -> None:
    assert entry(["Applicable", "Not applicable"], *cells).applicability == applicability


@pytest.mark.parametrize(
    ("cell", "applicability", "why"),
    [
        ("Y", "excluded", ""),
        ("N", "included", ""),
        ("x", "excluded", ""),
        ("Excluded", "excluded", ""),
        (None, "undecided", ""),
        ("we train no models", "excluded", "we train no models"),
        ("hm", "undecided", "hm"),
    ],
)
def test_a_column_of_exclusions_says_the_opposite(cell: Any, applicability: str, why: str) -> None:
    got = entry(["Excluded"], cell)
    assert (got.applicability, got.why) == (applicability, why)


def test_two_reasons_go_by_the_decision() -> None:
    headings = ["Applicable", "Justification for inclusion", "Justification for exclusion"]
    assert entry(headings, "Y", "law", "N/A").why == "law"
    got = entry(headings, "N", "was law", "gone")
    assert (got.why, got.notes) == ("gone", "Reason if included: was law")
    assert entry(headings, None, "law", "gone").why == "law\ngone"


def test_a_reason_for_one_side_decides_where_no_column_does() -> None:
    headings = ["Justification for inclusion", "Justification for exclusion"]
    assert entry(headings, "law", None).applicability == "included"
    assert entry(headings, "n/a", "none here").applicability == "excluded"
    assert entry(headings, "law", "none here").applicability == "undecided"


def test_a_status_decides_where_no_column_does() -> None:
    assert entry(["Status"], "Excluded").applicability == "excluded"
    assert entry(["Status"], "Implemented").applicability == "undecided"
    assert entry(["Applicable", "Status"], None, "Excluded").applicability == "undecided"


def test_steps_of_implementation_may_be_ticked() -> None:
    headings = ["Implemented", "Partially implemented", "Planned", "Not implemented"]
    assert entry(headings, "x").implementation == "implemented"
    assert entry(headings, None, "x").implementation == "partly"
    assert entry(headings, None, None, "x").implementation == "planned"
    assert entry(headings, None, None, None, "x").implementation == "not_started"
    assert entry(headings, None, "x", "x").implementation == ""


def test_a_heading_planned_over_dates_is_a_date() -> None:
    assert entry(["Planned"], "31.03.2027").planned_on == date(2027, 3, 31)
    assert entry(["In progress"], "since May").notes == "In progress: since May"


def test_reasons_for_selection_may_be_codes() -> None:
    assert entry(["Reasons for selection"], "LR, RRA").reasons == ("LG", "RT")
    assert entry(["Reasons for selection"], "The law").why == "The law"


def test_a_status_may_carry_the_planned_date() -> None:
    got = entry(["Status"], "Planned for June 2027")
    assert (got.implementation, got.planned_on, got.notes) == (
        "planned",
        date(2027, 6, 30),
        "Status: Planned for June 2027",
    )


def test_percentages_by_format_and_by_heading() -> None:
    assert entry(["Implementation %"], 40).implementation == "partly"
    assert entry(["Status"], "0 %").implementation == "not_started"


def test_codes_in_the_reason_column() -> None:
    assert entry(["Justification"], "LR, CO").reasons == ("LG", "CT")
    assert entry(["Justification"], "LR, CO").why == "LR, CO"
    assert entry(["Justification"], "Contract").reasons == ()
    assert entry(["Reason codes"], "LR, house rule").notes == "Reason codes: house rule"


def test_ticked_reasons_and_what_is_written_there() -> None:
    got = entry(["Legal requirement", "Best practice", "Contractual obligation"], "GDPR", "no", "x")
    assert (got.reasons, got.notes) == (("LG", "CT"), "Legal requirement: GDPR")


def test_no_evidence_named_is_no_evidence() -> None:
    got = entry(["Evidence"], "None")
    assert (got.evidence, got.notes) == ((), "Evidence: None")


def test_an_ambiguous_date_is_kept_as_a_note() -> None:
    row = only(a_sheet(["Ref", "Title", "Review date"], ["A.2.2", "AI policy", "03/04/2027"]))
    assert row.entry is not None
    assert (row.entry.review_on, row.entry.notes) == (None, "Review date: 03/04/2027")
    assert row.notes == ("Review date: “03/04/2027” is ambiguous: day or month first?",)


def test_another_row_settles_the_order_of_day_and_month() -> None:
    plan = a_sheet(
        ["Ref", "Title", "Review date"], ["A.2.2", "AI policy", "03/04/2027"], ["A.10.3", "Suppliers", "25/04/2027"]
    )
    assert [row.entry.review_on for row in plan.of("matched") if row.entry] == [date(2027, 4, 3), date(2027, 4, 25)]


def test_the_raw_cells_are_kept_under_their_headings() -> None:
    row = only(
        a_sheet(["Ref", "Title", "Applicable", None, "Notes", "Notes"], ["A.2.2", "AI policy", "-", 3, "a", "b"])
    )
    assert row.raw == {
        "Ref": "A.2.2",
        "Title": "AI policy",
        "Applicable": "-",
        "Column D": "3",
        "Notes": "a",
        "Notes (column F)": "b",
    }
    assert row.entry is not None
    assert row.entry.notes == "a\nColumn D: 3\nNotes: b"
