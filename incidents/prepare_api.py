"""The API doors to runbooks, drills and the organisation's own duties to notify."""

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door
from incidents import actions
from incidents import bodies as body
from incidents.models import OwnDuty, Runbook
from incidents.permissions import may_prepare


@extend_schema_view(list=extend_schema(summary="List runbooks"))
class RunbookDoor(Door):
    """Runbooks: write, change, drill."""

    lookup_field = "code"
    queryset = Runbook.unscoped.none()
    serializer_class = body.RunbookSerializer
    versioned = frozenset({"partial_update"})
    tagged = versioned | {"retrieve", "create", "drill"}

    def get_queryset(self) -> QuerySet[Runbook]:
        """Return runbooks with their drills: three queries."""
        rows: QuerySet[Runbook] = Runbook.objects.select_related("owner").prefetch_related("drills__by")
        return rows

    def list(self, request: Request) -> Response:
        """Return a page of runbooks."""
        return self.listed(self.get_queryset(), lambda page: body.RunbookSerializer(page, many=True).data)

    @extend_schema(responses=body.RunbookSerializer, summary="Read a runbook")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one runbook."""
        return self._shown(self.one())

    @extend_schema(
        request=body.WriteRunbookSerializer, responses={201: body.RunbookSerializer}, summary="Write a runbook"
    )
    def create(self, request: Request) -> Response:
        """Write a runbook; people only."""
        require(may_prepare(self.actor))
        said = body.named_in(self.said(body.WriteRunbookSerializer))
        return self._again(actions.write_runbook(**said, actor=self.actor), 201)

    @extend_schema(request=body.WriteRunbookSerializer, responses=body.RunbookSerializer, summary="Change a runbook")
    def partial_update(self, request: Request, code: str) -> Response:
        """Change what is sent; other steps make another edition."""
        require(may_prepare(self.actor))
        row, said = self.one(), body.named_in(self.said(body.WriteRunbookSerializer, partial=True))
        with self.holding(row, **said) as seen:
            actions.edit_runbook(row, seen=seen, actor=self.actor, **said)
        return self._again(row)

    @extend_schema(request=body.HoldDrillSerializer, responses={201: body.RunbookSerializer}, summary="Record a drill")
    @action(detail=True, methods=["post"], url_path="drills")
    def drill(self, request: Request, code: str) -> Response:
        """Record that it was tried, and how it went."""
        require(may_prepare(self.actor))
        row = self.one()
        actions.hold_drill(row, **self.said(body.HoldDrillSerializer), actor=self.actor)
        return self._again(row, 201)

    def _again(self, row: Runbook, status: int = 200) -> Response:
        return self._shown(self.get_queryset().get(pk=row.pk), status)

    def _shown(self, row: Runbook, status: int = 200) -> Response:
        place = reverse("api:runbooks-detail", args=[self.aims.slug, row.code]) if self.action == "create" else ""
        return self.shown(body.RunbookSerializer(row).data, row.version, status=status, location=place)


@extend_schema_view(list=extend_schema(summary="List the organisation's own duties to notify"))
class DutyDoor(Door):
    """Duties to notify that the organisation took on itself: add, end."""

    lookup_field = "code"
    queryset = OwnDuty.unscoped.none()
    serializer_class = body.OwnDutySerializer
    versioned = frozenset({"withdraw"})
    tagged = versioned | {"retrieve", "create"}

    def get_queryset(self) -> QuerySet[OwnDuty]:
        """Return them with their systems, ended ones too."""
        return OwnDuty.objects.select_related("system")

    def list(self, request: Request) -> Response:
        """Return a page of them."""
        return self.listed(self.get_queryset(), lambda page: body.OwnDutySerializer(page, many=True).data)

    @extend_schema(responses=body.OwnDutySerializer, summary="Read a duty")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one duty."""
        return self._shown(self.one())

    @extend_schema(request=body.NewOwnDutySerializer, responses={201: body.OwnDutySerializer}, summary="Add a duty")
    def create(self, request: Request) -> Response:
        """Take a duty on; open incidents are held against it at once. People only."""
        require(may_prepare(self.actor))
        said = body.named_in(self.said(body.NewOwnDutySerializer))
        return self._shown(actions.add_duty(**said, actor=self.actor), 201)

    @extend_schema(request=body.EndingSerializer, responses=body.OwnDutySerializer, summary="End a duty")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, code: str) -> Response:
        """End a duty with its reason; people only."""
        require(may_prepare(self.actor))
        row, said = self.one(), self.said(body.EndingSerializer)
        with self.holding(row, **said) as seen:
            actions.withdraw_duty(row, **said, seen=seen, actor=self.actor)
        return self._shown(self.get_queryset().get(pk=row.pk))

    def _shown(self, row: OwnDuty, status: int = 200) -> Response:
        place = reverse("api:notification_duties-detail", args=[self.aims.slug, row.code]) if status == 201 else ""
        return self.shown(body.OwnDutySerializer(row).data, row.version, status=status, location=place)
