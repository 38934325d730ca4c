"""Forms of the statement; the actions decide, these only read what was typed."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import User
from aims.forms import AssayForm, SeenForm
from aims.queries import people
from soa.actions.amend import DESCRIBED
from soa.models import Applicability, Entry, Implementation, Performer, Reason
from soa.permissions import may_decide
from soa.reasons import Given, UnknownReason, parse

LONG = 8_000


class ReasonsField(forms.MultipleChoiceField):
    """Reason codes, bare or with what they point at: `RT`, `RT risk:R-014`."""

    def valid_value(self, value: str) -> bool:
        """Leave judging to `parse`."""
        return True

    def clean(self, value: Any) -> list[Given]:
        """Return the reasons as a row keeps them."""
        try:
            return parse(super().clean(value))
        except UnknownReason as error:
            raise forms.ValidationError(str(error)) from error


class PlainSelect(forms.Select):
    """A select printed without templates: the table has four of them on every page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Print the choices in their order; groups are not known."""
        chosen = str(value or "")
        options = ((str(key), " selected" if str(key) == chosen else "", str(label)) for key, label in self.choices)
        return format_html(
            "<select{}>{}</select>",
            flatatt({"name": name, **self.build_attrs(self.attrs, attrs)}),
            format_html_join("\n", '<option value="{}"{}>{}</option>', options),
        )


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class EntryForm(SeenForm):
    """Everything a row says."""

    applicability = forms.ChoiceField(
        label=_("Applies"), choices=Applicability.choices, required=False, widget=forms.RadioSelect
    )
    reasons = ReasonsField(label=_("Reasons"), required=False)
    why = forms.CharField(label=_("Why"), required=False, max_length=LONG, widget=_area(3))
    implementation = forms.ChoiceField(label=_("Implementation"), choices=Implementation.choices)
    planned_on = forms.DateField(label=_("Planned for"), required=False)
    how = forms.CharField(label=_("How it is done"), required=False, max_length=LONG, widget=_area(3))
    how_document = forms.CharField(label=_("Document"), required=False, max_length=200)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    review_on = forms.DateField(label=_("Review by"), required=False)
    expires_on = forms.DateField(label=_("Exclusion expires"), required=False)
    performed_by = forms.ChoiceField(label=_("Done by"), choices=Performer.choices)
    provider = forms.CharField(label=_("Provider"), required=False, max_length=160)
    agreement = forms.CharField(label=_("Agreement"), required=False, max_length=160)
    expects_evidence = forms.TypedChoiceField(
        label=_("Evidence"),
        choices=[("yes", _("Expected")), ("no", _("Not expected"))],
        coerce=lambda value: value == "yes",
    )
    no_evidence_reason = forms.CharField(label=_("Why no evidence is expected"), required=False, max_length=300)
    notes = forms.CharField(label=_("Notes"), required=False, max_length=LONG, widget=_area(2))

    def __init__(self, entry: Entry, actor: Actor, data: Any = None, kept: Mapping[str, Any] | None = None) -> None:
        """Show the row, with the texts in `kept` in place of its own."""
        initial = _initial(entry) | _as_initial(kept or {})
        super().__init__(data, initial=initial, auto_id=f"id-{entry.ref_code.lower().replace('.', '-')}-%s")
        self.fields["owner"].queryset = people()  # type: ignore[attr-defined]
        if not may_decide(actor, entry):
            for name in set(self.fields) - DESCRIBED - {"seen"}:
                del self.fields[name]
        elif entry.applicability != Applicability.EXCLUDED:
            del self.fields["expires_on"]

    def offered(self) -> dict[str, Any]:
        """Return what the writer offers, without the version seen; a blank decision is left as it is."""
        values = {name: _one_newline(value) for name, value in self.cleaned_data.items() if name != "seen"}
        if not values.get("applicability"):
            values.pop("applicability", None)
        return values


def _one_newline(value: Any) -> Any:
    """Browsers send a line's end as two characters; a text that nobody touched has to stay equal."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def _given(reasons: Iterable[Mapping[str, str]]) -> list[str]:
    return [f"{row['code']} {row['ref']}".strip() for row in reasons]


