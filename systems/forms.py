"""What people type about systems."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aims.forms import AssayForm, AssayModelForm, ChipChoices, SeenForm
from aims.queries import people
from aims.vocabulary import AiRole
from controls.models import Requirement
from systems.lifecycle.stages import EARLY
from systems.models import AiSystem, Reliance


class SystemForm(AssayModelForm):
    """The facts of a system; scope and stage are said by verbs of their own."""

    roles_played = forms.MultipleChoiceField(
        label=_("AI roles we play"), choices=AiRole.choices, widget=ChipChoices, required=False
    )

    class Meta:
        model = AiSystem
        fields = ("name", "purpose", "owner", "roles_played", "supplier", "model_name", "model_version")
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "purpose": _("What it is for, for whom, and what it decides or suggests"),
            "owner": _("Who answers for it"),
            "supplier": _("Leave empty when you built it yourselves"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        owner.queryset = people()
        owner.empty_label = str(_("Nobody yet"))

    @staticmethod
    def of(system: AiSystem) -> dict[str, Any]:
        """Return the values of a system that the form begins with."""
        return {name: getattr(system, name) for name in SystemForm.Meta.fields} | {"owner": system.owner_id}


class NewSystemForm(SystemForm):
    """A system to register, with the stage it is at."""

    stage = forms.ChoiceField(label=_("Stage"), choices=[(one.value, one.label) for one in EARLY])


class EditSystemForm(SystemForm):
    """The facts of a system that is registered already."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ScopeForm(SeenForm):
    """In scope or not, and why."""

    is_in_scope = forms.TypedChoiceField(
        label=_("Is it in the scope of the AIMS?"),
        choices=[("True", _("In scope")), ("False", _("Not in scope"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        empty_value=None,
        error_messages={"required": _("Choose whether it is in scope.")},
    )
    scope_reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4_000,
        help_text=_("An auditor reads this beside the scope statement"),
        error_messages={"required": _("Say why it is, or is not, in scope.")},
    )


class RequirementChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A clause or control, by id and title."""

    def label_from_instance(self, obj: Requirement) -> str:  # type: ignore[override]
        """Return how it is listed."""
        return f"{obj.code} {obj.title}"


class RelyForm(AssayForm):
    """A requirement that the system relies on."""

    requirement = RequirementChoice(label=_("Clause or control"), queryset=None, empty_label=_("Choose one"))
    why = forms.CharField(label=_("Why"), max_length=Reliance._meta.get_field("why").max_length, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["requirement"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        choice.queryset = Requirement.objects.linkable().in_order()


class LetGoForm(SeenForm):
    """Why a reliance ends."""

    reason = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4_000,
        error_messages={"required": _("Say why the system no longer relies on it.")},
    )
