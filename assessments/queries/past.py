"""A system's judgement over time: what each decided edition said, read from what its decision froze."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts import clock
from aims.days import day_of
from aims.history import rows_at
from aims.vocabulary import Band
from assessments.bands import Level, worst
from assessments.models import Assessment, AssessmentState, Decision, Screening, Valence
from assessments.queries.sheet import sheet_of
from assessments.screening.queries import Screened, signed_of
from systems.models import AiSystem

OPEN = (AssessmentState.DRAFT, AssessmentState.SUBMITTED, AssessmentState.RETURNED)


@dataclass(frozen=True, slots=True)
class EditionJudged:
    """One edition: when it was decided (or looked at, while it is open) and the worst of its harms."""

    ref: str
    code: str
    edition: str
    on: date
    is_open: bool
    state: str
    decision: str
    criteria: int
    version: str
    before: Level | None
    now: Level | None
    target: Level | None
    target_on: date | None
    harms: int
    is_screening: bool = False


def judgements_of(system: AiSystem, at: datetime | None = None) -> tuple[EditionJudged, ...]:
    """What was decided and signed of a system, oldest first, then the edition that is open: six queries at most.

    With `at` they are those that were decided or open by then.
    """
    zone = system.aims.time_zone
    open_rows = rows_at(Assessment, at, system=system.pk).filter(state__in=OPEN).defer("frozen")
    waiting = open_rows.select_related("criteria", "system").order_by("-id").first()
    decided = judged_and_screened(system, at)
    return (*decided, _open(waiting, day_of(at or clock.now(), zone), at)) if waiting else decided


def judged_and_screened(system: AiSystem, at: datetime | None = None) -> tuple[EditionJudged, ...]:
    """The decided editions of a system, and the screenings that say that none is due, oldest first: two queries."""
    signed = (_signed(one) for one in signed_of(system.pk, at))
    return tuple(sorted([*decisions_on(system, at), *signed], key=lambda row: row.on))


def _signed(row: Screened) -> EditionJudged:
    return EditionJudged(
        ref=f"{Screening.ref_kind}:{row.code}",
        code=row.code,
        edition="",
        on=row.on,
        is_open=False,
        state=row.words,
        decision="",
        criteria=0,
        version=row.version,
        before=None,
        now=None,
        target=None,
        target_on=None,
        harms=0,
        is_screening=True,
    )


def decisions_on(system: AiSystem, at: datetime | None = None) -> tuple[EditionJudged, ...]:
    """The decided editions of a system alone, oldest first, now or by an instant: one query."""
    instant, zone = at or clock.now(), system.aims.time_zone
    rows = Assessment.objects.filter(system=system.pk, decided_at__lte=instant).order_by("decided_at", "pk")
    return tuple(_decided(row, zone) for row in rows.select_related("criteria"))


def _decided(row: Assessment, zone: str) -> EditionJudged:
    assert row.decided_at is not None  # noqa: S101  (the query asked for it)
    data = json.loads(bytes(row.frozen or b"{}"))
    harms = [impact for impact in data.get("impacts", ()) if impact["valence"] == Valence.HARM]
    before, now = (worst(_level(impact[name]) for impact in harms) for name in ("before", "now"))
    target, target_on = _aim(
        (_level(impact["target"]) or _level(impact["now"]), impact["target_on"] if impact["target"] else None)
        for impact in harms
    )
    return EditionJudged(
        ref=row.ref,
        code=row.code,
        edition=row.edition,
        on=day_of(row.decided_at, zone),
        is_open=False,
        state=str(row.get_state_display()),
        decision=str(Decision(row.decision).label) if row.decision else "",
        criteria=row.criteria.number,
        version=row.system_version,
        before=before,
        now=now,
        target=target,
        target_on=target_on,
        harms=len(harms),
    )


def _open(row: Assessment, today: date, at: datetime | None) -> EditionJudged:
    sheet = sheet_of(row, at)
    return EditionJudged(
        ref=row.ref,
        code=row.code,
        edition=row.edition,
        on=today,
        is_open=True,
        state=str(row.get_state_display()),
        decision="",
        criteria=row.criteria.number,
        version=row.system_version,
        before=sheet.worst_before,
        now=sheet.worst_now,
        target=None,
        target_on=None,
        harms=len(sheet.harms),
    )


def _aim(levels: Iterable[tuple[Level | None, str | None]]) -> tuple[Level | None, date | None]:
    """Return the worst that is meant to remain once every dated target is met, and the last of their dates."""
    found = list(levels)
    days = [date.fromisoformat(day) for _level_, day in found if day]
    return (worst(level for level, _day in found), max(days)) if days else (None, None)


def _level(data: dict[str, Any] | None) -> Level | None:
    return Level(data["likelihood"], data["severity"], Band(data["band"])) if data else None
