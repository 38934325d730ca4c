"""A session that a provider opened lives no longer than the provider and the link to its person."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.context import acting_in
from accounts.signed_in import signed_in
from aims.models import Aims
from signon.queries import is_alive

OWN_ACCOUNT = frozenset(
    {
        *("start", "email_change", "email_confirm", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp"),
        *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
        *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
    }
)


class SignonMiddleware:
    """Sign out whoever came in by an identity that was cut, or by a provider that was withdrawn, and keep provider's
    sessions to their organisation: an account belongs to its person, whatever organisations they work in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not _still_stands(request):
            logout(request)
            messages.warning(
                request, _("The sign-in by which you came is withdrawn. Sign in again."), extra_tags="warn"
            )
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Refuse what would let whoever runs the provider into the person's other organisations."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OWN_ACCOUNT and signed_in(request).identity_id is not None:
            raise PermissionDenied(
                _("You came in through an organisation's provider. Sign in with a password for this.")
            )
        return None


def _still_stands(request: HttpRequest) -> bool:
    facts = signed_in(request)
    if facts.identity_id is None or facts.aims_id is None or not request.user.is_authenticated:
        return True
    with acting_in(Aims(pk=facts.aims_id)):
        return is_alive(facts.identity_id, request.user.pk)
