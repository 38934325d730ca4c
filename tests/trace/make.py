"""Makers of a chain with something in it."""

from datetime import datetime

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from aims.models import Obligation
from aims.vocabulary import ObligationKind
from ledger.actions import checkpoint as sign
from ledger.actions import record, seal
from ledger.change import Change
from ledger.events import known_events
from ledger.models import Anchor, AnchorKind, Checkpoint

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


def a_checkpoint(aims_id: int) -> Checkpoint:
    """A signed checkpoint over everything that stands there."""
    seal(aims_id)
    return sign(aims_id)


def an_anchor(
    row: Checkpoint,
    kind: AnchorKind = AnchorKind.MAIL,
    *,
    to: Actor | None = None,
    place: str = "",
    at: datetime | None = None,
) -> Anchor:
    """A copy of a checkpoint outside."""
    person = User.objects.get(pk=to.user_id) if to else None
    return Anchor.objects.create(
        checkpoint=row, aims_id=row.aims_id, kind=kind, person=person, place=place, made_at=at or clock.now()
    )
