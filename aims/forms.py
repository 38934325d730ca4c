"""The form bases, at the place where rooms look for them, and the forms of the settings pages."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import AssayForm, AssayModelForm, ChipChoices, DayInput, SeenForm
from accounts.models import TokenKind, User
from accounts.roles import Role
from aims.actions.describe import Description
from aims.actions.oblige import Duty
from aims.actions.state_scope import Scope
from aims.models import Aims
from aims.queries import people
from aims.vocabulary import AiRole, ObligationKind

OF_MEMBERS = [(role.value, role.label) for role in Role if role != Role.CERTIFIER]

__all__ = ["AssayForm", "AssayModelForm", "ChipChoices", "DayInput", "SeenForm"]


def time_zones() -> list[tuple[str, str]]:
    """Return every IANA name, for a select; browsers jump to what is typed."""
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


class LinesInput(forms.Textarea):
    """One entry a line."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Join what came as several values, as a merged conflict gives it."""
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return "\n".join(values)


class LinesField(forms.CharField):
    """A list of short texts, typed one a line."""

    widget = LinesInput

    def prepare_value(self, value: Any) -> Any:
        """Show a list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the lines without blanks and repetitions, in their order."""
        lines = [line.strip() for line in str(value or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value: Any) -> None:
        """Refuse what no report could print."""
        if len(value) > 40 or any(len(line) > 80 for line in value):
            raise forms.ValidationError(_("Give at most 40 lines of at most 80 characters."))

    def run_validators(self, value: Any) -> None:
        """Validators of single texts do not apply to a list."""


class ViewForm(AssayForm):
    """A saved view's name, and who has it."""

    name = forms.CharField(label=_("Name"), max_length=60)
    is_shared = forms.BooleanField(
        label=_("For everybody"), required=False, help_text=_("Everybody of the organisation can choose it.")
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]


class OrganisationForm(SeenForm):
    """The organisation's description."""

    organisation = forms.CharField(
        label=_("Organisation"), max_length=160, help_text=_("The legal name, as on reports.")
    )
    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Dates are dates in this time zone.")
    )
    roles_played = forms.MultipleChoiceField(
        label=_("AI roles played"), choices=AiRole.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    jurisdictions = LinesField(label=_("Jurisdictions"), required=False, help_text=_("One a line, such as EU or UK."))
    document_code = forms.CharField(
        label=_("Document code"),
        max_length=40,
        required=False,
        help_text=_("Stands on the statement, such as AIMS-SOA."),
    )

    @classmethod
    def of(cls, aims: Aims, data: Any = None) -> "OrganisationForm":
        """Return the form over the organisation as it stands."""
        names = ("organisation", "short_name", "time_zone", "roles_played", "jurisdictions", "document_code")
        return cls(data, initial={"seen": aims.version} | {name: getattr(aims, name) for name in names})

    @property
    def description(self) -> Description:
        """What was typed."""
        return Description(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class ScopeForm(AssayForm):
    """A new version of the scope statement; `seen` is the number of the one it replaces."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Scope"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20_000,
        help_text=_("Which AI systems, activities and parts of the organisation the management system covers."),
    )
    boundaries = forms.CharField(
        label=_("Boundaries and interfaces"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
        required=False,
    )
    sites = forms.CharField(label=_("Sites"), max_length=300, required=False)
    effective_on = forms.DateField(label=_("Effective on"))

    @property
    def scope(self) -> Scope:
        """What was typed."""
        return Scope(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class ObligationForm(AssayForm):
    """A new obligation."""

    code = forms.CharField(
        label=_("Code"), max_length=20, required=False, help_text=_("Leave empty for the next one, or give your own.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ObligationKind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    party = forms.CharField(label=_("Interested party"), max_length=160, required=False)
    source = forms.CharField(
        label=_("Source"), max_length=300, required=False, help_text=_("Where it is written: article, section, minute.")
    )
    text = forms.CharField(
        label=_("What it asks"), widget=forms.Textarea(attrs={"rows": 4}), max_length=20_000, required=False
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        owner.queryset = people()

    @property
    def duty(self) -> Duty:
        """What was typed, without the code."""
        return Duty(**{name: value for name, value in self.cleaned_data.items() if name not in ("code", "seen")})


class ObligationEditForm(SeenForm, ObligationForm):
    """An obligation that stands; its code never changes."""

    code = None  # type: ignore[assignment]


class ReasonForm(SeenForm):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)


class RolesField(forms.MultipleChoiceField):
    """The roles of members, as check boxes; the certification body is given a seat instead."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(label=_("Roles"), choices=OF_MEMBERS)


class InviteForm(AssayForm):
    """Somebody new, by e-mail."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Work email"), max_length=254)
    roles = RolesField()


class AddressForm(AssayForm):
    """The address of somebody who was only named."""

    email = forms.EmailField(label=_("Work email"), max_length=254)


class GrantForm(AssayForm):
    """A role for somebody who is here already."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), empty_label=None)
    role = forms.ChoiceField(label=_("Role"), choices=OF_MEMBERS)
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, help_text=_("The last day on which the role holds. Empty means no end.")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        user = self.fields["user"]
        assert isinstance(user, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        user.queryset = people()

    def clean_valid_until(self) -> date | None:
        """Refuse an end that is past."""
        day: date | None = self.cleaned_data["valid_until"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("This day is past."))
        return day


class JoinForm(AssayForm):
    """What an invited person says on the way in."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A sentence is easy to remember and hard to guess."),
    )


class ProfileForm(AssayForm):
    """What a person says about themselves."""

    name = forms.CharField(label=_("Name"), max_length=120)
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    language = forms.ChoiceField(label=_("Language"))
    single_keys = forms.BooleanField(
        label=_("Single-key shortcuts"), required=False, help_text=_("j, k, i, e and others in the workbench.")
    )


class TokenForm(AssayForm):
    """A token for a machine."""

    aims = forms.ChoiceField(label=_("Organisation"))
    name = forms.CharField(label=_("What will use it"), max_length=120)
    kind = forms.ChoiceField(label=_("Speaks for"), choices=TokenKind.choices)
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=[("read", _("Read")), ("write", _("Write"))], widget=ChipChoices, initial=["read"]
    )
    expires_on = forms.DateField(label=_("Last day"), help_text=_("Within a year."))
