"""Change some places of a system's record, leaving what others said elsewhere since."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.actor import Actor
from accounts.refusals import Conflict
from systems.actions.edit import edit_system
from systems.actions.facts import whole_record
from systems.models import AiSystem
from systems.sections.patch import Patch, patched, touches


@transaction.atomic
def change_places(
    system: AiSystem, patch: Patch, *, within: Iterable[str], seen: int, actor: Actor, reason: str = ""
) -> AiSystem:
    """Put the patch into the record as it stands now.

    Raises Conflict when somebody changed a field of `within` (fields at the top of a record) since version `seen`;
    changes elsewhere, and of scope or stage, do not collide with it.
    """
    row = AiSystem.objects.select_for_update(of=("self",)).select_related("owner").get(pk=system.pk)
    now = whole_record(row)
    if row.version != seen:
        before = earlier_record(row, seen)
        if before is None or touches(before, now, within):
            raise Conflict(row, {"record": patched(now, patch)})
    return edit_system(row, seen=row.version, actor=actor, reason=reason, record=patched(now, patch))


def earlier_record(system: AiSystem, version: int) -> dict[str, Any] | None:
    """Return the record as it stood at a version, or None if there was no such version."""
    then = system.history.filter(version=version).order_by("-history_id").first()
    return whole_record(then.instance) if then else None
