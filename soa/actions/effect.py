"""The door through which the audit room tells whether a control works: facts flow right to left only here."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import require
from accounts.roles import Role
from ledger.actions import record
from ledger.change import Change
from soa.actions.amend import locked
from soa.events import EFFECT
from soa.models import Effectiveness, Entry


@transaction.atomic
def record_effectiveness(entry: Entry, effectiveness: Effectiveness, *, source: str, actor: Actor) -> Entry:
    """Set what the latest test or open finding says; `source` is its reference, such as `finding:NC-2026-03`."""
    require(actor.holds(Role.AUDITOR, Role.ADMINISTRATOR), _("Effectiveness follows from tests by internal auditors."))
    entry = locked(entry)
    change = Change.of(entry, effectiveness=effectiveness, effectiveness_source=source)
    if change:
        change.save(actor=actor, reason=source)
        record(EFFECT, entry, actor=actor, change=change, reason=source)
    return entry
