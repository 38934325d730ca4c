"""Signing in and passwords: allauth's views, which answer a refused form with 422."""

from allauth.account import views as allauth
from django.forms import BaseForm
from django.http import HttpResponse

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
    """Change one's own password."""

    form_class = signin.ChangePasswordForm


class ResetPassword(Refusing, allauth.PasswordResetView):  # type: ignore[misc]
    """Ask for a link by mail."""

    form_class = signin.ResetPasswordForm


class NewPassword(Refusing, allauth.PasswordResetFromKeyView):  # type: ignore[misc]
    """Set a password behind the mailed link."""

    form_class = signin.NewPasswordForm
