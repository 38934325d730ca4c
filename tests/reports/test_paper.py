"""The report as data: what it says is computed, complete for one reader and silent for another."""

from datetime import date
from typing import Any

import pytest

from reports.html import html_of
from reports.paper.build import paper_of
from reports.paper.meta import Certificate
from reports.paper.numbers import numbers_of
from reports.paper.settle import settled
from tests.reports.make import (
    OWNERS,
    a_body,
    a_draft_meta,
    a_meta,
    an_assessment,
    an_entry,
    an_impact,
    the_cycle,
    the_entries,
)

SECRET = (
    *OWNERS,
    "Marcus Lindqvist",
    "R-001",
    "O-01",
    "EV-0",
    "IA-2025",
    "Nonconforming",
    "Partly",
    "AIMS-PR",
    "Talentgrid",
)


def test_the_summary_counts_what_the_rows_say() -> None:
    """Every number of the paragraph follows from the entries."""
    entries = the_entries()
    count = numbers_of(settled(a_body(entries=entries)))
    lead = paper_of(a_body(entries=entries), a_meta()).summary.lead
    included = [e for e in entries if e["applicability"] == "included"]
    implemented = sum(e["implementation"] == "implemented" for e in included)
    assert (count.annex, count.own, count.excluded, count.partial) == (38, 2, 1, 1)
    assert count.implemented == implemented
    assert count.implemented + count.partly + count.planned + count.not_started == len(included) == 39
    assert "applies 37 of the 38 controls in Annex A and 2 controls of its own" in lead
    assert f"Of the 39 that apply, {implemented} are implemented" in lead
    assert "1 has an open nonconformity" in lead


def test_rolled_up_states_win_over_what_the_row_itself_says() -> None:
    """Implemented means for every AI system in scope."""
    entry = an_entry("A.2.2", "AI policy", "A.2", 0) | {"implementation_rolled": "partly"}
    row = paper_of(a_body(entries=[entry]), a_meta()).areas[0].rows[0]
    assert row.state == "Partly"


def test_undecided_rows_are_said_to_be_undecided() -> None:
    """A draft hides nothing."""
    entry = an_entry("A.2.2", "AI policy", "A.2", 0, applicability="undecided", why="")
    paper = paper_of(a_body(entries=[entry]), a_draft_meta())
    assert paper.areas[0].rows[0].applies == "Undecided"
    assert "1 is not decided yet" in paper.summary.lead
    assert paper.open_work is not None
    assert ">A.2.2<" in paper.open_work.undecided


def test_the_customer_edition_says_nothing_of_people_risks_proof_or_open_work() -> None:
    """Neither the shapes nor the HTML hold a word of it."""
    html = html_of(paper_of(a_body(), a_meta(edition="customer")))
    assert [word for word in SECRET if word in html] == []
    assert "A.10.4" in html
    assert "Risk treated" in html
    assert "No data set is bought or licensed" in html


def test_the_full_edition_says_all_of_it() -> None:
    """The same words are there for the certification body."""
    html = html_of(paper_of(a_body(), a_meta()))
    assert [word for word in SECRET if word not in html] == []


def test_texts_of_people_stay_texts() -> None:
    """Markup in a reason is printed, never obeyed."""
    hostile = '<img src="http://evil.example/x.png"><script>alert(1)</script></td>'
    entry = an_entry("A.2.2", hostile, "A.2", 0, why=hostile, how=hostile, owner={"name": hostile, "job_title": ""})
    html = html_of(paper_of(a_body(entries=[entry]), a_meta()))
    assert "<img" not in html
    assert "<script" not in html
    assert "&lt;img" in html


def test_control_characters_fall_out() -> None:
    """What is no character in HTML never reaches the child."""
    entry = an_entry("A.2.2", "AI policy", "A.2", 0, why="one\x00two\x0bthree")
    assert "onetwothree" in html_of(paper_of(a_body(entries=[entry]), a_meta()))


@pytest.mark.parametrize("edition", ["full", "customer"])
@pytest.mark.parametrize("draft", [True, False])
def test_an_empty_statement_prints_its_emptiness(edition: str, draft: bool) -> None:
    """Missing lists are no error."""
    meta = a_draft_meta if draft else a_meta
    bare: dict[str, Any] = {"aims": {"organisation": "Bare Ltd"}, "entries": []}
    paper = paper_of(bare, meta(edition=edition, cycle=(), history=(), previous=None, previous_number=None))
    html = html_of(paper)
    assert "Bare Ltd" in html
    assert "No scope statement has been made." in html


