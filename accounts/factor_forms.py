"""allauth's forms for second factors, in our words and our design."""

from typing import Any

from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.utils.translation import gettext_lazy as _

from accounts.signin import Plain

CODE = _("Six digits from your authenticator app, or one of your recovery codes.")


class _ByCode(Plain):
    """One field for a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = CODE
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class CodeForm(_ByCode, codes.AuthenticateForm):  # type: ignore[misc]
    """The code that follows the password."""


class ConfirmByCodeForm(_ByCode, codes.ReauthenticateForm):  # type: ignore[misc]
    """The code that confirms who one is."""


class AppForm(_ByCode, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = _("The six digits that the app shows now.")


class PasskeyForm(Plain, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and what to call it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].help_text = _("So that you know it again, such as the device it lives on.")
        self.fields["passwordless"].label = _("Sign in with it alone")
        self.fields["passwordless"].help_text = _("Without a password: it asks for your finger, face or PIN instead.")
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(Plain, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].max_length = 60  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["maxlength"] = 60
