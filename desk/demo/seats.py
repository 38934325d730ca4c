"""Who else is let in: a certification-body auditor with what their seat is shown, and a deputy for a holiday."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from accounts import clock
from accounts.actor import Actor
from accounts.roles import Role
from aims.actions import grant, name_deputy, share
from aims.days import first_moment, last_midnight
from aims.models import Membership
from audits.models import Milestone
from desk.demo.organisation import OFFICER
from desk.demo.script import Data
from desk.demo.stage import Act, Stage
from soa.models import StatementVersion, VersionState


def acts(stage: Stage, story: Data) -> Iterator[Act]:
    """Everything this part of the story tells."""
    for row in story["seats"]:
        at = stage.at(row["at"])
        yield Act(at, OFFICER, partial(_give, stage, row))
        for place, what in enumerate((f"audit:{row['audit']}", *row["shares"]), start=1):
            yield Act(at + timedelta(minutes=place), OFFICER, partial(_share, stage, row["who"], what))
    for row in story["deputies"]:
        yield Act(stage.at(row["at"]), row["who"], partial(_deputise, stage, row))


def _give(stage: Stage, row: Data, actor: Actor) -> None:
    scope = Milestone.objects.get(reference=row["audit"]).ref
    ends = last_midnight(_day(stage, row["last"]), stage.aims.time_zone)
    person = stage.people[row["who"]]
    grant(person, Role.CERTIFIER, scope=scope, valid_from=clock.now(), valid_until=ends, actor=actor)


def _share(stage: Stage, who: str, what: str, actor: Actor) -> None:
    share(Membership.objects.get(user=stage.people[who], role=Role.CERTIFIER), _ref(stage, what), actor=actor)


def _ref(stage: Stage, what: str) -> str:
    kind, _colon, code = what.partition(":")
    if kind == "version":
        return StatementVersion.objects.get(state=VersionState.APPROVED).ref
    if kind == "assessment":
        return stage.assessment(code).ref
    return Milestone.objects.get(reference=code).ref if kind == "audit" else what


def _deputise(stage: Stage, row: Data, actor: Actor) -> None:
    mine = Membership.objects.get(user=stage.people[row["who"]], role=row["role"])
    zone = stage.aims.time_zone
    begins, ends = first_moment(_day(stage, row["first"]), zone), last_midnight(_day(stage, row["last"]), zone)
    name_deputy(mine, stage.people[row["deputy"]], valid_from=begins, valid_until=ends, actor=actor)


def _day(stage: Stage, told: date) -> date:
    day = stage.day(told)
    assert day is not None  # noqa: S101  (the story tells one)
    return day
