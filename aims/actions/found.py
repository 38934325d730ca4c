"""Found an AIMS: the tenant, its first member, its first scope and criteria, in one transaction."""

import re

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor, ActorKind, Authority
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Refusal
from accounts.roles import Role
from aims.events import FOUNDED, GRANTED, JUDGED_BY
from aims.judging import shipped
from aims.models import Aims, Criteria, Membership
from ledger.actions import record
from ledger.change import Change

RESERVED = frozenset({"new", "api", "admin"})


class NotFoundable(Refusal):
    """The organisation cannot be founded so."""


def free_slug(organisation: str) -> str:
    """Return an address for the organisation that nobody has yet."""
    base = slugify(re.sub(r"\b(ltd|inc|gmbh|plc|llc|sa|ag|bv)\b\.?", "", organisation, flags=re.I))[:32] or "aims"
    base = f"{base}-aims" if base in RESERVED else base
    taken = set(Aims.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if slug not in taken)


@transaction.atomic
def found(
    organisation: str,
    *,
    founder: User,
    roles_played: list[str],
    slug: str = "",
    auth_method: str = "password",
    **about: object,
) -> tuple[Aims, Actor]:
    """Begin an AIMS and make its founder administrator and compliance officer; return both.

    Everything an AIMS cannot be without is made here: criteria version 1 from the shipped data, and the log.
    """
    if not organisation.strip():
        raise NotFoundable(_("Say what the organisation is called."), field="organisation")
    aims = Aims(
        slug=slug or free_slug(organisation), organisation=organisation.strip(), roles_played=roles_played, **about
    )
    actor = _first_actor(founder, auth_method)
    change = Change.new(aims)
    change.save(actor=actor)
    with acting_in(aims, actor):
        record(FOUNDED, aims, actor=actor, change=change)
        actor = _first_memberships(aims, founder, actor)
        _first_criteria(aims, actor)
    return aims, actor


def _first_actor(founder: User, auth_method: str, authorities: tuple[Authority, ...] = ()) -> Actor:
    return Actor(
        ActorKind.HUMAN,
        founder.pk,
        founder.display_name,
        founder.email,
        founder.pseudonym,
        auth_method,
        authorities,
    )


def _first_memberships(aims: Aims, founder: User, actor: Actor) -> Actor:
    authorities = []
    for role in (Role.OFFICER, Role.ADMINISTRATOR):
        row = Membership(aims=aims, user=founder, role=role, granted_by=founder, valid_from=clock.now())
        change = Change.new(row)
        change.save(actor=actor, reason="founded the AIMS")
        record(GRANTED, row, actor=actor, change=change, reason="founded the AIMS")
        authorities.append(Authority(row.pk, role, row.scope, founder.pseudonym, row.valid_from, None))
    return _first_actor(founder, actor.auth_method, tuple(authorities))


def _first_criteria(aims: Aims, actor: Actor) -> Criteria:
    row = Criteria(aims=aims, number=1, **shipped())
    change = Change.new(row)
    change.save(actor=actor)
    record(JUDGED_BY, row, actor=actor, change=change)
    return row
