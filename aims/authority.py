"""Under which authority a record was made, and whether that authority held then (field row G1).

A record names the membership it was made under. Whether it held is asked of the chain (granted before, revoked when)
and of the membership's own dates; none of it is taken from what is true today.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from aims.events import GRANTS, REVOKES
from aims.models import Membership
from aims.standing import Fault, Place, Standing, fault_of
from ledger.events import known_events
from ledger.models import Leaf, Record

LEAF: Any = Record._meta.get_field("leaf")


@dataclass(frozen=True, slots=True)
class Exercised:
    """The authority of one record as pages tell it; `membership` is None where no role was needed.

    `number` is the record's own, None until it is sealed.
    """

    membership: int | None
    role: str
    label: str
    scope: str
    granted_by: str
    granted_in: int | None
    expires: datetime | None
    fault: Fault
    words: str
    number: int | None

    @property
    def valid_then(self) -> bool:
        """Whether it held when the record was made."""
        return not self.fault


@dataclass(frozen=True, slots=True)
class _Known:
    membership: Membership
    standing: Standing
    granted_in: int | None
    revoked_in: int | None


@dataclass(frozen=True, slots=True)
class _Ground:
    """What records are judged on: the memberships they name, their numbers, and whose pseudonyms are known."""

    known: Mapping[int, _Known]
    numbers: Mapping[int, int]
    people: frozenset[str]


def authority_of(records: Iterable[Record], *, people: Collection[str] | None = None) -> dict[int, Exercised]:
    """Return the authority of each record by the record's key: four queries at most, for any number of records.

    `people` are those of their pseudonyms that are known, where the caller has asked already.
    """
    rows = list(records)
    bodies = {row.pk: json.loads(bytes(row.body)) for row in rows}
    named = {body["authority"]["membership"] for body in bodies.values()} - {None}
    ground = _Ground(_known(named), _numbers(rows), _people(rows) if people is None else frozenset(people))
    return {row.pk: _exercised(row, bodies[row.pk], ground) for row in rows}


def exercised_at(subject: str, moments: Mapping[str, datetime | None]) -> dict[str, Exercised]:
    """Return the authority of the acts on a subject by event, each the one nearest to its instant; five queries."""
    asked = {event: at for event, at in moments.items() if at is not None}
    if not asked:
        return {}
    nearest: dict[str, Record] = {}
    for row in Record.objects.filter(subject=subject, event__in=list(asked)).order_by("pk"):
        held, at = nearest.get(row.event), asked[row.event]
        if held is None or abs(row.occurred_at - at) <= abs(held.occurred_at - at):
            nearest[row.event] = row
    found = authority_of(nearest.values())
    return {event: found[row.pk] for event, row in nearest.items()}


def _people(rows: Iterable[Record]) -> frozenset[str]:
    wanted = {row.pseudonym for row in rows}
    return frozenset(User.objects.filter(pseudonym__in=wanted).values_list("pseudonym", flat=True))


def _numbers(rows: Iterable[Record]) -> dict[int, int]:
    """Take the numbers that were read with the records, and ask for those of the others in one query."""
    read = {row.pk: number for row in rows if LEAF.is_cached(row) and (number := _number_of(row))}
    unread = [row.pk for row in rows if not LEAF.is_cached(row)]
    return read | dict(Leaf.objects.filter(record__in=unread).values_list("record_id", "number") if unread else ())


def _known(ids: Iterable[int]) -> dict[int, _Known]:
    named = Membership.objects.filter(pk__in=list(ids))
    either = Q(pk__in=list(ids)) | Q(pk__in=named.filter(deputises__isnull=False).values("deputises"))
    memberships = list(Membership.objects.filter(either).select_related("user", "granted_by", "deputises__user"))
    rows = Record.objects.filter(subject__in=[row.ref for row in memberships], event__in=GRANTS | REVOKES)
    acts = {(row.subject, row.event in GRANTS): row for row in rows.select_related("leaf").order_by("-pk")}  # earliest
    return {row.pk: _with_acts(row, acts) for row in memberships}


def _with_acts(row: Membership, acts: Mapping[tuple[str, bool], Record]) -> _Known:
    granted, revoked = acts.get((row.ref, True)), acts.get((row.ref, False))
    ended = [at for at in (row.revoked_at, revoked.occurred_at if revoked else None) if at is not None]
    standing = Standing(
        begins=row.valid_from,
        ends=row.valid_until,
        granted=_place(granted) if granted else None,
        revoked_at=min(ended, default=None),
        revoked=_place(revoked) if revoked else None,
    )
    return _Known(row, standing, _number_of(granted), _number_of(revoked))


def _number_of(record: Record | None) -> int | None:
    leaf = getattr(record, "leaf", None)
    return leaf.number if leaf else None


def _place(record: Record) -> Place:
    return (_number_of(record) or inf, record.pk)


def _exercised(row: Record, body: dict[str, Any], ground: _Ground) -> Exercised:
    actor, authority = body["actor"], body["authority"]
    expires = datetime.fromisoformat(authority["expires"]) if authority["expires"] else None
    held = ground.known.get(authority["membership"])
    fault = (
        _fault_with(row, body, held, ground) if held else _fault_without(row, authority["membership"], actor["kind"])
    )
    label = _label(actor["role"], actor["kind"], authority["membership"])
    if held and held.membership.deputises:
        label = _("%(role)s, deputy of %(who)s") % {"role": label, "who": held.membership.deputises.user.display_name}
    granted_by = _granter(held.membership, authority["granted_by"]) if held else ""
    return Exercised(
        membership=authority["membership"],
        role=actor["role"] or "",
        label=label,
        scope=authority["scope"] or "",
        granted_by=granted_by,
        granted_in=held.granted_in if held else None,
        expires=expires,
        fault=fault,
        words=_words(label, granted_by, held, fault, expires) if held else _words_without(fault, label, actor["kind"]),
        number=ground.numbers.get(row.pk),
    )


def _label(role: str | None, kind: str, membership: int | None) -> str:
    if kind == "service" and membership is None:
        return _("Assay itself")
    if role and role in Role:
        return str(Role(role).label)
    return role or (_("AI agent") if kind == "ai" else "")


def _granter(membership: Membership, pseudonym: str | None) -> str:
    """The name behind the pseudonym that the record carries; somebody forgotten stays a pseudonym."""
    person = membership.granted_by
    if person is not None and person.pseudonym == pseudonym:
        return person.display_name
    if pseudonym in (None, "assay"):
        return "Assay" if pseudonym else ""
    return _("Someone (%(pseudonym)s…)") % {"pseudonym": str(pseudonym)[:8]}


def _fault_without(row: Record, membership: int | None, kind: str) -> Fault:
    """An act that is open to one role cannot be made without it; others are open to the owner of a thing too."""
    if membership is not None:
        return Fault.UNKNOWN
    event = known_events().get(row.event)
    takes_one = event is not None and len(event.roles) == 1
    return Fault.UNNAMED if takes_one and kind != "service" else Fault.NONE


def _fault_with(row: Record, body: dict[str, Any], held: _Known, ground: _Ground) -> Fault:
    """A deputy's authority holds while that of the person they stand in for does."""
    if _is_somebody_elses(row, body["actor"], held.membership, ground) or _stands_in_for_another(body, held.membership):
        return Fault.NOT_THEIRS
    expires = body["authority"]["expires"]
    if expires and datetime.fromisoformat(expires) <= row.occurred_at:
        return Fault.EXPIRED
    place = (ground.numbers.get(row.pk, inf), row.pk)
    principal = ground.known.get(held.membership.deputises_id or 0)
    standings = [held.standing, *([principal.standing] if principal else [])]
    faults = (fault_of(standing, row.occurred_at, place) for standing in standings)
    return next((fault for fault in faults if fault), Fault.NONE)


