"""Contain an incident at once: suspend the system, fall back to its next model, limit it, or say why not."""

from copy import deepcopy

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from incidents.actions.shared import JUDGES, known, made, opened, told
from incidents.events import CONTAINED, MEANS_TAKEN
from incidents.models import Containment, Incident
from incidents.permissions import may_contain
from incidents.words import Means, State
from ledger.actions import record
from ledger.change import Change, hold_apart
from systems.actions import edit_system, move_stage
from systems.models import AiSystem, Stage
from systems.record.places import models_in_order


class NotContainable(Refusal):
    """It cannot be contained so."""

    field = "means"


@transaction.atomic
def contain(incident: Incident, means: str, *, why: str, seen: int, actor: Actor) -> Containment:
    """Do it, record it, and move a triaged incident on; one that nobody judged yet can be contained too."""
    row = opened(incident)
    require(may_contain(actor, row), str(JUDGES))
    actor = actor.on_behalf_of(row.system.owner_id)
    hold_apart(row, seen)
    known([means], Means.values, "means")
    why = told(why, _("Say why."), "why")
    before, after = _taken(row, Means(means), why, actor)
    taken = Containment(
        aims_id=row.aims_id, incident=row, means=means, at=clock.now(), why=why, by_id=actor.user_id,
        before=before[:300], after=after[:300],
    )  # fmt: skip
    decision = {"mode": "partial" if means != Means.NONE else "continue", "outcome": means, "reversible": True}
    made(taken, MEANS_TAKEN, actor=actor, reason=why, decision=decision)
    if row.state == State.TRIAGED:
        change = Change.of(row, state=State.CONTAINED)
        change.save(actor=actor, reason=why)
        record(CONTAINED, row, actor=actor, change=change, reason=why)
    return taken


def _taken(row: Incident, means: Means, why: str, actor: Actor) -> tuple[str, str]:
    """Take the means and return what was so before it and after."""
    reason = f"{row.code}: {why}"
    if means == Means.SUSPEND:
        return suspend(row.system, reason, actor)
    if means == Means.FALL_BACK:
        return fall_back(row.system, reason, actor)
    return "", ""


def suspend(system: AiSystem, reason: str, actor: Actor) -> tuple[str, str]:
    """Stop a system at once, which takes no signature: the only place from where this room moves a stage."""
    if system.stage in {Stage.SUSPENDED, Stage.RETIRED}:
        raise NotContainable(_("%s does not run.") % system)
    before = str(system.get_stage_display())
    moved = move_stage(system, Stage.SUSPENDED, reason=reason, seen=system.version, actor=actor)
    return before, str(moved.get_stage_display())


def fall_back(system: AiSystem, reason: str, actor: Actor) -> tuple[str, str]:
    """Put the next model of the record in use; the one that was goes to the end of the line."""
    models = models_in_order(system.record)
    if len(models) < 2:
        raise NotContainable(_("The record of %s names no model to fall back to. Suspend or limit it.") % system)
    record_then = deepcopy(system.record)
    first, second, *rest = deepcopy(models)
    second.pop("fallback_for", None)
    record_then["model"], record_then["models"] = second, [*rest, first]
    edit_system(system, seen=system.version, actor=actor, reason=reason, record=record_then)
    return _name(first), _name(second)


def _name(model: dict[str, object]) -> str:
    return " ".join(str(model[part]) for part in ("base_model", "version") if model.get(part)) or _("a model unnamed")
