"""Seal and sign at once, after the commit of a decision, so that its taker gets a receipt."""

from django.db import transaction

from ledger.actions.checkpoint import try_to_sign
from ledger.actions.seal import or_leave, seal_all
from ledger.models import Waiting


def seal_now(aims_id: int) -> None:
    """Seal after the commit of an approval, an exclusion or a publication; on a time-out its receipt stays pending."""
    transaction.on_commit(lambda: sign_now(aims_id))


def sign_now(aims_id: int) -> None:
    """Seal and sign where this process may and the head is free; otherwise the ticker does within seconds."""
    or_leave(aims_id, _soon)


def _soon(aims_id: int) -> None:
    if Waiting.unscoped.filter(aims_id=aims_id).exists():
        seal_all(aims_id, wait=True)
    try_to_sign(aims_id)
