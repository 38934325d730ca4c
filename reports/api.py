"""The API door to what is handed over: reports, packs, and the certificates that sign."""

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from accounts.serving import streamed
from aims.api import Door, Flag, NotHere, PersonSerializer, Text, Whole
from assessments.models import Assessment
from jobs.models import JobState
from reports.actions import ask_judgement, ask_report, cancel_report, download_report
from reports.actions.download import NotThere
from reports.actions.pack import ask_pack, cancel_pack, download_pack
from reports.judged.source import NoAssessment, assessment_named
from reports.listing import reports
from reports.models import Edition, Pack, Preset, Report, ReportKind, SigningIdentity
from reports.pack.selection import Selection
from reports.pack_listing import packs
from reports.permissions import may_cancel, may_cancel_pack, may_pack, may_see, may_take_pack
from soa.models import StatementVersion, VersionState

PDF, ZIP = "application/pdf", "application/zip"
GONE = {410: "The file is not finished, not kept here, or missing from the store."}


class AnyFile(JSONRenderer):
    """Takes every Accept header where files are answered; problems are JSON all the same."""

    media_type = "*/*"


class StateField(serializers.ChoiceField):
    """How far the job is that makes it; done where none was needed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=JobState.choices, source="*", **kwargs)

    def to_representation(self, value: Any) -> str:
        """Return the state of the job."""
        return str(JobState.DONE if value.is_ready or value.job is None else value.job.state)


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report; its file is under `download/` once it is done."""

    version = serializers.IntegerField(source="statement_version.number", default=None, allow_null=True)
    asked_by = PersonSerializer(allow_null=True)
    assessment = serializers.CharField(source="assessment.ref_code", default=None, allow_null=True)
    state = StateField()

    class Meta:
        model = Report
        fields = (
            "id", "kind", "edition", "version", "as_of", "assessment", "digest", "state", "asked_by", "asked_at",
            "name", "sha256", "size", "pages", "is_timestamped", "signing_note",
        )  # fmt: skip


class AskReportSerializer(serializers.Serializer[Any]):
    """What of: the statement (a version by its number, the one in force on a date, or else the draft) for whom, an
    impact assessment by its reference, or the portfolio."""

    kind = serializers.ChoiceField(ReportKind.choices, default=ReportKind.STATEMENT)
    edition = serializers.ChoiceField(Edition.choices, default=Edition.FULL)
    version = Whole(min_value=1, max_value=10**6, required=False, allow_null=True)
    as_of = serializers.DateField(required=False, allow_null=True)
    assessment = Text(max_length=40, required=False, help_text="Such as IA-2026-08@1.3.")


@extend_schema_view(list=extend_schema(summary="List reports"))
class ReportDoor(Door):
    """Reports: read, ask, cancel, download."""

    lookup_value_regex = "[0-9]{1,9}"
    queryset = Report.unscoped.none()
    serializer_class = ReportSerializer
    statuses = {NotThere: 410}
    answers = {"download": GONE}

    def get_queryset(self) -> QuerySet[Report]:
        """Return the reports with what they are shown with."""
        return reports()

    def list(self, request: Request) -> Response:
        """Return a page of reports."""
        return self.listed(self.get_queryset(), lambda page: ReportSerializer(page, many=True).data)

    @extend_schema(responses=ReportSerializer, summary="Read a report")
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one report."""
        return self._answer(self.one())

    @extend_schema(request=AskReportSerializer, responses={201: ReportSerializer}, summary="Ask for a report")
    def create(self, request: Request) -> Response:
        """Ask for a report; it is made by a job, and may be downloaded when its state is done."""
        said = self.said(AskReportSerializer)
        if said["kind"] != ReportKind.STATEMENT:
            assessment = _assessment(said) if said["kind"] == ReportKind.ASSESSMENT else None
            return self._answer(ask_judgement(self.aims, assessment=assessment, actor=self.actor), 201)
        version = _version(said.get("version"))
        given: dict[str, Any] = {"edition": said["edition"], "version": version, "as_of": said.get("as_of")}
        return self._answer(ask_report(self.aims, **given, actor=self.actor), 201)

    @extend_schema(request=None, responses=ReportSerializer, summary="Cancel a report")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop a report that is being made."""
        return self._answer(cancel_report(self.one(may_cancel), actor=self.actor))

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY}, summary="Download a report")
    @action(detail=True, renderer_classes=[JSONRenderer, AnyFile])
    def download(self, request: Request, pk: str) -> HttpResponseBase:
        """Hand the PDF over as an attachment; every time is recorded."""
        row = self.one(may_see)
        return streamed(download_report(row, actor=self.actor), row.name, PDF)

    def _answer(self, row: Report, status: int = 200) -> Response:
        return Response(ReportSerializer(self.get_queryset().get(pk=row.pk)).data, status=status)


