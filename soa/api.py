"""The statement's API door."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import CursorPagination, TooMuch
from accounts.refusals import require
from accounts.roles import STEWARDS
from aims.api import CODE, Door
from soa import actions
from soa.answers import (
    CheckSerializer,
    EntrySystemSerializer,
    PlanSerializer,
    RowSerializer,
    StatementSerializer,
    VersionBriefSerializer,
    VersionDetailSerializer,
    row_shown,
    statement_shown,
)
from soa.bodies import (
    AmendSerializer,
    ApproveSerializer,
    DecideForSystemSerializer,
    DecideSerializer,
    ImportSerializer,
    OwnControlSerializer,
    RenewSerializer,
    ReturnSerializer,
    SubmitSerializer,
    TakeSerializer,
    understood,
)
from soa.checks import flags_of
from soa.models import Applicability, Entry, EntrySystem, Implementation, StatementVersion, VersionState
from soa.permissions import may_amend, may_approve, may_decide, may_return, may_steer
from soa.queries.rows import read_sheet
from systems.models import AiSystem

MOST = 20 * 1024 * 1024  # bytes of an import


class StatementDoor(Door):
    """The statement as a whole."""

    queryset = Entry.unscoped.none()
    serializer_class = StatementSerializer
    pagination_class = None

    @extend_schema(responses=StatementSerializer, summary="Read the statement")
    def show(self, request: Request) -> Response:
        """Return the counts, the version in force, the one that waits and the number of the draft."""
        return self._statement()

    @extend_schema(request=None, responses={201: StatementSerializer}, summary="Open the statement")
    def open(self, request: Request) -> Response:
        """Make a row for every control of Annex A; a statement that is open stays as it is."""
        require(may_steer(self.actor))
        actions.open_statement(actor=self.actor)
        return self._statement(status=201)

    def _statement(self, status: int = 200) -> Response:
        sheet = read_sheet(self.aims)
        return Response(statement_shown(sheet, flags_of(sheet)), status=status)


@extend_schema_view(list=extend_schema(summary="List what an auditor would flag"))
class CheckDoor(Door):
    """The checks over the draft."""

    queryset = Entry.unscoped.none()
    serializer_class = CheckSerializer
    pagination_class = None

    def list(self, request: Request) -> Response:
        """Return every flag: what blocks an approval first, then in the order of the standard."""
        return Response(CheckSerializer(flags_of(read_sheet(self.aims)), many=True).data)


class EntryFilter(filters.FilterSet):  # type: ignore[misc]
    """What the rows can be narrowed by."""

    applicability = filters.ChoiceFilter(choices=Applicability.choices)
    implementation = filters.ChoiceFilter(choices=Implementation.choices)
    owner = filters.CharFilter(field_name="owner__email", lookup_expr="iexact", label="E-mail of the owner")
    area = filters.CharFilter(method="in_area", label="The area, such as A.6; ORG for own controls")
    q = filters.CharFilter(method="mentioning", label="Words in its id, title or texts")

    def in_area(self, rows: QuerySet[Entry], _name: str, code: str) -> QuerySet[Entry]:
        """Keep those of an area, or own controls."""
        own = Q(requirement__kind="own")
        return rows.filter(own if code == "ORG" else Q(requirement__area__code=code))

    def mentioning(self, rows: QuerySet[Entry], _name: str, text: str) -> QuerySet[Entry]:
        """Keep those that mention a text."""
        names = ("requirement__code", "requirement__title", "why", "how", "how_document", "notes")
        found = Q()
        for name in names:
            found |= Q(**{f"{name}__icontains": text})
        return rows.filter(found)


class InOrder(CursorPagination):
    """Pages in the order of the standard, own controls last."""

    ordering = ("position", "pk")  # type: ignore[assignment]


SYSTEM = OpenApiParameter("system", {"type": "string", "pattern": f"^{CODE}$"}, OpenApiParameter.PATH)


@extend_schema_view(list=extend_schema(summary="List the rows of the statement"))
class EntryDoor(Door):
    """The rows of the statement."""

    lookup_field = "code"
    queryset = Entry.unscoped.none()
    serializer_class = RowSerializer
    filterset_class = EntryFilter
    pagination_class = InOrder
    tagged = frozenset({"retrieve", "create", "partial_update", "decide", "undo", "for_system"})
    versioned = frozenset({"partial_update", "decide", "undo"})

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows with their place in the standard."""
        return Entry.objects.with_names().annotate(position=F("requirement__position"), code=F("requirement__code"))

    def list(self, request: Request) -> Response:
        """Return a page of rows with everything that stands beside them: one read of the sheet, whatever its size."""
        return self.listed(self.get_queryset(), self._rows)

    @extend_schema(responses=RowSerializer, summary="Read a row")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one row with its drivers, evidence and findings."""
        return self._row(code)

    @extend_schema(request=OwnControlSerializer, responses={201: RowSerializer}, summary="Add an own control")
    def create(self, request: Request) -> Response:
        """Add a control of the organisation's own; it gets a row like any other."""
        require(may_steer(self.actor))
        entry = actions.add_own_control(**self.said(OwnControlSerializer), actor=self.actor)
        return self._row(entry.requirement.code, status=201)

    @extend_schema(request=AmendSerializer, responses=RowSerializer, summary="Amend a row")
    def partial_update(self, request: Request, code: str) -> Response:
        """Change what is sent: reason and owner take a compliance officer, how it is done also its owner."""
        row, fields = self.one(may_amend), understood(self.said(AmendSerializer, partial=True))
        with self.holding(row, **fields) as seen:
            actions.amend(row, fields, seen=seen, actor=self.actor)
        return self._row(code)

    @extend_schema(request=DecideSerializer, responses=RowSerializer, summary="Decide a row")
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, code: str) -> Response:
        """Include, exclude or leave undecided (6.1.3); people only."""
        row, said = self.one(may_decide), understood(self.said(DecideSerializer))
        said["applicability"] = Applicability(said["applicability"])
        with self.holding(row, **said) as seen:
            actions.decide(row, **said, seen=seen, actor=self.actor)
        return self._row(code)

    @extend_schema(request=TakeSerializer, responses=RowSerializer(many=True), summary="Take what judgement proposes")
    @action(detail=False, methods=["post"])
    def take(self, request: Request) -> Response:
        """Name treated risks and assessments as the reasons of controls; what is undecided is included with them."""
        require(may_steer(self.actor))
        taken = actions.take_drivers(self.said(TakeSerializer)["controls"], actor=self.actor)
        return self._rows_of(taken)

    @extend_schema(request=RenewSerializer, responses=RowSerializer(many=True), summary="Renew exclusions")
    @action(detail=False, methods=["post"])
    def renew(self, request: Request) -> Response:
        """Decide anew that controls do not apply, each in the version that was seen, all or none."""
        require(may_steer(self.actor))
        said = self.said(RenewSerializer)
        seen = {row["code"]: row["seen"] for row in said["exclusions"]}
        done = actions.renew_exclusions(seen, expires_on=said["expires_on"], why=said["why"], actor=self.actor)
        return self._rows_of(done)

    @extend_schema(request=None, responses=RowSerializer, summary="Undo one's last change")
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, code: str) -> Response:
        """Take one's own last change of the row back; the log keeps both."""
        row = self.one(may_amend)
        with self.holding(row) as seen:
            actions.undo(row, seen=seen, actor=self.actor)
        return self._row(code)

    @extend_schema(
        request=DecideForSystemSerializer,
        responses=EntrySystemSerializer,
        parameters=[
            SYSTEM,
            OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="Once this system has its own row."),
        ],
        summary="Decide a row for one AI system",
    )
    @action(detail=True, methods=["post"], url_path=rf"systems/(?P<system>{CODE})")
    def for_system(self, request: Request, code: str, system: str) -> Response:
        """Exclude the control for one system, or say how far it is in place there; the rest is as the control says."""
        row = self.one(may_decide)
        place = get_object_or_404(AiSystem.objects.all(), code=system)
        said = {"why": "", "implementation": ""} | self.said(DecideForSystemSerializer)
        said["applicability"] = Applicability(said["applicability"])
        held = EntrySystem.objects.filter(entry=row, system=place).first()
        if held is None or not request.headers.get("If-Match"):
            done = actions.decide_for_system(row, place, **said, seen=0, actor=self.actor)
        else:
            with self.holding(held, **said) as seen:
                done = actions.decide_for_system(row, place, **said, seen=seen, actor=self.actor)
        return self.shown(EntrySystemSerializer(done).data, done.version)

    def _rows_of(self, entries: Iterable[Entry]) -> Response:
        rows = {row.code: row for row in read_sheet(self.aims).rows}
        return Response([row_shown(rows[entry.requirement.code]) for entry in entries])

    def _rows(self, page: Any) -> Any:
        rows = {row.code: row for row in read_sheet(self.aims).rows}
        return [row_shown(rows[entry.requirement.code]) for entry in page]

    def _row(self, code: str, status: int = 200) -> Response:
        row = next((row for row in read_sheet(self.aims).rows if row.code == code), None)
        if row is None:
            raise Http404
        place = reverse("api:soa_entries-detail", args=[self.aims.slug, code]) if status == 201 else ""
        return self.shown(row_shown(row), row.entry.version, status=status, location=place)


