"""Who Meridian Assist is: founding, people, scope, obligations, systems, the dates of the cycle."""

from collections.abc import Iterator
from typing import Any

from accounts.actor import Actor
from accounts.clock import standing_at
from accounts.models import User
from accounts.roles import Role
from aims.actions import Duty, Scope, found, grant, oblige, state_scope
from aims.models import Aims
from aims.queries import current_scope
from audits.actions import hold_milestone, plan_milestone
from desk.demo import life
from desk.demo.script import Calendar, Data, read
from desk.demo.stage import Act, Stage
from policies.engine import is_here
from systems.actions import edit_system, move_stage, register, rely_on, say_scope, state_completeness
from systems.actions.state_completeness import covered
from systems.lifecycle.stages import Way

OFFICER = "Priya Raman"
BODY = "Northgate Certification"


def email_of(name: str) -> str:
    """The address a person of the story signs in with; no mail ever reaches it (RFC 2606)."""
    return f"{name.lower().replace(' ', '.')}@meridian.example"


def begin(story: Data, calendar: Calendar, passwords: dict[str, str]) -> tuple[Aims, dict[str, User]]:
    """Found the organisation and make its people; those without a password cannot sign in."""
    told: Data = story["aims"]
    with standing_at(calendar.instant(told["founded"])):
        people = {row["name"]: _person(row, told["time_zone"], passwords) for row in story["people"]}
        names = ("short_name", "time_zone", "document_code", "jurisdictions")
        about = {name: told[name] for name in names}
        aims, _actor = found(
            told["organisation"],
            founder=people[OFFICER],
            roles_played=told["roles_played"],
            slug=told["slug"],
            is_demo=True,
            **about,
        )
    return aims, people


def _person(row: Data, time_zone: str, passwords: dict[str, str]) -> User:
    return User.objects.create_user(
        email_of(row["name"]), passwords.get(row["name"]), name=row["name"], job_title=row["job"], time_zone=time_zone
    )


def acts(stage: Stage, story: Data) -> Iterator[Act]:
    """Everything this part of the story tells."""
    yield from _roles(stage, story)
    yield from _scopes(stage, story["scopes"])
    for place, row in enumerate(story["obligations"]):
        yield Act(stage.at(f"2025-03-05 14:{place:02d}"), OFFICER, _obliging(stage, row))
    records: Data = read("applying")
    for row in story["systems"]:
        yield from _system(stage, row, records)
    yield from life.rules(stage, OFFICER, story["functions"], story["gates"])
    for row in story["completeness"]:
        yield Act(stage.at(row["at"]), OFFICER, _stating(stage, row))
    for row in story["milestones"]:
        yield from _milestone(stage, row)


def _roles(stage: Stage, story: Data) -> Iterator[Act]:
    for place, row in enumerate(story["people"]):
        for role in row["roles"] if row["name"] != OFFICER else ():
            if role == Role.CERTIFIER:
                continue  # a seat has its own place in the story
            at = stage.at(f"2025-03-03 10:{place:02d}")
            yield Act(at, OFFICER, _granting(stage.people[row["name"]], Role(role)))


def _granting(user: User, role: Role) -> Any:
    return lambda actor: grant(user, role, actor=actor)


def _scopes(stage: Stage, told: list[Data]) -> Iterator[Act]:
    for row in told:
        yield Act(stage.at(row["at"]), OFFICER, _scoping(stage, row))


def _scoping(stage: Stage, row: Data) -> Any:
    def do(actor: Actor) -> object:
        last = current_scope()
        on = stage.calendar.moved(row["on"])
        scope = Scope(text=row["text"], boundaries=row["boundaries"], sites=row["sites"], effective_on=on)
        return state_scope(scope, seen=last.number if last else 0, actor=actor)

    return do


def _obliging(stage: Stage, row: Data) -> Any:
    texts = {name: row.get(name, "") for name in ("kind", "title", "party", "source", "text")}
    duty = Duty(**texts, owner=stage.people[row["owner"]])
    return lambda actor: oblige(duty, actor=actor, code=row["code"])


def _system(stage: Stage, row: Data, records: Data) -> Iterator[Act]:
    at, scope = stage.at(row["at"]), row["scope"]
    yield Act(at, OFFICER, _registering(stage, row, records))
    yield Act(stage.at(scope["at"]), OFFICER, _saying(stage, row["code"], is_in_scope=scope["is"], why=scope["why"]))
    for control, why in row["relies"].items():
        yield Act(
            stage.at(row["at"].replace("03-06", "04-10")), row["owner"], _relying(stage, row["code"], control, why)
        )
    for later in row["later"]:
        if "ask" in later or "advice" in later:
            yield from life.acts(stage, row["code"], later)
        else:
            yield Act(stage.at(later["at"]), later["who"], _changing(stage, row["code"], later))


def _registering(stage: Stage, row: Data, records: Data) -> Any:
    def do(actor: Actor) -> object:
        return register(
            actor=actor,
            stage=row["stage"],
            name=row["name"],
            purpose=row["purpose"],
            owner=stage.people[row["owner"]],
            roles_played=row["roles"],
            supplier=row["supplier"],
            model_name=row["model"],
            model_version=row["version"],
            record=records.get(row["code"], {}) | {"lifecycle": {"stage": row["stage"]}},
        )

    return do


def _saying(stage: Stage, code: str, *, is_in_scope: bool, why: str) -> Any:
    def do(actor: Actor) -> object:
        system = stage.system(code)
        return say_scope(system, is_in_scope=is_in_scope, reason=stage.text(why), seen=system.version, actor=actor)

    return do


def _relying(stage: Stage, code: str, control: str, why: str) -> Any:
    return lambda actor: rely_on(stage.system(code), stage.requirement(control), why=why, actor=actor)


def _changing(stage: Stage, code: str, later: Data) -> Any:
    def do(actor: Actor) -> object:
        system, why = stage.system(code), stage.text(later.get("why", ""))
        if "version" in later:
            return edit_system(system, seen=system.version, actor=actor, model_version=later["version"])
        if "stage" in later and not _can_move(Way(str(system.stage), later["stage"])):
            return system
        if "stage" in later:
            return move_stage(system, later["stage"], reason=why, seen=system.version, actor=actor)
        return say_scope(system, is_in_scope=later["in_scope"], reason=why, seen=system.version, actor=actor)

    return do


def _can_move(way: Way) -> bool:
    """Whether the story's move exists here: where nothing can judge policies, gates stay shut and nothing is in use."""
    return way.is_known and (is_here() or not way.is_gated)


def _stating(stage: Stage, row: Data) -> Any:
    until = stage.day(row["until"])
    assert until is not None  # noqa: S101  (the story says it)

    def do(actor: Actor) -> object:
        seen = len(covered(row["unit"]))
        return state_completeness(row["unit"], method=row["method"], valid_until=until, seen=seen, actor=actor)

    return do


def _milestone(stage: Stage, row: Data) -> Iterator[Act]:
    planned: list[Any] = []

    def plan(actor: Actor) -> object:
        planned.append(
            plan_milestone(
                actor=actor,
                kind=row["kind"],
                due_on=stage.calendar.moved(row["on"]),
                owner=stage.people[row["owner"]],
                body=row.get("body", BODY),
                reference=row["reference"],
            )
        )
        return planned

    def hold(actor: Actor) -> object:
        return hold_milestone(planned[0], held_on=stage.day(row["on"]), seen=planned[0].version, actor=actor)

    yield Act(stage.at(row["planned"]), OFFICER, plan)
    if "held" in row:
        yield Act(stage.at(row["held"]), OFFICER, hold)
