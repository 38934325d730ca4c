"""Makers of records."""

from accounts.actor import Actor
from accounts.clock import now
from aims.events import OBLIGED
from aims.models import Obligation
from aims.tenant import TenantModel
from aims.vocabulary import ObligationKind
from ledger.actions import record
from ledger.change import Change
from ledger.events import Event, known_events
from ledger.keys import private_of
from ledger.models import Leaf, Log, LogKey, Record
from ledger.notes import Head, signed


def an_event(name: str = OBLIGED.name) -> Event:
    """An event some room has declared."""
    return known_events()[name]


def an_obligation(code: str, *, aims_id: int, text: str = "") -> Obligation:
    """A governed row that nobody has saved or recorded yet."""
    return Obligation(aims_id=aims_id, code=code, kind=ObligationKind.LAW, title=f"Law {code}", text=text)


def an_act(actor: Actor, *, aims_id: int, code: str = "O-1", reason: str = "the law says so", text: str = "") -> Record:
    """A governed change with its record: one obligation made."""
    row: TenantModel = an_obligation(code, aims_id=aims_id, text=text)
    change = Change.new(row)
    change.save(actor=actor, reason=reason)
    return record(an_event(), row, actor=actor, change=change, reason=reason)


def some_acts(actor: Actor, count: int, *, aims_id: int) -> list[Record]:
    """So many governed changes."""
    stamp = now().strftime("%H%M%S%f")
    return [an_act(actor, aims_id=aims_id, code=f"O-{stamp}-{number}"[:20]) for number in range(count)]


def signed_over(log: Log, size: int, root: bytes) -> str:
    """A checkpoint with the log's own key over anything."""
    key = LogKey.unscoped.filter(log=log).order_by("-number")[0]
    return signed(Head(log.origin, size, root).text, key.name, private_of(key))


def numbers() -> list[int]:
    """The numbers of the log in context, in order."""
    return list(Leaf.objects.order_by("number").values_list("number", flat=True))