def test_changes_are_named_by_kind() -> None:
    """Three rows differed in version 2."""
    changes = paper_of(a_body(), a_meta()).summary.changes
    assert changes is not None
    kinds = {row[0]: row[2] for row in changes.rows}
    assert kinds == {"Moved to implemented": "1", "Reasons changed": "1", "Owner changed": "1"}


def test_a_draft_says_what_blocks_it_and_has_no_approval() -> None:
    """The last chapter of a draft."""
    paper = paper_of(a_body(), a_draft_meta())
    assert paper.approval is None
    assert paper.blockers == ("A.7.3 is undecided.", "A.8.3 is excluded without a reason.")
    assert paper.mark == "Draft, not approved"
    assert "What blocks approval" in html_of(paper)


def test_benefits_are_never_netted_against_harms() -> None:
    """Only harms lie on the matrix."""
    item = an_assessment(impacts=2)
    page = paper_of(a_body(assessments=[item]), a_meta()).assessments[0]
    assert [line.number for line in page.harms] == ["1", "2"]
    assert page.benefits == ("Likely matches are read sooner",)
    assert (page.worst.text, page.worst.band) == ("10", "High")


def test_severity_five_is_at_least_high() -> None:
    """1 times 5 is 5, and High."""
    item = an_assessment(impacts=1)
    item["impacts"] = [an_impact(1, (1, 5), (1, 5))]
    page = paper_of(a_body(assessments=[item]), a_meta()).assessments[0]
    assert (page.worst.text, page.worst.band) == ("5", "High")


def test_an_impact_without_scores_prints_a_dash() -> None:
    """A draft may hold impacts that nobody has scored."""
    item = an_assessment(impacts=1)
    item["impacts"] = [an_impact(1, (1, 5), None) | {"likelihood": None}]
    page = paper_of(a_body(assessments=[item]), a_meta()).assessments[0]
    assert page.matrix == ""
    assert page.harms[0].now.text == "\u2013"


def test_the_cycle_shows_every_date_once() -> None:
    """Labels stand beside their marks, however close the dates are."""
    drawn = str(paper_of(a_body(), a_meta(cycle=the_cycle())).summary.cycle)
    assert [drawn.count(f">{item.label}<") for item in the_cycle()] == [1] * len(the_cycle())
    crowded = tuple(type(item)(item.label, date(2026, 3, 14)) for item in the_cycle())
    assert str(paper_of(a_body(), a_meta(cycle=crowded)).summary.cycle).count("<circle") == len(crowded)


def test_findings_stand_with_open_work() -> None:
    """A frozen row carries its open findings."""
    entry = an_entry("A.7.4", "Quality of data", "A.7", 7) | {
        "findings": [{"ref": "finding:NC-2025-02", "label": "NC-2025-02", "grade": "minor"}]
    }
    work = paper_of(a_body(entries=[entry]), a_meta()).open_work
    assert work is not None
    assert work.findings.rows == (("A.7.4", "NC-2025-02", "minor"),)


@pytest.mark.parametrize("edition", ["full", "customer"])
def test_document_control_names_the_certificate_that_signs(edition: str) -> None:
    """In groups of four that people compare by eye; a draft has no signer and says nothing of one."""
    paper = paper_of(a_body(), a_meta(edition=edition, certificate=Certificate("Søns & Co (Assay)", "0a1b" * 16)))
    told = str(dict(paper.control)["Signed by"])
    assert told.startswith("Søns &amp; Co (Assay), certificate with this SHA-256:")
    assert told.count("0A1B") == 16
    assert "0A1B 0A1B 0A1B 0A1B 0A1B 0A1B 0A1B 0A1B<br>0A1B" in told
    assert "Signed by" not in dict(paper_of(a_body(), a_draft_meta(edition=edition)).control)


def test_the_approval_says_how_to_check_the_signature() -> None:
    """Where there is one."""
    signed, unsigned = (paper_of(a_body(), a_meta(**more)).approval for more in ({}, {"certificate": None}))
    assert signed is not None
    assert unsigned is not None
    assert [text for text in signed.checks if "signature of the file" in text]
    assert not [text for text in unsigned.checks if "signature" in text]
