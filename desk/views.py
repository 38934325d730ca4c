"""The overview of an AIMS."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.roles import STEWARDS, Role
from aims.middleware import AimsRequest
from desk.queries.overview import overview_of


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
