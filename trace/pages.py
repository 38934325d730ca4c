"""What the chain's pages are made of: the list with its filters and checkpoints, the verdict, the way back in time."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from aims.middleware import AimsRequest
from ledger.models import Log, Waiting
from trace.asked import Asked
from trace.density import density
from trace.filters import filters
from trace.finding import PAGE, actors, find
from trace.marks import marks
from trace.queries import lines, names_of
from trace.remembered import remembered
from trace.rows import rows
from trace.verdicts import this_morning, troubles, verdict


def listing(request: AimsRequest, log: Log, *, around: int = 0) -> dict[str, Any]:
    """Return the list's context; `around` keeps the record in view that stands beside it."""
    asked, aims = Asked.of(request.GET.dict()), request.aims
    before, after = _number(request, "before"), _number(request, "after")
    if around and not before and not after and around + PAGE // 2 <= log.size:
        before = around + PAGE // 2
    found = find(log, asked, before=before, after=after, zone=aims.time_zone)
    names = names_of(remembered(log, actors))
    told = lines(found.leaves, names, aims)
    between = marks(log, [line.number for line in told], before=found.above, zone=ZoneInfo(aims.time_zone))
    shown, said = rows(told, between, folds=asked.folds, told=around), verdict(log, aims)
    return {
        "asked": asked,
        "query": asked.query,
        "page_query": request.GET.urlencode(),
        "unfolded": replace(asked, fold="").query,
        "filters": filters(asked, names, log),
        "rows": shown,
        "is_folded": any(row.times for row in shown),
        "found": found,
        "shown": len(found.leaves),
        "waiting": Waiting.objects.count(),
        "log": log,
        "verdict": said,
        "troubles": troubles(log, said),
        "this_morning": this_morning(aims),
        "density": density(aims, log),
    }


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0
