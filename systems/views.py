"""The registry: a list beside one system."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from aims.history import rows_at
from aims.middleware import AimsRequest
from aims.past import found_then, of_any_date, then
from aims.saved import keeps_views
from systems.browsing import FILTERS, cards, choices, counts, found
from systems.browsing import SORTS as SORT_CHOICES
from systems.models import AiSystem
from systems.overview import overview
from systems.pages import system_page
from systems.permissions import may_edit, may_move, may_register, may_rely, may_say_scope, may_say_scopes


@require_GET
@of_any_date
@keeps_views("systems:list", gettext_lazy("AI systems"))
def index(request: AimsRequest) -> HttpResponse:
    """Show the list, with what the registry holds at a glance beside it."""
    context = registry(request)
    if request.htmx and request.htmx.target == "system-cards":  # type: ignore[attr-defined]
        return render(request, "systems/registry.html#cards", context)
    glance = overview(found(context["asked"], request.at)) if context["cards"] else None
    return render(request, "systems/registry.html", context | {"overview": glance, "system": None, "view": "list"})


@require_GET
@of_any_date
def detail(request: AimsRequest, code: str) -> HttpResponse:
    """Show one system beside the list."""
    row = one(request, code)
    return render(request, "systems/registry.html", registry(request) | about(request, row) | {"view": "detail"})


def one(request: AimsRequest, code: str) -> AiSystem:
    """Return a system by its code with what its page needs, as of the date asked for, or answer 404."""
    rows = rows_at(AiSystem, request.at, code=code).select_related("owner", "scope_said_by")
    row = found_then(rows.first(), AiSystem.objects.filter(code=code))
    row.aims = request.aims
    return row


def registry(request: AimsRequest) -> dict[str, Any]:
    """Return the list beside every page of this room."""
    asked = {name: request.GET.get(name, "").strip()[:200] for name in (*FILTERS, "page")}
    narrowed = {name: value for name, value in asked.items() if value and name not in ("page", "sort")}
    ordered = {name: value for name, value in asked.items() if value and name != "page"}
    everything = {name: value for name, value in asked.items() if value}
    slug, rows, numbers = request.aims.slug, found(asked, request.at), counts(request.at)
    tail = urlencode(everything | then(request))
    known = None if narrowed else numbers.all
    shown, shown_cards = cards(rows, slug, asked["page"], tail, at=request.at, known=known)
    return {
        "asked": asked,
        "is_narrowed": bool(narrowed),
        "narrowed": len(set(narrowed) - {"q"}),
        "query": urlencode(ordered),
        "page_of": shown,
        "cards": shown_cards,
        "counts": numbers,
        "choices": choices(asked, request.at),
        "sorts": SORT_CHOICES,
        "list_address": reverse("systems:list", args=[slug]),
        "may_register": may_register(request.actor),
        "may_say_scopes": may_say_scopes(request.actor),
    }


def about(request: AimsRequest, row: AiSystem) -> dict[str, Any]:
    """Return one system and what this actor may do with it."""
    actor = request.actor
    return {
        "system": system_page(row, actor, request.at),
        "open_section": request.GET.get("section", ""),
        "may_edit": may_edit(actor, row),
        "may_say_scope": may_say_scope(actor, row),
        "may_move": may_move(actor, row),
        "may_rely": may_rely(actor, row),
    }
