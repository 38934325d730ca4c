"""The ledger's verbs: record and seal."""

from ledger.actions.record import record
from ledger.actions.seal import seal, seal_now

__all__ = ["record", "seal", "seal_now"]
