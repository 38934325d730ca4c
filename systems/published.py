"""The schema of a record at an address that lasts, for editors and pipelines."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from systems.record.schema import FILE


@require_safe
@cache_control(public=True, max_age=3600)
def ai_system_schema(_request: HttpRequest) -> HttpResponse:
    """Answer anybody with the JSON Schema that records have to fit."""
    return HttpResponse(FILE.read_bytes(), content_type="application/schema+json")
