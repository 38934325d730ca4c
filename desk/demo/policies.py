"""What systems are judged by: the shipped policies, one of their own, one that is off, and two nights of results."""

from collections.abc import Iterator
from functools import partial

from accounts.actor import Actor, service
from desk.demo.organisation import OFFICER
from desk.demo.script import Data
from desk.demo.stage import Act, Stage
from policies.actions import load_shipped, switch_policy, write_policy
from policies.engine import is_here
from policies.models import Policy
from systems.actions.judge import note_judging
from systems.judging.work import judge_all, read

JUDGE = service("judge")


def acts(stage: Stage, told: Data) -> Iterator[Act]:
    """Everything this part of the story tells; where there is no engine, no policy of their own can be written."""
    yield Act(stage.at(told["loaded"]), OFFICER, _load)
    if is_here():
        for row in told["own"]:
            yield Act(stage.at(row["at"]), OFFICER, partial(_write, row))
    for row in told["off"]:
        yield Act(stage.at(row["at"]), OFFICER, partial(_switch_off, row))
    for night in told["nights"]:
        yield Act(stage.at(night), OFFICER, _judge)


def _load(_actor: Actor) -> object:
    return load_shipped(actor=JUDGE)


def _write(row: Data, actor: Actor) -> object:
    return write_policy(row["name"], row["text"], note=row["note"], actor=actor)


def _switch_off(row: Data, actor: Actor) -> object:
    policy = Policy.objects.get(name=row["name"])
    return switch_policy(policy, is_on=False, reason=row["why"], seen=policy.version, actor=actor)


def _judge(_actor: Actor) -> object:
    return note_judging(judge_all(read()), occasion="night", by_id=None, actor=JUDGE)
