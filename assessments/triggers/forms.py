"""What people say about triggers: what each touches, and that something happened."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import AssayForm, ChipChoices
from assessments.actions import Answer
from assessments.sections.models import Section
from assessments.triggers.kinds import LIKELY, TriggerKind
from assessments.triggers.queries import TriggerLine

NAMES = ("seen", "sections", "because")


class AnswerForm(AssayForm):
    """A row for each open trigger: the sections it touches, or why it has no effect."""

    def __init__(self, *args: Any, lines: Iterable[TriggerLine], **kwargs: Any) -> None:
        self.lines = [line for line in lines if line.is_open]
        super().__init__(*args, **kwargs)
        for line in self.lines:
            key = line.row.pk
            self.fields[f"{key}-seen"] = forms.IntegerField(widget=forms.HiddenInput, initial=line.row.version)
            self.fields[f"{key}-sections"] = forms.MultipleChoiceField(
                label=_("It touches"), choices=Section.choices, widget=ChipChoices, required=False
            )
            self.fields[f"{key}-because"] = forms.CharField(
                label=_("No effect, because"),
                max_length=1000,
                required=False,
                widget=forms.TextInput(attrs={"class": "input"}),
            )

    @property
    def answers(self) -> dict[int, Answer]:
        """What was said, by the key of each trigger; those left empty stay open."""
        found: dict[int, Answer] = {}
        for line in self.lines:
            said = {name: self.cleaned_data.get(f"{line.row.pk}-{name}") for name in NAMES}
            if said["sections"] or said["because"]:
                found[line.row.pk] = Answer(said["seen"] or 0, said["sections"] or [], said["because"] or "")
        return found

    @property
    def rows(self) -> list[tuple[TriggerLine, str, Any, Any, Any]]:
        """Each open trigger with what it is likely to touch, in words, and its fields."""
        return [
            (
                line,
                ", ".join(str(name.label) for name in LIKELY[line.row.kind]),
                self[f"{line.row.pk}-seen"],
                self[f"{line.row.pk}-sections"],
                self[f"{line.row.pk}-because"],
            )
            for line in self.lines
        ]


class ReportForm(AssayForm):
    """Something that happened, said by hand."""

    kind = forms.ChoiceField(label=_("What happened"), choices=[("", _("Choose one")), *TriggerKind.choices])
    title = forms.CharField(
        label=_("In words"), max_length=240, help_text=_("What happened, when, and where it is told.")
    )
