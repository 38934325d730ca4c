"""When systems were judged, what policies say about one of them, and judging on demand."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from aims.doors import admit
from aims.middleware import AimsRequest
from aims.past import of_any_date
from systems.actions.judge import ask_for_judging, under_way, waits
from systems.judging.models import JudgingRun
from systems.judging.queries import confirmed
from systems.judging.shown import lines
from systems.permissions import may_judge
from systems.views import one

HISTORY = 30


@require_GET
def runs(request: AimsRequest) -> HttpResponse:
    """Show the last runs, and whether one is under way."""
    context = {
        "runs": JudgingRun.objects.select_related("by")[:HISTORY],
        "is_under_way": under_way() is not None,
        "may_judge": may_judge(request.actor),
    }
    return render(request, "systems/judging/runs.html", context)


@require_POST
def ask(request: AimsRequest) -> HttpResponse:
    """Have every system judged, and go back to where the outcome will stand."""
    admit(may_judge(request.actor))
    if under_way() is None:
        ask_for_judging(actor=request.actor)
    return redirect("judging:runs", request.aims.slug)


@require_GET
@of_any_date
def system(request: AimsRequest, code: str) -> HttpResponse:
    """Show what every policy says about a system, with its messages, now or as of a date."""
    row = one(request, code)
    context = {
        "system": row,
        "lines": lines(row, request.at),
        "confirmed": confirmed(row) if request.at is None else None,
        "is_waiting": request.at is None and waits(row.pk),
        "may_judge": may_judge(request.actor),
    }
    return render(request, "systems/judging/system.html", context)


@require_POST
def ask_for_one(request: AimsRequest, code: str) -> HttpResponse:
    """Have one system judged."""
    row = one(request, code)
    admit(may_judge(request.actor))
    if not waits(row.pk):
        ask_for_judging(actor=request.actor, systems=[row.pk])
    return redirect("judging:system", request.aims.slug, row.code)
