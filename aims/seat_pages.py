"""Seats as the officers see them: on the people page all of them, on a page of its own everything shared with one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from accounts import clock
from accounts.roles import Role
from aims.models import Aims, Membership, Share
from aims.pages import last_moment
from aims.ports import shareable


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat: whose, for which audits, its days, how many things are shared with it, and where it stands."""

    pk: int
    who: str
    initials: str
    audits: str
    begins: datetime
    last: datetime | None
    shared: int
    state: str
    tone: str
    glyph: str

    @property
    def is_open(self) -> bool:
        """Whether it holds now or will."""
        return self.state in ("open", "to come")


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One thing shared with a seat; `ended_at` is when that stopped."""

    pk: int
    title: str
    note: str
    address: str
    by: str
    since: datetime
    last: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatPage:
    """Everything about one seat."""

    seat: SeatLine
    email: str
    granted_by: str
    shares: tuple[ShareLine, ...]
    past: tuple[ShareLine, ...]


def seat_lines(aims: Aims) -> list[SeatLine]:
    """Return all seats, those that end last first; a fixed number of queries."""
    now = clock.now()
    live = Q(shares__withdrawn_at__isnull=True) & (Q(shares__until__isnull=True) | Q(shares__until__gt=now))
    rows = Membership.objects.filter(role=Role.CERTIFIER).select_related("user")
    rows = rows.annotate(shared=Count("shares", filter=live)).order_by("-valid_until", "-pk")
    seats = list(rows)
    refs = {ref for row in seats for ref in _audits(row)}
    titles = {ref: thing.title for ref, thing in shareable(aims, sorted(refs)).items()}
    return [_line(row, titles, row.shared, now) for row in seats]


def seat_page(row: Membership, aims: Aims) -> SeatPage:
    """Return one seat with everything that is and was shared with it; a fixed number of queries."""
    now = clock.now()
    shares = list(Share.objects.filter(seat=row).select_related("shared_by").order_by("-shared_at", "-pk"))
    things = shareable(aims, sorted({share.subject for share in shares} | set(_audits(row))))
    titles = {ref: thing.title for ref, thing in things.items()}
    lines = []
    for share in shares:
        thing = things.get(share.subject)
        lines.append(
            ShareLine(
                pk=share.pk,
                title=thing.title if thing else share.subject,
                note=thing.note if thing else "",
                address=thing.address if thing else "",
                by=share.shared_by.display_name if share.shared_by else "Assay",
                since=share.shared_at,
                last=last_moment(share.until) if share.until else None,
                ended_at=share.withdrawn_at or (share.until if share.until and share.until <= now else None),
            )
        )
    live = tuple(line for line in lines if line.ended_at is None)
    return SeatPage(
        seat=_line(row, titles, len(live), now),
        email=row.user.email,
        granted_by=row.granted_by.display_name if row.granted_by else "Assay",
        shares=live,
        past=tuple(line for line in lines if line.ended_at is not None),
    )


def _audits(row: Membership) -> list[str]:
    return [ref for ref in row.scope.split(", ") if ref.startswith("milestone:")]


def _line(row: Membership, titles: dict[str, str], shared: int, now: datetime) -> SeatLine:
    state, tone, glyph = _state(row, now)
    return SeatLine(
        pk=row.pk,
        who=row.user.display_name,
        initials=row.user.initials,
        audits=", ".join(titles.get(ref, ref) for ref in _audits(row)),
        begins=row.valid_from,
        last=last_moment(row.valid_until) if row.valid_until else None,
        shared=shared,
        state=state,
        tone=tone,
        glyph=glyph,
    )


def _state(row: Membership, now: datetime) -> tuple[str, str, str]:
    if row.revoked_at is not None or (row.valid_until is not None and row.valid_until <= now):
        return "ended", "none", "na"
    return ("to come", "info", "half") if row.valid_from > now else ("open", "ok", "done")
