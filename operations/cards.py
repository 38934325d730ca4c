"""Signals as pages show them: frozen shapes with finished strings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts import clock
from operations.figures import CHART, SPARK, Frame, Point, Series, drawn, figure, told
from operations.models import Kind, LimitCrossing, Signal
from operations.queries import days_of, first_day, newest_of, signals_of, standing_crossings
from operations.standing import Standing, standings
from systems.models import AiSystem
from systems.pages import State
from systems.ports import Badge, Shown

SHOWN = 8
MOVES = frozenset({Kind.QUALITY, Kind.FAIRNESS, Kind.SAFETY, Kind.DRIFT})


@dataclass(frozen=True, slots=True)
class Card:
    """One signal: its newest value, its picture, and whether it is past its limit."""

    pk: int
    code: str
    name: str
    kind: str
    value: str
    when: datetime | None
    limit: str
    note: str
    flag: str
    answered: bool
    picture: SafeString
    address: str
    owner: str
    feed: str


@dataclass(frozen=True, slots=True)
class BenchmarkLine:
    """A benchmark with how the version in use stands against it."""

    pk: int
    name: str
    terms: str
    note: str
    state: State


def limits_in_words(row: Signal) -> str:
    """Return what a signal must keep, such as `limit 0.80` or `limits 0.5 to 2`."""
    if row.lower is not None and row.upper is not None:
        return _("limits %(lower)s to %(upper)s") % {
            "lower": figure(row.lower, row.unit),
            "upper": figure(row.upper, row.unit),
        }
    limit = row.lower if row.lower is not None else row.upper
    return _("limit %s") % figure(limit, row.unit) if limit is not None else ""


def short_day(on: date | datetime) -> str:
    """Write a day without its year, as beside a picture of twelve weeks."""
    return f"{on.day} {on:%b}"


def note_of(row: Signal, crossing: LimitCrossing | None) -> str:
    """Return what stands below a picture."""
    if crossing is None:
        return limits_in_words(row) or _("no limit set")
    words = _("below %(limit)s since %(day)s") if crossing.side == "below" else _("above %(limit)s since %(day)s")
    return words % {"limit": figure(crossing.limit, row.unit), "day": short_day(crossing.since)}


def flag_of(row: Signal, crossing: LimitCrossing | None) -> str:
    """Return the word of the flag: drift where the system behaves otherwise, else that a limit is passed."""
    if crossing is None:
        return ""
    return _("Drift") if row.kind in MOVES else _("Past limit")


def series_of(row: Signal, points: Sequence[Point], last: date, *, is_out: bool) -> Series:
    """Return what is drawn of a signal, with its words."""
    label = told(row.name, points, row.unit, limits_in_words(row))
    lower, upper = (None if limit is None else float(limit) for limit in (row.lower, row.upper))
    return Series(points, first_day(last), last, lower, upper, label, is_out)


def cards_of(system: AiSystem, slug: str, at: datetime | None = None) -> list[Card]:
    """Return the signals of a system with twelve weeks of each: those past a limit first; four queries."""
    rows = signals_of(system.pk, at)
    last = (at or clock.now()).date()
    ids = [row.pk for row in rows]
    days, newest, crossings = days_of(rows, last), newest_of(ids, at), standing_crossings(ids, at)
    base = reverse("operations:signals", args=[slug, system.code])
    made = [_card(row, days.get(row.pk, []), newest.get(row.pk), crossings.get(row.pk), base, last) for row in rows]
    return sorted(made, key=lambda card: (not card.flag, not card.limit, card.feed, card.code))


def _card(
    row: Signal, points: Sequence[Point], newest: Any, crossing: LimitCrossing | None, base: str, last: date
) -> Card:
    return Card(
        pk=row.pk,
        code=row.code,
        name=row.name,
        kind=str(row.get_kind_display()),
        value=figure(newest[1], row.unit) if newest else "",
        when=newest[0] if newest else None,
        limit=limits_in_words(row),
        note=note_of(row, crossing) if points or newest else _("no readings yet"),
        flag=flag_of(row, crossing),
        answered=crossing is not None and crossing.answered_at is not None,
        picture=drawn(series_of(row, points, last, is_out=crossing is not None), SPARK),
        address=f"{base}{row.code}/",
        owner=row.owner.display_name if row.owner else "",
        feed=row.feed,
    )


def chart_of(row: Signal, at: datetime | None, crossing: LimitCrossing | None, frame: Frame = CHART) -> SafeString:
    """Draw twelve weeks of one signal at the width of a page; one query."""
    last = (at or clock.now()).date()
    return drawn(series_of(row, days_of([row], last).get(row.pk, []), last, is_out=crossing is not None), frame)


STATES = {"met": ("done", "ok"), "missing": ("none", "warn"), "failing": ("bad", "bad")}


def benchmark_lines(system: AiSystem) -> list[BenchmarkLine]:
    """Return the benchmarks of a system with their state in words; two queries."""
    return [_line(row) for row in standings(system)]


def _line(row: Standing) -> BenchmarkLine:
    words = {"met": _("Passed"), "missing": _("No run"), "failing": _("Not passed")}
    glyph, tone = STATES[row.state]
    state = State(glyph, tone, words[row.state])
    return BenchmarkLine(row.benchmark.pk, row.benchmark.name, row.terms, row.note, state)


def shown(system: AiSystem, at: datetime | None, _actor: Any) -> list[Shown]:
    """Return the section Monitoring of a system's page, with a badge while something is past its limit."""
    slug = system.aims.slug
    cards = cards_of(system, slug, at)
    past = [card for card in cards if card.flag]
    address = reverse("operations:signals", args=[slug, system.code])
    context = {
        "cards": cards[:SHOWN],
        "more": max(len(cards) - SHOWN, 0),
        "benchmarks": [] if at else benchmark_lines(system),
        "signals": address,
        "evaluations": reverse("operations:evaluations", args=[slug, system.code]),
        "is_past": at is not None,
    }
    badges: tuple[Badge, ...] = ()
    if past:
        words = _("Drift past limit") if any(card.flag == _("Drift") for card in past) else _("Past a limit")
        badges = (Badge(words, "bad", "warn", address),)
    aside = _("12 weeks, dashed line is the limit") if cards else ""
    return [Shown("monitoring", _("Monitoring"), "operations/section.html", context, aside, badges)]
