"""Form fields for the places of a record: each shows what stands there and tells whether the writer changed it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.forms import ChipChoices, DayInput
from systems.record.schema import VALUES
from systems.sections.kinds import Kind
from systems.sections.layout import Place
from systems.sections.words import word

Choices = Sequence[tuple[str, Any]]
OTHER, NONE = "~other", "~none"
LONGEST, LONGEST_LINE = 20_000, 2_000


def other_name(name: str) -> str:
    """Return the name under which a word that is not in the list is sent."""
    return f"{name}-other"


class WordInput(forms.Select):
    """Known words to choose from, or a word of one's own in the input beside it."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Take the word typed where none of the list is chosen."""
        chosen = data.get(name, "")
        return chosen if chosen not in ("", OTHER) else str(data.get(other_name(name), "")).strip()


class WordsInput(ChipChoices):
    """Known words as chips, and words of one's own beside them, one a line or between commas."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Join what was chosen and what was typed."""
        chosen = data.getlist(name) if isinstance(data, QueryDict) else data.get(name, [])
        typed = str(data.get(other_name(name), "")).replace("\n", ",").split(",")
        return list(dict.fromkeys([*chosen, *(text.strip() for text in typed if text.strip())]))


class WordField(forms.ChoiceField):
    """One word, known or not."""

    widget = WordInput

    def validate(self, value: Any) -> None:
        """Take any word: whether it fits is for the schema to say."""

    def with_word(self, value: str, unsaid: Any) -> None:
        """Offer nothing, the known words, the word that stands there, and one of one's own."""
        known = [(key, label) for key, label in _pairs(self) if key]
        mine = [(value, value)] if value and value not in {key for key, _label in known} else []
        self.choices = [("", unsaid), *known, *mine, (OTHER, _("Another word"))]


class WordsField(forms.MultipleChoiceField):
    """Several words, known or not; “none” says that there are none, which is more than saying nothing."""

    widget = WordsInput

    def validate(self, value: Any) -> None:
        """Take any words, but not “none” beside others."""
        if NONE in value and len(value) > 1:
            raise forms.ValidationError(_("Choose either “none” or what there is."))

    def clean(self, value: Any) -> Any:
        """Return the words, an empty list for “none”, nothing where nothing was chosen."""
        said = super().clean(value)
        return [] if said == [NONE] else said or None

    def with_words(self, values: Sequence[str]) -> None:
        """Offer the words that stand there too."""
        known = _pairs(self)
        words = {key for key, _label in known}
        self.choices = [*known, *((value, value) for value in values if value not in words)]


def _pairs(field: forms.ChoiceField) -> list[tuple[str, Any]]:
    choices: Any = field.choices
    return list(choices)


class EntriesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        """Return the lines that are not blank."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


def field_of(place: Place, kind: Kind) -> forms.Field:
    """Return the form field of a place."""
    rule, label = place.rule, place.label
    common: dict[str, Any] = {"label": label, "required": False, "help_text": rule.get("description", "")}
    match kind:
        case Kind.FLAG:
            choices = [("yes", _("Yes")), ("no", _("No")), ("", _("Not said"))]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        case Kind.NUMBER:
            return forms.IntegerField(min_value=rule.get("minimum"), max_value=rule.get("maximum"), **common)
        case Kind.DATE:
            return forms.DateField(widget=DayInput(), **common)
        case Kind.CHOICE:
            return forms.ChoiceField(choices=[("", _("Not known yet")), *_choices(place, rule["enum"])], **common)
        case Kind.WORD:
            return WordField(choices=_choices(place, rule[VALUES]), **common)
        case Kind.WORDS:
            choices = [*_choices(place, rule["items"][VALUES]), (NONE, _("None of these"))]
            return WordsField(choices=choices, **common)
        case Kind.LINES | Kind.ANY_LINES:
            hint = common.pop("help_text") or _("One a line")
            return EntriesField(max_length=LONGEST, widget=_area(), help_text=hint, **common)
    length = rule.get("maxLength", LONGEST if kind == Kind.LONG else LONGEST_LINE)
    widget = _area() if kind == Kind.LONG else forms.TextInput()
    return forms.CharField(max_length=length, widget=widget, **common)


def _area() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3})


def _choices(place: Place, words: Sequence[str]) -> list[tuple[str, Any]]:
    return [(value, word(value, place.path)) for value in words]


def shown_value(kind: Kind, value: Any) -> Any:
    """Return what a field begins with for what stands in the record."""
    if kind == Kind.FLAG:
        return {True: "yes", False: "no"}.get(value, "")
    if kind == Kind.WORDS:
        return [NONE] if value == [] else value or []
    if kind in (Kind.LINES, Kind.ANY_LINES):
        return "\n".join(value) if isinstance(value, list) else value or ""
    return "" if value is None else value


def normal(kind: Kind, value: Any) -> Any:
    """Return what stands in the record as a form would give it back, so that what was left alone can be told."""
    match kind:
        case Kind.FLAG | Kind.NUMBER:
            return value
        case Kind.WORDS:
            return None if value is None else sorted(value)
        case Kind.LINES | Kind.ANY_LINES:
            texts = value if isinstance(value, list) else [value or ""]
            return [text.strip() for text in texts if text.strip()]
    return "\n".join((value or "").strip().splitlines())


def said_value(kind: Kind, cleaned: Any, before: Any) -> Any:
    """Return what a form's value is in a record, or None where nothing is said."""
    match kind:
        case Kind.FLAG:
            return {"yes": True, "no": False}.get(cleaned)
        case Kind.DATE:
            return cleaned.isoformat() if cleaned else None
        case Kind.WORDS:
            return cleaned
        case Kind.ANY_LINES:
            return cleaned[0] if len(cleaned) == 1 and not isinstance(before, list) else cleaned or None
        case Kind.NUMBER:
            return cleaned
        case Kind.LINES:
            return cleaned or None
    return "\n".join(cleaned.splitlines()) or None
