"""What API clients send about evidence, in its types."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ParseError

from accounts.api import read_json
from aims.api import NotHere, Text
from evidence.actions import Content
from evidence.intake import Offered
from evidence.models import EvidenceKind
from systems.models import AiSystem

SAYS = ("link", "note", "result", "covers_from", "covers_to", "made_on", "renew_by", "change_note")
MOST_RESULT = 20_000


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"type": "string", "maxLength": 2000},
        "maxProperties": 100,
        "description": "Names and values, such as `accuracy: 0.92`; in a form, the same as a JSON text.",
    }
)
class ResultField(serializers.Field[Any, Any, Any, Any]):
    """A result: an object of JSON, or its text in a form."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the object."""
        try:
            value = read_json(data) if isinstance(data, str) and len(data) <= MOST_RESULT else data
        except ParseError as error:
            raise serializers.ValidationError(str(error.detail)) from error
        if not isinstance(value, dict):
            raise serializers.ValidationError("A result is an object of JSON.")
        if not all(isinstance(item, str) and len(item) <= 2000 for item in value.values()) or len(value) > 100:
            raise serializers.ValidationError("A result holds at most 100 texts of at most 2000 characters.")
        return value

    def to_representation(self, value: Any) -> Any:
        """Return it as it is kept."""
        return value


class FilesSerializer(serializers.Serializer[Any]):
    """Files, which only a form can carry."""

    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True, max_length=None), required=False, max_length=100
    )


class ContentSerializer(serializers.Serializer[Any]):
    """What is given: a link, a note or a result, and its dates."""

    link = Text(required=False, max_length=500)
    note = Text(required=False)
    result = ResultField(required=False)
    covers_from = serializers.DateField(required=False)
    covers_to = serializers.DateField(required=False)
    made_on = serializers.DateField(required=False)
    renew_by = serializers.DateField(required=False)


class ServesSerializer(serializers.Serializer[Any]):
    """What an item serves."""

    controls = serializers.ListField(child=Text(max_length=20), required=False, max_length=100)
    system = Text(required=False, max_length=20, help_text="The code of the one AI system it is for.")
    reason = Text(required=False, max_length=300)


class GiveSerializer(ContentSerializer, ServesSerializer):
    """A new item with its first version."""

    title = Text(required=False, max_length=200)
    kind = serializers.ChoiceField(EvidenceKind.choices, required=False)
    owner = Text(required=False, max_length=254, help_text="E-mail of a person of the organisation.")


class GiveVersionSerializer(ContentSerializer):
    """A new version of an item; from the second on it says what changed."""

    change_note = Text(required=False, max_length=300)


class GiveFilesSerializer(FilesSerializer, GiveSerializer):
    """A new item whose first version may hold files."""


class GiveVersionFilesSerializer(FilesSerializer, GiveVersionSerializer):
    """A new version that may hold files."""


class LinkSerializer(ServesSerializer):
    """What an item serves from now on."""

    controls = serializers.ListField(child=Text(max_length=20), max_length=100)


class ReasonSerializer(serializers.Serializer[Any]):
    """Why something is withdrawn."""

    reason = Text()


class EditSerializer(serializers.Serializer[Any]):
    """What an item is called, its kind and its owner."""

    title = Text(max_length=200)
    kind = serializers.ChoiceField(EvidenceKind.choices)
    owner = Text(max_length=254, allow_null=True)


def content_of(said: dict[str, Any], files: tuple[Offered, ...]) -> Content:
    """Return what the actions take."""
    return Content(files=files, **{name: said[name] for name in SAYS if name in said})


def system_called(code: str) -> AiSystem | None:
    """Return the AI system of a code; raises NotHere."""
    if not code:
        return None
    system: AiSystem | None = AiSystem.objects.filter(code=code).first()
    if system is None:
        raise NotHere(f"There is no AI system {code}.", field="system")
    return system
