"""Answers: saved, held apart, blocking a submission where a screening made them due; and what an autosave costs."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.refusals import Conflict
from aims.models import Aims
from assessments.actions import clone_edition, start_assessment
from assessments.actions.shared import NotWritable
from assessments.checks import gaps
from assessments.models import Screening, SectionText
from assessments.queries import sheet_of
from assessments.screening.actions import answer_screening, begin_screening, conclude_screening
from assessments.screening.questions import QUESTIONNAIRE
from assessments.sections.actions import answer_question
from assessments.sections.questions import asked
from ledger.models import Record
from tests.assessments.make import a_decided_assessment, a_system, an_approver, an_assessment

pytestmark = [pytest.mark.db_both, pytest.mark.usefixtures("aims")]


def concluded(officer: Actor, answer: str, because: str = "", **system: Any) -> Screening:
    row = begin_screening(a_system(officer, **system), actor=officer)
    told = {one.code: {"answer": answer} for one in QUESTIONNAIRE}
    row = answer_screening(row, answers=told, seen=row.version, actor=officer)
    return conclude_screening(row, because=because, seen=row.version, actor=officer)


def test_an_answer_is_kept_with_its_trace_and_two_writers_are_held_apart(officer: Actor) -> None:
    row = an_assessment(officer)
    said = answer_question(row, "scope", text=" All of it. ", seen=0, actor=officer)
    assert (said.text, said.version, said.changed_by_id) == ("All of it.", 1, officer.user_id)
    assert Record.objects.filter(subject=said.ref, event="answer.given").count() == 1
    with pytest.raises(Conflict):
        answer_question(row, "scope", text="Mine.", seen=0, actor=officer)
    again = answer_question(row, "scope", text="All of it.", seen=1, actor=officer)
    assert again.version == 1


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("nothing", {"text": "x"}),
        ("scope", {"text": "x", "not_applicable_because": "y"}),
        ("scope", {"text": "x" * 20_001}),
    ],
)
def test_what_cannot_stand_is_refused(officer: Actor, question: str, said: dict[str, str]) -> None:
    row = an_assessment(officer)
    with pytest.raises(NotWritable):
        answer_question(row, question, seen=0, actor=officer, **said)
    assert not SectionText.objects.exists()


def test_the_depth_of_the_screening_says_which_answers_are_missing(officer: Actor) -> None:
    screening = concluded(officer, "yes")
    row = start_assessment(screening.system, screening=screening, actor=officer)
    missing = {gap.anchor for gap in gaps(sheet_of(row))}
    assert row.depth == "full"
    assert {f"q-{question.key}" for question in asked("full")} <= missing
    answer_question(row, "wider", not_applicable_because="Ten users.", seen=0, actor=officer)
    assert "q-wider" not in {gap.anchor for gap in gaps(sheet_of(row))}


def test_the_register_answers_first_and_a_person_confirms(officer: Actor) -> None:
    record = {"data": {"rag_sources": [{"name": "support-kb", "pii": False}], "retention_days": 365}}
    row = start_assessment(a_system(officer, record=record), actor=officer)
    found = SectionText.objects.get(assessment=row, question="data_used")
    assert "support-kb" in found.text
    assert "365" in found.text
    assert found.is_prefilled
    kept = answer_question(row, "data_used", text=found.text, seen=found.version, actor=officer)
    assert not kept.is_prefilled


def test_a_new_edition_takes_the_answers_along(aims: Aims, officer: Actor) -> None:
    base = an_assessment(officer)
    answer_question(base, "scope", text="All.", seen=0, actor=officer)
    decided = a_decided_assessment(officer, an_approver(aims, officer))
    copy = clone_edition(decided, reason="Again.", actor=officer)
    assert SectionText.objects.filter(assessment=copy).count() == SectionText.objects.filter(assessment=decided).count()


def test_an_autosave_answers_little_and_costs_a_fixed_number_of_queries(
    aims: Aims, officer: Actor, browser: Client
) -> None:
    row = an_assessment(officer)
    place = reverse("assessments:answer", args=[aims.slug, row.code, row.edition, "scope"])
    with CaptureQueriesContext(connection) as caught:
        answer = browser.post(place, {"seen": 0, "text": "All.", "autosave": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'id="seen-scope" value="1"' in answer.content.decode()
    statements = [
        one["sql"] for one in caught if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
    ]
    door = 5  # session, person, AIMS, memberships, rule of sign-on
    assert len(statements) - door <= (9 if connection.vendor == "sqlite" else 12), len(statements)
    conflict = browser.post(place, {"seen": 0, "text": "Mine.", "autosave": "1"}, headers={"HX-Request": "true"})
    assert conflict.status_code == 409
    assert "Mine." in conflict.content.decode()
    assert "All." in conflict.content.decode()
