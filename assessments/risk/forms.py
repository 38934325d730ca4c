"""What people type about risks, their treatment, the plan and registers they bring along."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from aims.forms import AssayForm, SeenForm
from aims.queries import people
from assessments.forms import ScoreField, linkable, propose
from assessments.models import Impact, Option, Outcome, Valence
from assessments.queries.drivers import in_force
from assessments.risk.inputs import TermInput
from assessments.risk.intake.tables import MOST_BYTES
from controls.models import Requirement
from systems.models import AiSystem


class RiskForm(AssayForm):
    """A risk to the organisation and what is done about it."""

    title = forms.CharField(label=_("Risk"), max_length=200)
    reference = forms.CharField(
        label=_("Own reference"),
        required=False,
        max_length=60,
        help_text=_("What it is called in a register of your own"),
    )
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    source_kind = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=80,
        widget=TermInput("sources"),
        help_text=_("One of Annex C.3, or your own"),
    )
    source = forms.CharField(
        label=_("Cause"), required=False, max_length=200, help_text=_("An event, a weakness, a circumstance")
    )
    objective = forms.CharField(
        label=_("Objective threatened"),
        required=False,
        max_length=80,
        widget=TermInput("objectives"),
        help_text=_("One of Annex C.2, or your own"),
    )
    consequence_organisation = forms.CharField(
        label=_("For the organisation"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    consequence_individuals = forms.CharField(
        label=_("For individuals and groups"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    consequence_societies = forms.CharField(
        label=_("For societies"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    system = forms.ModelChoiceField(
        label=_("AI system"), queryset=AiSystem.unscoped.none(), required=False, empty_label=_("The whole organisation")
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    likelihood = ScoreField(label=_("Likelihood"))
    severity = ScoreField(label=_("Severity"))
    option = forms.ChoiceField(label=_("Option"), choices=[("", _("Not chosen")), *Option.choices], required=False)
    plan = forms.CharField(label=_("Treatment plan"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    starts_on = forms.DateField(label=_("Treatment begins"), required=False)
    due_on = forms.DateField(label=_("Treated by"), required=False)
    done_on = forms.DateField(label=_("Treatment carried out"), required=False)
    residual_likelihood = ScoreField(label=_("Likelihood"))
    residual_severity = ScoreField(label=_("Severity"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("system", AiSystem.objects.order_by("code")), ("owner", people())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
            field.queryset = rows
        propose(self, "due_on", 1, 3, 6)


class EditRiskForm(SeenForm, RiskForm):
    """A risk that is on the register already."""


class TreatForm(AssayForm):
    """Which control treats a risk."""

    requirement = forms.ModelChoiceField(
        label=_("Control or clause"), queryset=Requirement.unscoped.none(), empty_label=_("Choose")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linkable(self)


class VerifyForm(AssayForm):
    """What a look at a treatment found."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    grounds = forms.CharField(
        label=_("Grounds"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What was looked at, such as a test, a record or a figure"),
    )
    verified_on = forms.DateField(label=_("Verified on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verified_on"].initial = clock.now().date()


class ImpactToFeed(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An impact by its assessment and words."""

    def label_from_instance(self, obj: Impact) -> str:
        """Tell the assessment, the number and the words."""
        return f"{obj.assessment.code}, {obj.number}: {obj.description[:90]}"


class FeedForm(AssayForm):
    """Which impact of an assessment feeds a risk."""

    impact = ImpactToFeed(label=_("Impact"), queryset=Impact.unscoped.none(), empty_label=_("Choose"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Impact.objects.filter(in_force("assessment__"), withdrawn_at__isnull=True, valence=Valence.HARM)
        field = self.fields["impact"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        field.queryset = rows.select_related("assessment").order_by("assessment__code", "number")


class SubmitPlanForm(AssayForm):
    """What changed since the last plan."""

    note = forms.CharField(label=_("What changed"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class DecidePlanForm(SeenForm):
    """Approve or send back, with the reason."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class RegisterForm(AssayForm):
    """A register of risks as a file."""

    file = forms.FileField(
        label=_("Risk register"),
        help_text=_("Excel (.xlsx), CSV or Markdown, up to 20 MB. Every level is recomputed by your criteria."),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 20 MB."))
        return file
