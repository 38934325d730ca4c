"""Questions about who somebody is in an AIMS."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from ruamel.yaml import YAML

from accounts import clock
from accounts.actor import Actor, ActorKind, Authority, Principal
from accounts.context import acting_in, known_as
from accounts.models import Token, TokenKind, User
from accounts.roles import STEWARDS, Role
from aims.live import holds, in_force
from aims.models import Aims, Criteria, Membership, Obligation, ScopeStatement, Share
from ledger.models import Anchor, AnchorKind, Checkpoint


@dataclass(frozen=True, slots=True)
class Target:
    """Something that the reason of a decision can point at."""

    ref: str
    code: str
    title: str
    kind: str


def live_memberships(user: User, aims: Aims) -> QuerySet[Membership]:
    """Roles that hold now: granted, begun, not ended, not revoked."""
    rows = Membership.unscoped.filter(in_force(clock.now()), aims=aims, user=user)
    return rows.select_related("granted_by", "deputises__user")


def authorities_of(user: User, aims: Aims) -> tuple[Authority, ...]:
    """The memberships of a person as credentials, with the administrator's last: an act is
    recorded under the role that it belongs to, not under the one that may do everything.
    Those of a deputy come after all of their own."""
    order = [*(role for role in Role if role != Role.ADMINISTRATOR), Role.ADMINISTRATOR]
    with known_as(user.pk):
        held = list(live_memberships(user, aims))
    rows = sorted(held, key=lambda row: (row.deputises_id or 0, order.index(Role(row.role))))
    return tuple(
        Authority(
            row.pk,
            Role(row.role),
            row.scope,
            row.granted_by.pseudonym if row.granted_by else "assay",
            row.valid_from,
            row.valid_until,
            _principal(row),
        )
        for row in rows
    )


def _principal(row: Membership) -> Principal | None:
    if row.deputises is None:
        return None
    person = row.deputises.user
    return Principal(person.pk, person.pseudonym, person.display_name)


def shared_with(user: User, aims: Aims) -> frozenset[str]:
    """What is shared with the person's seats now (not withdrawn, not past its date, the seat in force), and the
    checkpoints that were sent to them; two queries."""
    now = clock.now()
    rows = Share.unscoped.filter(in_force(now, "seat__"), aims=aims, seat__user=user, withdrawn_at__isnull=True)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gt=now), seat__role=Role.CERTIFIER)
    sent = Anchor.unscoped.filter(aims_id=aims.pk, kind=AnchorKind.MAIL, person=user)
    sizes = sent.values_list("checkpoint__size", flat=True)
    return frozenset(rows.values_list("subject", flat=True)) | {f"{Checkpoint.ref_kind}:{size}" for size in sizes}


def actor_for(
    user: User, aims: Aims, *, auth_method: str, request_id: str = "", has_stepped_up: bool = True
) -> Actor | None:
    """Return the person as an actor of the AIMS, or None for somebody who holds no role in it."""
    authorities = authorities_of(user, aims)
    if not authorities:
        return None
    extra: dict[str, Any] = {"has_stepped_up": has_stepped_up} | ({"request_id": request_id} if request_id else {})
    if any(authority.role == Role.CERTIFIER for authority in authorities):
        extra["shared"] = shared_with(user, aims)
    return Actor(
        ActorKind.HUMAN, user.pk, user.display_name, user.email, user.pseudonym, auth_method, authorities, **extra
    )


def actor_for_token(token: Token, aims: Aims, *, request_id: str) -> Actor | None:
    """A personal token acts as its person but cannot step up; services and agents act as themselves with its roles."""
    method = f"token {token.prefix}"
    actor = actor_for(token.user, aims, auth_method=method, request_id=request_id, has_stepped_up=False)
    if actor is None or token.kind == TokenKind.PERSONAL:
        return actor
    kind = ActorKind.AI if token.kind == TokenKind.AGENT else ActorKind.SERVICE
    name = f"token-{token.prefix}"
    return replace(actor, kind=kind, user_id=None, name=token.name, email="", pseudonym=name)


def roles_by_aims(user: User) -> dict[int, list[Role]]:
    """The roles a person holds now in each AIMS, in the order of the vocabulary, in one query."""
    held = _held(user)
    return {aims_id: [role for role in Role if (aims_id, role.value) in held] for aims_id, _role in held}


def _held(user: User) -> set[tuple[int, str]]:
    """AIMS and role of what a person holds now; whom a deputy stands in for is seen within that AIMS only."""
    now = clock.now()
    mine = Membership.unscoped.filter(holds(now), user=user)
    with known_as(user.pk):
        rows = set(mine.values_list("aims_id", "role", "deputises_id"))
    held = {(aims_id, role) for aims_id, role, principal in rows if principal is None}
    for aims_id in {aims_id for aims_id, _role, principal in rows if principal is not None}:
        with acting_in(Aims(pk=aims_id), person_id=user.pk):
            held |= set(Membership.objects.filter(in_force(now), user=user).values_list("aims_id", "role"))
    return held


def roles_anywhere(user: User) -> frozenset[Role]:
    """All roles that a person holds now, in whichever AIMS; one query."""
    return frozenset(role for roles in roles_by_aims(user).values() for role in roles)


def aims_of(user: User) -> QuerySet[Aims]:
    """The AIMS in which a person holds a role, for the switcher."""
    ids = {aims_id for aims_id, _role in _held(user)}
    return Aims.objects.filter(pk__in=ids, removed_at__isnull=True).order_by("organisation")


def people() -> QuerySet[User]:
    """Everyone who holds or held a role in the AIMS in context: owners to choose from."""
    return User.objects.filter(pk__in=Membership.objects.values("user_id")).order_by("name", "email")


def names_of(pseudonyms: Collection[str]) -> tuple[str, ...]:
    """The names of people of the AIMS in context, by name; no query for nobody."""
    found = people().filter(pseudonym__in=pseudonyms) if pseudonyms else ()
    return tuple(person.display_name for person in found)


def steward() -> User | None:
    """Who a duty of the whole AIMS falls to: its first compliance officer, or administrator while there is none."""
    live = Membership.objects.filter(in_force(clock.now()), user__is_active=True, role__in=STEWARDS)
    rows = sorted(live.select_related("user"), key=lambda row: (row.role != Role.OFFICER, row.user_id))
    return rows[0].user if rows else None


def current_scope() -> ScopeStatement | None:
    """The newest scope statement."""
    return ScopeStatement.objects.order_by("-number").first()


def current_criteria() -> Criteria:
    """The newest criteria; founding an AIMS sets the first."""
    return Criteria.objects.order_by("-number")[0]


def default_criteria() -> dict[str, Any]:
    """The shipped scales and bands, as data."""
    path = settings.FIXTURES / "catalogue" / "criteria.yaml"
    data: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return data


def obligations(at: datetime | None = None) -> tuple[Target, ...]:
    """What the organisation is bound to, now or at a past instant, for reasons to point at."""
    rows = Obligation.objects.all() if at is None else Obligation.history.as_of(at)
    held = sorted((row for row in rows if row.withdrawn_at is None), key=lambda row: row.code)
    return tuple(Target(f"obligation:{row.code}", row.code, row.title, row.kind) for row in held)
