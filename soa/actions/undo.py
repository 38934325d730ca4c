"""Take one's own last change of a row back; the log keeps both."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart
from soa.actions.amend import AMENDABLE, locked
from soa.actions.decide import refuse_what_others_rely_on
from soa.events import UNDONE
from soa.models import Applicability, Entry
from soa.permissions import may_amend, may_decide


class NothingToUndo(Refusal):
    """There is no change of this person's to take back."""


@transaction.atomic
def undo(entry: Entry, *, seen: int, actor: Actor) -> Entry:
    """Restore the row as it was before its last change, when that change was this actor's own."""
    entry = locked(entry)
    require(may_amend(actor, entry))
    hold_apart(entry, seen)
    rows = list(Entry.history.filter(id=entry.pk, version__in=[entry.version, entry.version - 1]).order_by("-version"))
    if len(rows) != 2 or rows[0].history_user_id != actor.user_id:
        raise NothingToUndo(_("The last change of this row was not yours to undo."))
    before = rows[1]
    names = [*sorted(AMENDABLE - {"owner"}), "applicability", "owner_id"]
    if before.applicability != entry.applicability:
        require(may_decide(actor, entry), _("Deciding applicability takes a compliance officer or an administrator."))
        if before.applicability == Applicability.EXCLUDED:
            refuse_what_others_rely_on(entry)
    change = Change.of(entry, **{name: getattr(before, name) for name in names})
    if change:
        change.save(actor=actor, reason="undone")
        record(UNDONE, entry, actor=actor, change=change, reason="undone")
    if entry.applicability == Applicability.EXCLUDED:
        seal_now(entry.aims_id)
    return entry
