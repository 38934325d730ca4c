"""The door through which the audit room tells whether a control works: facts flow right to left only here."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from accounts.separation import apart
from ledger.actions import record
from ledger.change import Change
from soa.actions.amend import locked
from soa.events import EFFECT
from soa.models import Effectiveness, Entry
from soa.permissions import may_test
from soa.policies import own_control
from soa.queries.approvers import workers_at


class NotTestable(Refusal):
    """Nobody audits their own work (9.2.2)."""


@transaction.atomic
def record_effectiveness(entry: Entry, effectiveness: Effectiveness, *, source: str, actor: Actor) -> Entry:
    """Set what the latest test or open finding says; `source` is its reference, such as `finding:NC-2026-03`."""
    require(may_test(actor), _("Effectiveness follows from tests by internal auditors."))
    entry = locked(entry)
    workers = workers_at(entry)
    if own_work := own_control(actor, entry, workers):
        raise NotTestable(own_work)
    actor = apart(actor, workers)
    change = Change.of(entry, effectiveness=effectiveness, effectiveness_source=source)
    if change:
        change.save(actor=actor, reason=source)
        record(EFFECT, entry, actor=actor, change=change, reason=source)
    return entry
