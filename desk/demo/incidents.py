"""What went wrong with the systems, what was done about it, and how the organisation is prepared."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from accounts.actor import Actor
from desk.demo.organisation import OFFICER
from desk.demo.script import Data
from desk.demo.stage import Act, Stage
from incidents import actions
from incidents.models import Incident, IncidentAction, Notification, Runbook

Do = Callable[[Stage, Incident, Data, Actor], object]


def acts(stage: Stage, story: Data) -> Iterator[Act]:
    """Everything this part of the story tells."""
    for row in story["duties"]:
        yield Act(stage.at(row["at"]), OFFICER, partial(_duty, stage, row))
    for row in story["runbooks"]:
        yield Act(stage.at(row["at"]), OFFICER, partial(_runbook, stage, row))
        for drill in row["drills"]:
            yield Act(stage.at(drill["at"]), drill["who"], partial(_drill, stage, row["name"], drill))
    for row in story["incidents"]:
        yield Act(stage.at(row["at"]), row["who"], partial(_report, stage, row))
        for act in row["acts"]:
            yield Act(stage.at(act["at"]), act["who"], partial(_act, stage, row["title"], act))


def _duty(stage: Stage, row: Data, actor: Actor) -> object:
    return actions.add_duty(
        actor=actor,
        title=row["title"],
        authority=row["authority"],
        source=stage.text(row["source"]),
        within=row["within"],
        in_days=row["in_days"],
        kinds=row["kinds"],
        least_severity=row["severity"],
        system=stage.system(row["system"]),
    )


def _runbook(stage: Stage, row: Data, actor: Actor) -> object:
    return actions.write_runbook(
        actor=actor,
        name=row["name"],
        kinds=row["kinds"],
        steps=row["steps"],
        owner=stage.people[row["owner"]],
    )


def _drill(stage: Stage, name: str, row: Data, actor: Actor) -> object:
    texts = {"tried": row["tried"], "findings": row["findings"], "outcome": row["outcome"]}
    book = Runbook.objects.get(name=name)
    on = stage.calendar.moved(row["on"])
    actions.edit_runbook(book, seen=book.version, actor=actor, reviewed_on=on)
    return actions.hold_drill(book, held_on=on, actor=actor, **texts)


def _report(stage: Stage, row: Data, actor: Actor) -> object:
    return actions.report_incident(
        stage.system(row["system"]),
        actor=actor,
        title=row["title"],
        what=row["what"],
        kind=row["kind"],
        happened=row.get("happened", []),
        occurred_at=stage.at(row["occurred"]),
        noticed_at=stage.at(row["noticed"]),
        affected=row["affected"],
        affected_count=row["count"],
        owner=stage.people[row["owner"]],
    )


def _act(stage: Stage, title: str, told: Data, actor: Actor) -> object:
    row = Incident.objects.select_related("system").get(title=title)
    name = next(name for name in DOES if name in told)
    return DOES[name](stage, row, told, actor)


def _triage(_stage: Stage, row: Incident, told: Data, actor: Actor) -> object:
    return actions.triage(row, told["triage"], reason=told["why"], seen=row.version, actor=actor)


def _contain(_stage: Stage, row: Incident, told: Data, actor: Actor) -> object:
    return actions.contain(row, told["contain"], why=told["why"], seen=row.version, actor=actor)


def _note(_stage: Stage, row: Incident, told: Data, actor: Actor) -> object:
    return actions.note(row, told["note"], actor=actor)


def _sent(_stage: Stage, row: Incident, told: Data, actor: Actor) -> object:
    notice: Notification = row.notifications.order_by("pk")[told["sent"]]
    return actions.send_notification(notice, sent_at=None, reference=told["ref"], seen=notice.version, actor=actor)


def _link(stage: Stage, row: Incident, told: Data, actor: Actor) -> object:
    return actions.link(row, stage.requirement(told["link"]), why=told["why"], actor=actor)


def _plan(stage: Stage, row: Incident, told: Data, actor: Actor) -> object:
    due_on = stage.calendar.moved(told["due"])
    return actions.plan_action(row, told["plan"], due_on=due_on, owner=stage.people[told["owner"]], actor=actor)


def _done(_stage: Stage, row: Incident, told: Data, actor: Actor) -> object:
    action: IncidentAction = row.incidentactions.order_by("pk")[told["done"]]
    return actions.finish_action(action, evidence=told["shown"], seen=action.version, actor=actor)


def _edit(_stage: Stage, row: Incident, told: Data, actor: Actor) -> object:
    said: dict[str, Any] = told["edit"]
    return actions.edit_incident(row, seen=row.version, actor=actor, **said)


def _move(_stage: Stage, row: Incident, told: Data, actor: Actor) -> object:
    return actions.move_incident(row, told["move"], reason=told["why"], seen=row.version, actor=actor)


DOES: dict[str, Do] = {
    "triage": _triage,
    "contain": _contain,
    "note": _note,
    "sent": _sent,
    "link": _link,
    "plan": _plan,
    "done": _done,
    "edit": _edit,
    "move": _move,
}
