"""The filters of the chain as the page shows them: a choice while nothing is chosen, then a chip that clears it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from ledger.models import Log
from trace import words
from trace.asked import Asked, Period
from trace.finding import events, kinds, roles
from trace.remembered import remembered


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: its name in the query string, its label, and either its options or, once chosen, the choice in words.

    `values` carries what is chosen along in the form.
    """

    name: str
    label: str
    options: tuple[Choice, ...] = ()
    chosen: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """All filters of the page; those of subject and time that are not chosen yet share a drop-down each."""

    plain: tuple[Filter, ...]
    kind: Filter
    subject: Filter
    membership: Filter
    time: Filter


def filters(asked: Asked, names: dict[str, str], log: Log) -> Filters:
    """Return the filters with the choices that stand in the chain, people by name; one query for each still open."""
    people = sorted(names, key=lambda pseudonym: names[pseudonym].lower())
    return Filters(
        plain=(
            _filter("actor", _("Actor"), asked.actor, lambda: people, lambda one: names.get(one, one)),
            _filter("role", _("Authority"), asked.role, lambda: remembered(log, roles), words.filed_label),
            _filter("event", _("Action"), asked.event, lambda: remembered(log, events), words.event_label),
        ),
        kind=_filter("kind", _("Subject"), asked.kind, lambda: remembered(log, kinds), words.kind_label),
        subject=_filter("subject", _("Reference"), asked.subject, tuple, str),
        membership=_filter("membership", _("Grant"), asked.membership, tuple, str),
        time=_time(asked),
    )


def _filter(
    name: str, label: str, value: str, options: Callable[[], Iterable[str]], told: Callable[[str], str]
) -> Filter:
    """What is chosen stays on screen even where the chain does not hold it, so that it can be cleared."""
    if value:
        return Filter(name, label, chosen=told(value), values=((name, value),))
    return Filter(name, label, tuple(Choice(option, told(option)) for option in options()))


def _time(asked: Asked) -> Filter:
    label = _("Time")
    if asked.period:
        return Filter("time", label, chosen=str(Period(asked.period).label), values=(("period", asked.period),))
    if asked.since or asked.until:
        chosen = _between(asked.since, asked.until)
        pairs = (("since", asked.since), ("until", asked.until))
        return Filter("time", label, chosen=chosen, values=tuple((name, value) for name, value in pairs if value))
    return Filter("time", label, tuple(Choice(value, str(name)) for value, name in Period.choices))


def _between(since: str, until: str) -> str:
    days = {"since": _day(since), "until": _day(until)}
    if not until:
        return _("From %(since)s") % days
    if not since:
        return _("Until %(until)s") % days
    return days["since"] if since == until else _("%(since)s to %(until)s") % days


def _day(text: str) -> str:
    day = date.fromisoformat(text) if text else None
    return f"{day.day} {day:%b %Y}" if day else ""
