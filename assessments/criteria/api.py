"""The API door to the criteria of judgement: every version, the next one, and two of them compared."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import Refusal, require
from aims.acceptance import rule_of
from aims.actions import set_criteria
from aims.api import Door, Text, Whole, person_called
from aims.judging import Judging, Step
from aims.models import Criteria
from aims.permissions import may_manage
from aims.queries import current_criteria, people
from aims.vocabulary import Acceptor, Band
from assessments.criteria.comparing import compared, moved_assessments, moved_risks

SCALES = ("likelihood", "severity")
VERSION = {"type": "integer", "minimum": 1, "maximum": 10**9}
EMAILS = "E-mails of the people to whom a band is narrowed, by band."


class NoSuchVersion(Refusal):
    """The criteria have no version of this number."""


class StepSerializer(serializers.Serializer[Any]):
    """One score of a scale."""

    score = Whole(min_value=1, max_value=5)
    label = Text(max_length=40)  # type: ignore[assignment]
    wording = Text(max_length=400)


class CriteriaSerializer(serializers.ModelSerializer[Criteria]):
    """A version of the criteria: scales, bands, levels, and who may accept what."""

    likelihood = serializers.JSONField()
    severity = serializers.JSONField()
    bands = serializers.JSONField()
    acceptance = serializers.JSONField()
    accepts = serializers.SerializerMethodField()
    named = serializers.SerializerMethodField(help_text=EMAILS)

    class Meta:
        model = Criteria
        fields = (
            "number", "likelihood", "severity", "bands", "severity_five_at_least", "acceptable_up_to", "escalate_from",
            "acceptance", "accepts", "named", "why", "changed_at",
        )  # fmt: skip

    def get_accepts(self, row: Criteria) -> dict[str, list[str]]:
        """Return the rule of every band, shipped ones spelled out."""
        return {band.value: [who.value for who in rule_of(row, band).who] for band in Band}

    def get_named(self, row: Criteria) -> dict[str, list[str]]:
        """Return who is named; no query for nobody."""
        if not row.named:
            return {}
        known = {some for named in row.named.values() for some in named}
        emails = dict(people().filter(pseudonym__in=known).values_list("pseudonym", "email"))
        return {band: [emails[name] for name in named if name in emails] for band, named in row.named.items()}


class SetCriteriaSerializer(serializers.Serializer[Any]):
    """The next version in full; `seen` is the number of the version it replaces."""

    likelihood = StepSerializer(many=True)
    severity = StepSerializer(many=True)
    bands = serializers.DictField(child=serializers.ListField(child=Whole(min_value=1, max_value=25), max_length=2))
    severity_five_at_least = serializers.ChoiceField(Band.choices)
    acceptable_up_to = serializers.ChoiceField(Band.choices, allow_blank=True)
    escalate_from = serializers.ChoiceField(Band.choices)
    accepts = serializers.DictField(
        child=serializers.ListField(child=serializers.ChoiceField(Acceptor.choices), max_length=3)
    )
    named = serializers.DictField(
        child=serializers.ListField(child=Text(max_length=254), max_length=40), required=False, help_text=EMAILS
    )
    why = Text(max_length=2_000)
    seen = Whole(min_value=1, max_value=10**6)


class MovedSerializer(serializers.Serializer[Any]):
    """A judgement that would move; `crosses` says whether it comes above acceptance (up) or within it (down)."""

    code = serializers.CharField()
    title = serializers.CharField()
    judged_by = serializers.IntegerField(source="number", help_text="Version of the criteria that stands on it.")
    count = serializers.IntegerField(help_text="How many harms move.")
    before = serializers.CharField(source="before.band")
    after = serializers.CharField(source="after.band")
    score = serializers.IntegerField(source="after.score")
    crosses = serializers.CharField()


class SaidSerializer(serializers.Serializer[Any]):
    """One thing that both versions say differently."""

    about = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class ComparedCriteriaSerializer(serializers.Serializer[Any]):
    """Two versions: what they say differently, and what would move from the one to the other."""

    older = serializers.IntegerField()
    newer = serializers.IntegerField()
    said = SaidSerializer(many=True)
    assessments = MovedSerializer(many=True)
    risks = MovedSerializer(many=True)


class CriteriaDoor(Door):
    """The criteria of judgement: read, set, compare."""

    queryset = Criteria.unscoped.none()
    serializer_class = CriteriaSerializer
    pagination_class = None
    filterset_class = None
    tagged = frozenset({"set"})

    @extend_schema(responses=CriteriaSerializer, summary="Read the criteria of judgement")
    def show(self, request: Request) -> Response:
        """Return the newest version; assessments and risks keep the version that judged them."""
        return Response(CriteriaSerializer(current_criteria()).data)

    @extend_schema(responses=CriteriaSerializer(many=True), summary="List the versions of the criteria")
    def versions(self, request: Request) -> Response:
        """Return every version, the first first."""
        return Response(CriteriaSerializer(Criteria.objects.order_by("number"), many=True).data)

    @extend_schema(request=SetCriteriaSerializer, responses={201: CriteriaSerializer}, summary="Set the criteria")
    def set(self, request: Request) -> Response:
        """Make the next version (6.1.2); what was judged before keeps its own; people only."""
        require(may_manage(self.actor, self.aims))
        said: dict[str, Any] = self.said(SetCriteriaSerializer)
        why, seen = str(said.pop("why")), int(said.pop("seen"))
        scales: dict[str, Any] = {name: [Step(**step) for step in said.pop(name)] for name in SCALES}
        named = {band: _pseudonyms(emails) for band, emails in said.pop("named", {}).items()}
        row = set_criteria(Judging(**scales, **said, named=named), why=why, seen=seen, actor=self.actor)
        return self.shown(CriteriaSerializer(row).data, row.version, status=201)

    @extend_schema(
        responses=ComparedCriteriaSerializer,
        summary="Compare two versions of the criteria",
        parameters=[
            OpenApiParameter("from", VERSION, description="The version to begin at; without it the one before last."),
            OpenApiParameter("to", VERSION, description="The version to end at; without it the last."),
        ],
    )
    def compare(self, request: Request) -> Response:
        """Return what differs, and the assessments and risks that would move; nothing is judged anew."""
        newest = current_criteria().number
        before = _version("from", request.query_params.get("from"), max(1, newest - 1))
        after = _version("to", request.query_params.get("to"), newest)
        told = {
            "older": before.number,
            "newer": after.number,
            "said": compared(before, after).said,
            "assessments": moved_assessments(before, after, self.aims.slug),
            "risks": moved_risks(before, after, self.aims.slug),
        }
        return Response(ComparedCriteriaSerializer(told).data)


def _pseudonyms(emails: list[str]) -> list[str]:
    found = [person_called(email, "named") for email in emails]
    return sorted(person.pseudonym for person in found if person is not None)


def _version(name: str, text: str | None, default: int) -> Criteria:
    if text is not None and not (text.isascii() and text.isdecimal() and 0 < len(text) < 10):
        raise ValidationError({name: [_("A version is a whole number from 1.")]})
    row = Criteria.objects.filter(number=int(text) if text else default).first()
    if row is None:
        raise NoSuchVersion(_("There is no such version."), field=name)
    return row
