"""The API door to impact assessments."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import require
from aims.api import Door, NotHere
from assessments import actions
from assessments.actions.shared import NotWritable
from assessments.bodies import (
    AssessmentDetailSerializer,
    AssessmentSerializer,
    DecideAssessmentSerializer,
    ReasonedSerializer,
    StartSerializer,
    TextsSerializer,
    WriteAnswerSerializer,
    WriteImpactSerializer,
    WriteMeasureSerializer,
    WritePartySerializer,
    control_of,
    system_of,
)
from assessments.halves import SCORED, halves
from assessments.law.bodies import LawSerializer
from assessments.law.view import view_of
from assessments.models import AffectedParty, Assessment, AssessmentState, Decision, Impact, Measure
from assessments.permissions import may_decide, may_return, may_start, may_write
from assessments.sections.actions import answer_question
from assessments.sections.queries import is_co_author
from assessments.sections.questions import BY_KEY

PART = OpenApiParameter("part", {"type": "integer", "minimum": 1, "maximum": 10**9}, OpenApiParameter.PATH)
OF_PART = r"(?P<part>[0-9]{1,9})"
VERSIONED = "If-Match takes the version of the part, not of the assessment."
Body = type[serializers.Serializer[Any]]


def _writes(actor: Actor, row: Assessment) -> bool:
    return may_write(actor, row) or is_co_author(actor, row)


class AssessmentFilter(filters.FilterSet):  # type: ignore[misc]
    """What assessments can be narrowed by."""

    state = filters.ChoiceFilter(choices=AssessmentState.choices)
    system = filters.CharFilter(field_name="system__code", label="The code of an AI system")


def _refuse_halves(scores: dict[str, Any]) -> None:
    for name, words in halves(scores):
        raise NotWritable(words, field=name)


def _adding(body: Body, summary: str) -> Callable[[Any], Any]:
    return extend_schema(request=body, responses={201: AssessmentDetailSerializer}, summary=summary)


def _changing(body: Body | None, summary: str) -> Callable[[Any], Any]:
    answers, told = AssessmentDetailSerializer, {"parameters": [PART], "description": VERSIONED}
    return extend_schema(request=body, responses=answers, summary=summary, **told)  # type: ignore[arg-type]


@extend_schema_view(list=extend_schema(summary="List impact assessments"))
class AssessmentDoor(Door):
    """Impact assessments: start, write, judge anew, submit, return, decide, revise."""

    lookup_field = "ref"
    lookup_value_regex = r"[A-Za-z0-9.\-]{1,20}@[0-9.]{1,10}"
    queryset = Assessment.unscoped.none()
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilter
    versioned = frozenset(
        {
            *("partial_update", "submit", "send_back", "decide", "edit_party", "withdraw_party", "edit_impact"),
            *("withdraw_impact", "edit_measure", "withdraw_measure", "judge_anew"),
        }
    )
    tagged = versioned | {"retrieve", "create", "revise", "add_party", "add_impact", "add_measure", "answer"}

    def get_queryset(self) -> QuerySet[Assessment]:
        """Return them with what they are shown with: two queries for a page, six for one."""
        rows: QuerySet[Assessment] = Assessment.objects.select_related("system", "author", "decided_by", "criteria")
        if self.action == "list":
            return rows.defer("frozen")
        measures = Measure.objects.filter(withdrawn_at__isnull=True).select_related("requirement").order_by("pk")
        impacts = Impact.objects.filter(withdrawn_at__isnull=True).order_by("number")
        impacts = impacts.prefetch_related(Prefetch("measures", measures, to_attr="live_measures"))
        parties = AffectedParty.objects.filter(withdrawn_at__isnull=True).order_by("pk")
        return rows.prefetch_related(
            "texts",
            Prefetch("parties", parties, to_attr="live_parties"),
            Prefetch("impacts", impacts, to_attr="live_impacts"),
        )

    def one(self, permit: Any = None) -> Assessment:
        """Return the edition that the address names."""
        code, _at, edition = self.kwargs["ref"].partition("@")
        row = get_object_or_404(self.get_queryset(), code=code, edition=edition)
        require(permit is None or permit(self.actor, row))
        return row

    def list(self, request: Request) -> Response:
        """Return a page of editions, superseded ones too."""
        return self.listed(self.get_queryset(), lambda page: AssessmentSerializer(page, many=True).data)

    @extend_schema(responses=AssessmentDetailSerializer, summary="Read an impact assessment")
    def retrieve(self, request: Request, ref: str) -> Response:
        """Return one edition with its parties, impacts and measures."""
        return self._answer(self.one())

    @extend_schema(responses=LawSerializer, summary="Read what the EU AI Act asks beside it")
    @action(detail=True, methods=["get"], url_path="eu-ai-act")
    def eu_ai_act(self, request: Request, ref: str) -> Response:
        """Return basis, articles and elements with what is told of each; none of it is conformity."""
        return Response(LawSerializer(view_of(self.one(), clock.today(self.aims.time_zone))).data)

    @_adding(StartSerializer, "Start an impact assessment")
    def create(self, request: Request) -> Response:
        """Open a draft on the newest criteria, which stay with it."""
        said = self.said(StartSerializer)
        system = system_of(said["system"])
        if system is None:
            raise NotHere(_("Say which AI system is assessed."), field="system")
        require(may_start(self.actor, system))
        row = actions.start_assessment(system, system_version=said.get("system_version", ""), actor=self.actor)
        return self._answer(row, 201)

    @extend_schema(request=TextsSerializer, responses=AssessmentDetailSerializer, summary="Write an impact assessment")
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change the texts that are sent."""
        row, said = self.one(_writes), self.said(TextsSerializer, partial=True)
        with self.holding(row, **said) as seen:
            actions.edit_assessment(row, seen=seen, actor=self.actor, **said)  # type: ignore[typeddict-item]
        return self._answer(row)

    @extend_schema(request=None, responses=AssessmentDetailSerializer, summary="Submit an impact assessment")
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, ref: str) -> Response:
        """Ask for the decision; an incomplete one is refused with everything it lacks."""
        row = self.one(_writes)
        with self.holding(row) as seen:
            actions.submit_assessment(row, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(
        request=None, responses=AssessmentDetailSerializer, summary="Judge an impact assessment by the newest criteria"
    )
    @action(detail=True, methods=["post"], url_path="judge-anew")
    def judge_anew(self, request: Request, ref: str) -> Response:
        """Put one that is open on the newest criteria; what is in review or decided keeps its own."""
        row = self.one(_writes)
        with self.holding(row) as seen:
            actions.judge_assessment_anew(row, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(
        request=ReasonedSerializer, responses=AssessmentDetailSerializer, summary="Return an impact assessment"
    )
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, ref: str) -> Response:
        """Send it back to its author with a reason."""
        row, reason = self.one(may_return), self.said(ReasonedSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.return_assessment(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(
        request=DecideAssessmentSerializer, responses=AssessmentDetailSerializer, summary="Decide an impact assessment"
    )
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, ref: str) -> Response:
        """Settle whether the system may be used; only an approver who wrote none of it."""
        row, said = self.one(may_decide), self.said(DecideAssessmentSerializer)
        decision = Decision(said.pop("decision"))
        with self.holding(row, reason=said["reason"]) as seen:
            actions.decide_assessment(row, decision, seen=seen, actor=self.actor, **said)
        return self._answer(row)

    @_adding(ReasonedSerializer, "Revise an impact assessment")
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, ref: str) -> Response:
        """Open the next edition with the content of a decided one, and say why."""
        row, reason = self.one(_writes), self.said(ReasonedSerializer)["reason"]
        return self._answer(actions.clone_edition(row, reason=reason, actor=self.actor), 201)

    @extend_schema(
        request=WriteAnswerSerializer, responses=AssessmentDetailSerializer, summary="Answer a question of a section"
    )
    @action(detail=True, methods=["post"], url_path=r"answers/(?P<question>[a-z_\-]{1,40})")
    def answer(self, request: Request, ref: str, question: str) -> Response:
        """Answer a question, or say why it does not apply; an older `seen` is answered with both texts (409)."""
        row, said = self.one(_writes), self.said(WriteAnswerSerializer)
        if question not in BY_KEY:
            raise Http404
        answer_question(row, question, **said, actor=self.actor)
        return self._answer(row)

    @_adding(WritePartySerializer, "Name an affected party")
    @action(detail=True, methods=["post"], url_path="parties")
    def add_party(self, request: Request, ref: str) -> Response:
        """Name somebody whom the system touches."""
        row, said = self.one(_writes), self.said(WritePartySerializer)
        actions.add_party(row, actor=self.actor, **said)  # type: ignore[typeddict-item]
        return self._answer(row, 201)

    @_changing(WritePartySerializer, "Edit an affected party")
    @action(detail=True, methods=["patch"], url_path=f"parties/{OF_PART}")
    def edit_party(self, request: Request, ref: str, part: str) -> Response:
        """Change what is sent."""
        row, said = self.one(_writes), self.said(WritePartySerializer, partial=True)
        return self._changed(row, AffectedParty.objects.filter(assessment=row), actions.edit_party, said)

    @_changing(None, "Withdraw an affected party")
    @action(detail=True, methods=["post"], url_path=f"parties/{OF_PART}/withdraw")
    def withdraw_party(self, request: Request, ref: str, part: str) -> Response:
        """Take a party out; its history stays."""
        row = self.one(_writes)
        return self._changed(row, AffectedParty.objects.filter(assessment=row), actions.withdraw_party, {})

    @_adding(WriteImpactSerializer, "Name an impact")
    @action(detail=True, methods=["post"], url_path="impacts")
    def add_impact(self, request: Request, ref: str) -> Response:
        """Name an effect under the next number."""
        row, said = self.one(_writes), self.said(WriteImpactSerializer)
        _refuse_halves(said)
        actions.add_impact(row, actor=self.actor, **said)  # type: ignore[typeddict-item]
        return self._answer(row, 201)

    @_changing(WriteImpactSerializer, "Edit an impact")
    @action(detail=True, methods=["patch"], url_path=f"impacts/{OF_PART}")
    def edit_impact(self, request: Request, ref: str, part: str) -> Response:
        """Change what is sent."""
        row, said = self.one(_writes), self.said(WriteImpactSerializer, partial=True)
        impacts = Impact.objects.filter(assessment=row)
        if set(SCORED) & set(said):
            stands = impacts.filter(pk=int(part)).values(*SCORED, "valence").first() or {}
            _refuse_halves({**stands, **said})
        return self._changed(row, impacts, actions.edit_impact, said)

    @_changing(None, "Withdraw an impact")
    @action(detail=True, methods=["post"], url_path=f"impacts/{OF_PART}/withdraw")
    def withdraw_impact(self, request: Request, ref: str, part: str) -> Response:
        """Take an impact and its measures out; their history stays."""
        row = self.one(_writes)
        return self._changed(row, Impact.objects.filter(assessment=row), actions.withdraw_impact, {})

    @extend_schema(
        request=WriteMeasureSerializer,
        responses={201: AssessmentDetailSerializer},
        parameters=[PART],
        summary="Name a measure",
    )
    @action(detail=True, methods=["post"], url_path=f"impacts/{OF_PART}/measures")
    def add_measure(self, request: Request, ref: str, part: str) -> Response:
        """Name what is done about an impact."""
        row, said = self.one(_writes), control_of(self.said(WriteMeasureSerializer))
        impact = get_object_or_404(Impact.objects.filter(assessment=row, withdrawn_at__isnull=True), pk=int(part))
        actions.add_measure(impact, actor=self.actor, **said)  # type: ignore[typeddict-item]
        return self._answer(row, 201)

    @_changing(WriteMeasureSerializer, "Edit a measure")
    @action(detail=True, methods=["patch"], url_path=f"measures/{OF_PART}")
    def edit_measure(self, request: Request, ref: str, part: str) -> Response:
        """Change what is sent."""
        row, said = self.one(_writes), control_of(self.said(WriteMeasureSerializer, partial=True))
        return self._changed(row, Measure.objects.filter(impact__assessment=row), actions.edit_measure, said)

    @_changing(None, "Withdraw a measure")
    @action(detail=True, methods=["post"], url_path=f"measures/{OF_PART}/withdraw")
    def withdraw_measure(self, request: Request, ref: str, part: str) -> Response:
        """Take a measure out; its history stays."""
        row = self.one(_writes)
        return self._changed(row, Measure.objects.filter(impact__assessment=row), actions.withdraw_measure, {})

    def _changed(
        self, row: Assessment, parts: "QuerySet[Any]", act: Callable[..., Model], said: dict[str, Any]
    ) -> Response:
        part = parts.filter(withdrawn_at__isnull=True, pk=int(self.kwargs["part"])).first()
        if part is None:
            raise Http404
        with self.holding(part, **said) as seen:
            act(part, seen=seen, actor=self.actor, **said)
        return self._answer(row)

    def _answer(self, row: Assessment, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        place = reverse("api:assessments-detail", args=[self.aims.slug, row.ref_code]) if status == 201 else ""
        return self.shown(AssessmentDetailSerializer(row).data, row.version, status=status, location=place)
