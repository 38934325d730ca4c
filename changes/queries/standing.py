"""Where changes stand: what one still lacks, who had a hand in it, and which are open on what they touch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.models import User
from accounts.roles import Role
from accounts.separation import Hands, hands
from aims.hands import hands_in, people_with
from aims.history import rows_at, then
from changes.events import AUTHORING
from changes.material import DEMANDS, judge
from changes.models import UNDECIDED, ChangeRecord, ChangeState, Demand, DemandState, Effect, Touched
from changes.queries.versions import record_of, records_at
from ledger.models import Record
from systems.models import AiSystem

DECIDERS = (Role.APPROVER, Role.OFFICER, Role.ADMINISTRATOR)
TAKEN = (ChangeState.APPROVED, ChangeState.IN_EFFECT)


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that keeps a change from being approved, and where one mends it."""

    key: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class OpenChange:
    """A change that is not decided yet, on something that it may touch and of which nobody has said whether it does."""

    code: str
    title: str
    address: str


def lacks_of(change: ChangeRecord, demands: Iterable[Demand], touched: Iterable[Touched], slug: str) -> list[Lack]:
    """Return everything that a change lacks before it can be approved; no query."""
    base = reverse("changes:detail", args=[slug, change.code])
    found = []
    for demand in demands:
        if demand.is_settled:
            continue
        failed = demand.state == DemandState.FAILED
        text = _("%(what)s did not pass") if failed else _("%(what)s is missing")
        address = reverse("changes:meet", args=[slug, change.code, demand.kind])
        found.append(Lack(demand.kind, text % {"what": demand.get_kind_display()}, address))
    unsaid = sum(1 for row in touched if row.effect == Effect.UNSAID)
    if unsaid:
        words = _("Nobody has said whether it touches %(n)d of what is listed") % {"n": unsaid}
        found.append(Lack("touched", words, reverse("changes:touched", args=[slug, change.code])))
    if change.is_planned and not change.kinds:
        found.append(Lack("kinds", _("What changes is not said"), base))
    return found


def authors_of(change: ChangeRecord) -> Hands:
    """Return who made, opened, met or waived, by the signed chain, and who they stood for: none of them decides."""
    subjects = [change.ref, *(f"{Demand.ref_kind}:{change.code}/{kind}" for kind in DEMANDS)]
    acts = Record.objects.filter(subject__in=subjects, event__in=AUTHORING)
    return hands([change.opened_by_id], hands_in(acts))


def approvers_of(authors: Hands) -> list[User]:
    """Return who may decide on a change that these people had a hand in, approvers before stewards."""
    now = clock.now()
    found = [person for role in DECIDERS for person in people_with(role, now, authors)]
    return list(dict.fromkeys(found))


def undecided_of(system: AiSystem) -> ChangeRecord | None:
    """Return the change that gathers the system's edits, if there is one; one query."""
    return ChangeRecord.objects.undecided().filter(system=system).select_related("system").first()


def still_differs(change: ChangeRecord, system: AiSystem) -> bool:
    """Tell whether the record still says what the change brought in: it was not taken back; one query."""
    if change.to_version is None:
        return False
    before = records_at(system, [change.from_version]).get(change.from_version, {})
    return bool(set(judge(before, record_of(system)).kinds) & set(change.kinds))


def last_decided(system: AiSystem) -> ChangeRecord | None:
    """Return the newest change of the system that was approved or refused; one query."""
    rows = ChangeRecord.objects.filter(system=system, state__in=[*TAKEN, ChangeState.REFUSED])
    return rows.order_by("-decided_at", "-pk").first()


def open_changes(at: datetime | None = None) -> QuerySet[ChangeRecord]:
    """Return the changes that nobody has decided on, now or as of an instant."""
    return rows_at(ChangeRecord, at).filter(state__in=UNDECIDED)


def open_changes_about(kind: str, slug: str, at: datetime | None = None) -> dict[str, tuple[OpenChange, ...]]:
    """Return the undecided changes by the code of what they may touch, as long as nobody has said whether they do.

    `kind` is that of the reference, such as entry. One query; `open_changes` tells whether any is.
    """
    rows: Any = rows_at(Touched, at).filter(effect=Effect.UNSAID, about__startswith=f"{kind}:")
    rows = rows.annotate(stands=_of_change("state", at), called=_of_change("title", at)).filter(stands__in=UNDECIDED)
    found: dict[str, tuple[OpenChange, ...]] = {}
    for about, change, title in rows.order_by("id").values_list("about", "change__code", "called"):
        code = about.partition(":")[2]
        one = OpenChange(change, title, reverse("changes:detail", args=[slug, change]))
        found[code] = (*found.get(code, ()), one)
    return found


def _of_change(field: str, at: datetime | None) -> Combinable:
    return F(f"change__{field}") if at is None else then(ChangeRecord, field, "change_id", at)
