"""Move a system along its life cycle."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from ledger.actions import record
from ledger.change import Change, hold_apart
from systems.actions.first_tasks import close_first_tasks
from systems.events import MOVED, RETIRED
from systems.models import AiSystem, Stage
from systems.permissions import may_move

NEEDS_REASON = (Stage.SUSPENDED, Stage.RETIRED)


class NotMovable(Refusal):
    """The system cannot be moved so."""


@transaction.atomic
def move_stage(system: AiSystem, stage: str, *, reason: str = "", seen: int, actor: Actor) -> AiSystem:
    """Move the system to a stage; suspending, retiring and bringing back from retirement need a reason."""
    row = AiSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    require(may_move(actor, row), _("Only the system's owner, a compliance officer or an administrator may move it."))
    actor = actor.on_behalf_of(row.owner_id)
    hold_apart(row, seen, stage=stage)
    reason = reason.strip()
    _check(row, stage, reason)
    change = Change.of(row, stage=Stage(stage))
    if change:
        change.save(actor=actor, reason=reason)
        record(RETIRED if stage == Stage.RETIRED else MOVED, row, actor=actor, change=change, reason=reason)
        if stage == Stage.RETIRED:
            close_first_tasks(row, actor=actor)
    return row


def _check(row: AiSystem, stage: str, reason: str) -> None:
    if stage not in Stage.values:
        raise NotMovable(_("There is no stage %s.") % stage, field="stage")
    is_turning_point = stage in NEEDS_REASON or row.stage == Stage.RETIRED
    if is_turning_point and stage != row.stage and not reason:
        raise NotMovable(_("Say why: this move is one an auditor will ask about."), field="reason")