def _as_initial(kept: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(kept)
    if "reasons" in values:
        values["reasons"] = _given(values["reasons"])
    if "expects_evidence" in values:
        values["expects_evidence"] = "yes" if values["expects_evidence"] else "no"
    return values


def _initial(entry: Entry) -> dict[str, Any]:
    names = (
        "applicability", "why", "implementation", "planned_on", "how", "how_document", "owner", "review_on",
        "expires_on", "performed_by", "provider", "agreement", "no_evidence_reason", "notes",
    )  # fmt: skip
    given = _given(entry.reasons)
    basics = {"seen": entry.version, "reasons": given, "expects_evidence": "yes" if entry.expects_evidence else "no"}
    return {name: getattr(entry, name) for name in names} | basics


class DecideForm(SeenForm):
    """The three-way choice of a row."""

    applicability = forms.ChoiceField(choices=Applicability.choices)


class UndoForm(SeenForm):
    """Take one's last change back."""


class SystemForm(AssayForm):
    """What differs for one AI system."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    applicability = forms.ChoiceField(
        label=_("Applies"), choices=[("included", _("Included")), ("excluded", _("Excluded"))]
    )
    implementation = forms.ChoiceField(
        label=_("Implementation"), required=False, choices=[("", _("As the control")), *Implementation.choices]
    )
    why = forms.CharField(label=_("Why"), required=False, max_length=LONG, widget=_area(2))


class BulkForm(AssayForm):
    """One act for the selected rows."""

    control = forms.MultipleChoiceField(required=False)
    implementation = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Status")), *Implementation.choices], widget=PlainSelect
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"), required=False, queryset=User.objects.none(), empty_label=_("Owner"), widget=PlainSelect
    )
    add_reason = forms.ChoiceField(
        label=_("Add reason"), required=False, choices=[("", _("Add reason")), *Reason.choices], widget=PlainSelect
    )
    applicability = forms.ChoiceField(
        label=_("Applies"), required=False, choices=[("", _("Applies")), *Applicability.choices], widget=PlainSelect
    )

    def __init__(self, codes: list[str], data: Any = None) -> None:
        super().__init__(data, auto_id="bulk-%s")
        self.fields["owner"].queryset = people()  # type: ignore[attr-defined]
        self.fields["control"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the fields that were set."""
        return {name: value for name, value in self.cleaned_data.items() if name != "control" and value}


class RenewForm(AssayForm):
    """Exclusions that still hold, each in the version that was seen, until a day."""

    control = forms.MultipleChoiceField(
        label=_("Exclusions"), error_messages={"required": _("Select at least one exclusion.")}
    )
    expires_on = forms.DateField(label=_("Holds until"), help_text=_("A year at most."))
    why = forms.CharField(
        label=_("What was looked at"),
        max_length=2_000,
        widget=_area(3),
        help_text=_("Why they still do not apply. Each row keeps its own reason."),
    )

    def __init__(self, seen: Mapping[str, int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, version in seen.items():
            self.fields[f"{code}-seen"] = forms.IntegerField(widget=forms.HiddenInput, initial=version, required=False)
        self.fields["control"].choices = [(code, code) for code in seen]  # type: ignore[attr-defined]

    @property
    def seen(self) -> dict[str, int]:
        """The chosen ones with the version that was seen of each."""
        said = self.cleaned_data
        return {code: said.get(f"{code}-seen") or 0 for code in said["control"]}


class OwnControlForm(AssayForm):
    """A control of the organisation's own."""

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(label=_("What it asks"), required=False, max_length=LONG, widget=_area(3))


class SubmitForm(AssayForm):
    """Put the draft before an approver."""

    summary = forms.CharField(
        label=_("What changed"),
        required=False,
        max_length=300,
        help_text=_("One sentence for the version list and the report. Left empty, it says how many rows changed."),
    )


class ApproveForm(SeenForm):
    """Approve a version by its digest."""

    digest = forms.CharField(widget=forms.HiddenInput)
    confirms_warnings = forms.BooleanField(label=_("I have read the warnings and approve with them"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=2_000, widget=_area(2))


class ReturnForm(SeenForm):
    """Send a version back."""

    reason = forms.CharField(label=_("What has to change"), max_length=2_000, widget=_area(3))
