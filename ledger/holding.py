"""Hold a log to number or sign it: in its tenant's context, in a transaction of the role that seals."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from accounts.context import acting_in
from ledger.models import Log

PATIENCE = "3s"
SEALER = "sealer"


@dataclass(slots=True)
class _Tenant:
    pk: int


def sealer() -> str:
    """Return the connection that may number and sign: one of its own where DATABASE_SEALER_URL names it."""
    return SEALER if SEALER in settings.DATABASES else DEFAULT_DB_ALIAS


@contextmanager
def within(aims_id: int) -> Iterator[None]:
    """Act in the AIMS of this id."""
    with acting_in(_Tenant(aims_id)):
        yield


@contextmanager
def holding(aims_id: int, *, wait: bool = True) -> Iterator[Log | None]:
    """Lock the head of a log until the block ends; without `wait` a busy head is None, as is a log that is not there.

    Raises OperationalError when the head stays busy for three seconds (PostgreSQL).
    """
    alias = sealer()
    with within(aims_id), transaction.atomic(using=alias):
        _be_patient(alias, aims_id, wait=wait)
        rows = Log.unscoped.using(alias).select_for_update(skip_locked=not wait)
        yield rows.filter(aims_id=aims_id).first()


def _be_patient(alias: str, aims_id: int, *, wait: bool) -> None:
    if connections[alias].vendor != "postgresql":
        return
    with connections[alias].cursor() as cursor:
        if wait:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        if alias != DEFAULT_DB_ALIAS:
            cursor.execute("SELECT set_config('app.aims', %s, true)", [str(aims_id)])
