"""Form fields of this room: an instant where the organisation is, lines of text, severities with their wording."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from aims.forms import LinesField
from incidents.law import severities

AS_PICKED = "%Y-%m-%dT%H:%M"


class MomentInput(forms.DateTimeInput):
    """A date and time that are picked."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format=AS_PICKED)


class MomentField(forms.DateTimeField):
    """An instant, typed as the local time of the organisation; the form sets `zone`."""

    widget = MomentInput
    zone = "UTC"

    def prepare_value(self, value: Any) -> Any:
        """Show an instant, or one that came back as text, in local time."""
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return value
        if isinstance(value, datetime) and value.tzinfo is not None:
            value = value.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> datetime | None:
        """Read a local time, or an instant that names its offset."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            said = datetime.fromisoformat(text)
            local = said if said.tzinfo else said.replace(tzinfo=ZoneInfo(self.zone))
            return local.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(_("Give a date and a time.")) from error


class LongLinesField(LinesField):
    """At most forty lines of at most 300 characters."""

    def validate(self, value: Any) -> None:
        """Refuse what no page could print."""
        if len(value) > 40 or any(len(line) > 300 for line in value):
            raise forms.ValidationError(_("Give at most 40 lines of at most 300 characters."))


def severity_choices() -> list[tuple[str, str]]:
    """Return the severities with what each means."""
    return [(str(row.level), f"{row}: {row.meaning}") for row in severities()]
