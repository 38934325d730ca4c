"""Judgement in pictures: the portfolio across systems, and one system over time."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import clock
from aims.history import rows_at
from aims.middleware import AimsRequest
from aims.past import found_then, of_any_date
from aims.vocabulary import Band
from assessments.portfolio_page import drawn, drawn_history, portfolio_line
from assessments.queries.past import judgements_of
from assessments.queries.portfolio import narrowed
from assessments.queries.portfolio import portfolio as read_portfolio
from assessments.views.lists import columns_of
from systems.models import AiSystem

PAGE = 50
ASKED = ("q", "state", "band", "sort")


@require_GET
@of_any_date
def portfolio(request: AimsRequest) -> HttpResponse:
    """Show where every system stands, and how far it came from before measures."""
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    found = read_portfolio(request.at)
    today = request.as_of or clock.today(request.aims.time_zone)
    rows = narrowed(
        found.systems,
        today=today,
        search=asked["q"],
        band=asked["band"],
        state=asked["state"],
        sort=asked["sort"] or "-now",
    )
    base = reverse("assessments:list", args=[request.aims.slug])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    is_partial = bool(request.htmx) and request.htmx.target == "rows"  # type: ignore[attr-defined]
    context = {
        "drawn": None if is_partial else drawn(found, today),
        "has_systems": bool(found.systems),
        "page_of": page,
        "lines": [portfolio_line(row, today, base=base) for row in page],
        "asked": asked,
        "is_narrowed": any(asked[name] for name in ("q", "state", "band")),
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "bands": Band.choices,
        "states": (
            ("none", _("Not assessed")),
            ("screened", _("Screened, not due")),
            ("open", _("Not decided")),
            ("decided", _("Decided")),
            ("late", _("Review overdue")),
        ),
        "columns": columns_of(
            asked,
            ("name", _("AI system")),
            ("", _("Assessment")),
            ("", _("From before measures to now, 1 to 25")),
            ("before", _("Before")),
            ("now", _("Worst now")),
            ("", _("What remains")),
            ("review", _("Next review")),
            first="-now",
        ),
    }
    return render(request, f"assessments/portfolio.html{'#rows' if is_partial else ''}", context)


@require_GET
@of_any_date
def history(request: AimsRequest, system: str) -> HttpResponse:
    """Show what was judged of a system, edition by edition."""
    row = _system(request, system)
    editions = judgements_of(row, request.at)
    context = {"row": row, "editions": editions[::-1], "picture": drawn_history(editions)}
    return render(request, "assessments/history.html", context)


def _system(request: AimsRequest, code: str) -> AiSystem:
    rows = AiSystem.objects.filter(code=code)
    if request.at is None:
        found = get_object_or_404(rows)
    else:
        found = found_then(rows_at(AiSystem, request.at, code=code).first(), rows)
    found.aims = request.aims
    return found
