"""Reports of judgement: what a decision froze, in any script, signed; drafts and portfolios say what they are."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from assessments.actions import clone_edition, edit_assessment
from assessments.models import Assessment
from jobs.models import Job
from ledger.models import Record
from reports import work
from reports.actions import ask_judgement
from reports.judged.assessment import assessment_paper
from reports.judged.html import html_of_judged
from reports.judged.parts import harm_lines, measure_lines
from reports.judged.source import assessment_named, judged_source, portfolio_source
from reports.judged.told import section_pages
from reports.models import Report
from reports.shared import reports as shared_reports
from reports.templatetags.script import direction
from tests.assessments.make import (
    a_complete_assessment,
    a_decided_assessment,
    a_system,
    an_approver,
    an_impact,
    newer_criteria,
)
from tests.make import a_member, signed_in
from tests.reports.pdf import read

ARABIC = "نظام فرز طلبات التوظيف"
HEBREW = "מועמדים עם פערים בקורות החיים"
CHINESE = "申请人无法得知未被邀请的原因"
KOREAN = "지원자"


def a_decided(aims: Aims, officer: Actor, **impact: object) -> Assessment:
    approver = an_approver(aims, officer)
    return a_decided_assessment(officer, approver, a_system(officer, ARABIC), **impact)


def test_any_script_is_printed_and_reads_its_own_way(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """Right-to-left names stand to the right; no character is a box."""
    row = a_decided(aims, officer, description=f"{CHINESE} {KOREAN}", who=HEBREW)
    out = tmp_path / "assessment.pdf"
    call_command("render_assessment", row.ref_code, "--aims", aims.slug, "--out", str(out))
    found = read(out.read_bytes())
    assert f"{CHINESE}{KOREAN}" in found.text.replace(" ", "")
    assert set(HEBREW) <= set(found.text)
    assert set(ARABIC) <= set(found.text) | set("لا")
    assert "�" not in found.text
    assert found.is_tagged
    assert "Judgement over time" in found.bookmarks
    assert row.digest in found.text.replace(" ", "")
    assert [path.name for path in tmp_path.iterdir()] == ["assessment.pdf"]
    html = html_of_judged(judged_source(aims, row.pk))
    assert f'<h1 dir="rtl">{ARABIC}</h1>' in html
    assert f'<td dir="rtl">{HEBREW}</td>' in html
    assert f"<td><strong>{CHINESE} {KOREAN}</strong>" in html


@pytest.mark.parametrize(
    ("text", "is_turned"),
    [
        (ARABIC, True),
        (f"12 % {HEBREW}", True),
        (CHINESE, False),
        (KOREAN, False),
        (f"Name {ARABIC}", False),
        ("", False),
    ],
)
def test_direction_follows_the_first_letter(text: str, is_turned: bool) -> None:
    assert (direction(text) == ' dir="rtl"') is is_turned


def test_a_decided_edition_prints_what_was_frozen_whatever_came_later(aims: Aims, officer: Actor) -> None:
    """Neither a new edition nor newer criteria change a word of it."""
    row = a_decided(aims, officer)
    newer_criteria(officer)
    draft = clone_edition(row, reason="A year has passed.", actor=officer)
    edit_assessment(draft, intended_use="Quite another use.", seen=draft.version, actor=officer)
    paper = assessment_paper(judged_source(aims, row.pk))
    open_paper = assessment_paper(judged_source(aims, draft.pk))
    assert [(line.before.text, line.before.band) for line in paper.harms] == [("12", "High")]
    assert "Quite another use." not in str(paper.sections)
    assert paper.digest == row.digest
    assert [step.what for step in paper.steps] == ["Submitted", "Decided"]
    assert "Quite another use." in str(open_paper.sections)
    assert open_paper.digest == ""
    assert [(line.before.text, line.before.band) for line in open_paper.harms] == [("12", "Severe")]
    assert [line.criteria for line in open_paper.past] == ["1"]


def test_a_draft_says_so_and_what_is_missing(aims: Aims, officer: Actor) -> None:
    """The watermark is on its sheet, and the words in its running head."""
    row = a_complete_assessment(officer)
    an_impact(row, officer, description="Not scored", likelihood=None, severity=None)
    html = html_of_judged(judged_source(aims, row.pk))
    assert "draft.css" in html
    assert 'data-mark="Draft, not decided"' in html
    assert "Score likelihood and severity of impact 2 before measures." in html


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("IA-1999-01", "no impact assessment “IA-1999-01”"),
        ("IA-1999-01@7", "no impact assessment"),
        ("@", "no"),
    ],
)
def test_an_unknown_assessment_is_named(aims: Aims, tmp_path: Path, reference: str, message: str) -> None:
    """And nothing is written."""
    with pytest.raises(CommandError, match=message):
        call_command("render_assessment", reference, "--aims", aims.slug, "--out", str(tmp_path / "a.pdf"))
    assert list(tmp_path.iterdir()) == []


def test_without_an_edition_the_one_in_force_is_meant(aims: Aims, officer: Actor) -> None:
    """Not the draft that follows it."""
    row = a_decided(aims, officer)
    clone_edition(row, reason="A year has passed.", actor=officer)
    assert assessment_named(row.code) == row
    assert assessment_named(f"assessment:{row.code}@1.1").replaces == row


def test_the_portfolio_prints_every_system(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """Those without an assessment too."""
    a_decided(aims, officer)
    a_system(officer, "Unassessed helper")
    assert len(portfolio_source(aims).found.systems) == 2
    out = tmp_path / "portfolio.pdf"
    call_command("render_portfolio", "--aims", aims.slug, "--out", str(out))
    text = read(out.read_bytes()).text
    assert "Unassessed helper" in text
    assert "Not assessed" in text


@pytest.fixture
def laid(aims: Aims, officer: Actor) -> tuple[Report, Assessment]:
    """A report of a decided assessment, made by its job."""
    row = a_decided(aims, officer)
    report = ask_judgement(aims, assessment=row, actor=officer)
    return _done(aims, officer, report), row


def _done(aims: Aims, officer: Actor, report: Report) -> Report:
    job = Job.objects.get(pk=report.job_id or 0)
    work.finish(job, work.work(job, lambda _percent, _step: None))
    return Report.objects.get(pk=report.pk)


def test_the_job_signs_it_and_names_what_it_printed(
    aims: Aims, officer: Actor, laid: tuple[Report, Assessment]
) -> None:
    """The list names it, and it may be shared; the record of its making names the file."""
    report, row = laid
    assert report.digest == row.digest
    assert report.signed_with is not None
    assert report.name == f"{row.code}-1.0-{aims.slug}.pdf"
    assert report.is_shareable
    assert Record.objects.filter(subject=report.ref, event="report.rendered").exists()
    assert [thing.ref for thing in shared_reports(aims, None)] == [report.ref]
    client = signed_in(officer)
    page = client.get(f"/a/{aims.slug}/reports/").content.decode()
    assert f"Impact assessment {row.code}, edition 1.0" in page
    assert client.get(f"/a/{aims.slug}/reports/{report.pk}/download/").status_code == 200


def test_a_draft_is_signed_by_nobody(aims: Aims, officer: Actor) -> None:
    """It is handed to no seat either, and its title says what it is, whatever becomes of the assessment."""
    row = a_complete_assessment(officer)
    client = signed_in(officer)
    client.post(f"/a/{aims.slug}/reports/ask/{row.code}/{row.edition}/")
    asked = Report.objects.get()
    report = _done(aims, officer, asked)
    assert (report.signed_with, report.is_shareable, report.is_draft) == (None, False, True)
    page = client.get(f"/a/{aims.slug}/reports/").content.decode()
    assert "edition 1.0, draft" in page
    assert list(shared_reports(aims, None)) == []


def test_the_portfolio_can_be_asked_for_and_asked_for_again(aims: Aims, officer: Actor) -> None:
    """A cancelled one offers to try again, and then the same is made."""
    client = signed_in(officer)
    assert client.post(f"/a/{aims.slug}/reports/ask/portfolio/").status_code == 302
    first = Report.objects.get()
    client.post(f"/a/{aims.slug}/reports/{first.pk}/cancel/")
    client.post(f"/a/{aims.slug}/reports/{first.pk}/again/")
    assert [report.kind for report in Report.objects.all()] == ["portfolio", "portfolio"]
    assert "Impact assessments, portfolio" in client.get(f"/a/{aims.slug}/reports/").content.decode()


def test_the_list_of_reports_costs_the_same_however_many(aims: Aims, officer: Actor) -> None:
    """With three assessments as with nine."""
    client = signed_in(officer)
    counts = []
    for more in (3, 6):
        for _each in range(more):
            ask_judgement(aims, assessment=a_complete_assessment(officer), actor=officer)
        counts.append(_queries(client, f"/a/{aims.slug}/reports/"))
    assert counts[0] == counts[1]


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_an_assessment_that_is_not_there_cannot_be_asked_for(aims: Aims, officer: Actor) -> None:
    """By nobody, whatever they may do."""
    reader = a_member(aims, Role.REVIEWER, by=officer)
    assert signed_in(reader).post(f"/a/{aims.slug}/reports/ask/IA-1999-01/1.0/").status_code == 404


def test_answers_are_told_in_the_order_of_the_sections() -> None:
    """With the reason where a question does not apply; nothing that is empty is printed."""
    body = {
        "intended_use": "Orders applications.",
        "answers": [
            {"section": "society", "question": "employment", "text": "", "not_applicable_because": "Nobody works it."},
            {"section": "data", "question": "data_quality", "text": "Sampled.", "not_applicable_because": ""},
            {"section": "data", "question": "data_origin", "text": "", "not_applicable_because": ""},
        ],
    }
    told = [(page.title, [answer.text for answer in page.answers]) for page in section_pages(body)]
    assert told == [
        ("System and purpose", ["Orders applications."]),
        ("Data and its quality", ["Sampled."]),
        ("Society and law", ["Not applicable because: Nobody works it."]),
    ]


def test_depth_sensitive_uses_triggers_and_publication_are_told_in_words() -> None:
    """Where they belong; a code that nobody knows any more stands for itself."""
    body = {"depth": "full", "screening": "SCR-1", "sensitive_uses": ["denial", "gone"], "triggers": ["model", "law"]}
    told = {page.title: [(row.question, row.text) for row in page.answers] for page in section_pages(body)}
    assert told["Identification and scope"] == [("Depth", "Full, by SCR-1")]
    assert told["System and purpose"][0][1].endswith("public help; gone")
    assert told["Decision"] == [("Looked at again after", "Model changed, Law changed")]
    assert section_pages({"publication": "public"})[0].answers[0].text == "Published"
    assert not section_pages({"depth": "", "sensitive_uses": [], "triggers": [], "publication": ""})


def test_a_failing_measure_and_what_is_known_of_an_impact_are_said() -> None:
    """How many, how long, whether it can be put right, and by which failure."""
    measure = {"text": "A check", "requirement": "A.9.2", "is_in_place": True, "is_failing": True, "due_on": None}
    impact = {"number": 1, "description": "Harm", "valence": "harm", "level": "group", "measures": [measure]}
    impact |= {"affected_number": 1200, "duration": "months", "reversibility": "partly", "failure": "Stale data"}
    body = {"impacts": [impact]}
    assert measure_lines(body)[0].state == "In place and failing, not counted"
    about = ("Group", "about 1,200 affected", "lasts: Months", "Put right in part", "failure: Stale data")
    assert harm_lines(body)[0].about == about
