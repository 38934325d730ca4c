"""What the chain's pages are made of: the list with its filters, and what verification last said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.clock import now
from aims.middleware import AimsRequest
from aims.models import Aims
from jobs.models import Job, JobState
from ledger.models import Log, Waiting
from trace import words
from trace.finding import PAGE, Asked, actors, events, find, kinds
from trace.queries import lines, names_of
from trace.verifying import KIND
from trace.words import thin

OPEN = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: its name in the query string, its label, its options and what is chosen."""

    name: str
    label: str
    options: list[Choice]
    chosen: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification last said; while it runs, how far it is in percent."""

    tone: str
    glyph: str
    title: str
    text: str
    root: str = ""
    is_running: bool = False
    percent: int = 0


def listing(request: AimsRequest, log: Log, *, around: int = 0) -> dict[str, Any]:
    """Return the list's context; `around` keeps the record in view that stands beside it."""
    asked = Asked.of(request.GET.dict())
    before, after = _number(request, "before"), _number(request, "after")
    if around and not before and not after and around + PAGE // 2 <= log.size:
        before = around + PAGE // 2
    found = find(log, asked, before=before, after=after, zone=request.aims.time_zone)
    names = names_of(actors())
    return {
        "asked": asked,
        "query": asked.query,
        "filters": _filters(asked, names),
        "lines": lines(found.leaves, names, request.aims),
        "found": found,
        "shown": len(found.leaves),
        "waiting": Waiting.objects.count(),
        "log": log,
        "verdict": verdict(log, request.aims),
        "this_morning": _this_morning(request.aims),
    }


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _this_morning(aims: Aims) -> datetime:
    local = now().astimezone(ZoneInfo(aims.time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _filters(asked: Asked, names: dict[str, str]) -> list[Filter]:
    people = sorted((Choice(value, label) for value, label in names.items()), key=lambda choice: choice.label.lower())
    return [
        Filter("actor", _("Actor"), people, asked.actor),
        Filter("event", _("Action"), [Choice(event, words.event_label(event)) for event in events()], asked.event),
        Filter("kind", _("Subject"), [Choice(kind, words.kind_label(kind)) for kind in kinds()], asked.kind),
    ]


def verdict(log: Log, aims: Aims) -> Verdict:
    """Return the newest verdict: of the job under way, of one that could not finish, or the log's own."""
    job = Job.objects.filter(kind=KIND, aims_id=aims.pk).order_by("-pk").first()
    if job is not None and job.state in OPEN:
        step = job.step or _("Waiting for a worker")
        return Verdict("info", "half", _("Verifying the whole chain"), step, is_running=True, percent=job.progress)
    if job is not None and job.state in (JobState.FAILED, JobState.DEAD):
        return Verdict("bad", "bad", _("The verification could not finish"), job.error)
    return _noted(log, aims)


def _noted(log: Log, aims: Aims) -> Verdict:
    if log.fault:
        return Verdict("bad", "bad", _("The chain does not hold"), log.fault)
    if log.verified_at is None:
        text = _("Verification recomputes every leaf, every number and the root from the records.")
        return Verdict("none", "none", _("Not verified yet"), text)
    at = log.verified_at.astimezone(ZoneInfo(aims.time_zone))
    text = _("%(done)s of %(all)s leaves lie under the root. Checked %(day)s at %(time)s.") % {
        "done": thin(log.verified_size),
        "all": thin(log.size),
        "day": _("today") if at >= _this_morning(aims) else f"{at.day} {at:%b %Y}",
        "time": f"{at:%H:%M}",
    }
    title = _("Chain verified to record #%(n)s") % {"n": thin(log.verified_size)}
    return Verdict("ok", "seal", title, text, log.root[:16])
