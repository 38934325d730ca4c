"""What the settings pages show, as frozen shapes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.roles import Role
from aims.invitations import has_address
from aims.models import Aims, Invitation, Membership, Obligation
from aims.permissions import may_deputise, may_grant
from aims.queries import people
from aims.vocabulary import ObligationKind

ORDERS = {"code": "code", "title": "title", "kind": "kind", "owner": "owner__name"}


@dataclass(frozen=True, slots=True)
class KindTab:
    """One tab over the obligations."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """One line of the list."""

    code: str
    title: str
    kind: str
    party: str
    source: str
    owner: str
    initials: str
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """A role somebody holds or held, with the authority it came from."""

    pk: int
    role: str
    scope: str
    since: datetime
    granted_by: str
    until: datetime | None
    ended_at: datetime | None
    deputy_of: str
    may_revoke: bool
    may_deputise: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the AIMS."""

    pk: int
    name: str
    email: str
    initials: str
    job_title: str
    held: tuple[Held, ...]
    past: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was invited, or named, and has not come in."""

    pk: int
    name: str
    email: str
    roles: str
    state: str
    is_named_only: bool


def obligations_shown(kind: str, words: str, order: str) -> QuerySet[Obligation]:
    """Filter by kind (or `withdrawn`), by words in code, title, party or source, in a known order."""
    rows = Obligation.objects.select_related("owner")
    rows = rows.filter(withdrawn_at__isnull=kind != "withdrawn")
    if kind in ObligationKind:
        rows = rows.filter(kind=kind)
    for word in words.split()[:8]:
        places = ("code", "title", "party", "source", "text")
        found = Q()
        for place in places:
            found |= Q(**{f"{place}__icontains": word})
        rows = rows.filter(found)
    sign = "-" if order.startswith("-") else ""
    return rows.order_by(sign + ORDERS.get(order.removeprefix("-"), "code"), "code")


def obligation_rows(rows: Iterable[Obligation]) -> list[ObligationRow]:
    """Return the lines of one page."""
    return [
        ObligationRow(
            row.code,
            row.title,
            row.get_kind_display(),
            row.party,
            row.source,
            row.owner.display_name if row.owner else "",
            row.owner.initials if row.owner else "",
            row.withdrawn_at,
        )
        for row in rows
    ]


def kind_tabs() -> list[KindTab]:
    """Return the tabs with their counts, in one query."""
    counts: dict[str, int] = defaultdict(int)
    is_live = ExpressionWrapper(Q(withdrawn_at__isnull=True), output_field=BooleanField())
    rows = Obligation.objects.order_by().values("kind").annotate(is_live=is_live, n=Count("pk"))
    for kind, live, count in rows.values_list("kind", "is_live", "n"):
        counts[kind if live else "withdrawn"] += count
        counts[""] += count if live else 0
    tabs = [KindTab("", _("All"), counts[""])]
    tabs += [KindTab(kind.value, str(kind.label), counts[kind.value]) for kind in ObligationKind]
    return [*tabs, KindTab("withdrawn", _("Withdrawn"), counts["withdrawn"])] if counts["withdrawn"] else tabs


def people_shown(words: str) -> QuerySet[User]:
    """Filter everyone who holds or held a role by words in their name or e-mail."""
    rows = people()
    for word in words.split()[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return rows


def person_rows(persons: Iterable[User], actor: Actor, aims: Aims) -> list[PersonRow]:
    """Return the lines of one page with all roles and what the reader may do with each, in one query more."""
    persons = list(persons)
    roles: dict[int, list[Held]] = defaultdict(list)
    rows = (
        Membership.objects.filter(user__in=persons)
        .select_related("granted_by", "deputises__user")
        .order_by("valid_from", "pk")
    )
    for row in rows:
        roles[row.user_id].append(_held(row, actor, aims))
    return [_person(person, roles[person.pk]) for person in persons]


def last_moment(end: datetime) -> datetime:
    """Return the instant before an end that is kept as the midnight after the last day."""
    return end - timedelta(seconds=1)


def _held(row: Membership, actor: Actor, aims: Aims) -> Held:
    ended = row.revoked_at
    if ended is None and row.valid_until is not None and row.valid_until <= clock.now():
        ended = row.valid_until
    granted_by = row.granted_by.display_name if row.granted_by else "Assay"
    until = last_moment(row.valid_until) if row.valid_until else None
    stands_for = row.deputises
    holds = ended is None
    return Held(
        pk=row.pk,
        role=str(Role(row.role).label),
        scope=row.scope,
        since=row.valid_from,
        granted_by=granted_by,
        until=until,
        ended_at=ended,
        deputy_of=stands_for.user.display_name if stands_for else "",
        may_revoke=holds and (may_deputise(actor, stands_for) if stands_for else may_grant(actor, aims)),
        may_deputise=holds and not stands_for and row.role != Role.CERTIFIER and may_deputise(actor, row),
    )


def _person(person: User, roles: list[Held]) -> PersonRow:
    return PersonRow(
        person.pk,
        person.name or (person.email if has_address(person) else _("(no name)")),
        person.email if has_address(person) else "",
        person.initials,
        person.job_title,
        tuple(role for role in roles if role.ended_at is None),
        tuple(role for role in roles if role.ended_at is not None),
    )


def invited() -> list[Invited]:
    """Return everyone who has not come in yet, those who were only named first."""
    rows = Invitation.objects.filter(accepted_at__isnull=True).select_related("user").order_by("expires_at", "pk")
    return sorted((_invited(row) for row in rows), key=lambda row: not row.is_named_only)


def _invited(row: Invitation) -> Invited:
    named_only = not has_address(row.user)
    if not row.digest:
        state = _("Still to be invited: give an email") if named_only else _("Still to be invited")
    elif row.is_waiting and row.expires_at:
        state = _("Invited; the link works until %(day)s") % {"day": f"{row.expires_at.day} {row.expires_at:%b %Y}"}
    else:
        state = _("The link is too old")
    roles = ", ".join(str(Role(role).label) for role in row.roles)
    return Invited(row.pk, row.user.display_name, "" if named_only else row.user.email, roles, state, named_only)
