"""Forms of the chain: every act on a log says why."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from aims.forms import AssayForm
from trace.queries import text_labels


class LogReasonForm(AssayForm):
    """Why an administrator acts on the log."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)


class EraseForm(LogReasonForm):
    """Which texts of a record to erase, and why."""

    parts = forms.MultipleChoiceField(label=_("Erase"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, held: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = set(held)
        choices = [(part, capfirst(label)) for part, label in text_labels().items() if part in kept]
        self.fields["parts"].choices = choices  # type: ignore[attr-defined]
        self.fields["parts"].initial = [part for part, _label in choices]
        self.order_fields(["parts", "reason"])
