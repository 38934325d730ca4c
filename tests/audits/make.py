"""Typed makers of the cycle's dates; each goes through the actions."""

from datetime import date
from typing import Any

from accounts.actor import Actor
from audits.actions import hold_milestone, plan_milestone
from audits.models import Milestone, MilestoneKind


def a_milestone(
    actor: Actor,
    due_on: date = date(2026, 9, 22),
    *,
    kind: MilestoneKind = MilestoneKind.SURVEILLANCE_1,
    held_on: date | None = None,
    **planned: Any,
) -> Milestone:
    """A planned date; `held_on` marks it as held too."""
    row = plan_milestone(kind=kind, due_on=due_on, actor=actor, **planned)
    return hold_milestone(row, held_on=held_on, seen=1, actor=actor) if held_on else row


def a_cycle(actor: Actor) -> list[Milestone]:
    """The cycle of the prototype's overview, from stage 1 to expiry."""
    kinds = MilestoneKind
    held = [(kinds.STAGE_1, date(2025, 5, 20)), (kinds.STAGE_2, date(2025, 9, 23)), (kinds.ISSUED, date(2025, 10, 30))]
    planned = [
        (kinds.SURVEILLANCE_1, date(2026, 9, 22)),
        (kinds.SURVEILLANCE_2, date(2027, 9, 21)),
        (kinds.RECERTIFICATION, date(2028, 8, 29)),
        (kinds.EXPIRES, date(2028, 10, 29)),
    ]
    body = "Northgate Certification"
    rows = [a_milestone(actor, day, kind=kind, held_on=day, body=body) for kind, day in held]
    return rows + [a_milestone(actor, day, kind=kind, body=body, reference="AI 70418") for kind, day in planned]
