"""What machines ask that keep an installation running: is it alive, is it ready, how does it do."""

import os
import secrets

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST

from upkeep.metrics import exposition
from upkeep.readiness import parts


@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 once the database answers; the runner starts the web server after everything is loaded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_GET
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when everything that serving needs is there, else 503 with its name; the log says why."""
    asked = parts()
    faulty = any(part.fault for part in asked)
    told = {part.name: "failed" if part.fault else "ok" for part in asked}
    return JsonResponse({"status": "not ready" if faulty else "ok", "checks": told}, status=503 if faulty else 200)


@require_GET
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer whoever sends METRICS_TOKEN; without it, or where none is set, nothing is here."""
    sent = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ").encode()
    if not settings.METRICS_TOKEN or not secrets.compare_digest(sent, settings.METRICS_TOKEN.encode()):
        raise Http404
    return HttpResponse(exposition(os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")), content_type=CONTENT_TYPE_LATEST)
