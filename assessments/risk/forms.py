"""What people type about treatments, the plan and registers they bring along."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from aims.forms import AssayForm, SeenForm
from assessments.models import Impact, Outcome, Valence
from assessments.queries.drivers import in_force
from assessments.risk.intake.tables import MOST_BYTES


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
