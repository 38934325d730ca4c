"""The tenant context: which AIMS the code acts in, set once and read by every default manager."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from django.db import connection, transaction

from accounts.actor import Actor


class NoAims(RuntimeError):
    """Tenant data was asked for outside `acting_in(aims, actor)`."""


class HasKey(Protocol):
    """Anything with a primary key: the AIMS, which this foundation knows only by id."""

    pk: int


@dataclass(frozen=True, slots=True)
class Acting:
    """The AIMS id and the actor of the work in hand."""

    aims_id: int
    actor: Actor | None


_acting: ContextVar[Acting | None] = ContextVar("acting_in", default=None)


def current_aims_id() -> int:
    """Return the id of the AIMS in context, or raise NoAims."""
    acting = _acting.get()
    if acting is None:
        raise NoAims("Tenant data needs `with acting_in(aims, actor):` around it.")
    return acting.aims_id


def is_acting() -> bool:
    """Whether an AIMS is in context: error pages are made after it has ended."""
    return _acting.get() is not None


@contextmanager
def acting_in(aims: HasKey, actor: Actor | None = None) -> Iterator[None]:
    """Bind the context to one AIMS; on PostgreSQL within a transaction that carries `app.aims` (trust.md 3)."""
    token = _acting.set(Acting(aims.pk, actor))
    try:
        if connection.vendor == "postgresql":
            with transaction.atomic():
                _tell_the_database(aims.pk)
                yield
        else:
            yield
    finally:
        _acting.reset(token)


@contextmanager
def acting_nowhere() -> Iterator[None]:
    """Bind the context to no AIMS and ask the database nothing, for descriptions that build empty querysets."""
    token = _acting.set(Acting(0, None))
    try:
        yield
    finally:
        _acting.reset(token)


def _tell_the_database(aims_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.aims', %s, true)", [str(aims_id)])
