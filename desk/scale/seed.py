"""Many organisations: each is founded and begun through the actions, then filled in bulk beside the chain.

What comes in bulk has history rows and no ledger records, so it is for measuring only: an installation that holds an
organisation's own data refuses it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Refusal
from aims.actions import found
from aims.models import Aims
from controls.models import Requirement
from desk.scale.bulk import add_evidence, add_history
from evidence.actions import give_evidence
from evidence.actions.content import Content
from evidence.models import EvidenceKind
from ledger.actions import seal_all
from soa.actions import decide, open_statement
from soa.models import Applicability, Entry
from systems.actions import register, say_scope

PREFIX = "scale-"
SYSTEMS, GIVEN = 5, 10
WHY = "What we build decides about people, so it is tested before every release and watched afterwards. "


class NotEmpty(Refusal):
    """Somebody's own organisation is here."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much in all: organisations, items of evidence, history rows."""

    aims: int
    evidence: int
    history: int

    def share(self, whole: int, number: int) -> int:
        """What organisation `number` of `aims` gets, so that the shares add up to the whole."""
        return whole * (number + 1) // self.aims - whole * number // self.aims


def seed(scale: Scale, password: str, *, tell: Callable[[int], None] = lambda _done: None) -> Iterator[Aims]:
    """Add what is wanted and yield each organisation when it is whole; raises NotEmpty, adding nothing.

    The officer of `scale-007` signs in as `scale-007@example.org`; one hash of the password serves them all.
    """
    if Aims.objects.filter(is_demo=False).exclude(slug__startswith=PREFIX).exists():
        raise NotEmpty(_("This installation holds an organisation's own data. Seed an empty one."))
    hashed = make_password(password)
    taken = Aims.objects.filter(slug__startswith=PREFIX).count()
    for number in range(scale.aims):
        with transaction.atomic():
            aims = _organisation(taken + number, hashed, scale, number)
        seal_all(aims.pk, wait=True)
        tell(number + 1)
        yield aims


def _organisation(place: int, hashed: str, scale: Scale, number: int) -> Aims:
    slug = f"{PREFIX}{place:03d}"
    person = User.objects.create(email=f"{slug}@example.org", name=f"Officer {place}", password=hashed)
    aims, actor = found(f"Organisation {place}", founder=person, roles_played=["provider"], slug=slug)
    with acting_in(aims, actor):
        entries = _begin(person, actor)
        add_evidence(scale.share(scale.evidence, number) - GIVEN, entries, actor)
        add_history(scale.share(scale.history, number), entries, actor)
    return aims


def _begin(person: User, actor: Actor) -> list[Entry]:
    """Make a small, whole statement through the actions: its acts are in the chain."""
    open_statement(actor=actor)
    for number in range(SYSTEMS):
        system = register(name=f"System {number + 1}", purpose="Answers customers' questions.", actor=actor)
        say_scope(system, is_in_scope=True, reason="It serves customers.", seen=system.version, actor=actor)
    entries = [
        decide(entry, Applicability.INCLUDED, why=WHY * 2, seen=entry.version, actor=actor)
        for entry in Entry.objects.with_names()
    ]
    requirements = [entry.requirement for entry in entries]
    for number, wanted in enumerate(islice(_rounds(requirements), GIVEN)):
        _give(number, wanted, person, actor)
    return entries


def _rounds(requirements: list[Requirement]) -> Iterator[list[Requirement]]:
    """Four controls at a time, round and round."""
    for start in range(0, 10_000, 4):
        yield [requirements[(start + step) % len(requirements)] for step in range(4)]


def _give(number: int, requirements: list[Requirement], person: User, actor: Actor) -> None:
    today = clock.today("UTC")
    content = Content(note="Reviewed and kept. " * 5, made_on=today, renew_by=today + timedelta(days=30 * number))
    about: dict[str, Any] = {"kind": EvidenceKind.RECORD, "owner": person, "requirements": requirements}
    give_evidence(content, title=f"Record of review {number + 1}", actor=actor, **about)
