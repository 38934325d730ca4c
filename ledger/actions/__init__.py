"""The ledger's verbs: record, seal, sign, check."""

from ledger.actions.check import check_log, note
from ledger.actions.checkpoint import add_key, checkpoint, sign_grown
from ledger.actions.now import seal_now
from ledger.actions.record import record
from ledger.actions.resume import erase, resume, set_aside
from ledger.actions.seal import seal, seal_all, seal_waiting

__all__ = [
    "add_key",
    "check_log",
    "checkpoint",
    "erase",
    "note",
    "record",
    "resume",
    "seal",
    "seal_all",
    "seal_now",
    "seal_waiting",
    "set_aside",
    "sign_grown",
]
