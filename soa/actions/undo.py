"""Take one's own last change of a row back; the log keeps both."""

import json

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart
from ledger.models import Record
from soa.actions.amend import AMENDABLE, locked
from soa.actions.decide import refuse_what_others_rely_on
from soa.actions.reopen import settle
from soa.events import AMENDED, DECIDED, UNDONE
from soa.models import Applicability, Entry
from soa.permissions import may_amend, may_decide


class NothingToUndo(Refusal):
    """There is no change of this person's to take back."""


@transaction.atomic
def undo(entry: Entry, *, seen: int, actor: Actor) -> Entry:
    """Restore the row as it was before its last change, when that change was this actor's own.

    One save of the editor may decide and amend: those two records of one request are taken back together.
    """
    entry = locked(entry)
    require(may_amend(actor, entry))
    hold_apart(entry, seen)
    rows = {row.version: row for row in Entry.history.filter(id=entry.pk, version__gte=entry.version - 2)}
    last, before = rows.get(entry.version), rows.get(entry.version - _steps(entry))
    if last is None or before is None or last.history_user_id != actor.user_id:
        raise NothingToUndo(_("The last change of this row was not yours to undo."))
    names = [*sorted(AMENDABLE - {"owner"}), "applicability", "owner_id"]
    if before.applicability != entry.applicability:
        require(may_decide(actor, entry), _("Deciding applicability takes a compliance officer or an administrator."))
        if before.applicability == Applicability.EXCLUDED:
            refuse_what_others_rely_on(entry)
    was = entry.applicability
    change = Change.of(entry, **{name: getattr(before, name) for name in names})
    if change:
        change.save(actor=actor, reason="undone")
        record(UNDONE, entry, actor=actor, change=change, reason="undone")
        if Applicability.EXCLUDED in (was, entry.applicability) and was != entry.applicability:
            settle(entry, actor=actor)
    if entry.applicability == Applicability.EXCLUDED:
        seal_now(entry.aims_id)
    return entry


def _steps(entry: Entry) -> int:
    """Count the changes that the last request made of the row: two when it decided and amended, else one."""
    rows = Record.objects.filter(subject=entry.ref).order_by("-pk")[:2]
    if [row.event for row in rows] != [AMENDED.name, DECIDED.name]:
        return 1
    return len(rows) if len({json.loads(bytes(row.body))["request_id"] for row in rows}) == 1 else 1
