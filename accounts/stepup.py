"""Confirming who one is before an act that binds: what was sent is kept, and goes on once it is confirmed."""

import secrets
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

KEPT = "kept_posts"
KEPT_SECONDS = 15 * 60
MOST_KEPT = 3
MOST_LETTERS = 200_000
SECRETS = ("csrfmiddlewaretoken",)
NEVER_KEPT = ("secret",)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a person sent before they had to confirm: where to, and the fields in their order."""

    path: str
    back: str
    fields: tuple[tuple[str, str], ...]


def ask(request: HttpRequest) -> HttpResponse:
    """Lead to the page where the person confirms who they are, keeping what they sent; nothing was done so far."""
    back = came_from(request)
    if request.method == "POST" and (key := _keep(request, back)):
        return go_to(request, way_to_confirm(reverse("go_on", args=[key])))
    if request.FILES:
        messages.warning(request, _("Confirm that it is you first; then choose the file once more. Nothing was saved."))
    elif request.method == "POST":
        messages.warning(request, _("Confirm that it is you first; then fill it in once more. Nothing was saved."))
    return go_to(request, way_to_confirm(back))


def way_to_confirm(after: str) -> str:
    """Return the address of the page that confirms, and leads on to another one."""
    return f"{reverse('confirm')}?{urlencode({'next': after})}"


def ways(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the ways in which this person can confirm, the one they are led to first."""
    found: list[dict[str, Any]] = get_adapter().get_reauthentication_methods(request.user)
    return found


def kept(request: HttpRequest, key: str) -> Kept | None:
    """Hand out what was kept, once; None when it is gone or too old."""
    held = dict(request.session.get(KEPT, {}))
    found = held.pop(key, None)
    request.session[KEPT] = held
    if found is None or time.time() - found["at"] > KEPT_SECONDS:
        return None
    return Kept(found["path"], found["back"], tuple((name, value) for name, value in found["fields"]))


def came_from(request: HttpRequest) -> str:
    """Return the page that holds the form: the address itself, or for a verb the page it was sent from."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    told = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if told and url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(told)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return reverse("home")


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect the whole page, also when only a part of it asked."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _keep(request: HttpRequest, back: str) -> str:
    """Keep a post in the session under a random key; empty when it holds files or a secret, or is too long."""
    fields = [(name, str(value)) for name, values in request.POST.lists() for value in values if name not in SECRETS]
    is_secret = any(request.POST.get(name) for name in NEVER_KEPT)
    if request.FILES or is_secret or sum(len(name) + len(value) for name, value in fields) > MOST_LETTERS:
        return ""
    key = secrets.token_urlsafe(12)
    at = time.time()
    held = {name: one for name, one in request.session.get(KEPT, {}).items() if at - one["at"] < KEPT_SECONDS}
    newest = sorted(held, key=lambda name: held[name]["at"])[-(MOST_KEPT - 1) :]
    told = {"path": request.get_full_path(), "back": back, "fields": fields, "at": at}
    request.session[KEPT] = {name: held[name] for name in newest} | {key: told}
    return key
