"""Seal and sign at once, after the commit of a decision, so that its taker gets a receipt."""

import logging

from django.db import OperationalError, ProgrammingError, transaction

from ledger.actions.checkpoint import try_to_sign
from ledger.actions.seal import seal_all
from ledger.models import Waiting

INSUFFICIENT_PRIVILEGE = "42501"

logger = logging.getLogger(__name__)


def seal_now(aims_id: int) -> None:
    """Seal after the commit of an approval, an exclusion or a publication; on a time-out its receipt stays pending."""
    transaction.on_commit(lambda: sign_now(aims_id))


def sign_now(aims_id: int) -> None:
    """Seal and sign where this process may and the head is free; otherwise the ticker does within seconds."""
    try:
        if Waiting.unscoped.filter(aims_id=aims_id).exists():
            seal_all(aims_id, wait=True)
    except OperationalError:
        logger.info("The head of log %s is busy: its newest records are pending.", aims_id)
        return
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != INSUFFICIENT_PRIVILEGE:
            raise
        logger.info("This process may not seal: the newest records of log %s are pending.", aims_id)
        return
    try_to_sign(aims_id)