def _assessment(said: dict[str, Any]) -> Assessment:
    try:
        return assessment_named(said.get("assessment") or "")
    except NoAssessment as refusal:
        raise NotHere(refusal.message, field="assessment") from refusal


def _version(number: int | None) -> StatementVersion | None:
    if number is None:
        return None
    stood = (VersionState.APPROVED, VersionState.SUPERSEDED)
    row = StatementVersion.objects.filter(number=number, state__in=stood).first()
    if row is None:
        raise NotHere(_("No version %s was approved.") % number, field="version")
    return row


class PackSerializer(serializers.ModelSerializer[Pack]):
    """A certification pack; its file is under `download/` once it is done."""

    statement = serializers.IntegerField(source="statement_version.number", default=None, allow_null=True)
    controls = serializers.ListField(child=serializers.CharField())
    asked_by = PersonSerializer(allow_null=True)
    state = StateField()

    class Meta:
        model = Pack
        fields = (
            "code", "preset", "controls", "with_files", "as_of", "statement", "state", "asked_by", "asked_at",
            "content_digest", "records", "name", "sha256", "size", "files", "is_kept",
        )  # fmt: skip


class AskPackSerializer(serializers.Serializer[Any]):
    """What is handed over: for which audit, which controls (none means all), with files or not, as of which day."""

    preset = serializers.ChoiceField(Preset.choices)
    controls = serializers.ListField(child=Text(max_length=20), required=False, max_length=200)
    with_files = Flag(required=False)
    as_of = serializers.DateField(required=False, allow_null=True)


@extend_schema_view(list=extend_schema(summary="List packs"))
class PackDoor(Door):
    """Certification packs: read, ask, cancel, download."""

    lookup_field = "code"
    queryset = Pack.unscoped.none()
    serializer_class = PackSerializer
    statuses = {NotThere: 410}
    answers = {"download": GONE}

    def get_queryset(self) -> QuerySet[Pack]:
        """Return the packs with what they are shown with."""
        return packs()

    def list(self, request: Request) -> Response:
        """Return a page of packs."""
        return self.listed(self.get_queryset(), lambda page: PackSerializer(page, many=True).data)

    @extend_schema(responses=PackSerializer, summary="Read a pack")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one pack."""
        return self._answer(self.one())

    @extend_schema(request=AskPackSerializer, responses={201: PackSerializer}, summary="Ask for a pack")
    def create(self, request: Request) -> Response:
        """Ask for a pack; it is made by a job, and may be downloaded when its state is done."""
        require(may_pack(self.actor))
        said = self.said(AskPackSerializer)
        chosen = Selection(**said | {"controls": tuple(said.get("controls", ()))})
        row = ask_pack(self.aims, chosen, actor=self.actor)
        return self._answer(row, 201)

    @extend_schema(request=None, responses=PackSerializer, summary="Cancel a pack")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, code: str) -> Response:
        """Stop a pack that is being made."""
        return self._answer(cancel_pack(self.one(may_cancel_pack), actor=self.actor))

    @extend_schema(responses={(200, ZIP): OpenApiTypes.BINARY}, summary="Download a pack")
    @action(detail=True, renderer_classes=[JSONRenderer, AnyFile])
    def download(self, request: Request, code: str) -> HttpResponseBase:
        """Hand the ZIP over as an attachment; every time is recorded."""
        row = self.one(may_take_pack)
        return streamed(download_pack(row, actor=self.actor), row.name, ZIP)

    def _answer(self, row: Pack, status: int = 200) -> Response:
        headers = {"Location": reverse("api:packs-detail", args=[self.aims.slug, row.code])} if status == 201 else {}
        return Response(PackSerializer(self.get_queryset().get(pk=row.pk)).data, status=status, headers=headers)


class CertificateSerializer(serializers.ModelSerializer[SigningIdentity]):
    """A certificate that signs or signed reports: public facts only; `chain` is PEM."""

    class Meta:
        model = SigningIdentity
        fields = (
            "code", "kind", "name", "subject", "issuer", "serial", "fingerprint_sha256", "valid_from", "valid_until",
            "made_at", "replaced_at", "chain",
        )  # fmt: skip


@extend_schema_view(list=extend_schema(summary="List certificates"))
class CertificateDoor(Door):
    """Certificates, read only; they are replaced on their page, where a password is asked for."""

    lookup_field = "code"
    queryset = SigningIdentity.unscoped.none()
    serializer_class = CertificateSerializer

    def get_queryset(self) -> QuerySet[SigningIdentity]:
        """Return every certificate of the AIMS."""
        return SigningIdentity.objects.all()

    def list(self, request: Request) -> Response:
        """Return the certificate in force and those before it."""
        return self.listed(self.get_queryset(), lambda page: CertificateSerializer(page, many=True).data)

    @extend_schema(responses=CertificateSerializer, summary="Read a certificate")
    def retrieve(self, request: Request, code: str) -> Response:
        """Return one certificate."""
        return Response(CertificateSerializer(self.one()).data)
