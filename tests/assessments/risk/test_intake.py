"""Registers as people keep them: whatever their headings, order and words, every level is recomputed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aims.models import Criteria
from aims.queries import default_criteria
from assessments.queries.residual import shipped_criteria
from assessments.risk.intake.days import day_of_text
from assessments.risk.intake.plan import RiskPlan, plan_of
from assessments.risk.intake.raw import NotATable
from assessments.risk.intake.scores import score_of, stated
from tests.assessments.risk.make import book, markdown, table

HEAD = ("Risk ID", "Risk Description", "Likelihood", "Consequence", "Risk Score", "Rating", "Risk Owner", "Controls")
GOOD = ("R-1", "Letters are ranked unfairly", 4, 4, 16, "Critical", "Ann", "A.6.2.4")


def criteria() -> Criteria:
    row, data = shipped_criteria(), default_criteria()
    row.likelihood, row.severity = data["likelihood"], data["severity"]
    return row


def judged(data: bytes, name: str = "register.csv") -> RiskPlan:
    return plan_of(data, name, criteria())


def told(data: bytes, name: str = "register.csv") -> dict[str, Any]:
    """Every row that tells of a risk, by its id, with its verdict."""
    found = judged(data, name).as_json()
    return {
        row["id"]: row | {"verdict": verdict} for verdict, rows in found.items() for row in rows if verdict != "skipped"
    }


def verdicts(data: bytes, name: str = "register.csv") -> dict[str, str]:
    return {key: row["verdict"] for key, row in told(data, name).items()}


@pytest.mark.parametrize(
    ("scores", "score", "band", "contradiction"),
    [
        ((4, 4, 16, "Critical"), 16, "Severe", False),
        ((3, 4, 12, "High"), 12, "High", False),
        ((3, 3, 9, "Medium"), 9, "Moderate", False),
        ((3, 3, 9, "High"), 9, "Moderate", True),
        ((3, 3, 12, "Medium"), 9, "Moderate", True),
        ((1, 5, 5, "Medium"), 5, "High", True),  # severity 5 is at least High
        ((5, 5, 25, "High"), 25, "Severe", True),
        ((2, 2, 4, "very low"), 4, "Low", False),
        ((2, 2, "", ""), 4, "Low", False),
        ((2, 2, 4, "Tier two"), 4, "Low", False),
    ],
)
def test_levels_are_recomputed_and_what_contradicts_is_flagged(
    scores: Any,
    score: int,
    band: str,
    contradiction: bool,
) -> None:
    row = told(table(HEAD, GOOD, ("R-2", "Another", *scores)))["R-2"]
    assert (row["score"], row["band"], row["contradiction"]) == (score, band, contradiction)
    assert row["stated"] == (scores[3] or (str(scores[2]) or None))
    assert row["verdict"] == ("flagged" if contradiction else "matched")


@pytest.mark.parametrize("cell", ["0", "6", "-1", "2.5", "10", "60%", "1-2", "3/10", "maybe"])
def test_scores_outside_1_to_5_are_rejected_with_their_reason(cell: str) -> None:
    row = told(table(HEAD, GOOD, ("R-2", "Another", cell, 3, "", "", "", "")))["R-2"]
    assert row["verdict"] == "rejected"
    assert cell in row["reason"]
    assert (row["score"], row["band"], row["contradiction"]) == (None, None, False)


def test_half_filled_rows_have_no_level() -> None:
    rows = [("R-2", "No severity", 3, "", "", "High", "", ""), ("R-3", "Neither", "", "TBD", "", "High", "", "")]
    rows += [("R-4", "", 3, 3, "", "", "", ""), ("", "", "", "", "", "", "", "")]
    found = told(table(HEAD, GOOD, *rows))
    assert found["R-2"]["verdict"] == "rejected"
    assert "Severity is missing" in found["R-2"]["reason"]
    assert found["R-3"]["verdict"] == "flagged"
    assert (found["R-3"]["stated"], found["R-3"]["band"]) == ("High", None)
    assert (found["R-4"]["verdict"], found["R-4"]["title"]) == ("matched", "R-4")
    assert set(found) == {"R-1", "R-2", "R-3", "R-4"}


@pytest.mark.parametrize(
    "head",
    [
        ("Ref", "Hazard", "L", "S", "LxS", "RAG"),
        ("risk_id", "risk_name", "probability", "impact", "risk_score", "risk_level"),
        ("RiskID", "Risk", "Likelihood (1-5)", "Impact (1-5)", "Score (L x I)", "Inherent Risk Level"),
        ("#", "Threat", "Prob.", "Severity", "Inherent score", "Priority"),
        ("Nr.", "Risiko", "Eintrittswahrscheinlichkeit", "Auswirkung", "Risikowert", "Risikostufe"),
        ("N°", "Risque", "Vraisemblance", "Gravité", "Score", "Niveau de risque"),
        ("Kode", "Deskripsi Risiko", "Kemungkinan", "Dampak", "Skor", "Tingkat"),
    ],
)
def test_headings_are_understood_in_many_words_and_any_order(head: tuple[str, ...]) -> None:
    body = [("A-1", "Answers invent facts", 3, 4, 12, "High"), ("A-2", "Data leak out", 2, 2, 4, "High")]
    for order in (range(6), (3, 1, 5, 0, 4, 2)):
        shuffled = table(*[[row[at] for at in order] for row in (head, *body)], mark=";")
        found = told(shuffled)
        assert verdicts(shuffled) == {"A-1": "matched", "A-2": "flagged"}
        assert (found["A-1"]["likelihood"], found["A-1"]["severity"], found["A-1"]["title"]) == (3, 4, body[0][1])


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("3", 3), ("3 — Possible", 3), ("Likely (4)", 4), ("4/5", 4), ("L4", 4), ("**5**", 5), ("Level 2", 2),
        ("4.0", 4), ("Possible", 3), ("almost certain", 5), ("Rare (1-5)", 1), ("four", 4),
    ],
)  # fmt: skip
def test_scores_are_read_as_people_write_them(cell: str, value: int) -> None:
    assert score_of(cell, "likelihood", {"possible": 3}).value == value


def test_words_of_a_shorter_scale_are_for_a_person_to_look_at() -> None:
    row = told(table(HEAD, GOOD, ("R-2", "Another", "Medium", "High", "", "High", "", "")))["R-2"]
    assert (row["likelihood"], row["severity"], row["verdict"], row["contradiction"]) == (3, 4, "flagged", False)
    assert "shorter scale" in row["reason"]


@pytest.mark.parametrize(
    ("score", "level", "product", "ranks", "written"),
    [
        ("15", "🔴 Critical", 15, {4}, "🔴 Critical"),
        ("15 (High)", "", 15, {3}, "15 (High)"),
        ("4 x 5 = 20", "", 20, set(), "4 x 5 = 20"),
        ("20 / 25", "Very High", 20, {4}, "Very High"),
        ("", "Medium to high", None, {2, 3}, "Medium to high"),
        ("", "🟡", None, {2}, "🟡"),
        ("", "Red", None, {3, 4}, "Red"),
        ("", "12", 12, set(), "12"),
        ("n/a", "-", None, set(), ""),
    ],
)
def test_what_a_register_states_is_kept_as_written(
    score: str, level: str, product: float | None, ranks: set[int], written: str
) -> None:
    found = stated(score, level)
    assert (found.product, found.ranks, found.written) == (product, ranks, written)


def test_a_markdown_file_may_hold_scales_matrix_and_several_tables() -> None:
    scales = """# Register
