"""The verbs of incidents: who may, what is refused with which words, what is recorded, owed and kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts import clock
from accounts.actor import Actor, service
from accounts.refusals import Conflict, NotAllowed, Refusal
from accounts.roles import Role
from aims.models import Aims
from controls.models import Requirement
from duties.models import Task
from incidents import actions, ports
from incidents.gate import asks_before_operation
from incidents.models import Incident, IncidentNote, Notification
from incidents.policies import own_correction
from incidents.ports import Passed
from incidents.reminding import remind
from jobs.models import Delivery
from systems.actions import edit_system
from systems.models import AiSystem
from systems.ports import gate_checks
from tests.aims.make import a_deputy, now_as
from tests.assessments.make import a_complete_assessment
from tests.incidents.make import an_incident, resolved, triaged
from tests.make import a_member, trace_of
from tests.systems.make import a_system, in_operation, person_of

TWO_MODELS = [
    {"base_model": "large", "version": "4.6"},
    {"base_model": "small", "version": "2.0", "fallback_for": "large"},
]


def open_tasks(kind: str) -> list[Task]:
    return list(Task.objects.filter(kind=kind, closed_at__isnull=True).order_by("pk"))


def with_record(system: AiSystem, actor: Actor, **places: Any) -> AiSystem:
    return edit_system(system, seen=system.version, actor=actor, record=system.record | places)


def test_anybody_here_reports_and_the_owner_of_the_system_is_asked_to_judge(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    system = a_system(officer, owner=person_of(owner))
    for reporter in (a_member(aims, Role.AUDITOR, by=officer), replace(service("watcher"), name="Watcher")):
        row = an_incident(reporter, system)
        assert row.code.startswith(f"INC-{clock.today(aims.time_zone).year}-0")
        assert (row.reporter, row.state, row.severity) == (reporter.name, "reported", None)
        assert trace_of(row.ref) == ["incident.reported"]
    assert {task.owner_id for task in open_tasks("incident-triage")} == {owner.user_id}
    with pytest.raises(NotAllowed):
        an_incident(a_member(aims, Role.CERTIFIER, by=officer), system)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": " "}, "title"),
        ({"what": ""}, "what"),
        ({"title": "x" * 161}, "title"),
        ({"kind": "fire"}, "kind"),
        ({"happened": ["aliens"]}, "happened"),
        ({"noticed_at": datetime(2099, 1, 1, tzinfo=UTC)}, "noticed_at"),
        (
            {"occurred_at": datetime(2026, 2, 2, tzinfo=UTC), "noticed_at": datetime(2026, 2, 1, tzinfo=UTC)},
            "noticed_at",
        ),
    ],
)
def test_what_cannot_be_reported_is_said_at_its_field(
    aims: Aims, officer: Actor, said: dict[str, Any], field: str
) -> None:
    system = a_system(officer)
    with pytest.raises(Refusal) as refused:
        an_incident(officer, system, **said)
    assert refused.value.field == field
    assert not Incident.objects.exists()


def test_a_person_who_answers_for_the_system_judges(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OWNER, by=officer)
    row = an_incident(officer, a_system(officer, owner=person_of(owner)))
    for other in (a_member(aims, Role.OWNER, by=officer), a_member(aims, Role.AUDITOR, by=officer), service("bot")):
        with pytest.raises(NotAllowed):
            triaged(other, row)
    with pytest.raises(Refusal, match="four severities"):
        actions.triage(row, 5, reason="So", seen=row.version, actor=owner)
    with pytest.raises(Refusal, match="Say why"):
        actions.triage(row, 2, reason=" ", seen=row.version, actor=owner)
    done = triaged(owner, row)
    assert (done.state, done.severity) == ("triaged", 3)
    assert not open_tasks("incident-triage")
    with pytest.raises(Conflict):
        actions.triage(row, 1, reason="Worse", seen=1, actor=owner)


def test_suspending_takes_no_signature_and_moves_the_system_at_once(aims: Aims, officer: Actor) -> None:
    row = triaged(officer, system=in_operation(a_system(officer, owner=person_of(officer)), officer))
    taken = actions.contain(row, "suspend", why="It goes on.", seen=row.version, actor=officer)
    system = AiSystem.objects.get(pk=row.system_id)
    row.refresh_from_db()
    assert (system.stage, row.state, taken.before, taken.after) == (
        "suspended", "contained", "Operation and monitoring", "Suspended",
    )  # fmt: skip
    assert trace_of(system.ref)[-1] == "system.moved"
    with pytest.raises(Refusal, match="does not run"):
        actions.contain(row, "suspend", why="Again.", seen=row.version, actor=officer)


def test_falling_back_puts_the_next_model_in_use_and_says_why(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    row = triaged(officer, system=system)
    with pytest.raises(Refusal, match="no model to fall back to"):
        actions.contain(row, "fall-back", why="Wrong.", seen=row.version, actor=officer)
    with_record(system, officer, model=TWO_MODELS[0], models=TWO_MODELS[1:])
    taken = actions.contain(row, "fall-back", why="Wrong.", seen=row.version, actor=officer)
    system.refresh_from_db()
    assert (system.model_name, system.model_version) == ("small", "2.0")
    assert system.record["models"] == [TWO_MODELS[0]]
    assert (taken.before, taken.after) == ("large 4.6", "small 2.0")
    assert system.history.latest().history_change_reason == f"{row.code}: Wrong."


def test_moving_on_says_what_is_missing(aims: Aims, officer: Actor) -> None:
    row = triaged(officer)
    for state, words in (
        ("contained", "what contains it"),
        ("resolved", "cannot become"),
        ("reported", "cannot become"),
    ):
        with pytest.raises(Refusal, match=words):
            actions.move_incident(row, state, reason="So", seen=row.version, actor=officer)
    actions.contain(row, "none", why="A near miss.", seen=row.version, actor=officer)
    row.refresh_from_db()
    with pytest.raises(Refusal, match="cause"):
        actions.move_incident(row, "resolved", reason="So", seen=row.version, actor=officer)


@pytest.mark.db_both
def test_closing_takes_lessons_actions_notifications_and_another_person(aims: Aims, officer: Actor) -> None:
    other = a_member(aims, Role.OFFICER, by=officer)
    row = resolved(officer, kind="privacy", happened=["breach"])
    action = actions.plan_action(row, "Index nightly", due_on=date(2026, 9, 1), owner=person_of(officer), actor=officer)
    with pytest.raises(Refusal, match=r"1 corrective action is not done\. 1 notification is due"):
        actions.move_incident(row, "closed", reason="So", seen=row.version, actor=other)
    actions.finish_action(action, evidence="evidence:EV-001", seen=action.version, actor=officer)
    notice = row.notifications.get()
    actions.send_notification(notice, sent_at=None, reference="ICO-1", seen=notice.version, actor=officer)
    with pytest.raises(Refusal, match="Somebody else has to close"):
        actions.move_incident(row, "closed", reason="So", seen=row.version, actor=officer)
    closed = actions.move_incident(row, "closed", reason="Done.", seen=row.version, actor=other)
    assert (closed.state, closed.closed_by_id) == ("closed", other.user_id)
    assert not Task.objects.filter(kind__startswith="incident", closed_at__isnull=True).exists()
    with pytest.raises(Refusal, match="is closed"):
        actions.edit_incident(closed, seen=closed.version, actor=officer, title="Else")
    again = actions.move_incident(closed, "contained", reason="It came back.", seen=closed.version, actor=officer)
    assert (again.state, again.closed_at) == ("contained", None)
    assert trace_of(row.ref)[-2:] == ["incident.closed", "incident.reopened"]


def test_a_deputy_of_who_corrected_it_does_not_close_it_either(aims: Aims, officer: Actor) -> None:
    row = resolved(officer)
    stand_in = a_member(aims, Role.REVIEWER, by=officer)
    a_deputy(officer, stand_in, Role.OFFICER)
    deputy = now_as(stand_in, aims)
    assert deputy is not None
    assert "stand in for" in own_correction(deputy, row, frozenset({officer.user_id}))
    assert not own_correction(deputy, row, frozenset({0}))


@pytest.mark.db_both
def test_other_facts_move_end_and_renew_what_is_owed_and_what_was_sent_stays(aims: Aims, officer: Actor) -> None:
    row = an_incident(officer, kind="privacy", happened=["breach", "high-risk"])
    first, second = row.notifications.order_by("duty")
    assert [first.duty, second.duty] == ["gdpr-33", "gdpr-34"]
    assert first.due_at == row.noticed_at + timedelta(hours=72)
    actions.send_notification(first, sent_at=None, reference="DPA 1", seen=first.version, actor=officer)
    second = actions.decline_notification(second, because="Encrypted.", seen=second.version, actor=officer)
    earlier = row.noticed_at - timedelta(hours=3)
    row = actions.edit_incident(row, seen=row.version, actor=officer, happened=[], noticed_at=earlier)
    states = dict(row.notifications.values_list("duty", "state"))
    assert states == {"gdpr-33": "sent", "gdpr-34": "not-due"}
    row = actions.edit_incident(row, seen=row.version, actor=officer, happened=["breach", "high-risk", "death"])
    states = dict(row.notifications.values_list("duty", "state"))
    now_due = {"eu-ai-act-73-4": "due", "eu-ai-act-26-5": "due"}  # the record says of no role which it is
    assert states == {"gdpr-33": "sent", "gdpr-34": "not-due"} | now_due
    row = actions.edit_incident(row, seen=row.version, actor=officer, happened=["breach"])
    assert row.notifications.get(duty="eu-ai-act-73-4").state == "lapsed"
    assert not open_tasks("incident-notification")


def test_a_decision_that_it_is_not_due_falls_with_the_facts_it_was_taken_on(aims: Aims, officer: Actor) -> None:
    row = an_incident(officer, happened=["health"])
    notice = row.notifications.get(duty="eu-ai-act-73-2")
    actions.decline_notification(notice, because="No harm after all.", seen=notice.version, actor=officer)
    actions.edit_incident(row, seen=row.version, actor=officer, title="Other words, same facts")
    assert row.notifications.get(duty="eu-ai-act-73-2").state == "not-due"
    actions.edit_incident(row, seen=2, actor=officer, happened=["health", "property"])
    again = row.notifications.get(duty="eu-ai-act-73-2")
    assert (again.state, again.because) == ("due", "")
    assert again.ref in [task.subject for task in open_tasks("incident-notification")]


def test_the_record_of_the_system_decides_what_is_owed(aims: Aims, officer: Actor) -> None:
    system = a_system(officer)
    row = an_incident(officer, system, happened=["health"])
    assert "eu-ai-act-73-2" in set(row.notifications.values_list("duty", flat=True))
    system.refresh_from_db()
    with_record(system, officer, deployment={"environment": "production", "jurisdictions": ["US"]})
    assert set(row.notifications.values_list("state", flat=True)) == {"lapsed"}


def test_a_duty_of_ones_own_counts_for_open_incidents_at_once(aims: Aims, officer: Actor) -> None:
    row = an_incident(officer)
    duty = actions.add_duty(title="Tell customers", authority="Customers", within=24, actor=officer)
    notice = row.notifications.get()
    assert (notice.due_at, notice.authority) == (row.noticed_at + timedelta(hours=24), "Customers")
    actions.withdraw_duty(duty, reason="Ended.", seen=duty.version, actor=officer)
    notice.refresh_from_db()
    assert notice.state == "lapsed"
    with pytest.raises(NotAllowed):
        actions.add_duty(title="A", authority="B", within=1, actor=a_member(aims, Role.OWNER, by=officer))
    with pytest.raises(Refusal, match="between 1 and 365"):
        actions.add_duty(title="A", authority="B", within=366, actor=officer)


def test_a_notification_is_not_sent_before_the_incident_nor_twice(aims: Aims, officer: Actor) -> None:
    row = an_incident(officer, kind="privacy", happened=["breach"])
    notice = row.notifications.get()
    early = row.noticed_at - timedelta(minutes=1)
    with pytest.raises(Refusal, match="before the incident"):
        actions.send_notification(notice, sent_at=early, reference="A", seen=notice.version, actor=officer)
    notice = actions.send_notification(notice, sent_at=None, reference="A", seen=notice.version, actor=officer)
    with pytest.raises(Refusal, match="sent already"):
        actions.send_notification(notice, sent_at=None, reference="B", seen=notice.version, actor=officer)
    with pytest.raises(Refusal, match="not due as it stands"):
        actions.decline_notification(notice, because="No.", seen=notice.version, actor=officer)


def test_the_gate_to_operation_says_exactly_what_is_missing(
    aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "_evaluations", [])
    system = a_system(officer)
    assert [check.state for check in asks_before_operation(system, "operation")] == ["met"]
    assert list(asks_before_operation(system, "deployment")) == []
    row = resolved(officer, an_incident(officer, system))
    (shut,) = asks_before_operation(system, "operation")
    assert (shut.state, shut.address) == ("missing", f"/a/{aims.slug}/incidents/{row.code}/")
    other = a_member(aims, Role.OFFICER, by=officer)
    actions.move_incident(row, "closed", reason="Done.", seen=row.version, actor=other)
    assert [(check.key, check.state) for check in asks_before_operation(system, "operation")] == [
        ("incidents", "met"), ("incident-evaluation", "missing"),
    ]  # fmt: skip
    contained = row.containments.get().at
    ports.tells_evaluations(
        lambda _system, since: Passed(contained, "evaluation:1", "Passed") if since <= contained else None
    )
    assert {check.state for check in gate_checks(system, "operation") if check.key.startswith("incident")} == {"met"}


def test_a_severe_incident_asks_for_another_look_at_the_assessment(aims: Aims, officer: Actor) -> None:
    assessment = a_complete_assessment(officer)
    row = triaged(officer, an_incident(officer, assessment.system), severity=3)
    assert not open_tasks("assessment.look")
    actions.triage(row, 2, reason="Worse.", seen=row.version, actor=officer)
    (task,) = open_tasks("assessment.look")
    assert assessment.code in task.title
    assert row.code in task.title
    assert task.owner_id == (assessment.system.owner_id or assessment.author_id)


def test_references_name_what_is_there(aims: Aims, officer: Actor) -> None:
    assessment = a_complete_assessment(officer)
    row = an_incident(officer, assessment.system)
    with pytest.raises(Refusal, match="no risk:R-999, nonsense"):
        actions.edit_incident(row, seen=row.version, actor=officer, references=["risk:R-999", "nonsense"])
    kept = [f"assessment:{assessment.code}"]
    assert actions.edit_incident(row, seen=row.version, actor=officer, references=[*kept, *kept]).references == kept


@pytest.mark.db_both
def test_the_timeline_is_never_changed(aims: Aims, officer: Actor) -> None:
    row = an_incident(officer)
    entry = actions.note(row, "Agents saw it.", actor=a_member(aims, Role.AUDITOR, by=officer))
    with pytest.raises(Refusal, match="future"):
        actions.note(row, "Later.", at=clock.now() + timedelta(days=1), actor=officer)
    with pytest.raises(Exception, match=r"append-only|not be changed|IncidentNote|incidents_incidentnote"):
        IncidentNote.objects.filter(pk=entry.pk).update(text="Else")


def test_links_end_with_a_reason(aims: Aims, officer: Actor) -> None:
    row = an_incident(officer)
    requirement = Requirement.objects.get(code="A.8.4")
    first = actions.link(row, requirement, why="Told late", actor=officer)
    assert actions.link(row, requirement, why="Told too late", actor=officer).pk == first.pk
    first.refresh_from_db()
    actions.unlink(first, reason="Not it.", seen=first.version, actor=officer)
    assert not row.incidentlinks.filter(withdrawn_at__isnull=True).exists()


def test_a_runbook_with_other_steps_is_another_edition_and_drills_say_what_they_found(
    aims: Aims, officer: Actor
) -> None:
    book = actions.write_runbook(name="First hour", steps="1. Suspend", actor=officer)
    book = actions.edit_runbook(book, seen=book.version, actor=officer, name="The first hour")
    assert book.edition == 1
    book = actions.edit_runbook(book, seen=book.version, actor=officer, steps="1. Call")
    assert book.edition == 2
    today = clock.today(aims.time_zone)
    with pytest.raises(Refusal, match="what was found"):
        actions.hold_drill(book, held_on=today, tried="All", outcome="failed", actor=officer)
    with pytest.raises(Refusal, match="not come yet"):
        actions.hold_drill(book, held_on=today + timedelta(days=2), tried="All", outcome="worked", actor=officer)
    assert actions.hold_drill(book, held_on=today, tried="All", outcome="worked", actor=officer).edition == 2


def test_deadlines_are_reminded_of_a_day_before_and_at_them_each_once(aims: Aims, officer: Actor) -> None:
    row = an_incident(officer, kind="privacy", happened=["breach"])
    keys = []
    for hours in (1, 49, 50, 72, 80):
        with clock.standing_at(row.noticed_at + timedelta(hours=hours)):
            remind(aims)
            keys.append(Delivery.objects.filter(key__startswith="notification:").count())
    assert keys == [0, 1, 1, 2, 2]
    first = Delivery.objects.filter(key__startswith="notification:").earliest("pk")
    assert row.code in first.subject
    assert first.to == officer.email
    notice = Notification.objects.get()
    actions.send_notification(notice, sent_at=None, reference="A", seen=notice.version, actor=officer)
    with clock.standing_at(row.noticed_at + timedelta(days=9)):
        assert remind(aims) == 0
