"""What a seat of the certification body is shown on its own page: the audit, the last day, and everything shared."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from accounts import clock
from accounts.models import User
from accounts.roles import Role
from aims.days import day_of
from aims.live import in_force
from aims.models import Aims, Membership, Share
from aims.pages import last_moment
from aims.ports import Shareable, kinds, shareable
from ledger.events import binding
from ledger.models import Anchor, AnchorKind, Leaf

CHECKPOINTS = 12


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One shared thing: until which day, and the numbers of the records of acts that bind, whose proofs it opens."""

    title: str
    note: str
    address: str
    until: date | None
    proofs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SharedKind:
    """The shared things of one kind."""

    word: str
    label: str
    lines: tuple[SharedLine, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A checkpoint that was sent to the auditor."""

    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SeatPage:
    """The page of a seat; `last` is its last day and `days` how many are left, counting today."""

    audits: tuple[SharedLine, ...]
    since: date
    last: date
    days: int
    kinds: tuple[SharedKind, ...]
    checkpoints: tuple[Sent, ...]

    @property
    def has_packs(self) -> bool:
        """Whether there is a pack to be checked."""
        return any(kind.word == "pack" for kind in self.kinds)


def seat_of(person: User, aims: Aims, shared: Collection[str]) -> SeatPage | None:
    """Return the page of a person's seat, or None for somebody who has none; queries by the kinds that are shared."""
    live = Membership.objects.filter(in_force(clock.now()), user=person, role=Role.CERTIFIER)
    seat = live.filter(valid_until__isnull=False).first()
    if seat is None or seat.valid_until is None:
        return None
    ends = dict(Share.objects.filter(seat=seat, withdrawn_at__isnull=True).values_list("subject", "until"))
    things = shareable(aims, [ref for ref in ends if ref in shared])
    proofs = _proofs(things)
    zone = aims.time_zone
    lines = {ref: _line(thing, ends[ref], proofs.get(ref, ()), zone) for ref, thing in things.items()}
    last, today = day_of(last_moment(seat.valid_until), zone), clock.today(zone)
    return SeatPage(
        audits=_of("milestone", lines),
        since=day_of(seat.valid_from, zone),
        last=last,
        days=(last - today).days + 1,
        kinds=_grouped(lines),
        checkpoints=_sent(person),
    )


def _grouped(lines: dict[str, SharedLine]) -> tuple[SharedKind, ...]:
    found = (
        SharedKind(kind.word, str(kind.label), _of(kind.word, lines)) for kind in kinds() if kind.word != "milestone"
    )
    return tuple(kind for kind in found if kind.lines)


def _of(word: str, lines: dict[str, SharedLine]) -> tuple[SharedLine, ...]:
    return tuple(line for ref, line in sorted(lines.items()) if ref.startswith(f"{word}:"))


def _line(thing: Shareable, until: datetime | None, proofs: tuple[int, ...], zone: str) -> SharedLine:
    return SharedLine(
        thing.title, thing.note, thing.address, day_of(last_moment(until), zone) if until else None, proofs
    )


def _proofs(refs: Collection[str]) -> dict[str, tuple[int, ...]]:
    leaves = Leaf.objects.filter(record__subject__in=list(refs), record__event__in=binding()).order_by("number")
    found: dict[str, tuple[int, ...]] = {}
    for ref, number in leaves.values_list("record__subject", "number"):
        found[ref] = (*found.get(ref, ()), number)
    return found


def _sent(person: User) -> tuple[Sent, ...]:
    rows = Anchor.objects.filter(kind=AnchorKind.MAIL, person=person).order_by("-pk")
    return tuple(Sent(size, at) for size, at in rows.values_list("checkpoint__size", "made_at")[:CHECKPOINTS])
