"""Judge an edit of a system in its own transaction: open a change, let an open one gather it, or carry a plan out."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from aims.numbering import next_code
from changes.actions.shared import demand_all, name_touched, tell_deciders
from changes.events import GATHERED, OPENED, TOOK_EFFECT
from changes.material import KINDS, Judgement, judge, rules
from changes.models import UNDECIDED, ChangeRecord, ChangeState
from changes.places import place_of
from changes.ports import Asked
from changes.queries.versions import records_at
from ledger.actions import record
from ledger.change import Change
from systems.models import AiSystem
from systems.ports import Edited


@transaction.atomic
def hear_edit(edited: Edited) -> None:
    """Open, extend or carry out a change where an edit of a system beyond design is material; else do nothing.

    The permission is that of the edit, which has been checked: whoever may edit cannot edit unseen.
    """
    system = edited.system
    if edited.is_new or system.stage not in rules().judged_from:
        return
    before = edited.before or records_at(system, [system.version - 1]).get(system.version - 1, {})
    judged = judge(before, edited.after, stage=system.stage)
    if not judged:
        return
    rows = ChangeRecord.objects.select_for_update(of=("self",)).select_related("system__aims").filter(system=system)
    if row := rows.filter(state__in=UNDECIDED).first():
        _gather(row, system, judged, edited.actor)
    elif row := _plan_of(list(rows.filter(state=ChangeState.APPROVED, is_planned=True, to_version=None)), judged):
        _carry_out(row, system, edited.actor)
    else:
        _open(system, judged, edited.actor)


def hear_edits(edits: Sequence[Edited]) -> None:
    """Judge edits that were made together; systems that are new have nothing to differ from."""
    for edited in edits:
        if not edited.is_new:
            hear_edit(edited)


def new_change(system: AiSystem, *, title: str, kinds: list[str], actor: Actor) -> ChangeRecord:
    """Return a change of the system as it stands, with the next reference; it is not saved yet."""
    at = clock.now()
    return ChangeRecord(
        aims_id=system.aims_id,
        code=_next_code(system),
        system=system,
        title=title,
        kinds=kinds,
        rules_version=rules().version,
        from_version=system.version,
        opened_by_id=actor.user_id,
        opened_at=at,
    )


def asked_about(system: AiSystem, judged: Judgement) -> Asked:
    """Return the change as other rooms are asked about it."""
    places = frozenset(place_of(each.difference.path).names for each in judged.differences)
    return Asked(system, frozenset(judged.kinds), places)


def _open(system: AiSystem, judged: Judgement, actor: Actor) -> None:
    row = new_change(system, title=_title(system, judged), kinds=list(judged.kinds), actor=actor)
    row.from_version, row.to_version = system.version - 1, system.version
    change = Change.new(row)
    change.save(actor=actor)
    record(OPENED, row, actor=actor, change=change)
    demand_all(row, judged.demands, actor=actor)
    name_touched(row, asked_about(system, judged), actor=actor)
    tell_deciders(row, actor=actor)


def _gather(row: ChangeRecord, system: AiSystem, judged: Judgement, actor: Actor) -> None:
    row.system = system
    kinds = [kind for kind in KINDS if kind in {*row.kinds, *judged.kinds}]
    change = Change.of(row, kinds=kinds, to_version=system.version, worked_at=clock.now())
    change.save(actor=actor)
    record(GATHERED, row, actor=actor, change=change)
    demand_all(row, judged.demands, actor=actor)
    name_touched(row, asked_about(system, judged), actor=actor)
    tell_deciders(row, actor=actor)


def _plan_of(plans: list[ChangeRecord], judged: Judgement) -> ChangeRecord | None:
    """Return the approved plan that speaks of every kind of this edit, if there is one."""
    return next((plan for plan in plans if set(judged.kinds) <= set(plan.kinds)), None)


def _carry_out(row: ChangeRecord, system: AiSystem, actor: Actor) -> None:
    row.system = system
    change = Change.of(row, to_version=system.version, state=ChangeState.IN_EFFECT, in_effect_at=clock.now())
    change.save(actor=actor)
    record(TOOK_EFFECT, row, actor=actor, change=change)


def _title(system: AiSystem, judged: Judgement) -> str:
    kinds = ", ".join(str(KINDS[kind]) for kind in judged.kinds).capitalize()
    words = _("%(kinds)s changed") % {"kinds": kinds}
    is_new_version = any(each.difference.path == ("model", "version") for each in judged.differences)
    title = f"{system.model_version}: {words}" if is_new_version and system.model_version else words
    return title[:160]


def _next_code(system: AiSystem) -> str:
    return next_code(f"CHG-{clock.today(system.aims.time_zone):%Y}", width=2)
