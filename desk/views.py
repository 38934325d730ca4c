"""The overview of an AIMS, and the search over all of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.roles import STEWARDS
from aims.middleware import AimsRequest
from aims.seats import of_seats
from desk.permissions import may_start
from desk.queries.overview import overview_of
from desk.queries.search import jump, search
from desk.queries.seat import seat_of


@of_seats
@require_GET
def overview(request: AimsRequest) -> HttpResponse:
    """Show how the AIMS stands and what the reader owes; every member reads the same, a seat what is shared with it."""
    if request.actor.is_seat:
        return redirect("desk:seat", request.aims.slug)
    all_tasks = request.GET.get("tasks") == "all"
    context = {
        "page": overview_of(request.aims, request.user, all_tasks=all_tasks),
        "is_steward": request.actor.is_person and request.actor.holds(*STEWARDS),
        "may_start": may_start(request.actor.roles),
    }
    return render(request, "desk/overview.html", context)


@require_GET
def find(request: AimsRequest) -> HttpResponse:
    """Go straight to what has this code, or list what has the text in its code or title."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    groups = search(request.aims.slug, text)
    address = jump(groups, text)
    return redirect(address) if address else render(request, "desk/search.html", {"text": text, "groups": groups})


@of_seats
@require_GET
def seat(request: AimsRequest) -> HttpResponse:
    """Show an auditor of the certification body what is shared with their seat, until when, and how to check it."""
    page = seat_of(request.user, request.aims, request.actor.shared)
    if page is None:
        raise Http404(_("There is nothing here."))
    return render(request, "desk/seat.html", {"page": page})
