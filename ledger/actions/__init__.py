"""The ledger's verbs: record, seal, check."""

from ledger.actions.check import check_log, note
from ledger.actions.record import record
from ledger.actions.seal import seal, seal_now, seal_waiting

__all__ = ["check_log", "note", "record", "seal", "seal_now", "seal_waiting"]
