"""What people type about incidents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aims.forms import AssayForm, ChipChoices, SeenForm
from aims.queries import people
from controls.models import Requirement
from incidents.fields import LongLinesField, MomentField, severity_choices
from incidents.models import Incident, Runbook
from incidents.words import Happened, Kind, Means, Outcome, State
from systems.models import AiSystem


def area(label: Any, rows: int = 3, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Return a field for a longer text."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, max_length=8_000, required=required, help_text=help_text)


def somebody() -> "forms.ModelChoiceField[User]":
    """Return a field that offers the people of the organisation; the form fills it."""
    return forms.ModelChoiceField(label=_("Owner"), queryset=None, required=False, empty_label=_("Nobody yet"))


class Offering(AssayForm):
    """Fills the fields that offer rows, and sets the time zone of instants."""

    def __init__(self, *args: Any, time_zone: str = "UTC", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = {"owner": people, "system": self.systems, "requirement": Requirement.objects.linkable().in_order}
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and name in offers:
                field.queryset = offers[name]()
            if isinstance(field, MomentField):
                field.zone = time_zone

    def systems(self) -> Any:
        """Return the systems of the registry."""
        return AiSystem.objects.order_by("name")


class ReportForm(Offering):
    """What went wrong: four answers are enough, the rest can follow."""

    FIRST = ("system", "title", "what", "kind", "noticed_at")

    system: Any = forms.ModelChoiceField(label=_("AI system"), queryset=None, empty_label=_("Choose one"))
    title = forms.CharField(label=_("What went wrong, in one line"), max_length=160)
    what = area(_("What happened"), 4, help_text=_("What was seen, where, and what was done about it so far"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose one")), *Kind.choices])
    noticed_at = MomentField(label=_("Noticed"), help_text=_("Deadlines of notifications run from here"))
    happened = forms.MultipleChoiceField(
        label=_("Does any of this hold?"),
        choices=Happened.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Duties to notify authorities hang on these"),
    )
    occurred_at = MomentField(label=_("Occurred, if known"), required=False)
    affected = area(_("Who is affected"), 2, required=False)
    affected_count = forms.IntegerField(label=_("How many"), min_value=0, max_value=2_000_000_000, required=False)


class EditForm(SeenForm, ReportForm):
    """The facts of an incident, its cause and lessons."""

    system = None
    owner = somebody()
    cause = area(_("Cause"), 3, required=False)
    whys = LongLinesField(label=_("Five whys"), required=False, help_text=_("One a line, each the reason of the last"))
    lessons = area(_("What was learned"), 3, required=False)
    references = LongLinesField(
        label=_("Assessments and risks it casts doubt on"),
        required=False,
        help_text=_("One a line, such as risk:R-014 or assessment:IA-2026-08"),
    )

    @staticmethod
    def of(row: Incident) -> dict[str, Any]:
        """Return the values of an incident that the form begins with."""
        names = [name for name in EditForm.base_fields if name != "seen"]
        return {name: getattr(row, name) for name in names} | {"seen": row.version}


class TriageForm(SeenForm):
    """How severe, and why."""

    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=severity_choices, coerce=int, widget=forms.RadioSelect, empty_value=None
    )
    reason = area(_("Why"), 2)


class NoteForm(Offering):
    """An entry of the timeline."""

    text = area(_("What happened"))
    at = MomentField(label=_("When"), required=False, help_text=_("Leave empty for now"))


class ContainForm(SeenForm):
    """What contains it."""

    means = forms.ChoiceField(label=_("What is done"), choices=Means.choices, widget=forms.RadioSelect)
    why = area(_("Why"), 2, help_text=_("Suspending and falling back happen at once"))


class MoveForm(SeenForm):
    """The next state."""

    state = forms.ChoiceField(label=_("Becomes"), choices=[])
    reason = area(_("Why"), 2)

    def __init__(self, *args: Any, states: tuple[State, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["state"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  (narrowed for the type checker)
        choice.choices = [(state.value, state.label) for state in states]


class ActionForm(Offering):
    """A corrective action."""

    what = forms.CharField(label=_("What is done"), max_length=300)
    owner = somebody()
    due_on = forms.DateField(label=_("Due"))


class DoneForm(SeenForm):
    """What shows that it was done."""

    evidence = forms.CharField(
        label=_("What shows it"), max_length=120, help_text=_("A reference, such as evidence:EV-023")
    )


class ReasonForm(SeenForm):
    """Why something ends."""

    reason = area(_("Why"), 2)


class SentForm(SeenForm, Offering):
    """When it was sent, and under which reference."""

    sent_at = MomentField(label=_("Sent"))
    reference = forms.CharField(
        label=_("Reference"), max_length=200, help_text=_("The authority's number, or how it was sent")
    )


class NotDueForm(SeenForm):
    """Why it is not due."""

    because = area(_("Why it is not due"), help_text=_("The authority reads this if it asks"))


class LinkForm(Offering):
    """A requirement that the incident bears on."""

    requirement: Any = forms.ModelChoiceField(label=_("Clause or control"), queryset=None, empty_label=_("Choose one"))
    why = forms.CharField(label=_("Why"), max_length=300, required=False)


class DutyForm(Offering):
    """A duty to notify of the organisation's own."""

    title = forms.CharField(label=_("What is owed"), max_length=160)
    authority = forms.CharField(label=_("To whom"), max_length=160)
    source = forms.CharField(label=_("Where it is written"), max_length=160, required=False)
    within = forms.IntegerField(label=_("Within"), min_value=1, max_value=365)
    in_days = forms.TypedChoiceField(
        label=_("Counted in"),
        choices=[("False", _("Hours")), ("True", _("Days"))],
        coerce=lambda value: value == "True",
    )
    kinds = forms.MultipleChoiceField(
        label=_("For these kinds"), choices=Kind.choices, widget=ChipChoices, required=False, help_text=_("None is all")
    )
    least_severity = forms.TypedChoiceField(
        label=_("Down to severity"), choices=severity_choices, coerce=int, initial="4"
    )
    system: Any = forms.ModelChoiceField(
        label=_("AI system"), queryset=None, required=False, empty_label=_("All of them")
    )


class RunbookForm(Offering):
    """What to do in incidents of some kinds."""

    name = forms.CharField(label=_("Name"), max_length=160)
    kinds = forms.MultipleChoiceField(
        label=_("For these kinds"), choices=Kind.choices, widget=ChipChoices, required=False, help_text=_("None is all")
    )
    steps = forms.CharField(
        label=_("Steps"), widget=forms.Textarea(attrs={"rows": 12}), max_length=40_000, help_text=_("In Markdown")
    )
    owner = somebody()
    reviewed_on = forms.DateField(label=_("Reviewed"), required=False)
    drilled_each = forms.IntegerField(label=_("Months between drills"), min_value=1, max_value=36, initial=12)


class EditRunbookForm(SeenForm, RunbookForm):
    """A runbook that stands; other steps make another edition."""

    @staticmethod
    def of(row: Runbook) -> dict[str, Any]:
        """Return the values of a runbook that the form begins with."""
        return {name: getattr(row, name) for name in RunbookForm.base_fields} | {"seen": row.version}


class DrillForm(AssayForm):
    """A drill that was held."""

    held_on = forms.DateField(label=_("Held on"))
    tried = area(_("What was tried"))
    outcome = forms.ChoiceField(label=_("Result"), choices=Outcome.choices, widget=forms.RadioSelect)
    findings = area(_("What was found"), required=False)
