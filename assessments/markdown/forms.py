"""What people bring along: an assessment as a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import AssayForm
from assessments.markdown.reading import MOST_BYTES
from systems.models import AiSystem


class BringForm(AssayForm):
    """An assessment as a file, and the system it is about."""

    system = forms.ModelChoiceField(
        label=_("AI system"),
        queryset=AiSystem.unscoped.none(),
        empty_label=_("Choose"),
        to_field_name="code",
        help_text=_("Its first assessment begins, its draft changes, or what is decided gets a new edition"),
    )
    file = forms.FileField(
        label=_("Markdown file"), help_text=_("Six sections, up to 2 MB. You see what it would change first.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        system = self.fields["system"]
        assert isinstance(system, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        system.queryset = AiSystem.objects.order_by("code")

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 2 MB; one assessment is not."))
        return file
