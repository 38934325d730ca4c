"""Signing in and passwords: allauth's views, which answer a refused form with 422."""

from typing import Any

from allauth.account import views as allauth
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from accounts import signin


class Refusing:
    """Answer 422 where allauth would answer 200."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Show the form again with its errors."""
        response: HttpResponse = self.render_to_response(  # type: ignore[attr-defined]
            self.get_context_data(form=form),  # type: ignore[attr-defined]
            status=422,
        )
        return response


class SignIn(Refusing, allauth.LoginView):  # type: ignore[misc]
    """Sign in by e-mail and password, within allauth's rate limits and those of accounts/guessing.py."""

    form_class = signin.SignInForm


class ChangePassword(Refusing, allauth.PasswordChangeView):  # type: ignore[misc]
    """Change one's own password; who comes in by a provider only has none."""

    form_class = signin.ChangePasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead whoever has no password back to their page."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("me")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


class ResetPassword(Refusing, allauth.PasswordResetView):  # type: ignore[misc]
    """Ask for a link by mail."""

    form_class = signin.ResetPasswordForm


class NewPassword(Refusing, allauth.PasswordResetFromKeyView):  # type: ignore[misc]
    """Set a password behind the mailed link."""

    form_class = signin.NewPasswordForm
