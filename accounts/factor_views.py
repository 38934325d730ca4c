"""Second factors: allauth's views in our order; a refused form answers 422."""

from typing import Any, cast

from allauth.account import views as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.factors import factors_of
from accounts.models import User
from accounts.signin import ConfirmForm
from accounts.views import Refusing


@require_GET
@login_required
def factors(request: HttpRequest) -> HttpResponse:
    """List one's second factors, and say so where one is required and missing."""
    held = factors_of(cast(User, request.user))
    context = {"factors": held, "is_required": settings.MFA_REQUIRED, "is_missing": not held.has_any}
    return render(request, "mfa/index.html", context)


class Code(base.AuthenticateView):  # type: ignore[misc]
    """Ask for the code or the passkey that follows the password."""

    def form_invalid(self, _form: BaseForm) -> HttpResponse:
        """Show the form again with its errors."""
        response: HttpResponse = self.render_to_response(self.get_context_data(), status=422)
        return response


class ConfirmByPassword(Refusing, account.ReauthenticateView):  # type: ignore[misc]
    """Confirm who one is by password."""

    form_class = ConfirmForm


class ConfirmByCode(Refusing, base.ReauthenticateView):  # type: ignore[misc]
    """Confirm who one is by a code."""


class ConfirmByPasskey(webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Confirm who one is by passkey."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Show the page again, with what was wrong."""
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Keep the form that was refused; allauth drops it."""
        return {**super().get_context_data(**kwargs), **kwargs}


@method_decorator(never_cache, name="dispatch")
class SetUpApp(Refusing, totp.ActivateTOTPView):  # type: ignore[misc]
    """Set up an authenticator app: the picture to scan, then its first code."""


class RemoveApp(Refusing, totp.DeactivateTOTPView):  # type: ignore[misc]
    """Take the authenticator app away."""


class AddPasskey(Refusing, webauthn.AddWebAuthnView):  # type: ignore[misc]
    """Add a passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Keep the form that was refused, and say whether passkeys can work at this address."""
        host = self.request.get_host().partition(":")[0]
        is_number = host.replace(".", "").isdigit() or host.startswith("[")
        here = f"http://localhost:{self.request.get_port()}" if host.startswith("127.") else ""
        context = super().get_context_data(**kwargs)
        return {**context, **kwargs, "cannot_work": is_number, "instead": here}


class RenamePasskey(Refusing, webauthn.EditWebAuthnView):  # type: ignore[misc]
    """Call a passkey something else."""


class RemovePasskey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    """Take a passkey away, unless it is the last factor where one is required."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Remove it, or say why not."""
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        return response


class SignInByPasskey(webauthn.LoginWebAuthnView):  # type: ignore[misc]
    """Sign in by passkey alone."""

    def form_invalid(self, _form: BaseForm) -> HttpResponse:
        """Lead back to the sign-in with one sentence, whatever was wrong."""
        messages.error(self.request, _("This passkey does not sign in here. Use your password, or another passkey."))
        return redirect("account_login")
