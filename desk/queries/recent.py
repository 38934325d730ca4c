"""The newest records, each in one line."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import clock
from aims.models import Aims
from ledger.models import Leaf
from trace.queries import Line, lines, names_of

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Recent:
    """One record: what was done, by whom, and when, where the organisation is."""

    number: int
    text: str
    who: str
    at: datetime
    when: str


def newest_records(aims: Aims) -> tuple[Recent, ...]:
    """Return the last records that have a number; three queries."""
    rows = Leaf.objects.select_related("record").prefetch_related("record__annexes").order_by("-number")
    leaves = list(rows[:SHOWN])
    told = lines(leaves, names_of(leaf.record.pseudonym for leaf in leaves), aims)
    today = clock.today(aims.time_zone)
    return tuple(Recent(line.number, _text(line), line.who, line.at, _when(line.at, today)) for line in told)


def _text(line: Line) -> str:
    """Name the act; a subject that has no code of its own is told by what it became."""
    said = f"{line.verb} {line.subject}"
    return capfirst(f"{said}: {line.after}" if line.subject.islower() and line.after else said)


def _when(at: datetime, today: date) -> str:
    words = {"day": f"{at.day} {at:%b}", "time": f"{at:%H:%M}"}
    return words["time"] if at.date() == today else _("%(day)s, %(time)s") % words
