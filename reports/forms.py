"""What somebody chooses to have a report made."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.forms import AssayForm, DayInput
from controls.models import Requirement
from evidence.forms import RequirementsField, grouped
from reports.certificates import LARGEST
from reports.models import Edition, Preset
from reports.pack.selection import Selection
from reports.permissions import may_ask
from soa.models import Entry, StatementVersion

LATEST, ON_DATE, DRAFT = "latest", "date", "draft"


class ReportForm(AssayForm):
    """Which statement, and for whom; only what the person may ask for is offered."""

    source = forms.ChoiceField(label=gettext_lazy("Statement"), widget=forms.RadioSelect)
    as_of = forms.DateField(label=gettext_lazy("In force on"), required=False, widget=DayInput)
    edition = forms.ChoiceField(label=gettext_lazy("Edition"), widget=forms.RadioSelect)

    @classmethod
    def of(cls, actor: Actor, version: StatementVersion | None, today: date, data: Any = None) -> "ReportForm":
        """Return the form with the choices that are open now."""
        first = LATEST if version else DRAFT
        form = cls(data, initial={"source": first, "edition": Edition.FULL})
        form.version = version
        form.fields["source"].choices = _sources(actor, version)  # type: ignore[attr-defined]
        form.fields["edition"].choices = _editions(actor)  # type: ignore[attr-defined]
        form.fields["as_of"].widget.attrs["max"] = today.isoformat()
        form.fields["as_of"].help_text = _("The version in force at the end of that day.")
        return form

    version: StatementVersion | None = None

    def clean(self) -> dict[str, Any]:
        """A past statement needs its date."""
        given = super().clean() or {}
        if given.get("source") == ON_DATE and not given.get("as_of") and "as_of" not in self.errors:
            self.add_error("as_of", _("Say for which day."))
        return given

    @property
    def asked(self) -> dict[str, Any]:
        """What the action is given."""
        given = self.cleaned_data
        return {
            "edition": given["edition"],
            "version": self.version if given["source"] == LATEST else None,
            "as_of": given["as_of"] if given["source"] == ON_DATE else None,
        }


class CertificateForm(AssayForm):
    """The organisation's own certificate with its private key; the password opens the file and is not kept."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput({"accept": ".p12,.pfx"}),
        help_text=gettext_lazy("A .p12 or .pfx file of at most 64 KB, with the certificate and its private key."),
    )
    password = forms.CharField(
        label=gettext_lazy("Password of the file"),
        required=False,
        strip=False,
        max_length=1_000,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=gettext_lazy("It opens the file once and is not kept."),
    )

    @property
    def given(self) -> tuple[bytes, str]:
        """The file's bytes, read no further than the action looks, and the password."""
        return self.cleaned_data["file"].read(LARGEST + 1), self.cleaned_data["password"]


class PackForm(AssayForm):
    """What a certification pack hands over; untouched, it is everything as it stands now."""

    preset = forms.ChoiceField(
        label=gettext_lazy("For"), choices=Preset.choices, initial=Preset.STAGE2, widget=forms.RadioSelect
    )
    as_of = forms.DateField(
        label=gettext_lazy("State as of"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("The end of a past day. Left empty, the state now."),
    )
    with_files = forms.BooleanField(
        label=gettext_lazy("With the files of the evidence"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Without them the pack still names each file with its SHA-256."),
    )
    requirements = RequirementsField(required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Requirement.objects.filter(pk__in=Entry.objects.values("requirement")).select_related("area").in_order()
        self.fields["requirements"].queryset = rows  # type: ignore[attr-defined]
        self.fields["requirements"].label = _("Controls")
        self.fields["as_of"].widget.attrs["max"] = today.isoformat()

    def groups(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Return the statement's controls by area: heading, then id, title and whether it is ticked."""
        return grouped(self, "requirements")

    @property
    def selection(self) -> Selection:
        """What the action is given."""
        given = self.cleaned_data
        codes = tuple(row.code for row in given["requirements"])
        return Selection(given["preset"], codes, given["with_files"], given["as_of"])


def _sources(actor: Actor, version: StatementVersion | None) -> list[tuple[str, str]]:
    choices = []
    if version:
        choices = [
            (LATEST, _("Version %(n)s, approved") % {"n": version.number}),
            (ON_DATE, _("The version in force on a date")),
        ]
    if may_ask(actor, Edition.FULL):
        choices.append((DRAFT, _("The draft as it is now, watermarked")))
    return choices


def _editions(actor: Actor) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in Edition.choices if may_ask(actor, Edition(value))]
