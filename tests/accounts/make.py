"""People with second factors, and browsers in which somebody has signed in by the door."""

import base64
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from accounts.models import User
from tests.make import PASSWORD

SECRET = base64.b32encode(b"twenty bytes of test").decode()


def an_app(user: User) -> Authenticator:
    """An authenticator app that holds SECRET, with recovery codes."""
    RecoveryCodes.activate(user)
    app: Authenticator = TOTP.activate(user, SECRET).instance
    return app


def code_now(later: int = 0) -> str:
    """What the app shows, some periods later."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + later))


def entered(user: User, **extra: Any) -> Client:
    """A browser in which the person signed in with their password."""
    client = Client(**extra)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def aged(client: Client, seconds: float, *names: str) -> None:
    """Let the session's sign-in lie some seconds back: what was shown then, and the marks named."""
    session = client.session
    for shown in session.get("account_authentication_methods", []):
        shown["at"] -= seconds
    for name in names:
        session[name] -= seconds
    session.save()


def unconfirmed(client: Client) -> Client:
    """Let more than 15 minutes pass since the person showed who they are."""
    aged(client, 16 * 60, "began_at")
    return client
