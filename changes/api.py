"""The API's door to changes: list, open, describe, meet, waive, say what is touched, decide, withdraw, compare."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import Refusal
from aims.api import Door, NotHere
from changes import actions
from changes.actions.decide import Incomplete
from changes.answers import (
    ApproveChangeSerializer,
    CanarySerializer,
    ChangeSerializer,
    EmergencySerializer,
    MeetSerializer,
    PlanChangeSerializer,
    ReasonedChangeSerializer,
    ResultSerializer,
    TouchedSerializer,
    VersionsComparedSerializer,
    WordsOfChangeSerializer,
)
from changes.material import CHOICES, DEMANDS
from changes.models import ChangeRecord, ChangeState, Demand, Touched
from changes.permissions import may_decide, may_meet, may_say
from changes.queries import compared, records_at
from changes.queries.standing import lacks_of
from systems.models import AiSystem

DEMAND = OpenApiParameter("demand", enum=[name for name in DEMANDS if name != "approval"], location="path")
VERSION = {"type": "integer", "minimum": 1, "maximum": 10**9 - 1}


class ChangeFilter(filters.FilterSet):  # type: ignore[misc]
    """What the list can be narrowed by."""

    state = filters.ChoiceFilter(choices=ChangeState.choices)
    kind = filters.ChoiceFilter(choices=CHOICES, method="of_kind", label="A kind of change")
    system = filters.CharFilter(field_name="system__code", label="The code of an AI system")
    q = filters.CharFilter(method="mentioning", label="Words in its code, title or summary")

    def of_kind(self, rows: QuerySet[ChangeRecord], _name: str, value: str) -> QuerySet[ChangeRecord]:
        """Keep those of a kind."""
        return rows.annotate(named=Cast("kinds", TextField())).filter(named__contains=f'"{value}"')

    def mentioning(self, rows: QuerySet[ChangeRecord], _name: str, text: str) -> QuerySet[ChangeRecord]:
        """Keep those that mention a text."""
        return rows.filter(Q(code__icontains=text) | Q(title__icontains=text) | Q(summary__icontains=text))


@extend_schema_view(list=extend_schema(summary="List changes"))
class ChangeDoor(Door):
    """Changes of AI systems: plan, meet what they demand, say what they touch, decide, compare versions."""

    lookup_field = "code"
    queryset = ChangeRecord.unscoped.none()
    serializer_class = ChangeSerializer
    filterset_class = ChangeFilter
    statuses = {Incomplete: 409}
    versioned = frozenset(
        {"partial_update", "meet", "result", "canary", "waive", "touched", "emergency", "approve", "refuse", "withdraw"}
    ) | {"in_effect"}
    tagged = versioned | {"retrieve", "create"}

    def get_queryset(self) -> QuerySet[ChangeRecord]:
        """Return changes with their parts: three queries."""
        rows: QuerySet[ChangeRecord] = ChangeRecord.objects.select_related("system", "opened_by", "decided_by")
        demands = Demand.objects.select_related("by").order_by("pk")
        touched = Touched.objects.select_related("said_by").order_by("pk")
        return rows.prefetch_related(Prefetch("demands", demands), Prefetch("touched", touched))

    def list(self, request: Request) -> Response:
        """Return a page of the changes, the newest first."""
        return self.listed(self.get_queryset().order_by("-opened_at", "-pk"), self._shapes)

    @extend_schema(responses=ChangeSerializer, summary="Read a change")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one change with what it demands, what it touches and what is missing."""
        return self._answer(self.one())

    @extend_schema(request=PlanChangeSerializer, responses={201: ChangeSerializer}, summary="Plan a change")
    def create(self, request: Request) -> Response:
        """Open a change record before the change is made; people only."""
        said = self.said(PlanChangeSerializer)
        system = AiSystem.objects.filter(code=said.pop("system")).first()
        if system is None:
            raise NotHere(_("There is no such AI system."), field="system")
        return self._answer(actions.open_change(system, **said, actor=self.actor), 201)

    @extend_schema(request=WordsOfChangeSerializer, responses=ChangeSerializer, summary="Describe a change")
    def partial_update(self, request: Request, code: str) -> Response:
        """Put the change into words; people only."""
        row, said = self.one(may_say), self.said(WordsOfChangeSerializer, partial=True)
        said = {"title": row.title, "summary": row.summary} | said
        with self.holding(row, **said) as seen:
            actions.describe_change(row, **said, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=ResultSerializer, responses=ChangeSerializer, summary="Tell the regression evaluation")
    @action(detail=True, methods=["post"], url_path="evaluation")
    def result(self, request: Request, code: str) -> Response:
        """Record a result against its limit; whether it passes is computed."""
        row, said = self.one(may_meet), self.said(ResultSerializer)
        with self.holding(row) as seen:
            actions.meet_by_result(row, actions.Measured(**said), seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=CanarySerializer, responses=ChangeSerializer, summary="Tell how the canary went")
    @action(detail=True, methods=["post"])
    def canary(self, request: Request, code: str) -> Response:
        """Record the share of the traffic, for how long, and whether it went well."""
        row, said = self.one(may_meet), self.said(CanarySerializer)
        with self.holding(row) as seen:
            actions.meet_by_canary(row, actions.Canary(**said), seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(
        request=MeetSerializer, responses=ChangeSerializer, parameters=[DEMAND], summary="Meet a demand by a reference"
    )
    @action(detail=True, methods=["post"], url_path=r"demands/(?P<demand>[a-z\-]{1,20})/meet")
    def meet(self, request: Request, code: str, demand: str) -> Response:
        """Link the refreshed assessment, or an evaluation that is kept here."""
        row, said = self.one(may_meet), self.said(MeetSerializer)
        with self.holding(row) as seen:
            actions.meet_by_reference(row, demand, said["reference"], seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(
        request=ReasonedChangeSerializer,
        responses=ChangeSerializer,
        parameters=[DEMAND],
        summary="Say why a demand does not apply",
    )
    @action(detail=True, methods=["post"], url_path=r"demands/(?P<demand>[a-z\-]{1,20})/waive")
    def waive(self, request: Request, code: str, demand: str) -> Response:
        """Waive a demand with a reason, where the rules let one; people only."""
        row, reason = self.one(may_say), self.said(ReasonedChangeSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.waive(row, demand, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=TouchedSerializer, responses=ChangeSerializer, summary="Say what a change touches")
    @action(detail=True, methods=["post"])
    def touched(self, request: Request, code: str) -> Response:
        """Say of things by their reference whether they are touched, and why not; people only."""
        row, said = self.one(may_say), self.said(TouchedSerializer)["things"]
        keys = dict(row.touched.values_list("about", "pk"))
        with self.holding(row) as seen:
            if strange := {each["about"] for each in said} - keys.keys():
                words = _("%s is not among what the change may touch.") % ", ".join(sorted(strange))
                raise NotHere(words, field="things")
            told = {keys[each["about"]]: actions.Said(each["effect"], each.get("because", "")) for each in said}
            actions.say_touched(row, told, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=EmergencySerializer, responses=ChangeSerializer, summary="Declare an emergency")
    @action(detail=True, methods=["post"])
    def emergency(self, request: Request, code: str) -> Response:
        """Say that the change took effect before approval, why, and by when it is approved; people only."""
        row, said = self.one(may_say), self.said(EmergencySerializer)
        with self.holding(row, emergency_reason=said["reason"]) as seen:
            actions.declare_emergency(row, **said, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(
        request=ApproveChangeSerializer,
        responses=ChangeSerializer,
        summary="Approve a change",
        description="Answers 409 with `lacks` in words while something is missing. Tokens cannot.",
    )
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, code: str) -> Response:
        """Approve as somebody who had no hand in it."""
        row, reason = self.one(may_decide), self.said(ApproveChangeSerializer).get("reason", "")
        with self.holding(row, reason=reason) as seen:
            actions.approve_change(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=ReasonedChangeSerializer, responses=ChangeSerializer, summary="Refuse a change")
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, code: str) -> Response:
        """Refuse with a reason, as somebody who had no hand in it. Tokens cannot."""
        return self._reasoned(may_decide, actions.refuse_change)

    @extend_schema(request=ReasonedChangeSerializer, responses=ChangeSerializer, summary="Withdraw a change")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, code: str) -> Response:
        """Withdraw a plan, or a change whose edits were taken back; people only."""
        return self._reasoned(may_say, actions.withdraw_change)

    @extend_schema(request=None, responses=ChangeSerializer, summary="Say that a change is in effect")
    @action(detail=True, methods=["post"], url_path="in-effect")
    def in_effect(self, request: Request, code: str) -> Response:
        """Say that an approved change took effect; people only."""
        row = self.one(may_say)
        with self.holding(row) as seen:
            actions.take_effect(row, seen=seen, actor=self.actor)
        return self._answer(row)

    def _reasoned(self, permit: Any, verb: Any) -> Response:
        row, reason = self.one(permit), self.said(ReasonedChangeSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            verb(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    def _answer(self, row: ChangeRecord, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        place = reverse("api:changes-detail", args=[self.aims.slug, row.code]) if status == 201 else ""
        return self.shown(self._shapes([row])[0], row.version, status=status, location=place)

    def _shapes(self, rows: Any) -> Any:
        slug = self.aims.slug
        for row in rows:
            row.lacks = lacks_of(row, row.demands.all(), row.touched.all(), slug) if row.is_undecided else []
        return ChangeSerializer(rows, many=True).data


class NoSuchVersion(Refusal):
    """The system has no such version."""


class VersionsDoor(Door):
    """Two versions of a system's record."""

    queryset = AiSystem.unscoped.none()
    serializer_class = VersionsComparedSerializer
    pagination_class = None

    @extend_schema(
        responses=VersionsComparedSerializer(many=True),
        summary="Compare two versions of a system's record",
        parameters=[
            OpenApiParameter("system", str, description="The code of an AI system; without one nothing is compared."),
            OpenApiParameter("from", VERSION, description="The version to begin at."),
            OpenApiParameter("to", VERSION, description="The version to end at."),
        ],
    )
    def show(self, request: Request) -> Response:
        """Return what differs, section by section."""
        older, newer = (_number(name, request.query_params.get(name)) for name in ("from", "to"))
        code = request.query_params.get("system", "")
        if not code:
            return Response([])
        system = get_object_or_404(AiSystem.objects, code=code)
        records = records_at(system, [older, newer])
        for name, number in (("from", older), ("to", newer)):
            if number not in records:
                raise NoSuchVersion(_("There is no such version."), field=name)
        return Response(VersionsComparedSerializer(compared(records[older], records[newer]), many=True).data)


def _number(name: str, text: str | None) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text)):
        raise ValidationError({name: [_("A version is a whole number from 1.")]})
    return int(text)
