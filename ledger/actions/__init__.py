"""The ledger's verbs: record, seal, check."""

from ledger.actions.check import check_log
from ledger.actions.record import record
from ledger.actions.seal import seal, seal_now, seal_waiting

__all__ = ["check_log", "record", "seal", "seal_now", "seal_waiting"]
