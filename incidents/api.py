"""The API door to incidents."""

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door
from aims.filters import WholeFilter
from controls.api import requirements_called
from incidents import actions
from incidents import bodies as body
from incidents.models import Incident, IncidentAction, IncidentLink, Notification
from incidents.permissions import may_contain, may_finish, may_handle, may_judge, may_note, may_report
from incidents.words import Kind, Standing, State

NUMBER = {"type": "integer", "minimum": 1, "maximum": 10**9}
PART = OpenApiParameter("part", NUMBER, OpenApiParameter.PATH)
OF_THE_PART = "If-Match takes the version of the part, not of the incident."
ONE = body.IncidentDetailSerializer


def on_part(place: str, verb: str) -> str:
    """Return the address of a verb about one part of an incident."""
    return rf"{place}/(?P<part>[0-9]{{1,10}})/{verb}"


class IncidentFilter(filters.FilterSet):  # type: ignore[misc]
    """What incidents can be narrowed by."""

    state = filters.ChoiceFilter(choices=State.choices)
    kind = filters.ChoiceFilter(choices=Kind.choices)
    severity = WholeFilter(min_value=1, max_value=4, label="How severe it is, 1 to 4")
    system = filters.CharFilter(field_name="system__code", label="The code of an AI system")
    q = filters.CharFilter(method="mentioning", label="Words in its code, title or text")

    def mentioning(self, rows: QuerySet[Incident], _name: str, text: str) -> QuerySet[Incident]:
        """Keep those that mention a text."""
        return rows.filter(Q(code__icontains=text) | Q(title__icontains=text) | Q(what__icontains=text))


