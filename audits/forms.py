"""What people type about the dates of the cycle."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import AssayModelForm, SeenForm
from aims.queries import people
from audits.models import Milestone, MilestoneKind


class PlanForm(AssayModelForm):
    """A date to plan."""

    class Meta:
        model = Milestone
        fields = ("kind", "due_on", "owner", "body", "reference")
        help_texts = {
            "owner": _("Reminded by mail 90, 30 and 7 days before; without an owner the compliance officers are"),
            "body": _("As it stands on the certificate"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, owner = self.fields["kind"], self.fields["owner"]
        assert isinstance(kind, forms.TypedChoiceField)  # noqa: S101  (narrowed for the type checker)
        kind.choices = [("", _("Choose one")), *MilestoneKind.choices]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        owner.queryset = people()
        owner.empty_label = str(_("Nobody yet"))

    @staticmethod
    def of(row: Milestone) -> dict[str, Any]:
        """Return the values of a date that the form begins with."""
        return {name: getattr(row, name) for name in PlanForm.Meta.fields} | {"owner": row.owner_id}


class EditForm(PlanForm):
    """A date that is planned already."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class HoldForm(SeenForm):
    """The day on which it was held."""

    held_on = forms.DateField(
        label=_("Held on"), required=False, help_text=_("Leave it empty when it was not held after all")
    )


class WithdrawForm(SeenForm):
    """Why the date is withdrawn."""

    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4_000,
        error_messages={"required": _("Say why the date is withdrawn.")},
    )
