"""The API door to judgement across systems."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from aims.api import Door
from aims.vocabulary import Band
from assessments.bands import band_of
from assessments.models import Assessment
from assessments.queries.portfolio import SORTS, STATES, SystemJudged, Weighed, narrowed, portfolio

STAGES = ("before", "now", "target")


class WeighedSerializer(serializers.Serializer[Any]):
    """A level: its band and its score."""

    band = serializers.ChoiceField(Band.choices)
    score = serializers.IntegerField()


class BandCountsSerializer(serializers.Serializer[Any]):
    """How many systems stand in each band by their worst."""

    low = serializers.IntegerField()
    moderate = serializers.IntegerField()
    high = serializers.IntegerField()
    severe = serializers.IntegerField()
    none = serializers.IntegerField(help_text="Not judged")


class PortfolioCountsSerializer(serializers.Serializer[Any]):
    """The bands before measures, now, and as targeted."""

    before = BandCountsSerializer()
    now = BandCountsSerializer()
    target = BandCountsSerializer()


class MatrixCellSerializer(serializers.Serializer[Any]):
    """A cell of the matrix."""

    likelihood = serializers.IntegerField()
    severity = serializers.IntegerField()


class ScoreMoveSerializer(serializers.Serializer[Any]):
    """How many impacts or risks moved from one cell to another; without scores there is no cell."""

    before = MatrixCellSerializer(allow_null=True)
    now = MatrixCellSerializer(allow_null=True)
    count = serializers.IntegerField()


class SystemJudgedSerializer(serializers.Serializer[Any]):
    """One system and the worst that its assessment in force says of it; without one it was not assessed."""

    system = serializers.CharField()
    name = serializers.CharField()
    is_in_scope = serializers.BooleanField(allow_null=True)
    assessment = serializers.CharField(allow_null=True, help_text="Its reference, such as IA-2026-08@1.0.")
    state = serializers.CharField()
    decision = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    next_review_on = serializers.DateField(allow_null=True)
    is_late = serializers.BooleanField()
    before = WeighedSerializer(allow_null=True)
    now = WeighedSerializer(allow_null=True)
    target = WeighedSerializer(allow_null=True)
    harms = BandCountsSerializer(help_text="How many harms remain in each band")


class PortfolioSerializer(serializers.Serializer[Any]):
    """The portfolio: the counts are of all systems that are not retired, `systems` those that were asked for."""

    counts = PortfolioCountsSerializer()
    impacts = ScoreMoveSerializer(many=True)
    risks = ScoreMoveSerializer(many=True)
    retired = serializers.IntegerField()
    systems = SystemJudgedSerializer(many=True)


class AskedSerializer(serializers.Serializer[Any]):
    """What the systems are narrowed to."""

    q = serializers.CharField(required=False, allow_blank=True, max_length=200)
    band = serializers.ChoiceField(Band.choices, required=False, allow_blank=True)
    state = serializers.ChoiceField(STATES, required=False, allow_blank=True)
    sort = serializers.ChoiceField([*SORTS, *(f"-{name}" for name in SORTS)], required=False, allow_blank=True)


class PortfolioDoor(Door):
    """Judgement across systems."""

    serializer_class = PortfolioSerializer

    def get_queryset(self) -> QuerySet[Assessment]:
        """Return nothing: the portfolio is added up from many tables."""
        return Assessment.objects.none()

    @extend_schema(
        responses=PortfolioSerializer,
        parameters=[
            OpenApiParameter("q", {"type": "string", "maxLength": 200}, description="Part of a code or name"),
            OpenApiParameter("band", {"type": "string", "enum": Band.values}, description="Worst now"),
            OpenApiParameter("state", {"type": "string", "enum": list(STATES)}),
            OpenApiParameter("sort", {"type": "string", "enum": [*SORTS, *(f"-{name}" for name in SORTS)]}),
        ],
        summary="Read the portfolio",
    )
    def show(self, request: Request) -> Response:
        """Return where every system stands, and how its impacts moved from before measures to now."""
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        found, today = portfolio(), clock.today(self.aims.time_zone)
        rows = narrowed(
            found.systems,
            today=today,
            search=said.get("q", ""),
            band=said.get("band", ""),
            state=said.get("state", ""),
            sort=said.get("sort") or "-now",
        )
        told = {
            "counts": {stage: _bands(found.by_band(stage)) for stage in STAGES},
            "impacts": _moves(found.flows),
            "risks": _moves(found.risks),
            "retired": found.retired,
            "systems": [_system(row) | {"is_late": row.is_late(today)} for row in rows],
        }
        return Response(PortfolioSerializer(told).data)


def _bands(counts: tuple[int, ...]) -> dict[str, int]:
    return dict(zip((*Band.values, "none"), counts, strict=True))


def _moves(flows: Any) -> list[dict[str, Any]]:
    ordered = sorted(flows.items(), key=lambda each: (each[0][0] or (0, 0), each[0][1] or (0, 0)))
    return [{"before": _cell(old), "now": _cell(new), "count": count} for (old, new), count in ordered]


def _cell(cell: tuple[int, int] | None) -> dict[str, int] | None:
    return {"likelihood": cell[0], "severity": cell[1]} if cell else None


def _system(row: SystemJudged) -> dict[str, Any]:
    return {
        "system": row.code,
        "name": row.name,
        "is_in_scope": row.is_in_scope,
        "assessment": f"{row.assessment}@{row.edition}" if row.assessment else None,
        "state": row.state,
        "decision": row.decision,
        "decided_at": row.decided_at,
        "next_review_on": row.next_review_on,
        **{stage: _weighed(getattr(row, stage)) for stage in STAGES},
        "harms": _bands((*row.harms, row.unscored)),
    }


def _weighed(level: Weighed | None) -> dict[str, Any] | None:
    return {"band": str(band_of(level.rank)), "score": level.score} if level else None
