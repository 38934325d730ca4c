"""Questions about screenings: which one counts for a system, who answered, who may sign."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts import clock
from accounts.models import User
from accounts.roles import Role
from accounts.separation import Hands, hands
from aims.days import day_of, short_day
from aims.hands import hands_in, people_with
from aims.history import rows_at
from assessments.models import Screening, ScreeningState
from assessments.screening.events import ANSWERING
from ledger.models import Record

LONG = ("answers", "reasons", "because", "system__record")
JOINED = ("system", "signed_by", "aims")
STANDING = (ScreeningState.DUE, ScreeningState.SIGNED)


def standing_of(system_id: int) -> Screening | None:
    """The concluded screening that counts for a system: one query."""
    rows = Screening.objects.filter(system=system_id, state__in=STANDING)
    found: Screening | None = rows.order_by("-pk").first()
    return found


@dataclass(frozen=True, slots=True)
class Screened:
    """A signature that no assessment is due of a system: whose, when, of which version, and until which day."""

    system: int
    system_code: str
    code: str
    version: str
    by: str
    on: date
    until: date

    @property
    def words(self) -> str:
        """The signature as lists print it."""
        return _("Not due, screened by %(who)s on %(day)s") % {"who": self.by, "day": short_day(self.on)}

    def is_over(self, today: date) -> bool:
        """Whether its day has passed, so that it stands for nothing until the system is screened again."""
        return self.until < today


def signed_screenings(at: datetime | None = None, *, systems: Any = None) -> dict[int, Screened]:
    """Return the signed screenings that count, by system, now or as of an instant: one query."""
    rows = rows_at(Screening, at).filter(state__in=STANDING)
    rows = rows if systems is None else rows.filter(system_id__in=systems)
    found: dict[int, Screened] = {}
    for row in rows.select_related(*JOINED).defer(*LONG).order_by("id"):
        found.pop(row.system_id, None)
        if row.state == ScreeningState.SIGNED:
            found[row.system_id] = _screened(row)
    return found


def signed_of(system_id: int, at: datetime | None = None) -> tuple[Screened, ...]:
    """Return all that was signed of a system by an instant, oldest first, also what was screened anew: one query."""
    rows = Screening.objects.filter(system=system_id, signed_at__lte=at or clock.now()).defer(*LONG)
    return tuple(_screened(row) for row in rows.select_related(*JOINED).order_by("signed_at", "pk"))


def _screened(row: Screening) -> Screened:
    assert row.signed_at is not None  # noqa: S101  (a signed one has both: the database keeps it)
    assert row.next_review_on is not None  # noqa: S101
    who = row.signed_by.display_name if row.signed_by else ""
    on = day_of(row.signed_at, row.aims.time_zone)
    return Screened(
        system=row.system_id,
        system_code=row.system.code,
        code=row.code,
        version=row.system_version,
        by=who,
        on=on,
        until=row.next_review_on,
    )


def answerers_of(screening: Screening) -> Hands:
    """Everyone who answered part of it by the signed chain, and who they stood for."""
    rows = Record.objects.filter(subject=screening.ref, event__in=ANSWERING)
    return hands([screening.author_id], hands_in(rows))


def signers_of(screening: Screening) -> list[User]:
    """The people who may sign it: approvers first, then compliance officers, none of whom answered it."""
    answerers, now = answerers_of(screening), clock.now()
    found = [*people_with(Role.APPROVER, now, answerers), *people_with(Role.OFFICER, now, answerers)]
    return list(dict.fromkeys(found))
