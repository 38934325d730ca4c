"""The forms of single sign-on."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import AssayForm, SeenForm
from accounts.later import later
from aims.forms import LinesField
from signon.actions.set_up import OidcSetup, SamlSetup
from signon.models import Protocol, Provider, Rule

if TYPE_CHECKING:
    from signon import saml
else:
    saml = later("signon.saml")

DOMAINS = _(
    "One a line, such as example.org. Somebody whom the provider names for the first time is let in without an "
    "invitation only with a verified address at one of these, and only if they hold a role here."
)


class FindForm(AssayForm):
    """The address by which somebody's organisation is found; it goes no further."""

    email = forms.EmailField(label=_("Work email"), max_length=254)


class NewProviderForm(AssayForm):
    """A provider before it has keys."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("As people know it, such as Northwind ID. It stands on the button.")
    )
    protocol = forms.ChoiceField(
        label=_("Protocol"), choices=Protocol.choices, widget=forms.RadioSelect, initial=Protocol.OIDC
    )


class OidcForm(SeenForm):
    """An OpenID Connect provider."""

    name = forms.CharField(label=_("Name"), max_length=60)
    issuer = forms.CharField(
        label=_("Issuer"),
        max_length=500,
        help_text=_("The provider's address, or that of its discovery document."),
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=255)
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept sealed and never shown again. Leave it empty to keep the one that is there."),
    )
    domains = LinesField(label=_("Trusted domains"), required=False, help_text=DOMAINS)

    @classmethod
    def of(cls, row: Provider, data: Any = None) -> "OidcForm":
        """Return the form over a provider as it stands."""
        names = ("name", "issuer", "client_id", "domains")
        return cls(data, initial={"seen": row.version} | {name: getattr(row, name) for name in names})

    @property
    def setup(self) -> OidcSetup:
        """What was typed."""
        return OidcSetup(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class CertificatesField(LinesField):
    """Certificates as PEM, one after the other."""

    def to_python(self, value: Any) -> Any:
        """Split where one ends."""
        parts = str(value or "").replace("\r", "").split("-----END CERTIFICATE-----")
        return [part.strip() for part in parts if part.strip()]

    def prepare_value(self, value: Any) -> Any:
        """Show a list as PEM."""
        if not isinstance(value, list):
            return value
        return "\n".join(f"-----BEGIN CERTIFICATE-----\n{one}\n-----END CERTIFICATE-----" for one in value)

    def validate(self, value: Any) -> None:
        """Refuse what no provider publishes; whether they are certificates the action asks."""
        if len(value) > 5 or any(len(one) > 20_000 for one in value):
            raise forms.ValidationError(_("Give at most 5 certificates."))


class SamlForm(SeenForm):
    """A SAML provider, by its metadata or by hand."""

    name = forms.CharField(label=_("Name"), max_length=60)
    metadata = forms.CharField(
        label=_("Metadata of the provider"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=512 * 1024,
        required=False,
        help_text=_("Paste the XML file that the provider offers. It fills in the three fields below."),
    )
    issuer = forms.CharField(label=_("Entity ID"), max_length=500, required=False)
    sso_url = forms.CharField(
        label=_("Sign-in address"), max_length=500, required=False, help_text=_("For the binding HTTP-Redirect.")
    )
    certificates = CertificatesField(
        label=_("Certificates"),
        required=False,
        help_text=_("Those that the provider signs with, as PEM; two while one replaces the other."),
    )
    domains = LinesField(label=_("Trusted domains"), required=False, help_text=DOMAINS)
    vouches = forms.BooleanField(
        label=_("The provider vouches for addresses"),
        required=False,
        help_text=_("SAML cannot say that an address was verified. Tick this if the provider tells only such."),
    )

    @classmethod
    def of(cls, row: Provider, data: Any = None) -> "SamlForm":
        """Return the form over a provider as it stands."""
        names = ("name", "issuer", "sso_url", "certificates", "domains", "vouches")
        return cls(data, initial={"seen": row.version} | {name: getattr(row, name) for name in names})

    @property
    def setup(self) -> SamlSetup:
        """What was typed; metadata that was pasted wins over the fields."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "metadata")}
        if text := self.cleaned_data["metadata"].strip():
            told = saml.read_metadata(text)
            said |= {"issuer": told.issuer, "sso_url": told.sso_url, "certificates": list(told.certificates)}
        return SamlSetup(**said)


class RuleForm(AssayForm):
    """Whether single sign-on is the only way in."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    is_required = forms.BooleanField(label=_("Members sign in through a provider only"), required=False)

    @classmethod
    def of(cls, row: Rule | None, data: Any = None) -> "RuleForm":
        """Return the form over the rule as it stands."""
        initial = {"seen": row.version if row else 0, "is_required": bool(row and row.is_required)}
        return cls(data, initial=initial, auto_id="rule_%s")
