"""What people answer on the first day."""

from typing import Any, TypeAlias

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import AssayForm, ChipChoices, time_zones
from aims.vocabulary import AiRole
from desk.actions.start import Named
from systems.models import AiSystem

ROWS = 5
ROLES = {
    AiRole.PROVIDER: _("You offer products or services that use AI."),
    AiRole.PRODUCER: _("You design, build, train or test AI systems."),
    AiRole.CUSTOMER: _("You use AI systems, your own or bought."),
    AiRole.PARTNER: _("You bring data, integration, testing or advice to somebody else's AI."),
    AiRole.SUBJECT: _("AI of others uses your data or decides about you."),
    AiRole.AUTHORITY: _("You make or enforce rules about AI."),
}


class StartForm(AssayForm):
    """The organisation and the roles it plays; its systems are rows of their own."""

    organisation = forms.CharField(
        label=_("What is the organisation called?"),
        max_length=160,
        help_text=_("The legal name, as it is to stand on reports."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Say what the organisation is called.")},
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        initial="Europe/London",
        help_text=_("Dates are dates there."),
        widget=forms.Select(attrs={"data-time-zone": ""}),
    )
    roles_played = forms.MultipleChoiceField(
        label=_("Which AI roles does it play?"),
        choices=AiRole.choices,
        widget=ChipChoices,
        error_messages={"required": _("Choose at least one role; it can be changed later.")},
    )

    @property
    def explained(self) -> list[tuple[forms.boundfield.BoundWidget, Any]]:
        """The roles with one line each."""
        return [(option, ROLES[AiRole(option.data["value"])]) for option in self["roles_played"]]


class FirstPersonForm(StartForm):
    """The same, with the person who begins."""

    field_order = ("name", "email", "password")

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Work email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A sentence is easy to remember and hard to guess."),
    )


class SystemRow(AssayForm):
    """One AI system: both cells or none."""

    name = forms.CharField(label=_("Name"), max_length=AiSystem._meta.get_field("name").max_length, required=False)
    purpose = forms.CharField(label=_("What it is for"), max_length=1_000, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the other half of a row that was begun."""
        name, purpose = self.cleaned_data.get("name", ""), self.cleaned_data.get("purpose", "")
        if name and not purpose and "purpose" not in self.errors:
            self.add_error("purpose", _("Say what %(name)s is for.") % {"name": name})
        if purpose and not name and "name" not in self.errors:
            self.add_error("name", _("Give the system a name."))
        return self.cleaned_data


SystemRows: TypeAlias = "forms.BaseFormSet[SystemRow]"
SystemFormSet = forms.formset_factory(SystemRow, extra=ROWS, max_num=ROWS, absolute_max=ROWS)


def named(rows: SystemRows) -> list[Named]:
    """Return the systems of the rows that were filled in, in the order they were typed."""
    found = (form.cleaned_data for form in rows.forms)
    return [Named(row["name"], row["purpose"]) for row in found if row.get("name")]
