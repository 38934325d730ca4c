"""What every request passes: its id, the limits of its session, a required second factor, confirming who one is."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import proof, sessions, stepup
from accounts.api import PROBLEM
from accounts.factors import has_factor
from accounts.refusals import StepUpNeeded

Next = Callable[[HttpRequest], HttpResponse]
WITHOUT_FACTOR = frozenset(
    {
        *("account_login", "account_logout", "account_inactive", "confirm", "go_on", "healthz"),
        *("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_authenticate"),
        *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"),
        *("mfa_generate_recovery_codes", "mfa_download_recovery_codes", "api:schema"),
    }
)


class RequestIdMiddleware:
    """Set `request.id` and answer it as X-Request-Id, so that a user's report can be traced."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class SessionLimitsMiddleware:
    """End sessions that lasted too long or that nobody used, and note that others are alive."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if words := sessions.why_over(request):
                sessions.end(request)
                messages.info(request, words)
            else:
                sessions.note_seen(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Where MFA_REQUIRED is set, lead people without a second factor to setting one up, and say why."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Let those pass who have one, whose identity provider asked for it, or who act by a token."""
        if not settings.MFA_REQUIRED or not request.user.is_authenticated or _is_open(request):
            return None
        if proof.came_by_sso(request) or has_factor(request.user):
            return None
        words = _("A second factor is required here: set up an authenticator app or a passkey to go on.")
        if request.path.startswith("/api/"):
            body = {"type": "about:blank", "status": 403, "title": "Not allowed", "detail": words}
            return JsonResponse(body, status=403, content_type=PROBLEM)
        return stepup.go_to(request, reverse("mfa_index"))


def _is_open(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    is_bearer = request.path.startswith("/api/") and request.META.get("HTTP_AUTHORIZATION", "").startswith("Bearer ")
    return is_bearer or name in WITHOUT_FACTOR


class StepUpMiddleware:
    """Have a person confirm who they are where an act needs it, and lead them back to it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer an act that was stopped for it."""
        return stepup.ask(request) if isinstance(exception, StepUpNeeded) else None
