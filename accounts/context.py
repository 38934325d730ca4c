"""The tenant context: which AIMS the code acts in, set once and read by every default manager."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
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
    """The AIMS id and the actor of the work in hand, and the person it is done for."""

    aims_id: int
    actor: Actor | None
    person_id: int | None = None


TELL = "SELECT set_config('app.aims', %s, true), set_config('app.person', %s, true)"

_acting: ContextVar[Acting | None] = ContextVar("acting_in", default=None)


def current_aims_id() -> int:
    """Return the id of the AIMS in context, or raise NoAims."""
    return _entered().aims_id


def _entered() -> Acting:
    acting = _acting.get()
    if acting is None:
        raise NoAims("Tenant data needs `with acting_in(aims, actor):` around it.")
    return acting


def is_acting() -> bool:
    """Whether an AIMS is in context: error pages are made after it has ended."""
    return _acting.get() is not None


@contextmanager
def acting_in(aims: HasKey, actor: Actor | None = None, *, person_id: int | None = None) -> Iterator[None]:
    """Bind the context to one AIMS; on PostgreSQL within a transaction that carries `app.aims` (trust.md 3).

    `person_id` is whose memberships elsewhere may be seen too, by default the actor's.
    """
    before = _acting.get()
    acting = Acting(aims.pk, actor, person_id or (actor.user_id if actor else None))
    token = _acting.set(acting)
    try:
        if connection.vendor == "postgresql":
            with _told(acting, then=before):
                yield
        else:
            yield
    finally:
        _acting.reset(token)


def act_as(actor: Actor) -> None:
    """Name the actor of the AIMS in context, where nobody could be named before it was entered."""
    _acting.set(replace(_entered(), actor=actor))


@contextmanager
def known_as(person_id: int) -> Iterator[None]:
    """Let the database show a person's own memberships of every AIMS, before or beside the AIMS in context."""
    before = _acting.get()
    is_told = connection.in_atomic_block and before is not None and before.person_id == person_id
    if connection.vendor != "postgresql" or is_told:
        yield
        return
    with _told(Acting(before.aims_id if before else 0, None, person_id), then=before):
        yield


@contextmanager
def acting_nowhere() -> Iterator[None]:
    """Bind the context to no AIMS and ask the database nothing, for descriptions that build empty querysets."""
    token = _acting.set(Acting(0, None))
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def _told(acting: Acting, *, then: Acting | None) -> Iterator[None]:
    """Tell the database for one transaction, or for a part of it: then it goes on as before."""
    is_inside = connection.in_atomic_block
    with transaction.atomic():
        _tell(acting)
        yield
        if is_inside and not connection.needs_rollback:
            _tell(then)


def _tell(acting: Acting | None) -> None:
    aims_id, person_id = (acting.aims_id, acting.person_id) if acting else (None, None)
    with connection.cursor() as cursor:
        cursor.execute(TELL, [str(aims_id or ""), str(person_id or "")])
