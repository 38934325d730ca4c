"""Makers of a chain with something in it."""

from accounts.actor import Actor
from aims.models import Obligation
from aims.vocabulary import ObligationKind
from ledger.actions import record, seal
from ledger.change import Change
from ledger.events import known_events

OBLIGED = "obligation.recorded"


def an_obligation(actor: Actor, code: str, *, aims_id: int, text: str = "") -> Obligation:
    """An obligation with its record."""
    row = Obligation(aims_id=aims_id, code=code, kind=ObligationKind.LAW, title=f"Law {code}", text=text)
    change = Change.new(row)
    change.save(actor=actor)
    record(known_events()[OBLIGED], row, actor=actor, change=change)
    seal(aims_id)
    return row


def an_edit(actor: Actor, row: Obligation, reason: str = "", **fields: object) -> None:
    """A change of the obligation, with its record."""
    change = Change.of(row, **fields)
    change.save(actor=actor, reason=reason)
    record(known_events()[OBLIGED], row, actor=actor, change=change, reason=reason)
    seal(row.aims_id)
