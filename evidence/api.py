"""The library's API door."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import clock
from accounts.api import JSONParser, TooMuch
from accounts.refusals import require
from aims.api import person_called
from controls.api import requirements_called
from evidence import actions
from evidence.answers import EvidenceDetailSerializer, EvidenceSerializer, ItemState
from evidence.bodies import (
    ContentSerializer,
    EditSerializer,
    GiveFilesSerializer,
    GiveSerializer,
    GiveVersionFilesSerializer,
    GiveVersionSerializer,
    LinkSerializer,
    ReasonSerializer,
    content_of,
    system_called,
)
from evidence.examining.standing import scans_of
from evidence.finding import holding
from evidence.intake import StagingUploadHandler, taken_in
from evidence.matching.api import SuggestionDoor
from evidence.models import Evidence, EvidenceKind, EvidenceLink, EvidenceVersion, File
from evidence.permissions import may_ask_review, may_edit, may_give, may_rescan, may_unlink, may_withdraw
from evidence.serving import BYTES, SAFE_TYPES, attachment
from evidence.state import due_from
from evidence.store import NoRoom, StoreAway, TooLarge
from evidence.uploading import far_too_large, fault_of, is_far_too_large

FORM, JSON = "multipart/form-data", "application/json"
NUMBER = {"type": "integer", "minimum": 1, "maximum": 10**9}
LINK = OpenApiParameter("link", NUMBER, OpenApiParameter.PATH)
OF_FILE = [OpenApiParameter(name, NUMBER, OpenApiParameter.PATH) for name in ("number", "file")]
FULL = {507: "The disk is full; nothing was kept."}


class Anything(JSONRenderer):
    """Takes every Accept header where files are answered; problems are JSON all the same."""

    media_type = "*/*"


class EvidenceFilter(filters.FilterSet):  # type: ignore[misc]
    """What the library can be narrowed by; without a state, withdrawn items are left out."""

    state = filters.ChoiceFilter(choices=ItemState.choices, method="by_state", label="How the item stands")
    kind = filters.ChoiceFilter(choices=EvidenceKind.choices)
    control = filters.CharFilter(method="serving", label="The id of a clause or control that it serves")
    q = filters.CharFilter(
        method="mentioning", label="Words in its title, code, owner, file names, or the words in its files"
    )

    def by_state(self, rows: QuerySet[Evidence], _name: str, value: str) -> QuerySet[Evidence]:
        """Keep those that stand so today."""
        today = clock.today(self.request._request.aims.time_zone)
        return rows.filter(_in_state(value, today))

    def serving(self, rows: QuerySet[Evidence], _name: str, code: str) -> QuerySet[Evidence]:
        """Keep those that serve a requirement."""
        links = EvidenceLink.objects.live().filter(requirement__code=code)
        return rows.filter(pk__in=links.values("evidence_id"))

    def mentioning(self, rows: QuerySet[Evidence], _name: str, text: str) -> QuerySet[Evidence]:
        """Keep those that mention a text."""
        held = holding(text).values("sha256")
        files = File.objects.filter(Q(name__icontains=text) | Q(sha256__istartswith=text) | Q(sha256__in=held))
        said = Q(title__icontains=text) | Q(code__icontains=text) | Q(owner__name__icontains=text)
        return rows.filter(said | Q(pk__in=files.values("evidence_version__evidence_id")))


def _in_state(state: str, today: date) -> Q:
    given = Q(withdrawn_at__isnull=True, latest_number__isnull=False)
    return {
        "current": given & (Q(renew_by__isnull=True) | Q(renew_by__gt=due_from(today))),
        "renewal due": given & Q(renew_by__gte=today, renew_by__lte=due_from(today)),
        "renewal overdue": given & Q(renew_by__lt=today),
        "awaited": Q(withdrawn_at__isnull=True, latest_number__isnull=True),
        "withdrawn": Q(withdrawn_at__isnull=False),
    }[state]


@extend_schema_view(list=extend_schema(summary="List evidence"))
class EvidenceDoor(SuggestionDoor):
    """Evidence: read, give, give a new version, link, withdraw, and download."""

    lookup_field = "code"
    queryset = Evidence.unscoped.none()
    serializer_class = EvidenceSerializer
    filterset_class = EvidenceFilter
    tagged = frozenset(
        {"retrieve", "create", "partial_update", "give_version", "link", "unlink", "scan", "withdraw", "review"}
    )
    versioned = frozenset({"partial_update", "unlink", "withdraw"})
    statuses = {TooLarge: 413, NoRoom: 507, StoreAway: 503, actions.Gone: 410, actions.Quarantined: 403}
    answers = {"create": FULL, "give_version": FULL, "download": {410: "The bytes are missing or were changed."}}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Stage what is uploaded while it streams in, and leave nothing behind that no action kept."""
        handler = StagingUploadHandler()
        request.upload_handlers = [handler]
        try:
            return super().dispatch(request, *args, **kwargs)
        finally:
            handler.discard()

    def get_parsers(self) -> list[Any]:
        """Read forms only where files are given."""
        method = str(getattr(self.request, "method", "")).lower()  # DRF asks before it sets `action`
        doing = getattr(self, "action", None) or self.action_map.get(method)
        return [JSONParser(), MultiPartParser()] if doing in ("create", "give_version") else [JSONParser()]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is far too large before any of it is read."""
        if is_far_too_large(request._request):  # type: ignore[arg-type]
            raise TooMuch(far_too_large())
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the items with what they are shown with: two queries for a page, four for one item."""
        rows: QuerySet[Any] = Evidence.objects.with_latest_version().select_related("owner")
        links = EvidenceLink.objects.filter(withdrawn_at__isnull=True).select_related("requirement", "system", "by")
        ordered = links.order_by("requirement__position", "requirement__code", "pk")
        rows = rows.prefetch_related(Prefetch("links", ordered, to_attr="live_links"))
        if self.action == "list":
            return rows if self.request.query_params.get("state") else rows.filter(withdrawn_at__isnull=True)
        files = Prefetch("files", File.objects.order_by("pk"), to_attr="kept_files")
        versions = EvidenceVersion.objects.select_related("given_by").prefetch_related(files).order_by("number")
        return rows.prefetch_related(Prefetch("versions", versions, to_attr="kept_versions"))

    def list(self, request: Request) -> Response:
        """Return a page of the library."""
        return self.listed(
            self.get_queryset(), lambda page: EvidenceSerializer(page, many=True, context=self._day).data
        )

    @extend_schema(responses=EvidenceDetailSerializer, summary="Read an item")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one item with its versions, files and links."""
        return self._item(self.one())

    @extend_schema(
        request={FORM: GiveFilesSerializer, JSON: GiveSerializer},
        responses={201: EvidenceDetailSerializer},
        summary="Give evidence",
    )
    def create(self, request: Request) -> Response:
        """Add an item: files in a form, or a link, a note or a result; and what it serves."""
        require(may_give(self.actor))
        said = self._read(GiveFilesSerializer)
        about: dict[str, Any] = {name: said[name] for name in ("title", "kind", "reason") if name in said}
        about |= {"owner": person_called(said.get("owner")), "system": system_called(said.get("system", ""))}
        about["requirements"] = requirements_called(said.get("controls", []))
        with taken_in(said.get("files", [])) as files:
            item = actions.give_evidence(content_of(said, files), **about, actor=self.actor)
        return self._again(item, status=201)

    @extend_schema(request=EditSerializer, responses=EvidenceDetailSerializer, summary="Edit an item")
    def partial_update(self, request: Request, code: str) -> Response:
        """Change what it is called, its kind and its owner; what was given is never changed."""
        row, said = self.one(may_edit), self.said(EditSerializer, partial=True)
        if "owner" in said:
            said["owner"] = person_called(said["owner"])
        with self.holding(row, **said) as seen:
            about = {name: getattr(row, name) for name in ("title", "kind", "owner")} | said
            actions.edit_evidence(row, **about, seen=seen, actor=self.actor)
        return self._again(row)

    @extend_schema(
        request={FORM: GiveVersionFilesSerializer, JSON: GiveVersionSerializer},
        responses={201: EvidenceDetailSerializer},
        summary="Give a new version",
    )
    @action(detail=True, methods=["post"], url_path="versions")
    def give_version(self, request: Request, code: str) -> Response:
        """Add the next version; it touches none of the older ones."""
        row = self.one(may_give)
        said = self._read(GiveVersionFilesSerializer)
        with taken_in(said.get("files", [])) as files:
            actions.give_version(row, content_of(said, files), actor=self.actor)
        return self._again(row, status=201)

    @extend_schema(
        request=LinkSerializer, responses={201: EvidenceDetailSerializer}, summary="Link it to clauses and controls"
    )
    @action(detail=True, methods=["post"], url_path="links")
    def link(self, request: Request, code: str) -> Response:
        """Say what the item serves; links that stand are left as they are."""
        row, said = self.one(may_give), self.said(LinkSerializer)
        requirements, system = requirements_called(said["controls"]), system_called(said.get("system", ""))
        actions.link_evidence(row, requirements, system=system, reason=said.get("reason", ""), actor=self.actor)
        return self._again(row, status=201)

    @extend_schema(
        request=ReasonSerializer,
        responses=EvidenceDetailSerializer,
        parameters=[LINK],
        summary="Withdraw a link",
        description="If-Match takes the version of the link, not of the item.",
    )
    @action(detail=True, methods=["post"], url_path=r"links/(?P<link>[0-9]{1,10})/withdraw")
    def unlink(self, request: Request, code: str, link: str) -> Response:
        """Take a link back with its reason; people only."""
        item = self.one()
        links = EvidenceLink.objects.select_related("evidence").filter(evidence=item.pk, withdrawn_at__isnull=True)
        row = get_object_or_404(links, pk=int(link))
        require(may_unlink(self.actor, row))
        reason = self.said(ReasonSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.withdraw_link(row, reason=reason, seen=seen, actor=self.actor)
        return self._again(item)

    @extend_schema(request=ReasonSerializer, responses=EvidenceDetailSerializer, summary="Withdraw an item")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, code: str) -> Response:
        """Take an item out of the proof, with the reason; people only."""
        row, reason = self.one(may_withdraw), self.said(ReasonSerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.withdraw_evidence(row, reason=reason, seen=seen, actor=self.actor)
        return self._again(row)

    @extend_schema(request=None, responses=EvidenceDetailSerializer, summary="Have its files scanned again")
    @action(detail=True, methods=["post"])
    def scan(self, request: Request, code: str) -> Response:
        """Ask the scanner once more about every file of the item; the answer stands in the item when it is there."""
        row = self.one()
        require(may_rescan(self.actor))
        actions.scan_again(row, is_on=bool(settings.CLAMD_URL), actor=self.actor)
        return self._again(row)

    @extend_schema(request=None, responses={202: EvidenceDetailSerializer}, summary="Have reviews of it drafted")
    @action(detail=True, methods=["post"])
    def review(self, request: Request, code: str) -> Response:
        """Have a reader weigh the newest version for every control it serves; the drafts are under evidence/reviews."""
        row = self.one()
        require(may_ask_review(self.actor, row))
        actions.ask_for_review(row, actor=self.actor)
        return self._again(row, status=202)

    @extend_schema(
        parameters=OF_FILE,
        responses={(200, media): OpenApiTypes.BINARY for media in sorted(SAFE_TYPES | {BYTES})},
        summary="Download a file",
    )
    @action(
        detail=True,
        url_path=r"versions/(?P<number>[0-9]{1,9})/files/(?P<file>[0-9]{1,10})",
        renderer_classes=[JSONRenderer, Anything],
    )
    def download(self, request: Request, code: str, number: str, file: str) -> HttpResponseBase:
        """Hand out the bytes as an attachment; every read is noted."""
        files = File.objects.filter(evidence_version__evidence__code=code, evidence_version__number=int(number))
        row = get_object_or_404(files, pk=int(file))
        return attachment(row, actions.record_read(row, actor=self.actor))

    @property
    def _day(self) -> dict[str, Any]:
        return {"today": clock.today(self.aims.time_zone)}

    def _read(self, kind: type[ContentSerializer]) -> dict[str, Any]:
        self.request.data  # noqa: B018  (reading is what stages the files)
        if fault := fault_of(self.request._request):  # type: ignore[arg-type]
            raise fault
        return self.said(kind)

    def _again(self, row: Evidence, status: int = 200) -> Response:
        return self._item(self.get_queryset().get(pk=row.pk), status)

    def _item(self, row: Any, status: int = 200) -> Response:
        scans = scans_of({file.sha256 for version in row.kept_versions for file in version.kept_files})
        data = EvidenceDetailSerializer(row, context=self._day | {"scans": scans}).data
        place = reverse("api:evidence-detail", args=[self.aims.slug, row.code]) if status == 201 else ""
        return self.shown(data, row.version, status=status, location=place)
