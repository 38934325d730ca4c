"""What people type about assessments; about risks, see `assessments/risk/forms.py`."""

from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from aims.forms import AssayForm, ChipChoices, SeenForm
from assessments.dimensions import dimensions
from assessments.halves import SCORED, halves
from assessments.models import (
    Assessment,
    Decision,
    Duration,
    Impact,
    MeasureKind,
    PartyKind,
    Publication,
    Reversibility,
    Valence,
)
from assessments.sections.vocabulary import SENSITIVE_USES, TRIGGERS
from controls.models import Requirement
from systems.models import AiSystem

SCALE = [(str(score), str(score)) for score in range(1, 6)]
GROUPS = {"individuals": _("For individuals and groups"), "societies": _("For societies")}


class ScalePicker(forms.RadioSelect):
    """One to five, drawn as `.scale-picker` by `assessments/scale.html`."""


class ScoreField(forms.TypedChoiceField):
    """A score of 1 to 5, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("", _("None")), *SCALE],
            coerce=int,
            empty_value=None,
            required=False,
            widget=ScalePicker,
            **kwargs,
        )


class PlacesInput(forms.TextInput):
    """Several values in one line, between commas."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Read one line, or the list that a refused form is filled with."""
        return ", ".join(data.getlist(name)) if hasattr(data, "getlist") else data.get(name, "")

    def format_value(self, value: Any) -> str:
        """Print a list as one line."""
        return ", ".join(value) if isinstance(value, list) else value or ""


class PlacesField(forms.CharField):
    """A list of places."""

    widget = PlacesInput

    def clean(self, value: Any) -> Any:
        """Return the places without spaces around them."""
        text = super().clean(value)
        return [place.strip() for place in text.replace(";", ",").split(",") if place.strip()]


