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
from accounts.signed_in import signed_in

BEGAN = "began_at"
WAYS = {"totp": "totp", "webauthn": "passkey", "recovery_codes": "recovery code"}


def note_shown(request: HttpRequest, user: User, method: str) -> None:
    """Note what a person showed at a door that is not allauth's: a first password, the link of an invitation."""
    record_authentication(request, user, method)


def auth_method(request: HttpRequest) -> str:
    """Say what was shown in this session, as records name it: `password+totp`, `passkey`, `oidc amr=mfa`."""
    provider = signed_in(request).auth_method
    ways = dict.fromkeys(_way(shown, provider) for shown in _shown(request))
    return "+".join(ways) or "session"


def came_by_sso(request: HttpRequest) -> bool:
    """Whether the organisation's own identity provider vouched for the person."""
    return signed_in(request).identity_id is not None


def has_stepped_up(request: HttpRequest) -> bool:
    """Whether the person showed who they are within the last 15 minutes (STEP_UP_SECONDS).

    A provider may let somebody in without asking: then what counts is when it says that it last asked.
    """
    began = 0.0 if came_by_sso(request) else request.session.get(BEGAN, 0.0)
    moments = [began, *(shown.get("at", 0.0) for shown in _shown(request))]
    return bool(time.time() - max(moments) < settings.STEP_UP_SECONDS)


def _shown(request: HttpRequest) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], get_authentication_records(request, cast(User, request.user)))


def _way(shown: dict[str, Any], provider: str) -> str:
    method = str(shown.get("method", ""))
    if method == "mfa":
        return WAYS.get(str(shown.get("type")), "second factor")
    return provider if method == "socialaccount" else method
