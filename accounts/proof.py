"""How and when the person at a session showed who they are; allauth keeps what was shown in the session.

Sessions live by the machine's clock, as allauth's marks do, and not by the one that the demo steps.
"""

import time
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User

BEGAN = "began_at"
WAYS = {"totp": "totp", "webauthn": "passkey", "recovery_codes": "recovery code"}


def note_shown(request: HttpRequest, user: User, method: str) -> None:
    """Note what a person showed at a door that is not allauth's: a first password, the link of an invitation."""
    record_authentication(request, user, method)


def auth_method(request: HttpRequest) -> str:
    """Say what was shown in this session, as records name it: `password`, `password+totp`, `passkey`, `sso acme`."""
    ways = dict.fromkeys(_way(shown) for shown in _shown(request))
    return "+".join(ways) or "session"


def came_by_sso(request: HttpRequest) -> bool:
    """Whether the organisation's own identity provider vouched for the person."""
    return any(shown.get("method") == "socialaccount" for shown in _shown(request))


def has_stepped_up(request: HttpRequest) -> bool:
    """Whether the person showed who they are within the last 15 minutes (STEP_UP_SECONDS)."""
    moments = [request.session.get(BEGAN, 0.0), *(shown.get("at", 0.0) for shown in _shown(request))]
    return bool(time.time() - max(moments) < settings.STEP_UP_SECONDS)


def _shown(request: HttpRequest) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], get_authentication_records(request, cast(User, request.user)))


def _way(shown: dict[str, Any]) -> str:
    method = str(shown.get("method", ""))
    if method == "mfa":
        return WAYS.get(str(shown.get("type")), "second factor")
    return f"sso {shown.get('provider', '')}".strip() if method == "socialaccount" else method
