"""What people type about changes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import AssayForm, ChipChoices, SeenForm
from changes.actions import Canary, Measured, Said
from changes.material import CHOICES
from changes.models import Effect
from changes.queries.sheet import TouchedLine
from systems.models import AiSystem, Stage

LONG = 4_000


class DescribeForm(SeenForm):
    """A change in words."""

    title = forms.CharField(
        label=_("Title"), max_length=160, help_text=_("What one calls it, such as 2.7.1 by supplier")
    )
    summary = forms.CharField(
        label=_("What changes and why"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONG, required=False
    )


class OpenForm(AssayForm):
    """A change that is planned."""

    system: Any = forms.ModelChoiceField(label=_("AI system"), queryset=None, empty_label=_("Choose one"))
    title = forms.CharField(
        label=_("Title"), max_length=160, help_text=_("What one calls it, such as 2.7.1 by supplier")
    )
    kinds = forms.MultipleChoiceField(
        label=_("What changes"),
        choices=CHOICES,
        widget=ChipChoices,
        help_text=_("It says what is demanded"),
    )
    summary = forms.CharField(
        label=_("What changes and why"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONG, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["system"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        choice.queryset = AiSystem.objects.exclude(stage=Stage.RETIRED).order_by("code")


class ReferenceForm(SeenForm):
    """What another room holds, to meet a demand with."""

    reference = forms.ChoiceField(
        label=_("Decided since the change was opened"), error_messages={"required": _("Choose one.")}
    )

    def __init__(self, *args: Any, options: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["reference"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  (narrowed for the type checker)
        choice.choices = [("", _("Choose one")), *options]


class ResultForm(SeenForm):
    """The result of a regression evaluation: one that is kept here, or one that is typed."""

    reference = forms.ChoiceField(label=_("Result kept here"), required=False)
    benchmark = forms.CharField(
        label=_("Benchmark"),
        max_length=160,
        required=False,
        help_text=_("The saved set it was measured on, with its version"),
    )
    value = forms.DecimalField(label=_("Result"), max_digits=24, decimal_places=9, required=False)
    threshold = forms.DecimalField(label=_("Limit"), max_digits=24, decimal_places=9, required=False)
    lower_is_better = forms.BooleanField(label=_("Lower is better"), required=False)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=LONG, required=False)

    def __init__(self, *args: Any, options: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found, choice = list(options), self.fields["reference"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  (narrowed for the type checker)
        choice.choices = [("", _("None of them: typed below")), *found]
        if not found:
            del self.fields["reference"]

    def clean(self) -> dict[str, Any]:
        """A result that is typed needs its benchmark, its value and its limit."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not said.get("reference"):
            for name, words in (("benchmark", _("Name the benchmark.")), ("value", _("Enter the result.")),
                                ("threshold", _("Enter the limit."))):  # fmt: skip
                if said.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, words)
        return said

    @property
    def measured(self) -> Measured:
        """What was typed."""
        names = ("benchmark", "value", "threshold", "lower_is_better", "note")
        return Measured(**{name: self.cleaned_data[name] for name in names})


class CanaryForm(SeenForm):
    """How a canary went."""

    share = forms.DecimalField(label=_("Share of the traffic (%)"), max_digits=5, decimal_places=2)
    hours = forms.IntegerField(label=_("For how many hours"), min_value=1, max_value=100_000)
    has_passed = forms.TypedChoiceField(
        label=_("How it went"),
        choices=[("True", _("As expected")), ("False", _("Not as expected"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        empty_value=None,
        error_messages={"required": _("Say how it went.")},
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=LONG, required=False)

    @property
    def canary(self) -> Canary:
        """What was typed."""
        return Canary(**{name: self.cleaned_data[name] for name in ("share", "hours", "has_passed", "note")})


class WhyForm(SeenForm):
    """Why something is so."""

    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONG)


class ApproveForm(SeenForm):
    """What an approver adds, if anything."""

    reason = forms.CharField(
        label=_("Reason or note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=LONG, required=False
    )


class EmergencyForm(WhyForm):
    """Why a change could not wait, and by when it is approved."""

    approve_by = forms.DateField(label=_("Approved by"), required=False, help_text=_("Empty means the latest day"))


class TouchedForm(SeenForm):
    """A row for each thing that a change may touch."""

    def __init__(self, *args: Any, lines: Iterable[TouchedLine], **kwargs: Any) -> None:
        self.lines = list(lines)
        super().__init__(*args, **kwargs)
        for line in self.lines:
            self.fields[f"{line.pk}-effect"] = forms.ChoiceField(
                label=line.title,
                choices=[(Effect.TOUCHED.value, _("Touched")), (Effect.NONE.value, _("No effect"))],
                widget=forms.RadioSelect,
                required=False,
                initial=line.effect,
            )
            self.fields[f"{line.pk}-because"] = forms.CharField(
                label=_("Because"),
                max_length=1000,
                required=False,
                initial=line.because,
                widget=forms.TextInput(attrs={"class": "input"}),
            )

    @property
    def said(self) -> dict[int, Said]:
        """What was said, by the key of each row."""
        told = self.cleaned_data
        return {
            line.pk: Said(told[f"{line.pk}-effect"], told.get(f"{line.pk}-because", ""))
            for line in self.lines
            if told.get(f"{line.pk}-effect")
        }

    @property
    def rows(self) -> list[tuple[TouchedLine, Any, Any]]:
        """Each thing with its two fields."""
        return [(line, self[f"{line.pk}-effect"], self[f"{line.pk}-because"]) for line in self.lines]
