"""Filters of lists that refuse nonsense, where those of django-filter read it as nothing said."""

import re
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)


class FlagField(forms.Field):
    """True or false, as JSON writes it."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> bool | None:
        """Return it, or None when it was not asked for."""
        if value is None:
            return None
        if value not in ("true", "false"):
            raise ValidationError(_("Ask for true or false."))
        return bool(value == "true")


class InstantField(forms.Field):
    """An instant with its offset (RFC 3339)."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> datetime | None:
        """Return it in UTC, or None when it was not asked for; one past the ends of the calendar is its end."""
        if value is None:
            return None
        try:
            told = parse_datetime(value.upper()) if INSTANT.fullmatch(value) else None
        except ValueError:
            told = None
        if told is None:
            raise ValidationError(_("Ask for an instant with its offset, such as 2026-06-18T14:00:00Z."))
        try:
            return told.astimezone(UTC)
        except OverflowError:
            return FIRST if told.year == 1 else LAST


class WholeField(forms.IntegerField):
    """A whole number and nothing that merely looks like one."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        """Return it, or None when it was not asked for."""
        if value is None:
            return None
        if not WHOLE.fullmatch(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(value)


class FlagFilter(filters.BooleanFilter):  # type: ignore[misc]
    """Keep what is so, or what is not."""

    field_class = FlagField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.TextInput, **kwargs)


class InstantFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    """Keep what is from an instant on, or before it."""

    field_class = InstantField


class WholeFilter(filters.Filter):  # type: ignore[misc]
    """Keep what has this number; its bounds stand in the schema."""

    field_class = WholeField

    def __init__(self, *args: Any, min_value: int, max_value: int, **kwargs: Any) -> None:
        super().__init__(*args, min_value=min_value, max_value=max_value, **kwargs)
        bounds = {"type": "integer", "minimum": min_value, "maximum": max_value}
        extend_schema_field(bounds)(self)
