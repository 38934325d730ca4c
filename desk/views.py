"""The overview of an AIMS, and the search over all of it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.roles import STEWARDS, Role
from aims.middleware import AimsRequest
from desk.queries.overview import overview_of
from desk.queries.search import jump, search


@require_GET
def overview(request: AimsRequest) -> HttpResponse:
    """Show how the AIMS stands and what the reader owes; everybody who holds a role reads the same."""
    all_tasks = request.GET.get("tasks") == "all"
    context = {
        "page": overview_of(request.aims, request.user, all_tasks=all_tasks),
        "is_steward": request.actor.is_person and request.actor.holds(*STEWARDS),
        "may_start": request.actor.roles != {Role.CERTIFIER},
    }
    return render(request, "desk/overview.html", context)


@require_GET
def find(request: AimsRequest) -> HttpResponse:
    """Go straight to what has this code, or list what has the text in its code or title."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    groups = search(request.aims.slug, text)
    address = jump(groups, text)
    return redirect(address) if address else render(request, "desk/search.html", {"text": text, "groups": groups})