@extend_schema_view(list=extend_schema(summary="List incidents"))
class IncidentDoor(Door):
    """Incidents: report, edit, triage, contain, correct, notify, move on."""

    lookup_field = "code"
    queryset = Incident.unscoped.none()
    serializer_class = body.IncidentSerializer
    filterset_class = IncidentFilter
    versioned = frozenset({"partial_update", "triage", "contain", "move", "unlink", "done", "drop", "sent", "not_due"})
    tagged = versioned | {"retrieve", "create", "note", "link", "plan"}

    def get_queryset(self) -> QuerySet[Incident]:
        """Return incidents with what they are shown with: one query for a page, six for one."""
        due = Q(notifications__state=Standing.DUE)
        rows: QuerySet[Incident] = Incident.objects.select_related("system__aims", "owner", "closed_by").annotate(
            owed=Count("notifications", filter=due), next_due=Min("notifications__due_at", filter=due)
        )
        if self.action == "list":
            return rows
        live = IncidentLink.objects.filter(withdrawn_at__isnull=True).select_related("requirement").order_by("pk")
        parts = ("containments__by", "incidentactions__owner", "incidentactions__done_by")
        return rows.prefetch_related(
            "incidentnotes", "notifications", *parts, Prefetch("incidentlinks", live, to_attr="live_links")
        )

    def list(self, request: Request) -> Response:
        """Return a page of incidents, the newest first."""
        return self.listed(self.get_queryset(), lambda page: body.IncidentSerializer(page, many=True).data)

    @extend_schema(responses=ONE, summary="Read an incident")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one incident with its timeline, actions and notifications."""
        return self._shown(self.one())

    @extend_schema(request=body.NewIncidentSerializer, responses={201: ONE}, summary="Report an incident")
    def create(self, request: Request) -> Response:
        """Report what went wrong; services may."""
        require(may_report(self.actor))
        said = self.said(body.NewIncidentSerializer)
        system = body.system_called(said.pop("system"))
        row = actions.report_incident(system, **body.named_in(said), actor=self.actor)
        return self._again(row, 201)

    @extend_schema(request=body.EditIncidentSerializer, responses=ONE, summary="Edit an incident")
    def partial_update(self, request: Request, code: str) -> Response:
        """Change what is sent; duties to notify are reckoned anew."""
        row = self.one(may_handle)
        said = body.named_in(self.said(body.EditIncidentSerializer, partial=True))
        with self.holding(row, **said) as seen:
            actions.edit_incident(row, seen=seen, actor=self.actor, **said)
        return self._again(row)

    @extend_schema(request=body.SeveritySerializer, responses=ONE, summary="Say how severe it is")
    @action(detail=True, methods=["post"])
    def triage(self, request: Request, code: str) -> Response:
        """Judge its severity; people only."""
        row, said = self.one(may_judge), self.said(body.SeveritySerializer)
        with self.holding(row, severity=said["severity"]) as seen:
            actions.triage(row, **said, seen=seen, actor=self.actor)
        return self._again(row)

    @extend_schema(request=body.WriteNoteSerializer, responses={201: ONE}, summary="Write on the timeline")
    @action(detail=True, methods=["post"], url_path="notes")
    def note(self, request: Request, code: str) -> Response:
        """Add an entry, which is never changed; services may."""
        row = self.one(may_note)
        actions.note(row, **self.said(body.WriteNoteSerializer), actor=self.actor)
        return self._again(row, 201)

    @extend_schema(request=body.ContainSerializer, responses={201: ONE}, summary="Contain it")
    @action(detail=True, methods=["post"], url_path="containments")
    def contain(self, request: Request, code: str) -> Response:
        """Suspend the system, fall back, limit it, or say that there is no need; people only."""
        row, said = self.one(may_contain), self.said(body.ContainSerializer)
        with self.holding(row) as seen:
            actions.contain(row, **said, seen=seen, actor=self.actor)
        return self._again(row, 201)

    @extend_schema(request=body.MoveIncidentSerializer, responses=ONE, summary="Move it on, or open it again")
    @action(detail=True, methods=["post"])
    def move(self, request: Request, code: str) -> Response:
        """Record that it is contained, resolved or closed; people only, and another than who corrected it closes."""
        row, said = self.one(may_judge), self.said(body.MoveIncidentSerializer)
        with self.holding(row, state=said["state"]) as seen:
            actions.move_incident(row, **said, seen=seen, actor=self.actor)
        return self._again(row)

    @extend_schema(request=body.BearsOnSerializer, responses={201: ONE}, summary="Link a control")
    @action(detail=True, methods=["post"], url_path="links")
    def link(self, request: Request, code: str) -> Response:
        """Say that it bears on a clause or control."""
        row, said = self.one(may_handle), self.said(body.BearsOnSerializer)
        requirement = requirements_called([said["control"]], "control")[0]
        actions.link(row, requirement, why=said.get("why", ""), actor=self.actor)
        return self._again(row, 201)

    @extend_schema(
        request=body.EndingSerializer, responses=ONE, parameters=[PART], summary="End a link", description=OF_THE_PART
    )
    @action(detail=True, methods=["post"], url_path=on_part("links", "withdraw"))
    def unlink(self, request: Request, code: str, part: str) -> Response:
        """End a link with its reason."""
        row = self.one(may_handle)
        found = get_object_or_404(IncidentLink.objects.filter(incident=row, withdrawn_at__isnull=True), pk=int(part))
        said = self.said(body.EndingSerializer)
        with self.holding(found, **said) as seen:
            actions.unlink(found, **said, seen=seen, actor=self.actor)
        return self._again(row)

    @extend_schema(request=body.PlanSerializer, responses={201: ONE}, summary="Plan a corrective action")
    @action(detail=True, methods=["post"], url_path="actions")
    def plan(self, request: Request, code: str) -> Response:
        """Plan what corrects the cause."""
        row, said = self.one(may_handle), body.named_in(self.said(body.PlanSerializer))
        actions.plan_action(row, **said, actor=self.actor)
        return self._again(row, 201)

    @extend_schema(
        request=body.DoneSerializer, responses=ONE, parameters=[PART], summary="Say an action is done",
        description=OF_THE_PART,
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path=on_part("actions", "done"))
    def done(self, request: Request, code: str, part: str) -> Response:
        """Record that a corrective action is done, with what shows it."""
        row = self.one()
        found = self._action(row, part)
        require(may_finish(self.actor, found))
        said = self.said(body.DoneSerializer)
        with self.holding(found, **said) as seen:
            actions.finish_action(found, **said, seen=seen, actor=self.actor)
        return self._again(row)

    @extend_schema(
        request=body.EndingSerializer, responses=ONE, parameters=[PART], summary="Withdraw an action",
        description=OF_THE_PART,
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path=on_part("actions", "withdraw"))
    def drop(self, request: Request, code: str, part: str) -> Response:
        """Withdraw a corrective action that is not done."""
        row = self.one(may_handle)
        found, said = self._action(row, part), self.said(body.EndingSerializer)
        with self.holding(found, **said) as seen:
            actions.drop_action(found, **said, seen=seen, actor=self.actor)
        return self._again(row)

    @extend_schema(
        request=body.SentSerializer, responses=ONE, parameters=[PART], summary="Say a notification was sent",
        description=OF_THE_PART,
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path=on_part("notifications", "sent"))
    def sent(self, request: Request, code: str, part: str) -> Response:
        """Record that a notification was sent; that is never taken back."""
        row = self.one(may_handle)
        found, said = self._notification(row, part), self.said(body.SentSerializer)
        with self.holding(found, **said) as seen:
            about = {"sent_at": said.get("sent_at"), "reference": said["reference"]}
            actions.send_notification(found, **about, seen=seen, actor=self.actor)
        return self._again(row)

    @extend_schema(
        request=body.BecauseSerializer, responses=ONE, parameters=[PART], summary="Decide that one is not due",
        description=OF_THE_PART,
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path=on_part("notifications", "not-due"))
    def not_due(self, request: Request, code: str, part: str) -> Response:
        """Decide that a notification is not due, with the reason; people only."""
        row = self.one(may_judge)
        found, said = self._notification(row, part), self.said(body.BecauseSerializer)
        with self.holding(found, **said) as seen:
            actions.decline_notification(found, **said, seen=seen, actor=self.actor)
        return self._again(row)

    def _action(self, row: Incident, part: str) -> IncidentAction:
        rows = IncidentAction.objects.filter(incident=row, done_at__isnull=True, withdrawn_at__isnull=True)
        return get_object_or_404(rows.select_related("incident__system"), pk=int(part))

    def _notification(self, row: Incident, part: str) -> Notification:
        rows = Notification.objects.filter(incident=row).select_related("incident__system")
        return get_object_or_404(rows, pk=int(part))

    def _again(self, row: Incident, status: int = 200) -> Response:
        return self._shown(self.get_queryset().get(pk=row.pk), status)

    def _shown(self, row: Incident, status: int = 200) -> Response:
        place = reverse("api:incidents-detail", args=[self.aims.slug, row.code]) if self.action == "create" else ""
        return self.shown(ONE(row).data, row.version, status=status, location=place)