| Score | Likelihood | Meaning |
|---|---|---|
| 1 | Rare | Once in ten years |

| Likelihood / Consequence | 1 Minor | 2 Major |
|---|---|---|
| 5 Certain | Medium (5) | High (10) |
"""
    summary = "\n".join(
        ["", "| Priority | Risk ID | Risk Description | Rating |", "|---|---|---|---|", "| 1 | R-1 | Unfair | Low |"]
    )
    second = markdown(
        HEAD, ("S-1", "**Drift**", "3", "3", "**9**", "🟠 High", "", ""), ("", "", "", "", "", "", "", "")
    )
    data = markdown(HEAD, GOOD, before=scales, after="\n### More\n" + second.decode() + summary)
    found = judged(data, "register.md").as_json()
    assert [(row["line"], row["id"], row["title"]) for row in found["matched"]] == [(12, "R-1", GOOD[1])]
    assert [(row["id"], row["title"], row["stated"]) for row in found["flagged"]] == [("S-1", "Drift", "🟠 High")]
    assert [row["reason"] for row in found["skipped"]] == ["Nothing is filled in."]
    assert found["rejected"] == []


def test_risks_told_as_cards_are_read_too() -> None:
    cards = """
## Risk Entry 1: Bias
| Field | Entry |
|---|---|
| **Risk ID** | AR-1 |
| **Risk Title** | Bias in credit |