class NewestFirst(CursorPagination):
    """The newest version first."""

    ordering = "-pk"


@extend_schema_view(list=extend_schema(summary="List the versions"))
class VersionDoor(Door):
    """Versions of the statement: submit, approve by digest, return."""

    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,9}"
    queryset = StatementVersion.unscoped.none()
    serializer_class = VersionBriefSerializer
    pagination_class = NewestFirst
    tagged = frozenset({"retrieve", "create", "approve", "send_back"})
    versioned = frozenset({"approve", "send_back"})

    def get_queryset(self) -> QuerySet[StatementVersion]:
        """Return the versions with who submitted and decided them."""
        return StatementVersion.objects.select_related("submitted_by", "decided_by")

    def one(self, permit: Any = None) -> StatementVersion:
        """Return the version of a number: the one that stands, else the last that was returned under it."""
        rows = list(self.get_queryset().filter(number=self.kwargs["number"]).order_by("-pk"))
        if not rows:
            raise Http404
        row = next((row for row in rows if row.state != VersionState.RETURNED), rows[0])
        require(permit is None or permit(self.actor, row))
        return row

    def list(self, request: Request) -> Response:
        """Return every version, those that were returned too."""
        return self.listed(self.get_queryset().defer("body"), lambda page: VersionBriefSerializer(page, many=True).data)

    @extend_schema(responses=VersionDetailSerializer, summary="Read a version")
    def retrieve(self, request: Request, number: str) -> Response:
        """Return a version with its warnings and the whole statement as it was frozen."""
        return self._version(self.one())

    @extend_schema(request=SubmitSerializer, responses={201: VersionDetailSerializer}, summary="Submit the draft")
    def create(self, request: Request) -> Response:
        """Freeze the draft as the next version and put it before an approver."""
        require(may_steer(self.actor))
        summary = self.said(SubmitSerializer).get("summary", "")
        version = actions.submit(self.aims, summary=summary, actor=self.actor)
        return self._again(version, status=201)

    @extend_schema(request=ApproveSerializer, responses=VersionDetailSerializer, summary="Approve a version")
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, number: str) -> Response:
        """Put a submitted version in force by its digest; only somebody who wrote none of it."""
        row, said = self.one(lambda actor, _row: may_approve(actor)), self.said(ApproveSerializer)
        said = {"confirms_warnings": False} | said
        with self.holding(row, **{name: said[name] for name in said if name == "digest"}) as seen:
            actions.approve(row, **said, seen=seen, actor=self.actor)
        return self._again(row)

    @extend_schema(request=ReturnSerializer, responses=VersionDetailSerializer, summary="Return a version")
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, number: str) -> Response:
        """Send a submitted version back with what has to change; its submitter takes it back the same way."""
        row, reason = self.one(may_return), self.said(ReturnSerializer)["reason"]
        with self.holding(row) as seen:
            actions.return_version(row, reason=reason, seen=seen, actor=self.actor)
        return self._again(row)

    def _again(self, row: StatementVersion, status: int = 200) -> Response:
        return self._version(self.get_queryset().get(pk=row.pk), status)

    def _version(self, row: StatementVersion, status: int = 200) -> Response:
        place = reverse("api:soa_versions-detail", args=[self.aims.slug, row.number]) if status == 201 else ""
        return self.shown(VersionDetailSerializer(row).data, row.version, status=status, location=place)


