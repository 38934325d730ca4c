"""How allauth behaves here: people come in by invitation, not by signing themselves up."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import proof
from accounts.signed_in import signed_in

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Close open sign-up; an organisation invites."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("That email and password do not match."),
        "invalid_login": _("That email and password do not match."),
        "too_many_login_attempts": _("There were too many tries. Wait half an hour, or reset the password."),
        "rate_limited": _("There were too many requests. Wait a few minutes."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse strangers."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to one's own page."""
        return reverse("me")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once; a refusing mail server is logged without the address, and the page says the same as ever."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.warning("A mail of the kind %s was not sent: %s", template_prefix, type(error).__name__)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Look at no password while somebody guesses; the answer is the same whether or not the address exists."""
        if not AxesProxyHandler.is_allowed(request, credentials):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Count signing in as confirming, so that both last 15 minutes."""
        is_asked: bool = super().is_reauthentication_required(app=app, **kwargs)
        return is_asked and not proof.has_stepped_up(current.request)

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        """Say in our words how somebody can confirm who they are."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code from your authenticator app"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        found = super().get_reauthentication_methods(user)
        if way := signed_in(current.request).way:
            asks = {"id": "provider", "url": f"{way}?for=again", "description": _("Sign in again where you came from")}
            return [asks]
        return [one | {"description": words.get(one["id"], one["description"])} for one in found]

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell a person by mail that something about their sign-in changed, without naming address or browser."""
        self.send_mail(template_prefix, email or user.email, {"name": user.display_name, **(context or {})})
