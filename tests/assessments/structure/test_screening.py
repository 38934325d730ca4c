"""Screening: a function of the answers, a second person for a negative one, and the day it comes back."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import clock
from accounts.actor import Actor
from aims.models import Aims
from assessments.screening.actions import sign_screening
from assessments.screening.actions.conclude import NotConcluded
from assessments.screening.actions.sign import NotSignable
from assessments.screening.again import open_again
from assessments.screening.deciding import ORDER, conclude
from assessments.screening.questions import QUESTIONNAIRE
from duties.models import Task
from tests.assessments.make import an_approver
from tests.assessments.structure.test_answers import concluded

CODES = [asked.code for asked in QUESTIONNAIRE]
ANSWERS = st.fixed_dictionaries({code: st.sampled_from(["yes", "no", "unknown", ""]) for code in CODES})


@given(ANSWERS, st.sampled_from(CODES))
def test_saying_yes_never_makes_an_assessment_less_due(said: dict[str, str], code: str) -> None:
    told = {key: {"answer": answer} for key, answer in said.items()}
    before, after = conclude(told), conclude(told | {code: {"answer": "yes"}})
    assert ORDER.index(after.depth) >= ORDER.index(before.depth)
    assert (before.depth == "none") == all(answer == "no" for answer in said.values())
    assert bool(before.reasons) == (before.depth != "none")


@pytest.mark.db_both
def test_a_negative_screening_is_signed_by_somebody_else_until_a_day(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotConcluded):
        concluded(officer, "no")
    row = concluded(officer, "no", "Sorts our own build logs.")
    day = clock.now().date() + timedelta(days=300)
    with pytest.raises(NotSignable):
        sign_screening(row, next_review_on=day, seen=row.version, actor=officer)
    approver = an_approver(aims, officer)
    with pytest.raises(NotSignable):
        sign_screening(row, next_review_on=day + timedelta(days=90), seen=row.version, actor=approver)
    signed = sign_screening(row, next_review_on=day, seen=row.version, actor=approver)
    with time_machine.travel(clock.now() + timedelta(days=275)):
        open_again()
        open_again()
    assert [task.subject for task in Task.objects.filter(kind="screening.again")] == [row.system.ref]
    assert (signed.state, signed.signed_by_id, signed.next_review_on) == ("signed", approver.user_id, day)


@pytest.mark.db_both
def test_a_positive_screening_leads_to_the_assessment_on_the_page(aims: Aims, officer: Actor, browser: Client) -> None:
    row = concluded(officer, "yes")
    place = reverse("assessments:screening", args=[aims.slug, row.code])
    assert "Start assessment" in browser.get(place).content.decode()
    answer = browser.post(f"{place}start/", {"seen": row.version}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "q-employment" in page
    assert row.code in page