class ImportDoor(Door):
    """Statements kept in spreadsheets."""

    queryset = Entry.unscoped.none()
    serializer_class = PlanSerializer
    parser_classes = [MultiPartParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is far too large before any of it is read."""
        length = str(request.headers.get("Content-Length") or "0")
        if length.isdigit() and int(length) > MOST + 1024 * 1024:
            raise TooMuch("A statement has at most 20 MB.")
        super().initial(request, *args, **kwargs)

    @extend_schema(
        request={"multipart/form-data": ImportSerializer},
        responses={200: PlanSerializer, 201: PlanSerializer},
        summary="Import a statement",
    )
    def create(self, request: Request) -> Response:
        """Judge every row of a file and write nothing; with `accept=matched`, take the rows that match (201)."""
        require(self.actor.holds(*STEWARDS))
        said = self.said(ImportSerializer)
        takes = said.get("accept") == "matched"
        require(not takes or may_steer(self.actor))
        if said["file"].size > MOST:
            raise TooMuch("A statement has at most 20 MB.")
        data, name = said["file"].read(), PurePosixPath(said["file"].name).name
        plan, result = actions.plan_of(data, name, self.aims), None
        if takes:
            with transaction.atomic():
                intake = actions.read_in(data, name, self.aims, actor=self.actor)
                result = actions.take_in(intake, flagged=(), actor=self.actor).result
        return Response(PlanSerializer(plan.as_json() | {"result": result}).data, status=201 if takes else 200)