def _stands_in_for_another(body: dict[str, Any], membership: Membership) -> bool:
    principal = membership.deputises.user.pseudonym if membership.deputises else None
    return bool(body["authority"].get("deputy_of") != principal)


def _is_somebody_elses(row: Record, actor: dict[str, Any], membership: Membership, ground: _Ground) -> bool:
    """Tokens act under the membership of their person; a person only under their own, or one forgotten since."""
    is_of_another = row.pseudonym != membership.user.pseudonym and row.pseudonym in ground.people
    return membership.role != actor["role"] or (actor["kind"] == "human" and is_of_another)


def _words(label: str, granted_by: str, held: _Known, fault: Fault, expires: datetime | None) -> str:
    granted = _("granted by %(who)s") % {"who": granted_by} if granted_by else ""
    if granted and held.granted_in:
        granted = _("%(granted)s in %(record)s") % {"granted": granted, "record": _told(held.granted_in)}
    return ", ".join(part for part in (label, granted, _verdict(fault, held, expires)) if part)


def _verdict(fault: Fault, held: _Known, expires: datetime | None) -> str:
    if fault is Fault.NONE:
        return _("valid then")
    standing = held.standing
    revoked = _day(standing.revoked_at)
    if held.revoked_in:
        revoked = _("%(day)s in %(record)s") % {"day": revoked, "record": _told(held.revoked_in)}
    return {
        Fault.NOT_THEIRS: _("but held by %(who)s") % {"who": held.membership.user.display_name},
        Fault.NOT_GRANTED: _("but no record grants it"),
        Fault.GRANTED_LATER: _("but only after this"),
        Fault.NOT_BEGUN: _("but begun on %(day)s, after this") % {"day": _day(standing.begins)},
        Fault.EXPIRED: _("but expired on %(day)s, before this") % {"day": _day(expires or standing.ends)},
        Fault.REVOKED: _("but revoked on %(day)s, before this") % {"day": revoked},
    }[fault]


def _words_without(fault: Fault, label: str, kind: str) -> str:
    if fault is Fault.UNKNOWN:
        return _("%(role)s, by a membership that is not known here") % {"role": label}
    if fault is Fault.UNNAMED:
        return _("No role is named, and this act takes one")
    return (
        _("%(label)s, no person's role was used") % {"label": label} if kind == "service" else _("No role was needed")
    )


def _told(number: int) -> str:
    return f"#{number:,}".replace(",", "\u202f")


def _day(at: datetime | None) -> str:
    return f"{at.day} {at:%b %Y}" if at else ""
