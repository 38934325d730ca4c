"""What people type about systems."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aims.forms import AssayForm, ChipChoices, SeenForm
from aims.queries import people
from aims.vocabulary import AiRole
from controls.models import Requirement
from systems.models import Reliance
from systems.record.places import put
from systems.record.schema import schema
from systems.sections.words import word


def _known(*path: str) -> list[tuple[str, Any]]:
    rule: Any = schema()
    for part in path:
        rule = rule["properties"][part]
    return [("", _("Not known yet")), *((value, word(value, path)) for value in rule["enum"])]


class NewSystemForm(AssayForm):
    """A system to register: what it is, whose it is, and what policies require, as far as it is known."""

    name = forms.CharField(label=_("Name"), max_length=160)
    purpose = forms.CharField(
        label=_("Purpose"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=8_000,
        help_text=_("What it is for, for whom, and what it decides or suggests"),
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Who answers for it"),
    )
    unit = forms.CharField(
        label=_("Unit"), max_length=160, required=False, help_text=_("The part of the organisation it belongs to")
    )
    roles_played = forms.MultipleChoiceField(
        label=_("AI roles we play"), choices=AiRole.choices, widget=ChipChoices, required=False
    )
    environment = forms.ChoiceField(label=_("Environment"), required=False)
    data_sensitivity = forms.ChoiceField(label=_("Data sensitivity"), required=False)
    risk_tier = forms.ChoiceField(label=_("Risk tier"), required=False)
    claimed_stage = forms.ChoiceField(
        label=_("Stage it is at"),
        required=False,
        help_text=_("A claim: the stage itself is signed, from inception on"),
    )

    places: ClassVar[dict[str, tuple[str, ...]]] = {
        "unit": ("unit",),
        "environment": ("deployment", "environment"),
        "data_sensitivity": ("classification", "data_sensitivity"),
        "risk_tier": ("classification", "risk_tier"),
        "claimed_stage": ("lifecycle", "stage"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        owner.queryset = people()
        for name, path in self.places.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = _known(*path)

    def facts(self) -> dict[str, Any]:
        """Return what was said, as registering takes it: the record, and the facts that have a name of their own."""
        said = dict(self.cleaned_data)
        record: dict[str, Any] = {}
        for name, path in self.places.items():
            if value := said.pop(name):
                put(record, path, value)
        return said | {"record": record}


class ScopeWords(AssayForm):
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


class ScopeForm(ScopeWords, SeenForm):
    """In scope or not, of one system."""


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


class CompletenessForm(AssayForm):
    """That these are all AI systems of a unit: how one knows, and until when it holds; `seen` is how many there are."""

    unit = forms.CharField(widget=forms.HiddenInput, max_length=160, required=False)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    method = forms.CharField(
        label=_("How it was found out"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4_000,
        help_text=_("Who was asked, which lists and bills were compared"),
        error_messages={"required": _("Say how it was found out, so that an auditor can judge it.")},
    )
    valid_until = forms.DateField(
        label=_("Valid until"), help_text=_("A task comes up thirty days before. At the latest in thirteen months.")
    )
