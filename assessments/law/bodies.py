"""How the API tells the EU AI Act view."""

from typing import Any

from rest_framework import serializers

NO_PRESUMPTION = "ISO/IEC 42001 is no harmonised standard under Art. 40: nothing here gives presumption of conformity."


class LawNoteSerializer(serializers.Serializer[Any]):
    """Something that is not known or that contradicts, with the field that mends it."""

    field = serializers.CharField()
    words = serializers.CharField()


class LawSourceSerializer(serializers.Serializer[Any]):
    """A part of the assessment that speaks to an element, or would."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    is_told = serializers.BooleanField()


class LawElementSerializer(serializers.Serializer[Any]):
    """An element in our own words; `told` never means that the duty is met."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    only = serializers.CharField(help_text="When it comes up at all, or nothing.")
    told = serializers.CharField(source="state.value", help_text="told, part, not-told or not-covered")
    beyond = serializers.CharField(help_text="What ISO/IEC 42001 and 42005 do not cover.")
    sources = LawSourceSerializer(many=True)


class LawArticleSerializer(serializers.Serializer[Any]):
    """An article: whether it binds, why, from when, and its elements where it does."""

    number = serializers.CharField()
    title = serializers.CharField()
    bearing = serializers.CharField(source="standing.bearing.value", help_text="binds, does-not or unknown")
    because = serializers.CharField(source="standing.because")
    applies_from = serializers.DateField(source="day.on", default=None, allow_null=True)
    elements = LawElementSerializer(many=True)


class LawSerializer(serializers.Serializer[Any]):
    """What the EU AI Act asks beside what an assessment tells."""

    notice = serializers.SerializerMethodField()
    basis = serializers.CharField(source="basis.value")
    why = serializers.CharField()
    grounds = serializers.ListField(child=serializers.CharField(), source="classification.basis")
    not_known = LawNoteSerializer(many=True)
    contradictions = LawNoteSerializer(many=True, source="classification.contradictions")
    dates_version = serializers.IntegerField(source="dates.version")
    dates_source = serializers.CharField(source="dates.source")
    is_secondary = serializers.BooleanField(source="dates.is_secondary", help_text="Check before you rely on a date.")
    articles = LawArticleSerializer(many=True)

    def get_notice(self, _view: Any) -> str:
        """Say what none of it gives."""
        return NO_PRESUMPTION
