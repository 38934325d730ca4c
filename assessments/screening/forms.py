"""What people say in a screening."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import AssayForm, SeenForm
from assessments.models import Screening
from assessments.screening.questions import QUESTIONNAIRE, Said
from systems.models import AiSystem

NOTE = "_note"


class NewScreeningForm(AssayForm):
    """Which system is screened."""

    system = forms.ModelChoiceField(label=_("AI system"), queryset=AiSystem.unscoped.none(), empty_label=_("Choose"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        system = self.fields["system"]
        assert isinstance(system, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        system.queryset = AiSystem.objects.order_by("code")


class AnswersForm(SeenForm):
    """A field and a note for each question, and why no assessment is due."""

    because = forms.CharField(
        label=_("Why no assessment is due"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when every answer is no"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for asked in QUESTIONNAIRE:
            self.fields[asked.code] = forms.ChoiceField(
                label=str(asked.label), choices=Said.choices, required=False, widget=forms.RadioSelect
            )
            self.fields[asked.code + NOTE] = forms.CharField(
                label=_("Note: %(question)s") % {"question": asked.label}, required=False, max_length=500
            )

    @classmethod
    def of(cls, row: Screening, data: Any = None) -> "AnswersForm":
        """Return the form over the answers of a screening."""
        initial: dict[str, Any] = {"seen": row.version, "because": row.because}
        for code, told in row.answers.items():
            initial |= {code: told.get("answer", ""), code + NOTE: told.get("note", "")}
        return cls(data, initial=initial, auto_id="screening_%s")

    @property
    def answers(self) -> dict[str, dict[str, str]]:
        """What was answered, by the codes of the questions."""
        said = self.cleaned_data
        return {asked.code: {"answer": said[asked.code], "note": said[asked.code + NOTE]} for asked in QUESTIONNAIRE}


class SignForm(SeenForm):
    """Until when the signature holds."""

    next_review_on = forms.DateField(label=_("Screened again on"), help_text=_("Within a year"))
