"""What happens after a judgement opens one task on its owner, who says what it touches or why it has no effect."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.refusals import Conflict, NotAllowed, Refusal
from accounts.roles import Role
from aims.actions import oblige
from aims.actions.edit_obligation import edit_obligation
from aims.actions.oblige import Duty
from aims.models import Aims
from assessments.actions import (
    Answer,
    answer_triggers,
    clone_edition,
    decide_assessment,
    report_trigger,
    submit_assessment,
)
from assessments.models import Assessment, Decision, Trigger
from assessments.sections.models import Section
from assessments.triggers import job
from assessments.triggers.kinds import LIKELY, OF_CHANGES, TriggerKind
from assessments.triggers.models import Said
from changes.actions import Said as SaidOfThing
from changes.actions import say_touched
from changes.material import KINDS
from changes.models import ChangeRecord, Touched
from duties.models import Task
from incidents.actions import triage
from jobs.models import Job
from systems.actions import edit_system, move_stage
from systems.models import AiSystem
from tests.assessments.make import a_decided_assessment, an_approver, an_assessment
from tests.changes.make import a_live_system, edited
from tests.incidents.make import an_incident, triaged
from tests.make import a_member, signed_in, trace_of
from tests.operations.make import a_signal, post
from tests.systems.make import a_system, person_of


def tell(system: AiSystem, actor: Actor, **facts: Any) -> AiSystem:
    system.refresh_from_db()
    return edit_system(system, seen=system.version, actor=actor, **facts)


def judged(aims: Aims, officer: Actor, **facts: Any) -> Assessment:
    """An assessment in force of a system that is still being made, so that no change record is opened."""
    return a_decided_assessment(officer, an_approver(aims, officer), a_system(officer, **facts))


def looks() -> list[Task]:
    return list(Task.objects.filter(kind="assessment.look", closed_at__isnull=True))


def opened() -> list[str]:
    return list(Trigger.objects.filter(effect=Said.UNSAID).order_by("pk").values_list("kind", flat=True))


def said(trigger: Trigger, *sections: str, because: str = "") -> dict[int, Answer]:
    return {trigger.pk: Answer(trigger.version, list(sections), because)}


def worked() -> dict[str, int]:
    return job.work(Job.objects.filter(kind=job.KIND).latest("pk"), lambda _percent, _step: None)


def test_the_vocabulary_is_whole() -> None:
    assert set(OF_CHANGES) == set(KINDS)
    assert set(LIKELY) == set(TriggerKind)
    assert all(set(sections) <= set(Section) for sections in LIKELY.values())


@pytest.mark.db_both
def test_many_edits_open_many_triggers_and_one_task(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    row = judged(aims, officer, owner=person_of(owner))
    tell(row.system, officer, model_version="9.9")
    assert opened() == ["model"]
    (trigger,) = Trigger.objects.all()
    assert (trigger.assessment, trigger.source) == (row, row.system.ref)
    assert trace_of(trigger.ref) == ["trigger.opened"]
    (task,) = looks()
    assert (task.subject, task.owner_id) == (f"assessment:{row.code}", owner.user_id)
    tell(row.system, officer, purpose="Ranks people", supplier="Talentgrid")
    assert opened() == ["model", "purpose", "supplier"]
    (again,) = looks()
    assert again.pk == task.pk
    assert "3 things happened" in again.title


def test_what_is_not_material_and_what_is_still_written_calls_for_nothing(aims: Aims, officer: Actor) -> None:
    row = judged(aims, officer)
    tell(row.system, officer, name="Another name")
    draft = an_assessment(officer, a_system(officer))
    tell(draft.system, officer, model_version="9.9")
    assert not Trigger.objects.exists()


@pytest.mark.db_both
def test_an_answer_needs_a_tick_or_a_reason(aims: Aims, officer: Actor) -> None:
    row = judged(aims, officer)
    tell(row.system, officer, model_version="9.9")
    (trigger,) = Trigger.objects.all()
    with pytest.raises(Refusal, match="Tick what is touched"):
        answer_triggers(row, said(trigger, because="  "), actor=officer)
    with pytest.raises(Refusal, match="no such section"):
        answer_triggers(row, said(trigger, "model", "nonsense"), actor=officer)
    with pytest.raises(Refusal, match="not among"):
        answer_triggers(row, {0: Answer(1, ["model"])}, actor=officer)
    with pytest.raises(NotAllowed):
        answer_triggers(row, said(trigger, "model"), actor=a_member(aims, Role.OWNER, by=officer))
    assert len(looks()) == 1
    answer_triggers(row, said(trigger, because="The weights are the same."), actor=officer)
    trigger.refresh_from_db()
    assert (trigger.effect, trigger.said_by_id) == (Said.NONE, officer.user_id)
    assert trace_of(trigger.ref) == ["trigger.opened", "trigger.answered"]
    assert (looks(), Task.objects.filter(kind="assessment.renew").exists()) == ([], False)
    with pytest.raises(Conflict):
        answer_triggers(row, {trigger.pk: Answer(1, ["model"])}, actor=officer)


@pytest.mark.db_both
def test_what_is_touched_asks_for_a_new_edition_and_that_settles_the_rest(aims: Aims, officer: Actor) -> None:
    row = judged(aims, officer)
    tell(row.system, officer, model_version="9.9", purpose="Ranks people")
    model, purpose = Trigger.objects.order_by("pk")
    answer_triggers(row, said(model, "impacts", "model"), actor=officer)
    model.refresh_from_db()
    assert model.sections == ["model", "impacts"]
    renew = Task.objects.get(kind="assessment.renew", closed_at__isnull=True)
    assert "Model and algorithm, Impacts" in renew.title
    later = clone_edition(row, reason="The model changed.", actor=officer)
    renew.refresh_from_db()
    assert renew.closed_at is not None
    later = submit_assessment(later, seen=later.version, actor=officer)
    report_trigger(row, TriggerKind.COMPLAINT, "A candidate complained.", actor=officer)
    review = clock.now().date() + timedelta(days=90)
    decide_assessment(
        later, Decision.PROCEED, reason="Fine.", next_review_on=review, seen=later.version,
        actor=an_approver(aims, officer),
    )  # fmt: skip
    purpose.refresh_from_db()
    assert (purpose.effect, purpose.because) == (Said.TOUCHED, f"Edition {later.edition} was decided after it.")
    assert opened() == ["complaint"]  # it came after the edition was submitted
    assert len(looks()) == 1


@pytest.mark.db_both
def test_the_owner_of_a_change_is_not_asked_twice(aims: Aims, officer: Actor) -> None:
    system = a_live_system(officer)
    edited(officer, system, model_version="2.7.1")
    change = ChangeRecord.objects.get()
    (trigger,) = Trigger.objects.filter(effect=Said.UNSAID, kind="model")
    assert trigger.source == change.ref
    edited(officer, system, model_version="2.7.2")
    assert opened().count("model") == 1  # the change gathers both
    thing = Touched.objects.get(change=change, about=trigger.assessment.ref)
    told = {thing.pk: SaidOfThing("none", "Only a patch.")}
    change.refresh_from_db()
    say_touched(change, told, seen=change.version, actor=officer)
    trigger.refresh_from_db()
    assert (trigger.effect, trigger.because) == (Said.NONE, "Only a patch.")
    edited(officer, system, model_version="2.7.3")
    again = Trigger.objects.get(effect=Said.UNSAID, kind="model")
    answer_triggers(again.assessment, said(again, "model"), actor=officer)
    thing.refresh_from_db()
    assert thing.effect == "touched"


def test_incidents_drift_and_retirement_are_triggers(aims: Aims, officer: Actor) -> None:
    row = judged(aims, officer, owner=person_of(officer))
    incident = triaged(officer, an_incident(officer, row.system), severity=2)
    triage(incident, 1, reason="Worse.", seen=incident.version, actor=officer)
    signal = a_signal(officer, row.system, limits={"lower": "0.8"})
    post(officer, signal, [0.5])
    row.system.refresh_from_db()
    move_stage(row.system, "retired", reason="Over.", seen=row.system.version, actor=officer)
    assert opened() == ["incident", "drift", "retired"]
    assert len(looks()) == 1


def test_a_law_that_changed_before_an_assessment_was_submitted_was_judged_in_it(aims: Aims, officer: Actor) -> None:
    oblige(Duty("law", "AI Act, Article 26"), actor=officer)
    judged(aims, officer)
    assert worked() == {"opened": 0}


@pytest.mark.db_both
def test_laws_and_planned_reviews_are_asked_about_by_a_job(aims: Aims, officer: Actor) -> None:
    row = judged(aims, officer)
    law = oblige(Duty("law", "AI Act, Article 26"), actor=officer)
    assert worked() == {"opened": 1}
    assert worked() == {"opened": 0}
    oblige(Duty("contract", "With Talentgrid"), actor=officer)
    edit_obligation(law, Duty("law", "AI Act, Article 26", owner=person_of(officer)), seen=1, actor=officer)
    assert Job.objects.filter(kind=job.KIND).count() == 1  # a contract is no law, and an owner does not change one
    assert row.next_review_on is not None
    with clock.standing_at(clock.now() + timedelta(days=181)):
        job.ask_nightly()
        job.ask_nightly()
        assert worked() == {"opened": 1}
        assert worked() == {"opened": 0}
    with acting_in(aims, officer):
        assert opened() == ["law", "interval"]
        assert len(looks()) == 1


def test_the_page_asks_and_takes_answers(aims: Aims, officer: Actor) -> None:
    row = judged(aims, officer)
    tell(row.system, officer, model_version="9.9", purpose="Ranks people")
    model, purpose = Trigger.objects.order_by("pk")
    browser = signed_in(officer)
    here = reverse("assessments:triggers", args=[aims.slug, row.code, row.edition])
    assert here in browser.get(reverse("assessments:detail", args=[aims.slug, row.code, row.edition])).content.decode()
    page = browser.get(here).content.decode()
    assert "Model changed" in page
    assert "Likely: Model and algorithm, Impacts" in page
    body = {f"{model.pk}-seen": 1, f"{model.pk}-sections": ["model"], f"{purpose.pk}-seen": 1}
    assert browser.post(here, body).status_code == 302
    assert opened() == ["purpose"]
    late = {f"{purpose.pk}-seen": 0, f"{purpose.pk}-because": "It is the same."}
    assert browser.post(here, late).status_code == 409
    assert browser.post(here, late | {f"{purpose.pk}-seen": 1}).status_code == 302
    assert opened() == []
    report = reverse("assessments:report-trigger", args=[aims.slug, row.code, row.edition])
    assert browser.post(report, {"kind": "complaint", "title": " "}).status_code == 422
    assert browser.post(report, {"kind": "complaint", "title": "A candidate complained."}).status_code == 302
    assert "A candidate complained." in browser.get(here).content.decode()


def test_the_page_asks_as_many_questions_for_many_triggers(
    aims: Aims, officer: Actor, django_assert_max_num_queries: Any
) -> None:
    row = judged(aims, officer)
    browser = signed_in(officer)
    here = reverse("assessments:triggers", args=[aims.slug, row.code, row.edition])
    for count in range(12):
        report_trigger(row, TriggerKind.COMPLAINT, f"Complaint {count}.", actor=officer)
    with django_assert_max_num_queries(22):
        assert "Complaint 11." in browser.get(here).content.decode()
