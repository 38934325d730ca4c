"""Questions about who somebody is in an AIMS."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from ruamel.yaml import YAML

from accounts import clock
from accounts.actor import Actor, ActorKind, Authority
from accounts.context import known_as
from accounts.models import Token, TokenKind, User
from accounts.roles import STEWARDS, Role
from aims.models import Aims, Criteria, Membership, Obligation, ScopeStatement


@dataclass(frozen=True, slots=True)
class Target:
    """Something that the reason of a decision can point at."""

    ref: str
    code: str
    title: str
    kind: str


def live_memberships(user: User, aims: Aims) -> QuerySet[Membership]:
    """Roles that hold now: granted, begun, not ended, not revoked."""
    now = clock.now()
    rows = Membership.unscoped.filter(aims=aims, user=user, revoked_at__isnull=True, valid_from__lte=now)
    return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now)).select_related("granted_by")


def authorities_of(user: User, aims: Aims) -> tuple[Authority, ...]:
    """The memberships of a person as credentials, with the administrator's last: an act is
    recorded under the role that it belongs to, not under the one that may do everything."""
    order = [*(role for role in Role if role != Role.ADMINISTRATOR), Role.ADMINISTRATOR]
    with known_as(user.pk):
        held = list(live_memberships(user, aims))
    rows = sorted(held, key=lambda row: order.index(Role(row.role)))
    return tuple(
        Authority(
            row.pk,
            Role(row.role),
            row.scope,
            row.granted_by.pseudonym if row.granted_by else "assay",
            row.valid_from,
            row.valid_until,
        )
        for row in rows
    )


def actor_for(
    user: User, aims: Aims, *, auth_method: str, request_id: str = "", has_stepped_up: bool = True
) -> Actor | None:
    """Return the person as an actor of the AIMS, or None for somebody who holds no role in it."""
    authorities = authorities_of(user, aims)
    if not authorities:
        return None
    extra: dict[str, Any] = {"has_stepped_up": has_stepped_up} | ({"request_id": request_id} if request_id else {})
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
    return Actor(kind, None, token.name, "", name, method, actor.authorities, request_id, has_stepped_up=False)


def roles_by_aims(user: User) -> dict[int, list[Role]]:
    """The roles a person holds now in each AIMS, in the order of the vocabulary, in one query."""
    now = clock.now()
    rows = Membership.unscoped.filter(user=user, revoked_at__isnull=True, valid_from__lte=now)
    rows = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now))
    with known_as(user.pk):
        held = set(rows.values_list("aims_id", "role"))
    return {aims_id: [role for role in Role if (aims_id, role.value) in held] for aims_id, _role in held}


def aims_of(user: User) -> QuerySet[Aims]:
    """The AIMS in which a person holds a role, for the switcher."""
    now = clock.now()
    live = Membership.unscoped.filter(user=user, revoked_at__isnull=True, valid_from__lte=now)
    live = live.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now))
    with known_as(user.pk):
        ids = set(live.values_list("aims_id", flat=True))
    return Aims.objects.filter(pk__in=ids, removed_at__isnull=True).order_by("organisation")


def people() -> QuerySet[User]:
    """Everyone who holds or held a role in the AIMS in context: owners to choose from."""
    return User.objects.filter(pk__in=Membership.objects.values("user_id")).order_by("name", "email")


def steward() -> User | None:
    """Who a duty of the whole AIMS falls to: its first compliance officer, or administrator while there is none."""
    now = clock.now()
    live = Membership.objects.filter(revoked_at__isnull=True, valid_from__lte=now, user__is_active=True)
    live = live.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now), role__in=STEWARDS)
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
