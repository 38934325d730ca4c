"""The API door of suggestions: read what waits, accept one, refuse one."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door, Text
from evidence import actions
from evidence.matching.standing import open_suggestions
from evidence.models import Evidence, Suggestion
from evidence.permissions import may_judge_suggestion, may_read

NUMBER = {"type": "integer", "minimum": 1, "maximum": 10**9}
SUGGESTION = OpenApiParameter("suggestion", NUMBER, OpenApiParameter.PATH)
ADDRESS = r"suggestions/(?P<suggestion>[0-9]{1,10})"


class SuggestionSerializer(serializers.Serializer[Any]):
    """A requirement that the newest version may serve; `confidence` is in percent, `passage` verbatim."""

    id = serializers.IntegerField(source="pk")
    control = serializers.CharField(source="code")
    title = serializers.CharField()
    confidence = serializers.IntegerField()
    passage = serializers.CharField()
    file = serializers.CharField(source="source", help_text="The file that holds the passage.")


class JudgementSerializer(serializers.Serializer[Any]):
    """Why a suggestion was accepted or refused; it may stay unsaid."""

    reason = Text(max_length=300, required=False, allow_blank=True)


class SuggestionDoor(Door):
    """What the matcher suggests for an item, and a person's word on it."""

    @extend_schema(responses=SuggestionSerializer(many=True), summary="Read what is suggested", filters=False)
    @action(detail=True, pagination_class=None)
    def suggestions(self, request: Request, code: str) -> Response:
        """Return the suggestions that wait for a decision, the likeliest first."""
        item = self.one(may_read)
        return Response(SuggestionSerializer(open_suggestions(item.pk), many=True).data)

    @extend_schema(
        request=JudgementSerializer,
        responses=SuggestionSerializer(many=True),
        parameters=[SUGGESTION],
        summary="Accept a suggestion",
    )
    @action(detail=True, methods=["post"], url_path=f"{ADDRESS}/accept", pagination_class=None)
    def accept_suggestion(self, request: Request, code: str, suggestion: str) -> Response:
        """Link the item to what was suggested, as the person who accepts; people only."""
        item, row, reason = self._judged(suggestion)
        actions.accept_suggestion(row, actor=self.actor, reason=reason)
        return Response(SuggestionSerializer(open_suggestions(item.pk), many=True).data)

    @extend_schema(
        request=JudgementSerializer,
        responses=SuggestionSerializer(many=True),
        parameters=[SUGGESTION],
        summary="Refuse a suggestion",
    )
    @action(detail=True, methods=["post"], url_path=f"{ADDRESS}/refuse", pagination_class=None)
    def refuse_suggestion(self, request: Request, code: str, suggestion: str) -> Response:
        """Say that the item does not serve what was suggested; people only."""
        item, row, reason = self._judged(suggestion)
        actions.refuse_suggestion(row, actor=self.actor, reason=reason)
        return Response(SuggestionSerializer(open_suggestions(item.pk), many=True).data)

    def _judged(self, suggestion: str) -> tuple[Evidence, Suggestion, str]:
        item = self.one()
        row = get_object_or_404(Suggestion.objects.all(), pk=int(suggestion), evidence_version__evidence=item.pk)
        require(may_judge_suggestion(self.actor, item))
        return item, row, self.said(JudgementSerializer).get("reason", "")
