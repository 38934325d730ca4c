"""One incident with everything its page prints, in a fixed number of queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts import clock
from incidents.law import Severity, severity_of
from incidents.models import Containment, Incident, IncidentAction, IncidentLink, Notification
from incidents.ports import Named, named
from incidents.timing import left, moment
from incidents.words import MARKS, Happened, Standing
from ledger.queries import Act, acts_about

NOTICE_MARKS: dict[str, tuple[str, str]] = {
    Standing.DUE: ("due", "warn"),
    Standing.SENT: ("done", "ok"),
    Standing.NOT_DUE: ("na", "none"),
    Standing.LAPSED: ("na", "none"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the timeline: a note, or what was done."""

    at: datetime
    when: str
    text: str
    who: str
    glyph: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification as the page prints it."""

    row: Notification
    when: str
    left: str
    glyph: str
    tone: str
    is_due: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One incident as its page shows it."""

    incident: Incident
    severity: Severity | None
    glyph: str
    tone: str
    happened: tuple[str, ...]
    occurred: str
    noticed: str
    timeline: tuple[Entry, ...]
    containments: tuple[Containment, ...]
    actions: tuple[IncidentAction, ...]
    notices: tuple[Notice, ...]
    links: tuple[IncidentLink, ...]
    references: tuple[Named, ...]
    acts: tuple[Act, ...]

    @property
    def owed(self) -> tuple[Notice, ...]:
        """The notifications that are due, the most pressing first."""
        return tuple(notice for notice in self.notices if notice.is_due)


def sheet_of(row: Incident, time_zone: str) -> Sheet:
    """Gather what an incident's page shows: five queries more than the row, one a kind referred to, three of acts."""
    notes = list(row.incidentnotes.select_related("by"))
    containments = tuple(row.containments.select_related("by"))
    actions = tuple(row.incidentactions.select_related("owner", "done_by").filter(withdrawn_at__isnull=True))
    notices = list(row.notifications.select_related("said_by"))
    links = tuple(
        row.incidentlinks.filter(withdrawn_at__isnull=True)
        .select_related("requirement")
        .order_by("requirement__position", "pk")
    )
    glyph, tone = MARKS[row.state]
    parts = (*notes, *containments, *actions, *notices, *links)
    refs = named(row.references)
    return Sheet(
        incident=row,
        severity=severity_of(row.severity),
        glyph=glyph,
        tone=tone,
        happened=tuple(str(Happened(fact).label) for fact in row.happened if fact in Happened.values),
        occurred=moment(row.occurred_at, time_zone) if row.occurred_at else "",
        noticed=moment(row.noticed_at, time_zone),
        timeline=tuple(sorted(_timeline(row, notes, parts, time_zone), key=lambda entry: entry.at)),
        containments=containments,
        actions=actions,
        notices=tuple(notice_of(notice, time_zone) for notice in sorted(notices, key=_pressing)),
        links=links,
        references=tuple(refs.get(ref, Named(ref, "", "")) for ref in row.references),
        acts=tuple(acts_about([row.ref, *(part.ref for part in parts)], Incident, IncidentAction, limit=40)),
    )


def notice_of(row: Notification, time_zone: str) -> Notice:
    """Return a notification with its deadline and the time left."""
    now = clock.now()
    is_due = row.state == Standing.DUE
    is_late = is_due and row.due_at is not None and row.due_at < now
    glyph, tone = ("warn", "bad") if is_late else NOTICE_MARKS[row.state]
    when = moment(row.due_at, time_zone) if row.due_at else _("at once")
    return Notice(row, when, left(row.due_at, now) if is_due else "", glyph, tone, is_due, is_late)


def _pressing(row: Notification) -> tuple[bool, float, int]:
    return row.state != Standing.DUE, row.due_at.timestamp() if row.due_at else 0, row.pk


def _timeline(row: Incident, notes: list[Any], parts: tuple[Any, ...], zone: str) -> Iterator[Entry]:
    def entry(at: datetime, text: str, who: str, glyph: str = "ring") -> Entry:
        return Entry(at, moment(at, zone), text, who, glyph)

    if row.occurred_at:
        yield entry(row.occurred_at, _("It occurred."), "", "diamond")
    yield entry(row.noticed_at, _("It was noticed; deadlines run from here."), row.reporter, "diamond")
    for note in notes:
        yield entry(note.at, note.text, note.by.display_name if note.by else note.writer)
    yield from (entry(*told) for told in _told(parts))
    if row.closed_at:
        yield entry(row.closed_at, _("It was closed."), _name(row.closed_by), "done")


def _told(parts: tuple[Any, ...]) -> Iterator[tuple[datetime, str, str, str]]:
    """What was done, with its instant, its words, who did it and its glyph."""
    for part in parts:
        match part:
            case Containment():
                yield part.at, f"{part}. {part.why}", _name(part.by), "half"
            case IncidentAction() if part.done_at:
                yield part.done_at, _("Done: %s") % part.what, _name(part.done_by), "done"
            case Notification() if part.sent_at:
                words = {"duty": part.title, "authority": part.authority}
                yield part.sent_at, _("%(duty)s: sent to %(authority)s") % words, _name(part.said_by), "done"


def _name(person: Any) -> str:
    return person.display_name if person else ""
