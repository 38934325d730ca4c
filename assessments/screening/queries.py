"""Questions about screenings: which one counts for a system, who answered, who may sign."""

from accounts import clock
from accounts.models import User
from accounts.roles import Role
from accounts.separation import Hands, hands
from aims.hands import hands_in, people_with
from assessments.models import Screening, ScreeningState
from assessments.screening.events import ANSWERING
from ledger.models import Record

STANDING = (ScreeningState.DUE, ScreeningState.SIGNED)


def standing_of(system_id: int) -> Screening | None:
    """The concluded screening that counts for a system: one query."""
    rows = Screening.objects.filter(system=system_id, state__in=STANDING)
    found: Screening | None = rows.order_by("-pk").first()
    return found


def answerers_of(screening: Screening) -> Hands:
    """Everyone who answered part of it by the signed chain, and who they stood for."""
    rows = Record.objects.filter(subject=screening.ref, event__in=ANSWERING)
    return hands([screening.author_id], hands_in(rows))


def signers_of(screening: Screening) -> list[User]:
    """The people who may sign it: approvers first, then compliance officers, none of whom answered it."""
    answerers, now = answerers_of(screening), clock.now()
    found = [*people_with(Role.APPROVER, now, answerers), *people_with(Role.OFFICER, now, answerers)]
    return list(dict.fromkeys(found))
