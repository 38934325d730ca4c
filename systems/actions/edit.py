"""Change what is known about a system."""

from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import require
from ledger.actions import record
from ledger.change import Change, hold_apart
from systems.actions.facts import Facts, check, tidy
from systems.events import EDITED
from systems.models import AiSystem
from systems.permissions import may_edit


@transaction.atomic
def edit_system(system: AiSystem, *, seen: int, actor: Actor, **facts: Unpack[Facts]) -> AiSystem:
    """Save the facts that differ; nothing is recorded when none do."""
    row = AiSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    require(may_edit(actor, row), _("Only the system's owner, a compliance officer or an administrator may edit it."))
    actor = actor.on_behalf_of(row.owner_id)
    offered = tidy(facts)
    hold_apart(row, seen, **offered)
    change = Change.of(row, **offered)
    check(row)
    if change:
        change.save(actor=actor)
        record(EDITED, row, actor=actor, change=change)
    return row
