"""How allauth behaves here: people come in by invitation, not by signing themselves up."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Close open sign-up; an organisation invites."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("That email and password do not match."),
        "invalid_login": _("That email and password do not match."),
        "too_many_login_attempts": _("There were too many tries. Wait five minutes, or reset the password."),
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
