"""What django-axes is told: enough to stop somebody who guesses passwords, and nothing that names a person.

It counts failures by address and network, both as keyed pseudonyms; no answer tells whether an address exists.
"""

import hmac
from hashlib import sha256
from ipaddress import IPv6Address
from typing import Any

from allauth.account.adapter import get_adapter
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse

PRIVATE = b"\xfd"  # fd00::/8, so that a pseudonym is no address of anybody


class SparingHandler(AxesDatabaseHandler):  # type: ignore[misc]
    """Count failures, and keep neither what was sent nor what the browser says of itself."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count one more failure."""
        if request is None:
            return
        request.axes_user_agent = request.axes_http_accept = request.axes_path_info = ""  # type: ignore[attr-defined]
        super().user_login_failed(sender, credentials, request, **kwargs)
        mine = {"username": pseudonym_of_address(request, credentials), "ip_address": pseudonym_of_client(request)}
        AccessAttempt.objects.filter(**mine).update(get_data="", post_data="")


def pseudonym_of_address(_request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return a keyed hash of the address that was tried, the same for all its spellings."""
    told = credentials or {}
    address = str(told.get("email") or told.get("username") or "").strip().lower()
    return _keyed(f"address:{address}").hex()


def pseudonym_of_client(request: HttpRequest) -> str:
    """Return a keyed hash of the client's network address, in the shape of a private one."""
    client = get_adapter().get_client_ip(request) if request.META.get("REMOTE_ADDR") else ""
    return str(IPv6Address(PRIVATE + _keyed(f"client:{client}")[:15]))


def nobody(*_about: Any) -> str:
    """Name the client in the log: not at all."""
    return "a client"


def same_answer(_request: HttpRequest, response: HttpResponse, _credentials: Any) -> HttpResponse:
    """Leave the page as it is: the form says in its own place that there were too many tries."""
    return response


def _keyed(text: str) -> bytes:
    return hmac.digest(f"guessing:{settings.SECRET_KEY}".encode(), text.encode(), sha256)
