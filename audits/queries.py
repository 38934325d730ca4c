"""Questions about the certification cycle, answered as frozen shapes for pages, mails and reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.chart import chart
from audits.models import Milestone, MilestoneKind
from audits.rules import first_surveillance_latest, last_weekday, second_surveillance_latest, suggested_expiry
from audits.shapes import Chart, Mark

SOON = 90


@dataclass(frozen=True, slots=True)
class DateState:
    """Where a date stands, as shape, colour and words."""

    name: str
    glyph: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class CycleDate:
    """One date of the cycle; `on` is the day it was held, else the planned one, and `days` counts to it."""

    pk: int
    ref: str
    kind: str
    name: str
    due_on: date
    held_on: date | None
    on: date
    days: int
    owner_id: int | None
    owner: str
    body: str
    reference: str
    state: DateState


@dataclass(frozen=True, slots=True)
class CycleStep:
    """One line of the chart's text twin; today stands among the dates."""

    name: str
    on: date
    done: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class Hint:
    """What the rules of certification say about a date; a hint, never a refusal."""

    kind: str
    text: str
    latest: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class Cycle:
    """The certification cycle as pages show it; `chart` is None while there are no dates."""

    today: date
    dates: tuple[CycleDate, ...]
    chart: Chart | None
    steps: tuple[CycleStep, ...]
    body: str
    certificate: str
    next: CycleDate | None
    overdue: tuple[CycleDate, ...]
    hints: tuple[Hint, ...]


def cycle(today: date) -> Cycle:
    """Return the dates of the AIMS in context, drawn and told around today; one query."""
    dates = standing_dates(today)
    marks = [Mark(row.kind, row.name, row.on, row.held_on is not None) for row in dates]
    ahead = [row for row in dates if row.held_on is None and row.days >= 0]
    issued = [row for row in dates if row.kind in (MilestoneKind.ISSUED, MilestoneKind.EXPIRES) and row.reference]
    return Cycle(
        today=today,
        dates=dates,
        chart=chart(marks, today),
        steps=_steps(dates, today),
        body=next((row.body for row in reversed(dates) if row.body), ""),
        certificate=issued[-1].reference if issued else "",
        next=ahead[0] if ahead else None,
        overdue=tuple(row for row in dates if row.state.name == "overdue"),
        hints=hints(dates),
    )


def standing_dates(today: date) -> tuple[CycleDate, ...]:
    """Return every date that was not withdrawn, by day."""
    rows = Milestone.objects.filter(withdrawn_at__isnull=True).select_related("owner")
    return tuple(sorted((_date(row, today) for row in rows), key=lambda row: (row.on, row.pk)))


def _date(row: Milestone, today: date) -> CycleDate:
    on = row.held_on or row.due_on
    return CycleDate(
        pk=row.pk,
        ref=row.ref,
        kind=row.kind,
        name=str(row.get_kind_display()),
        due_on=row.due_on,
        held_on=row.held_on,
        on=on,
        days=(on - today).days,
        owner_id=row.owner_id,
        owner=row.owner.display_name if row.owner else "",
        body=row.body,
        reference=row.reference,
        state=state_of(row.due_on, row.held_on, today),
    )


def state_of(due_on: date, held_on: date | None, today: date) -> DateState:
    """Return held, overdue, soon (within 90 days) or planned; dates are compared as dates (R9)."""
    days = (due_on - today).days
    if held_on is not None:
        return DateState("held", "done", "ok", _("Held"))
    if days < 0:
        late = ngettext("%(n)d day overdue", "%(n)d days overdue", -days) % {"n": -days}
        return DateState("overdue", "warn", "bad", late)
    words = _("Today") if days == 0 else ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    return DateState("soon", "due", "warn", words) if days <= SOON else DateState("planned", "none", "none", words)


def _steps(dates: Sequence[CycleDate], today: date) -> tuple[CycleStep, ...]:
    steps = [CycleStep(row.name, row.on, row.held_on is not None, is_today=False) for row in dates]
    if steps:
        steps.append(CycleStep(_("Today"), today, done=False, is_today=True))
    return tuple(sorted(steps, key=lambda step: step.on))


def hints(dates: Sequence[CycleDate]) -> tuple[Hint, ...]:
    """Return what follows from the dates that are there: the limits of surveillance and the usual expiry (R2 to R4)."""
    newest = {row.kind: row for row in dates}
    issued, first = newest.get(MilestoneKind.ISSUED), newest.get(MilestoneKind.SURVEILLANCE_1)
    found = []
    if issued:
        limit = first_surveillance_latest(issued.on)
        text = _("Surveillance 1 begins at most 12 months after the certification decision")
        found.append(_hint(MilestoneKind.SURVEILLANCE_1, text, limit, first))
    if first and (not issued or first.on >= issued.on):
        text = _("Surveillance 2 is held by the end of the calendar year after surveillance 1")
        limit = second_surveillance_latest(first.on)
        found.append(_hint(MilestoneKind.SURVEILLANCE_2, text, limit, newest.get(MilestoneKind.SURVEILLANCE_2)))
    expires = newest.get(MilestoneKind.EXPIRES)
    if issued and not expires:
        text = _("A certificate usually ends 36 months after the decision, less one day")
        found.append(_hint(MilestoneKind.EXPIRES, text, suggested_expiry(issued.on), None))
    if expires:
        text = _("Recertification is audited, and its decision taken, before the certificate ends")
        recertification = newest.get(MilestoneKind.RECERTIFICATION)
        found.append(_hint(MilestoneKind.RECERTIFICATION, text, last_weekday(expires.on), recertification))
    return tuple(found)


def _hint(kind: MilestoneKind, text: str, latest: date, row: CycleDate | None) -> Hint:
    return Hint(kind.value, text, latest, is_late=row is not None and row.on > latest)
