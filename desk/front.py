"""The front door: where to go first, and whether Assay is ready."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.models import User
from aims.queries import aims_of


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Go straight to the only AIMS, or let the person choose."""
    assert isinstance(request.user, User)  # noqa: S101  (narrowed for the type checker by login_required)
    mine = list(aims_of(request.user))
    if len(mine) == 1:
        return redirect("desk:overview", mine[0].slug)
    return render(request, "desk/choose.html", {"choices": mine})


@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 once the database answers; the runner starts the web server after everything is loaded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