| Dimension | Score | Basis |
|---|---|---|
| Likelihood (1-5) | 3 — Possible | Often seen |
| Impact (1-5) | 5 — Catastrophic | Fines |
| Inherent Risk Score | 15 (High) | 3 x 5 |

### AR-2: Prompt injection
- **Likelihood:** 2
- **Impact:** 2
- **Risk Score:** 4
"""
    found = told(cards.encode(), "register.md")
    assert found["AR-1"]["stated"] == "15 (High)"
    assert (found["AR-1"]["verdict"], found["AR-1"]["band"]) == ("flagged", "Severe")
    assert (found["AR-2"]["verdict"], found["AR-2"]["title"]) == ("matched", "Prompt injection")


def test_a_workbook_may_merge_cells_group_its_headings_and_leave_products_to_formulas() -> None:
    data = book(
        ["AI risk register"],
        [],
        ["ID", "Risk", "Inherent", None, None, None, "Residual", None, "Controls"],
        [None, None, "L", "I", "Score", "Level", "L", "I", None],
        ["Category 1: Fairness"],
        ["R-1", "Bias", 4, 4, "=C6*D6", "Critical", 2, 2, "A.6.2.4"],
        [None, None, None, None, None, None, None, None, "A.7.4"],
        ["R-2", "Drift", 3, 3, "=IF(C8>1,9,0)", "High", 1, 1, None],
        ["R-3", "Theft", 3, 7, "=C9*D9", "High", None, None, None],
        [],
        ["Total", 3],
        merged=("A1:I1", "A3:A4", "B3:B4", "C3:F3", "G3:H3", "I3:I4", "A5:I5", *(f"{at}6:{at}7" for at in "ABCDEFGH")),
    )
    plan = judged(data, "register.xlsx")
    found = plan.as_json()
    assert [(row["line"], row["sheet"], row["id"]) for row in found["matched"]] == [(6, "Register", "R-1")]
    assert (found["matched"][0]["stated"], found["matched"][0]["stated_score"]) == ("Critical", 16)
    assert found["matched"][0]["controls"] == ["A.6.2.4", "A.7.4"]
    assert (found["matched"][0]["residual"]["score"], found["matched"][0]["residual"]["band"]) == (4, "Low")
    assert [(row["id"], row["contradiction"]) for row in found["flagged"]] == [("R-2", True)]
    assert [(row["id"], row["severity"]) for row in found["rejected"]] == [("R-3", 7)]
    assert [row["line"] for row in found["skipped"]] == [5, 7, 11]


def test_groups_of_headings_are_understood_without_merged_cells() -> None:
    rows = [
        ("ID", "Risk", "Inherent", "", "", "Residual", "", "", "Owner"),
        ("", "", "L", "I", "Score", "L", "I", "Rating", ""),
    ]
    found = told(table(("AI risks",), (), *rows, ("R1", "Poisoning", 4, 4, 16, 2, 3, "Medium", "Ann")))["R1"]
    assert (found["score"], found["residual"]["score"], found["verdict"]) == (16, 6, "matched")


def test_what_remains_is_judged_apart() -> None:
    head = ("Risk ID", "Risk", "Initial Likelihood", "Initial Impact", "Initial Rating", "Mitigation",
            "Likelihood after mitigation", "Impact after mitigation", "Rating after mitigation")  # fmt: skip
    found = told(
        table(head, ("R-1", "Foo", 4, 4, "Severe", "Do", 2, 4, "Low"), ("R-2", "Bar", 4, 4, "Severe", "Do", 2, 9, ""))
    )
    assert (found["R-1"]["verdict"], found["R-1"]["contradiction"], found["R-1"]["residual"]["contradiction"]) == (
        "flagged",
        False,
        True,
    )
    assert found["R-2"]["verdict"] == "rejected"


def test_a_second_set_of_scores_without_a_name_of_its_own_is_what_remains() -> None:
    head = ("Risk ID", "Risk", "Likelihood", "Impact", "Score", "Controls", "Likelihood", "Impact", "Score")
    row = told(table(head, ("R-1", "Foo", 4, 4, 16, "Do", 2, 4, 8)))["R-1"]
    assert (row["score"], row["residual"]["score"], row["verdict"]) == (16, 8, "matched")


def test_severity_beside_impact_is_the_level_it_states() -> None:
    rows = judged(table(("Risk", "Likelihood", "Impact", "Severity"), ("Foo", 3, 4, "Low"))).as_json()
    assert (rows["flagged"][0]["score"], rows["flagged"][0]["stated"]) == (12, "Low")


def test_headings_that_come_again_totals_and_notes_below_are_skipped() -> None:
    rows = [
        HEAD,
        GOOD,
        HEAD,
        ("Total", "", "", "", 16, "", "", ""),
        (),
        ("1", "Rare", "once in years", "slight", "", "", "", ""),
    ]
    found = judged(table(*rows)).as_json()
    assert [row["line"] for row in found["skipped"]] == [3, 4, 6]
    assert len(found["matched"]) == 1


def test_ids_that_stand_twice_are_pointed_out_and_counted_rows_are_not() -> None:
    assert verdicts(table(HEAD, GOOD, GOOD))["R-1"] == "flagged"
    one, two = ("1", *GOOD[1:]), ("1", "Another", *GOOD[2:])
    assert len(judged(table(HEAD, one, two)).of("matched")) == 2


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "register.csv", "empty"),
        (b"name,age\nAnn,3\n", "register.csv", "no register"),
        (b"# Only prose\n", "register.md", "no register"),
        (b"%PDF-1.7", "register.xlsx", "PDF"),
        (b"PK\x03\x04broken", "register.xlsx", "damaged"),
        (b"<html><table></table></html>", "register.csv", "web page"),
    ],
)
def test_what_holds_no_register_is_refused_in_words(data: bytes, name: str, words: str) -> None:
    with pytest.raises(NotATable, match=words):
        judged(data, name)


@given(
    st.integers(-3, 9),
    st.integers(-3, 9),
    st.sampled_from(["Low", "Medium", "High", "Critical", ""]),
    st.integers(0, 30),
)
def test_no_row_is_lost_and_verdicts_follow_from_the_criteria(one: int, two: int, level: str, score: int) -> None:
    row = told(table(HEAD, GOOD, ("X-1", "Another", one, two, score, level, "", "")))["X-1"]
    if not (1 <= one <= 5 and 1 <= two <= 5):
        assert row["verdict"] == "rejected"
        return
    band = criteria().band(one, two)
    ranks = {"Low": "low", "Medium": "moderate", "High": "high", "Critical": "severe"}
    assert row["band"].lower() == band
    assert row["contradiction"] is (score != one * two or (level != "" and ranks[level] != band))
    assert row["verdict"] == ("flagged" if row["contradiction"] else "matched")


@pytest.mark.parametrize(
    ("said", "day"),
    [("2026-05-01", "2026-05-01"), ("1.5.2026", "2026-05-01"), ("14 March 2025", "2025-03-14"),
     ("May 1, 2026", "2026-05-01"), ("3/4/2026", None), ("Q3 2026", None), ("31.2.2026", None)],
)  # fmt: skip
def test_days_are_read_only_where_they_can_be_one_day(said: str, day: str | None) -> None:
    found = day_of_text(said)
    assert (found.isoformat() if found else None) == day
