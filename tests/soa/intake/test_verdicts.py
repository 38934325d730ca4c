"""Matched, flagged, rejected or skipped: each row once, with the reason."""

from datetime import date

import pytest

from soa.intake.raw import NotReadable
from tests.soa.intake.make import a_catalogue, a_plan, a_sheet, only, titles, verdicts

HEADINGS = ["Control ID", "Title", "Applicable", "Justification"]


def test_a_whole_statement_matches_and_misses_nothing() -> None:
    plan = a_sheet(HEADINGS, *[[code, title, "Y", "law"] for code, title in titles().items()])
    assert [row.id for row in plan.of("matched")] == list(titles())
    assert plan.missing == ()
    assert all(row.reason == "" and row.notes == () for row in plan.of("matched"))


def test_controls_without_a_row_are_missing_in_the_order_of_the_standard() -> None:
    plan = a_sheet(HEADINGS, ["A.10.3", "Suppliers", "Y", ""], ["A.2.2", "Suppliers", "Y", ""])
    assert plan.missing == tuple(code for code in titles() if code not in ("A.10.3", "A.2.2"))


def test_incomplete_decisions_match() -> None:
    row = only(a_sheet(HEADINGS, ["A.2.2", "AI policy", None, None]))
    assert (row.verdict, row.reason) == ("matched", "")


def test_a_title_of_another_control_is_flagged_and_keeps_its_entry() -> None:
    row = only(a_sheet(HEADINGS, ["A.6.2.8", "AI system deployment", "Y", "law"]))
    assert row.verdict == "flagged"
    assert row.reason.startswith("“AI system deployment” is the title of A.6.2.5")
    assert row.entry is not None
    assert row.entry.why == "law"


def test_a_second_row_is_flagged() -> None:
    plan = a_sheet(HEADINGS, ["A.2.2", "AI policy", "Y", ""], ["a2.2", "AI policy", "N", ""])
    assert verdicts(plan)[1:] == [("matched", "A.2.2"), ("flagged", "A.2.2")]
    assert plan.rows[2].reason == "A second row for A.2.2; the first is on line 2."


def test_a_second_row_with_a_wrong_title_says_both() -> None:
    plan = a_sheet(HEADINGS, ["A.2.2", "AI policy", "Y", ""], ["A.2.2", "Suppliers", "N", ""])
    assert "second row" in plan.rows[2].reason
    assert "A.10.3" in plan.rows[2].reason


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("B.2.2", "Annex B is guidance"),
        ("C.2.1", "Annex C lists possible objectives"),
        ("D.2", "Annex D is about use across sectors"),
        ("A.2.1", "A.2.1 is an objective, not a control."),
        ("A.6.1.1", "A.6.1.1 is an objective, not a control."),
        ("A.6.1", "A.6.1 is an area"),
        ("A.2", "A.2 is an area"),
        ("A.5.15", "no Annex A control"),
        ("A.8.28", "no Annex A control"),
        ("A.2.2a", "no Annex A control"),
        ("A.7.x", "no Annex A control"),
        ("CTRL-1", "no Annex A control"),
        ("Clause 6.1.3", "is a clause"),
        ("ISO 27001 A.8.2", "no Annex A control"),
        ("A.5.2, A.5.3", "names more than one control"),
    ],
)
def test_an_id_that_is_no_control_is_rejected_as_written(written: str, reason: str) -> None:
    plan = a_sheet(HEADINGS, ["A.4.3", "Data resources", "Y", "x"], [written, "Something", "Y", "law"])
    row = plan.rows[2]
    assert (row.verdict, row.id, row.entry) == ("rejected", written, None)
    assert reason in row.reason


def test_headings_of_areas_are_skipped() -> None:
    plan = a_sheet(
        HEADINGS,
        ["A.2", "Policies related to AI", None, None],
        ["A.6.1 Objectives for AI"],
        ["A.2.2", "AI policy", "Y", ""],
    )
    assert verdicts(plan) == [("skipped", ""), ("skipped", "A.2"), ("skipped", "A.6.1"), ("matched", "A.2.2")]
    assert plan.rows[1].reason == "Heading: A.2 is an area (“Policies related to AI”), not a control."


def test_counts_beside_an_area_are_no_decision() -> None:
    plan = a_sheet(
        ["Category", "Controls", "Applicable", "Implemented"],
        ["A.2 Policies", 3, 3, "100%"],
        ["A.4 Resources", 5, "4/5", None],
    )
    assert {row.verdict for row in plan.rows} == {"skipped"}


def test_an_area_with_the_name_of_something_else_is_rejected_where_no_column_decides() -> None:
    plan = a_plan("Ref,Control\nA.6.2,Human oversight\nA.6,AI system life cycle\n")
    assert verdicts(plan)[1:] == [("rejected", "A.6.2"), ("skipped", "A.6")]


def test_objectives_are_rejected_even_without_a_decision() -> None:
    assert verdicts(a_plan("Ref,Control\nA.2.1,Objective\n"))[1:] == [("rejected", "A.2.1")]


def test_rows_without_an_id_are_skipped_and_say_what_they_might_be() -> None:
    plan = a_sheet(
        HEADINGS, ["A.2.2", "AI policy", "Y", ""], [None, "Suppliers", "Y", "see A.5.2"], ["Total", 38, None, None]
    )
    assert [row.verdict for row in plan.rows[2:]] == ["skipped", "skipped"]
    assert plan.rows[2].reason == "No control id; the title is that of A.10.3."


def test_an_id_may_stand_in_the_title_column() -> None:
    plan = a_sheet(HEADINGS, ["A.2.2", "AI policy", "Y", ""], [None, "A.10.3 Suppliers", "Y", ""])
    assert (plan.rows[2].verdict, plan.rows[2].id, plan.rows[2].title) == ("matched", "A.10.3", "Suppliers")


