"""Approve or refuse a change: a person who had no hand in it, and only when nothing it demands is missing."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from accounts.separation import apart
from changes.actions.shared import close_all, held, told
from changes.events import APPROVED, REFUSED
from changes.models import ChangeRecord, ChangeState
from changes.permissions import may_decide
from changes.policies import own_change
from changes.queries.standing import Lack, authors_of, lacks_of
from ledger.actions import record, seal_now
from ledger.change import Change


class OwnWork(Refusal):
    """Two people are needed for a change."""


class Incomplete(Refusal):
    """Something that the change demands is missing; `lacks` says what and where one mends it."""

    def __init__(self, lacks: list[Lack]) -> None:
        super().__init__(" ".join(f"{lack.words}." for lack in lacks))
        self.lacks = tuple(lacks)


@transaction.atomic
def approve_change(change: ChangeRecord, *, reason: str = "", seen: int, actor: Actor) -> ChangeRecord:
    """Approve the change as it was seen; one that took effect in an emergency is in effect, others follow."""
    row, actor = _judged_by(change, seen, actor, reason)
    if lacks := lacks_of(row, row.demands.all(), row.touched.all(), row.system.aims.slug):
        raise Incomplete(lacks)
    state = ChangeState.IN_EFFECT if row.is_emergency else ChangeState.APPROVED
    outcome = {"mode": "continue", "outcome": "approved", "previous": str(row.state), "reversible": None}
    difference = Change.of(row, state=state, decision_reason=reason.strip(), **_by(actor))
    difference.save(actor=actor, reason=reason.strip())
    record(APPROVED, row, actor=actor, change=difference, reason=reason.strip(), decision=outcome)
    close_all(row, actor=actor)
    seal_now(row.aims_id)
    return row


@transaction.atomic
def refuse_change(change: ChangeRecord, *, reason: str, seen: int, actor: Actor) -> ChangeRecord:
    """Refuse the change with the reason; what the record says of it has to be taken back."""
    row, actor = _judged_by(change, seen, actor, reason)
    reason = told(reason, _("Say why the change is refused."))
    outcome = {"mode": "refuse", "outcome": "refused", "previous": str(row.state), "reversible": None}
    difference = Change.of(row, state=ChangeState.REFUSED, decision_reason=reason, **_by(actor))
    difference.save(actor=actor, reason=reason)
    record(REFUSED, row, actor=actor, change=difference, reason=reason, decision=outcome)
    close_all(row, actor=actor)
    seal_now(row.aims_id)
    return row


def _judged_by(change: ChangeRecord, seen: int, actor: Actor, reason: str) -> tuple[ChangeRecord, Actor]:
    row = held(change, seen, decision_reason=reason)
    require(may_decide(actor, row), _("Deciding on a change takes an approver or a compliance officer."))
    authors = authors_of(row)
    if own_work := own_change(actor, row, authors):
        raise OwnWork(own_work)
    return row, apart(actor, authors)


def _by(actor: Actor) -> dict[str, object]:
    return {"decided_by_id": actor.user_id, "decided_at": clock.now()}
