"""The API door to what happened after assessments were made."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door, NotHere, PersonSerializer, Text
from assessments.actions import Answer, answer_triggers, report_trigger
from assessments.models import Assessment, Trigger
from assessments.permissions import may_report_trigger, may_write
from assessments.queries.drivers import in_force
from assessments.sections.models import Section
from assessments.triggers.kinds import TriggerKind
from assessments.triggers.models import Said


class TriggerSerializer(serializers.ModelSerializer[Trigger]):
    """Something that happened, and what the owner of the assessment says of it."""

    assessment = serializers.CharField(source="assessment.code")
    sections = serializers.ListField(child=serializers.ChoiceField(Section.choices))
    said_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Trigger
        fields = (
            "id", "assessment", "kind", "source", "title", "opened_at", "effect", "sections", "because", "said_by",
            "said_at", "version",
        )  # fmt: skip


class ReportSerializer(serializers.Serializer[Any]):
    """What happened, and to which assessment."""

    assessment = Text(max_length=20, help_text="The code of the assessment, such as IA-2026-08.")
    kind = serializers.ChoiceField(TriggerKind.choices)
    title = Text(max_length=240)


class TriggerAnswerSerializer(serializers.Serializer[Any]):
    """The sections it touches, or why it has no effect."""

    sections = serializers.ListField(
        child=serializers.ChoiceField(Section.choices), required=False, max_length=len(Section)
    )
    because = Text(required=False, max_length=1000)


class TriggerFilter(filters.FilterSet):  # type: ignore[misc]
    """What the list can be narrowed by."""

    assessment = filters.CharFilter(field_name="assessment__code", label="The code of an assessment")
    kind = filters.ChoiceFilter(choices=TriggerKind.choices)
    effect = filters.ChoiceFilter(choices=Said.choices)


@extend_schema_view(list=extend_schema(summary="List what happened after assessments"))
class TriggerDoor(Door):
    """Triggers: report, answer."""

    lookup_value_regex = "[0-9]{1,9}"
    lookup_field = "pk"
    queryset = Trigger.unscoped.none()
    serializer_class = TriggerSerializer
    filterset_class = TriggerFilter
    versioned = frozenset({"answer"})
    tagged = versioned | {"retrieve", "create"}

    def get_queryset(self) -> QuerySet[Trigger]:
        """Return triggers with their assessment and who answered."""
        return Trigger.objects.select_related("assessment", "said_by")

    def list(self, request: Request) -> Response:
        """Return a page of what happened, answered or not."""
        return self.listed(self.get_queryset(), lambda page: TriggerSerializer(page, many=True).data)

    @extend_schema(responses=TriggerSerializer, summary="Read a trigger")
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one trigger."""
        return self._answer(self.one())

    @extend_schema(request=ReportSerializer, responses={201: TriggerSerializer}, summary="Report what happened")
    def create(self, request: Request) -> Response:
        """Say that something happened that an assessment may not have judged; its owner is asked what it touches."""
        require(self.actor.is_person)
        said = self.said(ReportSerializer)
        rows = Assessment.objects.filter(in_force(), code=said["assessment"]).select_related("system")
        row = rows.defer("frozen").first()
        if row is None:
            raise NotHere("There is no such assessment.", field="assessment")
        require(may_report_trigger(self.actor, row))
        trigger = report_trigger(row, TriggerKind(said["kind"]), said["title"], actor=self.actor)
        return self._answer(trigger, 201)

    @extend_schema(request=TriggerAnswerSerializer, responses=TriggerSerializer, summary="Say what a trigger touches")
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Name the sections of the assessment that are touched, or say why there is no effect."""
        trigger = self.one(lambda actor, row: may_write(actor, row.assessment))
        said = {"sections": [], "because": ""} | self.said(TriggerAnswerSerializer)
        with self.holding(trigger, **said) as seen:
            answer_triggers(trigger.assessment, {trigger.pk: Answer(seen, **said)}, actor=self.actor)
        return self._answer(trigger)

    def _answer(self, row: Trigger, status: int = 200) -> Response:
        found = self.get_queryset().filter(pk=row.pk).first()
        if found is None:
            raise Http404
        place = reverse("api:triggers-detail", args=[self.aims.slug, found.pk]) if status == 201 else ""
        return self.shown(TriggerSerializer(found).data, found.version, status=status, location=place)
