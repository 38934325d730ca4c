"""Asking a provider, from the server: https, no redirects, small answers, and nobody's internal network.

An administrator of any organisation names the address, so it is as hostile as any other input.
"""

import http.client
import ipaddress
import json
import socket
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from signon.asserted import NotAsserted

SECONDS = 8
MOST_BYTES = 512 * 1024


class Unreachable(NotAsserted):
    """The provider did not answer, or may not be asked."""


def check_address(url: str) -> str:
    """Return an address that may be asked or redirected to, raising Unreachable; plain http is for trials only."""
    parts = urlsplit(url)
    schemes = ("https", "http") if settings.SSO_ALLOW_PRIVATE else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.fragment or len(url) > 500:
        raise Unreachable(_("%(url)s is not an address that begins with https.") % {"url": url[:200]})
    return url


def get_json(url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Fetch a JSON object."""
    return _ask("GET", url, None, headers or {})


def post_form(url: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Send a form and read the JSON object that comes back."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return _ask("POST", url, urlencode(fields).encode(), kind | (headers or {}))


def _ask(verb: str, url: str, body: bytes | None, headers: dict[str, str]) -> dict[str, Any]:
    parts = urlsplit(check_address(url))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
        connection._create_connection = _guarded  # type: ignore[attr-defined]
        try:
            connection.request(verb, path, body, {"Accept": "application/json", "User-Agent": "Assay"} | headers)
            answer = connection.getresponse()
            return _object(answer.status, _read(answer), parts.hostname or "")
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        words = _("%(host)s did not answer (%(error)s).")
        raise Unreachable(words % {"host": parts.hostname, "error": type(error).__name__}) from error


def _guarded(address: tuple[str, int], timeout: Any = None, source_address: Any = None) -> socket.socket:
    """Connect to an address that was looked at: a name that resolves anew could lead elsewhere."""
    host, port = address
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    places = list(dict.fromkeys(str(info[4][0]) for info in found))
    if not settings.SSO_ALLOW_PRIVATE and not all(ipaddress.ip_address(place).is_global for place in places):
        raise Unreachable(
            _("%(host)s lies in a private network. Whoever runs Assay can allow that: SSO_ALLOW_PRIVATE.")
            % {"host": host}
        )
    return socket.create_connection((places[0], port), timeout, source_address)


def _read(answer: http.client.HTTPResponse) -> bytes:
    """Read at most so much, for at most so long, however slowly it drips."""
    until, data = time.monotonic() + SECONDS, b""
    while chunk := answer.read1(64 * 1024):
        data += chunk
        if len(data) > MOST_BYTES or time.monotonic() > until:
            raise http.client.HTTPException("too much or too slow")
    return data


def _object(status: int, data: bytes, host: str) -> dict[str, Any]:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        told = None
    if status != 200 or not isinstance(told, dict):
        code = str(told.get("error", ""))[:60] if isinstance(told, dict) else ""
        words = _("%(host)s answered %(status)s %(code)s where it should have told something.")
        raise Unreachable((words % {"host": host, "status": status, "code": code}).replace("  ", " "))
    return told
