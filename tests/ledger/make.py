"""Makers of records."""

from uuid import uuid4

from accounts.actor import Actor
from accounts.clock import now
from aims.events import OBLIGED
from aims.models import Obligation
from aims.tenant import TenantModel
from aims.vocabulary import ObligationKind
from ledger.actions import record
from ledger.actions.seal import mac_of
from ledger.change import Change
from ledger.events import Event, known_events
from ledger.keys import private_of
from ledger.merkle import RUN, Frontier, leaf_hash
from ledger.models import Leaf, Log, LogKey, Record, Subtree
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


def a_long_log(aims_id: int, size: int) -> Log:
    """The log in context, grown to so many records that say little, as the sealer would have left it."""
    log = Log.objects.get()
    frontier = Frontier(log.size, [bytes.fromhex(node) for node in log.frontier])
    like = Record.objects.order_by("pk")[0]
    bodies = {number: b'{"number":%d}' % number for number in range(log.size + 1, size + 1)}
    fields = {name: getattr(like, name) for name in ("event", "subject", "pseudonym", "role", "occurred_at")}
    records = Record.objects.bulk_create(
        Record(event_id=uuid4(), aims_id=aims_id, body=body, mac=mac_of(body), **fields) for body in bodies.values()
    )
    leaves, runs = [], []
    for row in records:
        leaf = leaf_hash(row.body)
        run = frontier.append(leaf)
        number = frontier.size
        leaves.append(Leaf(log=log, aims_id=aims_id, number=number, record=row, leaf_hash=leaf.hex()))
        if run:
            runs.append(Subtree(log=log, aims_id=aims_id, number=number // RUN, root=run.hex()))
    Leaf.objects.bulk_create(leaves)
    Subtree.objects.bulk_create(runs)
    log.size, log.root, log.frontier = frontier.size, frontier.root.hex(), [node.hex() for node in frontier.roots]
    log.save(update_fields=["size", "root", "frontier"])
    return log


def signed_over(log: Log, size: int, root: bytes) -> str:
    """A checkpoint with the log's own key over anything."""
    key = LogKey.unscoped.filter(log=log).order_by("-number")[0]
    return signed(Head(log.origin, size, root).text, key.name, private_of(key))


def numbers() -> list[int]:
    """The numbers of the log in context, in order."""
    return list(Leaf.objects.order_by("number").values_list("number", flat=True))