class PurposeForm(SeenForm):
    """The system and its use."""

    intended_use = forms.CharField(label=_("Intended use"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    foreseeable_misuse = forms.CharField(
        label=_("Foreseeable misuse"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What people may do with it that it is not meant for"),
    )
    oversight = forms.CharField(
        label=_("Human oversight"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who can step in, when, and how"),
    )
    benefits = forms.CharField(
        label=_("Benefits"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Never netted against harms"),
    )
    jurisdictions = PlacesField(
        label=_("Jurisdictions"), required=False, help_text=_("Where people are affected, between commas")
    )
    system_version = forms.CharField(label=_("Version assessed"), required=False, max_length=60)
    sensitive_uses = forms.MultipleChoiceField(
        label=_("Sensitive uses"),
        choices=SENSITIVE_USES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Uses that cross a threshold and need a reason to be accepted at all"),
    )
    triggers = forms.MultipleChoiceField(
        label=_("Looked at again upon"),
        choices=TRIGGERS,
        required=False,
        widget=ChipChoices,
        help_text=_("None chosen means all of them"),
    )
    publication = forms.ChoiceField(label=_("Publication"), choices=Publication.choices, required=False)
    next_review_on = forms.DateField(label=_("Next review"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        propose(self, "next_review_on", 6, 12)

    def clean_publication(self) -> str:
        """What is not sent stays as it is."""
        return str(self.cleaned_data["publication"] or self.initial.get("publication", Publication.INTERNAL))


class PartyForm(AssayForm):
    """Somebody whom the system touches."""

    kind = forms.ChoiceField(label=_("Level"), choices=PartyKind.choices)
    name = forms.CharField(label=_("Who"), max_length=160)
    per_year = forms.IntegerField(label=_("How many a year"), required=False, min_value=0, max_value=2_000_000_000)
    heard = forms.CharField(
        label=_("How they were heard"), required=False, max_length=200, help_text=_("Leave empty when they were not")
    )
    can_opt_out = forms.CharField(label=_("Can opt out"), required=False, max_length=120)
    is_vulnerable = forms.BooleanField(label=_("Needs special protection"), required=False)


class EditPartyForm(SeenForm, PartyForm):
    """A party that is named already."""


class WholeScores(AssayForm):
    """Scores that are given whole or not at all; `lacking` says what is missing, beside its field."""

    lacking: dict[str, str]

    def clean(self) -> dict[str, Any] | None:
        """Refuse a judgement by half."""
        cleaned = super().clean()
        given = {name: self.cleaned_data.get(name) for name in (*SCORED, "valence")}
        self.lacking = {name: words for name, words in halves(given) if name not in self.errors}
        for name, words in self.lacking.items():
            self.add_error(name, words)
        return cleaned

    @property
    def is_half(self) -> bool:
        """Whether nothing else is wrong with it: it may be half way to a judgement."""
        return bool(self.errors) and set(self.errors) <= set(self.lacking)


class ScoresForm(SeenForm, WholeScores):
    """Before measures, and with those in place."""

    likelihood = ScoreField(label=_("Likelihood"))
    severity = ScoreField(label=_("Severity"))
    residual_likelihood = ScoreField(label=_("Likelihood"))
    residual_severity = ScoreField(label=_("Severity"))


class ImpactForm(WholeScores):
    """One reasonably foreseeable effect."""

    description = forms.CharField(label=_("Impact"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    valence = forms.ChoiceField(label=_("Harm or benefit"), choices=Valence.choices)
    level = forms.ChoiceField(label=_("Level"), choices=PartyKind.choices)
    dimension = forms.ChoiceField(label=_("Dimension"), required=False)
    who = forms.CharField(label=_("Who"), required=False, max_length=160)
    affected_number = forms.IntegerField(
        label=_("How many people"), required=False, min_value=0, max_value=2_000_000_000
    )
    duration = forms.ChoiceField(
        label=_("How long it lasts"), choices=[("", _("Not said")), *Duration.choices], required=False
    )
    reversibility = forms.ChoiceField(
        label=_("Can it be put right"), choices=[("", _("Not said")), *Reversibility.choices], required=False
    )
    failure = forms.CharField(label=_("Predictable failure that leads to it"), required=False, max_length=300)
    likelihood = ScoreField(label=_("Likelihood"))
    severity = ScoreField(label=_("Severity"))
    residual_likelihood = ScoreField(label=_("Likelihood"))
    residual_severity = ScoreField(label=_("Severity"))
    target_likelihood = ScoreField(label=_("Likelihood"))
    target_severity = ScoreField(label=_("Severity"))
    target_on = forms.DateField(label=_("Target date"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(GROUPS[group], list(pairs)) for group, pairs in dimensions()]
        _choices(self, "dimension", [("", _("Not said")), *groups])
        propose(self, "target_on", 1, 3, 6)


class EditImpactForm(SeenForm, ImpactForm):
    """An impact that is named already."""


class EditMeasureForm(SeenForm):
    """What is done about an impact."""

    text = forms.CharField(label=_("Measure"), max_length=300)
    requirement = forms.ModelChoiceField(
        label=_("Control or clause"),
        queryset=Requirement.unscoped.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("The one that carries it"),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Not said")), *MeasureKind.choices], required=False)
    is_in_place = forms.BooleanField(label=_("In place"), required=False)
    is_failing = forms.BooleanField(
        label=_("Known to fail"), required=False, help_text=_("Then what remains cannot lean on it")
    )
    due_on = forms.DateField(label=_("Due"), required=False, help_text=_("When it is not in place yet"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linkable(self)
        propose(self, "due_on", 1, 3, 6)


class ImpactChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An impact by its number."""

    def label_from_instance(self, obj: Impact) -> str:
        """Print the number before the words."""
        return f"{obj.number} {obj.description}"


class MeasureForm(EditMeasureForm):
    """A measure to name, and the impact it is against."""

    impact = ImpactChoice(label=_("Against impact"), queryset=Impact.unscoped.none(), empty_label=_("Choose"))
    field_order = ("impact", "text", "kind", "requirement", "is_in_place", "is_failing", "due_on")

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        impact = self.fields["impact"]
        assert isinstance(impact, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        impact.queryset = Impact.objects.filter(assessment=assessment, withdrawn_at__isnull=True)


class DecideForm(SeenForm):
    """The decision on what remains."""

    decision = forms.ChoiceField(label=_("Decision"), choices=Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Conditions and reason"), widget=forms.Textarea(attrs={"rows": 2}))
    conditions_by = forms.DateField(label=_("Conditions met by"), required=False)
    next_review_on = forms.DateField(label=_("Next review"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        propose(self, "conditions_by", 1, 3, 6)
        propose(self, "next_review_on", 6, 12)


class ReasonForm(SeenForm):
    """A verb that needs a reason."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class SeenOnlyForm(SeenForm):
    """A verb that needs nothing but the version seen."""


class NewAssessmentForm(AssayForm):
    """Which system is assessed."""

    system = forms.ModelChoiceField(label=_("AI system"), queryset=AiSystem.unscoped.none(), empty_label=_("Choose"))
    reason = forms.CharField(
        label=_("Why it is assessed again"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For a system whose assessment is decided: a new edition takes its content along"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        system = self.fields["system"]
        assert isinstance(system, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        system.queryset = AiSystem.objects.order_by("code")


def propose(form: forms.BaseForm, name: str, *months: int) -> None:
    """Offer the dates that a usual cadence leads to, as a hint beside the picker."""
    today = clock.now().date()
    days = [_in_months(today, count) for count in months]
    proposed = _("Proposed by cadence: %(days)s") % {"days": ", ".join(f"{day.day} {day:%B %Y}" for day in days)}
    field = form.fields[name]
    field.help_text = f"{field.help_text}. {proposed}" if field.help_text else proposed


def _in_months(day: date, count: int) -> date:
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def linkable(form: forms.BaseForm) -> None:
    """Let a form choose among what can be pointed at: numbered clauses and controls."""
    field = form.fields["requirement"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
    field.queryset = Requirement.objects.linkable().in_order()


def _choices(form: forms.BaseForm, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  (narrowed for the type checker)
    field.choices = choices
