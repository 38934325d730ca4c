"""How the systems move: asked for by those who answer for them, signed by somebody else; rules, functions, advice."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from accounts.actor import Actor, service
from desk.demo.script import Data
from desk.demo.stage import Act, Stage
from policies.engine import is_here
from systems.actions import (
    Condition,
    Thought,
    advise,
    ask_move,
    name_function,
    refuse_move,
    set_rule,
    sign_move,
)
from systems.actions.judge import note_judging
from systems.judging.work import judge_all, read
from systems.lifecycle.models import Mode, MoveState, Transition


def acts(stage: Stage, code: str, later: Data) -> Iterator[Act]:
    """Advice, or a move with what became of it; each system is judged shortly before."""
    if "advice" in later:
        yield Act(stage.at(later["at"]), later["who"], partial(_advise, stage, code, later))
        return
    if not is_here():
        return  # a gate stays shut where nothing can be judged
    yield Act(stage.at(later["at"]) - timedelta(minutes=10), later["who"], _judge)
    yield Act(stage.at(later["at"]), later["who"], partial(_ask, stage, code, later))
    if signed := later.get("signed"):
        yield Act(stage.at(signed["at"]), signed["who"], partial(_sign, stage, code, signed))
    if deferred := later.get("deferred"):
        yield Act(stage.at(deferred["at"]), deferred["who"], partial(_defer, stage, code, deferred))


def rules(stage: Stage, officer: str, functions: list[Data], gates: list[Data]) -> Iterator[Act]:
    """Who holds which function, and who has to agree at a gate."""
    for row in functions:
        yield Act(stage.at(row["at"]), officer, partial(_name, stage, row))
    for row in gates:
        yield Act(stage.at(row["at"]), officer, partial(_rule, row))


def _judge(_actor: Actor) -> object:
    """Judge every system by what is in force, as the worker does after an edit."""
    return note_judging(judge_all(read()), occasion="asked", by_id=None, actor=service("judge"))


def _advise(stage: Stage, code: str, later: Data, actor: Actor) -> object:
    return advise(stage.system(code), text=stage.text(later["advice"]), actor=actor)


def _ask(stage: Stage, code: str, later: Data, actor: Actor) -> object:
    system, left = stage.system(code), later.get("open")
    told = [Condition(left["check"], left["text"], stage.people[left["who"]], stage.day(left["by"]))] if left else []
    return ask_move(
        system,
        later["ask"],
        reason=stage.text(later["why"]),
        mode=Mode.PARTIAL if told else Mode.CONTINUE,
        conditions=told,
        thought=Thought(later["harm"], is_reversible=True, reversing=later["back"]),
        seen=system.version,
        actor=actor,
    )


def _waiting(stage: Stage, code: str) -> Transition:
    found: Transition = Transition.objects.select_related("system").get(
        system=stage.system(code), state=MoveState.PROPOSED
    )
    return found


def _sign(stage: Stage, code: str, told: Data, actor: Actor) -> object:
    move = _waiting(stage, code)
    return sign_move(move, note=told["note"], seen=move.version, actor=actor)


def _defer(stage: Stage, code: str, told: Data, actor: Actor) -> object:
    move = _waiting(stage, code)
    said = {"reason": told["note"], "look_again_on": stage.day(told["day"])}
    return refuse_move(move, mode=Mode.DEFER, seen=move.version, actor=actor, **said)


def _name(stage: Stage, row: Data, actor: Actor) -> object:
    return name_function(row["name"], stage.people[row["who"]], actor=actor)


def _rule(row: Data, actor: Actor) -> object:
    return set_rule(row["rule"], stage=row["stage"], reason=row["why"], seen=0, actor=actor)
