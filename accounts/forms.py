"""How every form of Assay looks: the design's classes, native date pickers, no browser bubbles."""

from typing import Any

from django import forms
from django.forms.utils import pretty_name
from django.utils.translation import gettext as _

CLASSES: dict[type[forms.Widget], str] = {
    forms.Textarea: "textarea",
    forms.Select: "select",
    forms.CheckboxInput: "",
    forms.RadioSelect: "",
    forms.CheckboxSelectMultiple: "",
    forms.HiddenInput: "",
    forms.Widget: "input",
}


class DayInput(forms.DateInput):
    """A date that is picked."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-width": "date"} | (attrs or {}), format="%Y-%m-%d")


class ChipChoices(forms.CheckboxSelectMultiple):
    """Several short choices, drawn as chips by `components/field.html`."""


class Styled(forms.BaseForm):
    """Mix into any form: the class of each widget, dates as pickers; Django adds the aria attributes itself.

    A field that offers rows offers none until the form says which, so a forgotten line offers nobody and not everybody.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _empty(field)
            _dress(field)
            _ask_by_name(field, str(field.label or pretty_name(name)))


def _empty(field: forms.Field) -> None:
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        field.queryset = field.queryset.none()


def _dress(field: forms.Field) -> None:
    if isinstance(field, forms.DateField) and type(field.widget) is forms.DateInput:
        field.widget = DayInput(field.widget.attrs)
    widget = field.widget
    name = next(CLASSES[kind] for kind in type(widget).__mro__ if kind in CLASSES)
    if name:
        widget.attrs.setdefault("class", name)
        if field.required and not isinstance(widget, forms.RadioSelect):
            widget.attrs.setdefault("aria-required", "true")


def _ask_by_name(field: forms.Field, label: str) -> None:
    if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
        text = _("Choose: %(label)s") if isinstance(field, forms.ChoiceField) else _("Fill in: %(label)s")
        field.error_messages["required"] = text % {"label": label}


class AssayForm(Styled, forms.Form):
    """The base of every form; print its fields with `components/field.html`."""


class AssayModelForm(Styled, forms.ModelForm):  # type: ignore[type-arg]
    """The base of forms that take their fields from a model; saving stays with the action."""


class SeenForm(AssayForm):
    """A form over an existing row: it carries the version the writer saw, so that two writers are held apart."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
