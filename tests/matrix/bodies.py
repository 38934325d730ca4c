"""Bodies that a door takes, told from the forms and serializers that it looked at."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.fields import empty

from tests.matrix.asking import Seen
from tests.matrix.tenant import NOW

SAID = "Said in the walk."
UPLOADED = b"%PDF-1.7 % uploaded in the walk\n%%EOF\n"


def filled(seen: Seen, names: Mapping[str, Any]) -> dict[str, Any]:
    """A body for everything that the door looked at; `names` says what a name in a JSON body is filled with."""
    body: dict[str, Any] = {}
    for form in seen.forms:
        for name, field in form.fields.items():
            value = _of_field(form, name, field)
            if value not in (None, "", []):
                body[form.add_prefix(name)] = value
    for serializer in seen.serializers:
        body |= _of_serializer(serializer, names)
    return body


def _of_field(form: forms.BaseForm, name: str, field: forms.Field) -> Any:
    given = form.get_initial_for_field(field, name)
    shown = _sent(field.prepare_value(given))
    is_offered = not isinstance(field, forms.ChoiceField) or isinstance(field, forms.MultipleChoiceField)
    is_offered = is_offered or str(shown) in {str(key) for key, _label in _flat(field.choices)}
    if shown not in (None, "", []) and is_offered:
        return _reworded(field, shown)
    return _proposed(field) if field.required or isinstance(field, forms.CharField) else None


def _reworded(field: forms.Field, shown: Any) -> Any:
    """Change a text that is shown, so that there is something to save; hidden ones are meant to come back."""
    is_text = type(field) is forms.CharField and not field.widget.is_hidden
    return f"{shown}, reworded"[: field.max_length] if is_text else shown  # type: ignore[attr-defined]


def _sent(value: Any) -> Any:
    if isinstance(value, bool):
        return "on" if value else None
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, QuerySet | list | tuple):
        return [_sent(item) for item in value]
    return value


def _proposed(field: forms.Field) -> Any:  # noqa: C901
    if isinstance(field, forms.ModelMultipleChoiceField):
        return [field.prepare_value(row) for row in field.queryset[:2]]  # type: ignore[union-attr]
    if isinstance(field, forms.ModelChoiceField):
        row = field.queryset.first()  # type: ignore[union-attr]
        return field.prepare_value(row) if row else None
    if isinstance(field, forms.ChoiceField):
        values = [key for key, _label in _flat(field.choices) if key not in ("", None)]
        return (values[:1] if isinstance(field, forms.MultipleChoiceField) else values[-1]) if values else None
    if isinstance(field, forms.FileField):
        return SimpleUploadedFile("walked.pdf", UPLOADED)
    if isinstance(field, forms.DateField):
        return NOW.date().isoformat()
    if isinstance(field, forms.BooleanField):
        return "on"
    if isinstance(field, forms.IntegerField):
        return 1
    if isinstance(field, forms.EmailField):
        return "somebody.new@walked.example.org"
    if isinstance(field, forms.CharField) and not isinstance(field, forms.URLField):
        return SAID[: field.max_length]
    return None


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    pairs = []
    for key, label in choices:
        pairs += _flat(label) if isinstance(label, list | tuple) else [(key, label)]
    return pairs


def _of_serializer(serializer: Any, names: Mapping[str, Any]) -> dict[str, Any]:
    body = {}
    for name, field in getattr(serializer, "fields", {}).items():
        value = empty if field.read_only else _of_api_field(field)
        if name in names and not isinstance(field, serializers.ChoiceField):
            value = [names[name]] if isinstance(field, serializers.ListField) else names[name]
        if value is not empty:
            body[name] = value
    return body


def _of_api_field(field: Any) -> Any:
    if isinstance(field, serializers.ChoiceField):
        return list(field.choices)[-1]
    if isinstance(field, serializers.BooleanField):
        return True
    if isinstance(field, serializers.IntegerField):
        return 1
    if isinstance(field, serializers.DateField):
        return NOW.date().isoformat()
    if isinstance(field, serializers.FileField):
        return empty
    if isinstance(field, serializers.ListField):
        child = _of_api_field(field.child) if field.child else empty
        return [child] if child is not empty and field.required else empty
    if isinstance(field, serializers.CharField):
        return SAID[: field.max_length]
    return empty