def test_an_id_in_brackets_after_its_title_counts() -> None:
    plan = a_sheet(["Control", "Applicable"], ["AI policy (A.2.2)", "Y"], ["We follow the process (A.5.2)", "N"])
    assert verdicts(plan)[1:] == [("matched", "A.2.2"), ("skipped", "")]


def test_a_title_that_repeats_the_id_is_read_without_it_and_one_that_names_another_is_flagged() -> None:
    plan = a_sheet(HEADINGS, ["A.2.2", "A.2.2 AI policy", "Y", ""], ["A.10.3", "A.10.4 Suppliers", "Y", ""])
    assert (plan.rows[1].verdict, plan.rows[1].title) == ("matched", "AI policy")
    assert plan.rows[2].reason == "The title names A.10.4; the row is A.10.3."


def test_a_blank_title_matches_with_a_note() -> None:
    row = only(a_sheet(HEADINGS, ["A.2.2", None, "Y", ""]))
    assert (row.verdict, row.reason) == ("matched", "There is no title to compare.")


def test_a_title_in_german_matches_with_a_note() -> None:
    row = only(a_sheet(HEADINGS, ["A.10.3", "Lieferanten", "ja", ""]))
    assert (row.verdict, row.reason) == ("matched", "The title is in German and is that of A.10.3.")


def test_a_repaired_id_is_told() -> None:
    row = only(a_sheet(HEADINGS, ["A622", "AI system requirements and specification", "Y", ""]))
    assert (row.id, row.notes) == ("A.6.2.2", ("“A622” read as A.6.2.2.",))


class TestOwnControls:
    def test_a_new_one_matches(self) -> None:
        row = only(a_sheet(HEADINGS, ["org 3", "Human oversight", "Y", ""]))
        assert (row.verdict, row.id, row.reason) == ("matched", "ORG.3", "New own control.")

    def test_a_new_one_with_the_title_of_an_annex_a_control_says_so(self) -> None:
        assert "that of A.2.2" in only(a_sheet(HEADINGS, ["ORG.1", "AI policy", "Y", ""])).reason

    @pytest.mark.parametrize(("title", "verdict"), [("Human Oversight", "matched"), ("Suppliers", "flagged")])
    def test_a_known_one_is_compared(self, title: str, verdict: str) -> None:
        catalogue = a_catalogue(own=(("ORG.1", "Human oversight"),))
        plan = a_plan(f"Control ID,Title\nORG.1,{title}\n", catalogue=catalogue)
        assert only(plan).verdict == verdict

    def test_a_second_row_is_flagged_and_none_is_missing(self) -> None:
        plan = a_plan("Control ID,Title\nORG.1,One\nORG.1,One\n")
        assert [row.verdict for row in plan.rows] == ["skipped", "matched", "flagged"]
        assert all(not code.startswith("ORG") for code in plan.missing)


class TestBareNumbers:
    def test_a_table_of_annex_a_may_leave_the_letter_out(self) -> None:
        plan = a_sheet(
            ["No", "Title"],
            [2, "Policies related to AI"],
            [2.2, "AI policy"],
            ["6.2.4", "AI system verification and validation"],
            ["6.1.3", "Processes for responsible AI system design and development"],
            [10.2, "Allocating responsibilities"],
            [4.2, "Suppliers"],
            [4.3, None],
            ["2.1", "Objective"],
            ["6.1", None],
        )
        assert verdicts(plan)[2:] == [
            ("matched", "A.2.2"),
            ("matched", "A.6.2.4"),
            ("matched", "A.6.1.3"),
            ("matched", "A.10.2"),
            ("flagged", "A.4.2"),
            ("matched", "A.4.3"),
            ("rejected", "A.2.1"),
            ("skipped", "A.6.1"),
        ]

    def test_clauses_are_rejected(self) -> None:
        plan = a_sheet(
            ["Clause", "Title"],
            ["4.1", "Understanding the organization and its context"],
            ["6.1.3", "AI risk treatment"],
            [5.2, "AI policy"],
        )
        assert verdicts(plan)[1:] == [("rejected", "4.1"), ("rejected", "6.1.3"), ("rejected", "5.2")]
        assert plan.rows[2].reason == "6.1.3 is a clause, not an Annex A control."

    def test_a_date_that_was_an_id_is_recovered_by_its_title(self) -> None:
        row = only(a_sheet(["Ref", "Title"], [date(2004, 2, 6), "AI system verification and validation"]))
        assert (row.verdict, row.id) == ("matched", "A.6.2.4")

    def test_version_numbers_are_not_ids(self) -> None:
        plan = a_plan("Version,Date,Author\n1.0,April,Ann\n1.1,May,Bob\n")
        assert {row.verdict for row in plan.rows} == {"skipped"}


def test_a_file_without_ids_is_skipped_whole_and_one_without_a_table_refused() -> None:
    plan = a_plan("Name,Colour\nApple,red\n")
    assert [row.verdict for row in plan.rows] == ["skipped", "skipped"]
    assert len(plan.missing) == 38
    with pytest.raises(NotReadable, match="no table"):
        a_plan("Only some words\non two lines\n", "notes.txt")


def test_the_command_prints_lines_ids_titles_and_reasons() -> None:
    json = a_plan("Control ID,Title\nA.2.2,AI policy\nB.2.2,AI policy\n").as_json()
    assert list(json) == ["matched", "flagged", "rejected", "skipped", "missing"]
    assert json["matched"] == [{"line": 2, "id": "A.2.2", "title": "AI policy", "reason": ""}]
    assert json["rejected"][0]["id"] == "B.2.2"
    assert json["missing"][0] == "A.2.3"
