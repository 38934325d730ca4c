"""Files as teams write them: what each says is read, what is wrong in them is told by line."""

from pathlib import Path

import pytest

from aims.models import Criteria
from assessments.markdown.claims import row_of
from assessments.markdown.gathering import labels_of
from assessments.markdown.reading import read
from assessments.queries.residual import shipped_criteria

SAMPLES = Path(__file__).parents[1] / "samples"
Scores = tuple[int | None, int | None, int | None, int | None]
N = None
READ: dict[str, tuple[int, list[Scores], int, str]] = {
    "01_numbered_tables": (3, [(4, 3, 2, 3), (3, 4, 2, 4), (2, 2, N, N)], 4, "conditions"),
    "02_bullets": (3, [(2, 5, N, N), (4, 3, N, N), (3, 4, N, N)], 3, "proceed"),
    "03_headings_per_impact": (2, [(4, 4, 2, 4), (3, 2, N, N)], 3, "mitigate"),
    "04_one_table": (0, [(4, 2, N, N), (3, 2, N, N), (2, 4, N, N)], 2, "proceed"),
    "05_pairs_in_one_cell": (2, [(3, 3, 2, 3), (4, 2, N, N)], 2, "proceed"),
    "06_bold_headings": (1, [(4, 3, N, N), (3, 1, N, N)], 1, "conditions"),
    "07_separate_residual": (2, [(2, 5, 1, 5), (3, 4, 2, 4), (N, N, N, N)], 2, "mitigate"),
    "08_scale_words": (1, [(4, N, N, N), (1, N, N, N)], 2, "proceed"),
    "09_setext": (3, [(3, 4, N, N), (4, 3, N, N)], 4, "decline"),
    "10_roman": (3, [(5, 2, N, N), (4, 3, N, N)], 1, "proceed"),
    "11_nested": (2, [(4, 3, 2, 3), (2, 4, 1, 4)], 2, "proceed"),
    "12_half_filled": (1, [(3, N, N, N), (3, 2, N, N), (2, 5, N, N)], 1, ""),
    "13_risk_column": (2, [(4, 4, 2, N), (N, 4, N, N)], 2, "conditions"),
    "14_grouped_impacts": (3, [(4, 3, 2, 3), (2, 5, 1, 5), (3, 3, 2, 2), (5, 1, 5, 1)], 3, "conditions"),
    "15_numbered_prose": (4, [(3, 4, 2, 4), (2, 4, 1, 4), (4, 3, N, N)], 2, "proceed"),
    "16_lettered_headings": (4, [(2, 5, 1, 5), (3, 4, 2, 4)], 2, "conditions"),
    "17_broken_rows": (1, [(3, 3, N, N), (N, 2, N, N)], 1, "proceed"),
}
FAULTS = {
    "08_scale_words": [(18, "Moderate"), (19, "critical")],
    "13_risk_column": [(21, "1–2"), (32, "7"), (33, "R9")],
    "17_broken_rows": [(11, "cells"), (16, "five"), (17, "no impact"), (21, "2026-13-40")],
}
FLAGGED = {
    "04_one_table": ["3"],
    "08_scale_words": ["1", "2"],
    "11_nested": ["2"],
    "12_half_filled": ["1", "2", "3"],
    "13_risk_column": ["1", "2"],
    "14_grouped_impacts": ["1", "2", "4"],
    "16_lettered_headings": ["2"],
    "17_broken_rows": ["2"],
}


@pytest.fixture(scope="module")
def criteria() -> Criteria:
    return shipped_criteria()


@pytest.mark.parametrize("name", READ)
def test_a_file_as_a_team_writes_it_is_read(name: str, criteria: Criteria) -> None:
    reading = read((SAMPLES / f"{name}.md").read_bytes(), labels_of(criteria))
    parties, scores, measures, decision = READ[name]
    impacts = reading.document.impacts
    assert [(one.likelihood, one.severity, one.residual_likelihood, one.residual_severity) for one in impacts] == scores
    assert (len(reading.document.parties), sum(len(one.measures) for one in impacts)) == (parties, measures)
    assert reading.document.verdict.decision == decision
    assert not any("likelihood" in one.description.lower() for one in impacts)
    faults = FAULTS.get(name, [])
    assert [fault.line for fault in reading.faults] == [line for line, _words in faults]
    assert all(words in fault.reason for fault, (_line, words) in zip(reading.faults, faults, strict=True))
    rows = [
        row_of(
            one, reading.line_of(one.number), [each for each in reading.stated if each.number == one.number], criteria
        )
        for one in impacts
    ]
    assert [row["id"] for row in rows if row["reasons"]] == FLAGGED.get(name, [])


SCORES = [
    ("4", 4),
    ("4 (likely)", 4),
    ("4/5", 4),
    ("4 / 5", 4),
    ("4 out of 5", 4),
    ("L4", 4),
    ("Likely (4)", 4),
    ("Likely - 4", 4),
    ("Likely: 4", 4),
    ("**4**", 4),
    ("4.0", 4),
    ("likely", 4),
    ("High", None),
    ("medium", None),
    ("0", None),
    ("6", None),
    ("-1", None),
    ("3.5", None),
    ("3-4", None),
    ("3 to 4", None),
    ("4 → 2", None),
    ("4/10", None),
    ("80%", None),
    ("Ⅳ", None),
]


@pytest.mark.parametrize(("written", "score"), SCORES)
def test_a_score_is_read_as_it_is_written_or_told(written: str, score: int | None, criteria: Criteria) -> None:
    text = (SAMPLES / "12_half_filled.md").read_text().replace("| 1 | 3 |  |", f"| 1 | {written} | 2 |")
    reading = read(text.encode(), labels_of(criteria))
    assert reading.document.impacts[0].likelihood == score
    assert [fault.line for fault in reading.faults] == ([] if score else [19])


DAYS = ["2026-06-18", "18 June 2026", "18 Jun 2026", "18th June 2026", "June 18, 2026", "18.06.2026", "18/06/2026"]


@pytest.mark.parametrize("written", [*DAYS, "Thursday, 18 June 2026", "2026/06/18", "18-Jun-2026"])
def test_a_day_is_read_as_it_is_written(written: str) -> None:
    text = (SAMPLES / "10_roman.md").read_text().replace("2026-05-04", written)
    assert str(read(text.encode()).document.verdict.decided_on) == "2026-06-18"


def test_a_day_that_could_be_two_is_told() -> None:
    text = (SAMPLES / "10_roman.md").read_text().replace("2026-05-04", "04/05/2026")
    assert [fault.line for fault in read(text.encode()).faults] == [35]
