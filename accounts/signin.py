"""The forms of signing in: allauth's, in our words and our design."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import AssayForm, Styled


class Plain(Styled):
    """Labels instead of placeholders; the link to a new password stands beside the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""


class SignInForm(Plain, allauth.LoginForm):  # type: ignore[misc]
    """E-mail and password; a pair that does not fit is told at the password, never which half was wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Work email")
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def clean(self) -> dict[str, Any]:
        """Put allauth's refusal beside the password."""
        try:
            super().clean()
        except ValidationError as error:
            self.add_error("password", error)
        return self.cleaned_data


class ChangePasswordForm(Plain, allauth.ChangePasswordForm):  # type: ignore[misc]
    """The old password and the new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")
        _label_new(self)


class ResetPasswordForm(Plain, allauth.ResetPasswordForm):  # type: ignore[misc]
    """The address to which the link goes, whether or not somebody signs in with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Work email")


class NewPasswordForm(Plain, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password, twice, behind a link that was mailed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label_new(self)


class ConfirmForm(Plain, allauth.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, to confirm who one is."""


class EmailForm(AssayForm):
    """Another address to sign in with."""

    email = forms.EmailField(
        label=_("New work email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


def _label_new(form: Plain) -> None:
    form.fields["password1"].label = _("New password")
    form.fields["password1"].help_text = _("At least 12 characters. A sentence is easy to remember and hard to guess.")
    form.fields["password2"].label = _("New password, once more")
