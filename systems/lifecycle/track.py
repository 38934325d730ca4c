"""The life-cycle track of a system: its stages, with the checks that were met at each gate, and its moves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims.history import rows_at
from systems.lifecycle.gates import gate_of
from systems.lifecycle.models import IN_FORCE, MoveState, Transition
from systems.lifecycle.stages import FOLLOWS, GATED, TRACK, Stage
from systems.lifecycle.wording import MARKS
from systems.models import AiSystem


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the track: done, current or next, and what its gate counts, as a glyph with its words."""

    name: str
    state: str
    note: str = ""
    glyph: str = ""
    tone: str = "none"
    said: str = ""


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One move of a system in its list."""

    number: int
    address: str
    way: str
    state: str
    glyph: str
    tone: str
    who: str
    at: datetime
    reason: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Track:
    """The stages and the newest moves; `unsigned` where a system is in use that nobody signed."""

    steps: tuple[Step, ...]
    moves: tuple[MoveLine, ...]
    waiting: MoveLine | None
    unsigned: bool


def track_of(row: AiSystem, at: datetime | None = None) -> Track:
    """Return the track now, or as it stood: two queries for the moves, and those of two gates when it is now."""
    moves = list(rows_at(Transition, at, system=row.pk).select_related("asked_by", "decided_by").order_by("-number"))
    came_in = {move.to_stage: move for move in reversed(moves) if move.state in IN_FORCE}
    place = TRACK.index(Stage(row.stage)) if row.stage in TRACK else -1
    following = {stage for stage in FOLLOWS.get(row.stage, ()) if stage in GATED}
    steps = tuple(
        _step(row, stage, _state(number, place), came_in.get(stage), is_now=at is None and stage in following)
        for number, stage in enumerate(TRACK)
    )
    lines = tuple(move_line(move, row) for move in moves)
    waiting = next((line for line in lines if line.is_waiting), None)
    return Track(steps, lines[:6], waiting, row.stage in ("deployment", "operation") and row.came_by_id is None)


def _state(number: int, place: int) -> str:
    return "done" if number < place else "current" if number == place else "next"


def _step(row: AiSystem, stage: Stage, state: str, move: Transition | None, *, is_now: bool) -> Step:
    name = str(stage.label)
    if state == "current" and stage in GATED and move is None:
        return Step(name, state)
    if state == "next" and is_now:
        met, asked = gate_of(row, stage, is_ruled=False).counted
        if left := asked - met:
            said = {"left": left, "asked": asked}
            note = ngettext("%(left)d of %(asked)d missing", "%(left)d of %(asked)d missing", left) % said
            return Step(name, state, note, "due", "warn", _("Missing"))
        return Step(name, state, _("%(asked)d of %(asked)d checks") % {"asked": asked}, "done", "ok", _("Met"))
    if move is None or state == "next":
        return Step(name, state)
    return _entered(name, state, move)


def _entered(name: str, state: str, move: Transition) -> Step:
    checks: list[dict[str, Any]] = (move.judgement or move.gates).get("checks", [])
    asked = [check for check in checks if check["state"] != "advice"]
    if not asked:
        day = move.decided_at or move.asked_at
        return Step(name, state, _("since %s") % f"{day.day} {day:%b %Y}", "done", "none", _("Entered"))
    met = sum(check["state"] == "met" for check in asked)
    said = {"met": met, "asked": len(asked)}
    tone = ("done", "ok", _("Passed")) if met == len(asked) else ("half", "warn", _("Under conditions"))
    return Step(name, state, _("%(met)d of %(asked)d checks") % said, *tone)


def move_line(move: Transition, row: AiSystem) -> MoveLine:
    """Return a move as lists print it."""
    glyph, tone = MARKS[move.state]
    decided = move.decided_by if move.state != MoveState.PROPOSED else None
    return MoveLine(
        number=move.number,
        address=reverse("systems:move", args=[row.aims.slug, row.code, move.number]),
        way=str(move),
        state=str(move.get_state_display()),
        glyph=glyph,
        tone=tone,
        who=_who(decided or move.asked_by),
        at=move.decided_at or move.asked_at,
        reason=move.reason,
        is_waiting=move.state == MoveState.PROPOSED,
    )


def _who(person: Any) -> str:
    return str(person.display_name) if person else _("Assay")
