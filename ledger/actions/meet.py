"""Hold a log to a checkpoint that comes back from outside: an old database has no memory of it, its keeper has."""

from ledger import known
from ledger.actions.seal import halt
from ledger.holding import holding
from ledger.keys import keys_of
from ledger.models import Log
from ledger.notes import Head, NotANote, Note
from ledger.tree import Tree


def meet(aims_id: int, note: str) -> Head:
    """Compare a log with a checkpoint that was kept outside, and halt the log where both cannot be true.

    Raises NotANote for what is no checkpoint of this log, and RolledBack once the log is halted. A key that the
    database does not know is taken for ours: keys are lost with the records that a restore loses.
    """
    head = Head.read(Note.read(note).text)
    try:
        with holding(aims_id) as log:
            if log is None or head.origin != log.origin:
                raise NotANote("This is no checkpoint of this log.")
            Note.read(note).signers(keys_of(log))
            _compare(log, head, note)
            if (other := known.against(log.origin)) and _leads_to(log, other):
                known.settle(log.origin)
            known.hold(log.origin, log.size, bytes.fromhex(log.root))
    except known.RolledBack as fault:
        halt(aims_id, str(fault))
        raise
    return head


def _compare(log: Log, head: Head, note: str) -> None:
    if head.size > log.size or _leads_to(log, head):
        known.keep(note)
    else:
        known.contradict(note)


def _leads_to(log: Log, head: Head) -> bool:
    """Whether the log, as far as this checkpoint goes, is the one that was signed."""
    return head.size <= log.size and Tree(log, head.size).root == head.root
