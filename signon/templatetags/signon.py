"""Where pages of rooms to the left offer the providers: one's own page, an invitation, the sign-in page."""

from typing import Any

from django import template
from django.http import HttpRequest

from accounts.models import User
from accounts.signed_in import signed_in
from aims.models import Aims
from signon.queries import ways_into, ways_of

register = template.Library()


@register.inclusion_tag("signon/mine.html", takes_context=True)
def my_providers(context: dict[str, Any]) -> dict[str, Any]:
    """List the providers of one's organisations, with what is linked."""
    request: HttpRequest = context["request"]
    ways = ways_of(request.user) if isinstance(request.user, User) else []
    return {"ways": ways, "by": signed_in(request).identity_id, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("signon/ways.html")
def ways_to_join(aims: Aims) -> dict[str, Any]:
    """Offer an invited person the organisation's providers."""
    return {"ways": ways_into(aims), "purpose": "join"}
