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
from systems.models import AiSystem, Stage
from systems.pages import cards, found, system_page
from systems.permissions import may_edit, may_move, may_register, may_rely, may_say_scope

FILTERS = ("q", "stage", "scope", "page")


@require_GET
@of_any_date
@keeps_views("systems:list", gettext_lazy("AI systems"))
def index(request: AimsRequest) -> HttpResponse:
    """Show the list, with the first system that matches beside it."""
    context = registry(request)
    if request.htmx and request.htmx.target == "system-cards":  # type: ignore[attr-defined]
        return render(request, "systems/registry.html#cards", context)
    first = next(iter(context["page_of"]), None)
    row = one(request, first.code) if first else None
    return render(request, "systems/registry.html", context | about(request, row) | {"view": "list"})


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
    asked = {name: request.GET.get(name, "").strip() for name in FILTERS}
    narrowed = {name: value for name, value in asked.items() if value and name != "page"}
    everything = {name: value for name, value in asked.items() if value}
    slug = request.aims.slug
    rows = found(asked["q"], asked["stage"], asked["scope"], request.at)
    shown, shown_cards = cards(rows, slug, asked["page"], urlencode(everything | then(request)))
    return {
        "asked": asked,
        "is_narrowed": bool(narrowed),
        "query": urlencode(narrowed),
        "page_of": shown,
        "cards": shown_cards,
        "stages": Stage.choices,
        "list_address": reverse("systems:list", args=[slug]),
        "may_register": may_register(request.actor),
    }


def about(request: AimsRequest, row: AiSystem | None) -> dict[str, Any]:
    """Return one system and what this actor may do with it."""
    if row is None:
        return {"system": None}
    actor = request.actor
    return {
        "system": system_page(row, actor, request.at),
        "may_edit": may_edit(actor, row),
        "may_say_scope": may_say_scope(actor, row),
        "may_move": may_move(actor, row),
        "may_rely": may_rely(actor, row),
    }
