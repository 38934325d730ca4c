"""Change what is known about a system."""

from copy import deepcopy
from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import require
from ledger.actions import record
from ledger.change import Change, hold_apart
from systems.actions.facts import Facts, check, offered, only_what_differs
from systems.actions.first_tasks import keep_first_tasks
from systems.events import EDITED
from systems.models import AiSystem
from systems.permissions import may_edit
from systems.ports import Edited, tell_of_edit


@transaction.atomic
def edit_system(system: AiSystem, *, seen: int, actor: Actor, reason: str = "", **facts: Unpack[Facts]) -> AiSystem:
    """Save the facts that differ, and tell the rooms that judge changes; nothing is recorded when none do."""
    row = AiSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    require(may_edit(actor, row), _("Only the system's owner, a compliance officer or an administrator may edit it."))
    actor = actor.on_behalf_of(row.owner_id)
    before, still_open = deepcopy(row.record), [] if row.purpose else ["purpose"]
    owner_id = row.owner_id
    values = offered(row, facts)
    hold_apart(row, seen, **{name: values[name] for name in facts})
    change = Change.of(row, **values)
    check(row, still_open=still_open)
    if change:
        only_what_differs(change, before, row.record)
        change.save(actor=actor, reason=reason)
        record(EDITED, row, actor=actor, change=change, reason=reason)
        keep_first_tasks(row, before, owner_id, actor=actor)
        tell_of_edit(Edited(row, before, row.record, actor))
    return row
