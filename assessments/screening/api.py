"""The API door to screenings: begin, answer, conclude, sign, return, and go on to the assessment."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from accounts.roles import WRITERS
from aims.api import Door, NotHere, PersonSerializer, Text
from assessments.bodies import ReasonedSerializer, system_of
from assessments.models import Screening, ScreeningState
from assessments.permissions import may_screen, may_send_screening_back, may_sign, may_start
from assessments.screening import actions
from assessments.screening.actions.answer import LONGEST_NOTE
from assessments.screening.actions.begun import begin_assessment
from assessments.screening.deciding import reasons_in_words
from assessments.screening.questions import Said


class ScreeningAnswerSerializer(serializers.Serializer[Any]):
    """What is said to one question."""

    answer = serializers.ChoiceField(Said.choices, allow_blank=True, required=False)
    note = Text(max_length=LONGEST_NOTE, required=False)


class ScreeningSerializer(serializers.ModelSerializer[Screening]):
    """A screening: its answers by the codes of the questions, what they came to and why, and who signed."""

    system = serializers.CharField(source="system.code")
    answers = serializers.DictField(child=ScreeningAnswerSerializer())
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Codes of the questions that led to it.")
    reasons_in_words = serializers.SerializerMethodField()
    author = PersonSerializer(allow_null=True)
    signed_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Screening
        fields = (
            "code", "system", "system_version", "edition", "state", "answers", "outcome", "reasons",
            "reasons_in_words", "because", "author", "concluded_at", "signed_by", "signed_at", "next_review_on",
            "version", "changed_at",
        )  # fmt: skip

    def get_reasons_in_words(self, row: Screening) -> list[str]:
        """Return why, in sentences."""
        return reasons_in_words(row.reasons, row.answers)


class BeginScreeningSerializer(serializers.Serializer[Any]):
    """The AI system to screen, by its code."""

    system = Text(max_length=20)


class ScreeningAnswersSerializer(serializers.Serializer[Any]):
    """Answers by the codes of their questions; those that are not sent stay as they are."""

    answers = serializers.DictField(child=ScreeningAnswerSerializer())


class ConcludeScreeningSerializer(serializers.Serializer[Any]):
    """Why no assessment is due; needed when every answer is no."""

    because = Text(max_length=4_000, required=False)


class SignScreeningSerializer(serializers.Serializer[Any]):
    """Until when the signature holds: within a year."""

    next_review_on = serializers.DateField()


class BegunSerializer(serializers.Serializer[Any]):
    """The assessment that begins."""

    assessment = serializers.CharField(help_text="Its reference, such as IA-2026-08@1.0.")


class ScreeningFilter(filters.FilterSet):  # type: ignore[misc]
    """What screenings can be narrowed by."""

    state = filters.ChoiceFilter(choices=ScreeningState.choices)
    system = filters.CharFilter(field_name="system__code", label="The code of an AI system")


@extend_schema_view(list=extend_schema(summary="List screenings"))
class ScreeningDoor(Door):
    """Screenings, each of one AI system."""

    lookup_field = "code"
    queryset = Screening.unscoped.none()
    serializer_class = ScreeningSerializer
    filterset_class = ScreeningFilter
    versioned = frozenset({"answer", "conclude", "sign", "send_back"})
    tagged = versioned | {"retrieve", "create"}

    def get_queryset(self) -> QuerySet[Screening]:
        """Return screenings with their system and people."""
        return Screening.objects.select_related("system", "author", "signed_by")

    def list(self, request: Request) -> Response:
        """Return a page of screenings, superseded ones too."""
        return self.listed(self.get_queryset(), lambda page: ScreeningSerializer(page, many=True).data)

    @extend_schema(responses=ScreeningSerializer, summary="Read a screening")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one screening."""
        return self._answer(self.one())

    @extend_schema(request=BeginScreeningSerializer, responses={201: ScreeningSerializer}, summary="Begin a screening")
    def create(self, request: Request) -> Response:
        """Open the questionnaire for a system; what its record answers yes already is answered."""
        require(self.actor.is_person and self.actor.holds(*WRITERS))
        system = system_of(self.said(BeginScreeningSerializer)["system"])
        if system is None:
            raise NotHere(_("Say which AI system is screened."), field="system")
        return self._answer(actions.begin_screening(system, actor=self.actor), 201)

    @extend_schema(request=ScreeningAnswersSerializer, responses=ScreeningSerializer, summary="Answer a screening")
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, code: str) -> Response:
        """Save answers."""
        row = self._answerable()
        answers = self.said(ScreeningAnswersSerializer)["answers"]
        with self.holding(row, answers=answers) as seen:
            actions.answer_screening(row, answers=answers, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=ConcludeScreeningSerializer, responses=ScreeningSerializer, summary="Conclude a screening")
    @action(detail=True, methods=["post"])
    def conclude(self, request: Request, code: str) -> Response:
        """Take what the answers come to; that no assessment is due waits for the signature of somebody else."""
        row = self._answerable()
        because = self.said(ConcludeScreeningSerializer).get("because", "")
        with self.holding(row, because=because) as seen:
            actions.conclude_screening(row, because=because, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=SignScreeningSerializer, responses=ScreeningSerializer, summary="Sign a screening")
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, code: str) -> Response:
        """Sign that no assessment is due; only somebody who answered none of it."""
        row, said = self.one(may_sign), self.said(SignScreeningSerializer)
        with self.holding(row, **said) as seen:
            actions.sign_screening(row, **said, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=ReasonedSerializer, responses=ScreeningSerializer, summary="Return a screening")
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, code: str) -> Response:
        """Send it back to who answered it, with a reason."""
        row, reason = self.one(may_send_screening_back), self.said(ReasonedSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.return_screening(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row)

    @extend_schema(request=None, responses={201: BegunSerializer}, summary="Start the assessment that is due")
    @action(detail=True, methods=["post"])
    def start(self, request: Request, code: str) -> Response:
        """Begin the assessment that the screening says is due, or a new edition of the one in force."""
        row = self.one(lambda actor, found: may_start(actor, found.system))
        begun = begin_assessment(row, actor=self.actor)
        place = reverse("api:assessments-detail", args=[self.aims.slug, begun.ref_code])
        return Response({"assessment": begun.ref_code}, status=201, headers={"Location": place})

    def _answerable(self) -> Screening:
        row: Screening = self.one(lambda actor, found: may_screen(actor, found.system))
        return row

    def _answer(self, row: Screening, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        place = reverse("api:screenings-detail", args=[self.aims.slug, row.code]) if status == 201 else ""
        return self.shown(ScreeningSerializer(row).data, row.version, status=status, location=place)
