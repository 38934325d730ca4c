"""What is told of risks beyond their scores, what a look at their treatment found, and the plan put up for approval."""

from collections.abc import Iterator
from functools import partial

from accounts.actor import Actor
from assessments.actions import edit_risk, feed, submit_plan, verify_treatment
from assessments.models import Impact, Risk
from assessments.queries.drivers import in_force
from desk.demo.script import Data
from desk.demo.stage import Act, Stage

DAYS = ("starts_on", "done_on")


def acts(stage: Stage, story: list[Data]) -> Iterator[Act]:
    """Everything this part of the story tells."""
    for row in story:
        yield Act(stage.at(row["at"]), row["who"], partial(_act, stage, row))


def _act(stage: Stage, row: Data, actor: Actor) -> None:
    if "plan" in row:
        submit_plan(note=row["plan"], actor=actor)
        return
    risk = Risk.objects.get(code=row["of"])
    if told := row.get("about"):
        fields = {name: stage.day(said) if name in DAYS else stage.text(said) for name, said in told.items()}
        edit_risk(risk, seen=risk.version, actor=actor, **fields)  # type: ignore[arg-type]
    for system, number in row.get("feeds", ()):
        impact = Impact.objects.get(in_force("assessment__"), assessment__system__code=system, number=number)
        feed(risk, impact, actor=actor)
    if look := row.get("verified"):
        said = {"outcome": look["outcome"], "grounds": stage.text(look["grounds"])}
        day = stage.day(look["on"])
        assert day is not None  # noqa: S101  (the story dates every look)
        verify_treatment(risk, verified_on=day, actor=actor, **said)
