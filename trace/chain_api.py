"""The API door to the governance chain: records as they were hashed, checkpoints, proofs, and its verification."""

import json
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import CursorPagination
from accounts.refusals import Refusal, require
from accounts.serving import attached, harmless
from aims.api import Door
from ledger.models import Checkpoint, Leaf, Log
from ledger.receipts import covering, proof_of
from trace import actions
from trace.permissions import may_sign, may_verify
from trace.verdicts import verdict

NUMBER = "[0-9]{1,12}"
TEXT = "text/plain; charset=utf-8"
OF_RECORD = [OpenApiParameter("number", {"type": "integer", "minimum": 1, "maximum": 10**11}, OpenApiParameter.PATH)]
OF_CHECKPOINT = [OpenApiParameter("size", {"type": "integer", "minimum": 1, "maximum": 10**11}, OpenApiParameter.PATH)]


class NotSigned(Refusal):
    """No checkpoint covers the record yet (409)."""


class PlainText(JSONRenderer):
    """Takes every Accept header where texts are answered; problems are JSON all the same."""

    media_type = "*/*"


class RecordFilter(filters.FilterSet):  # type: ignore[misc]
    """What records can be narrowed by."""

    event = filters.CharFilter(field_name="record__event", label="The name of an event, such as soa.decided")
    subject = filters.CharFilter(field_name="record__subject", label="A reference, such as entry:A.6.2.4")
    actor = filters.CharFilter(field_name="record__pseudonym", label="The pseudonym of a person")


class ByNumber(CursorPagination):
    """In the order of the log."""

    ordering = "number"


class ChainRecordSerializer(serializers.ModelSerializer[Leaf]):
    """A record: its place in the log, its leaf (hex SHA-256), and what was hashed as an object."""

    at = serializers.DateTimeField(source="record.occurred_at")
    event = serializers.CharField(source="record.event")
    subject = serializers.CharField(source="record.subject")
    body = serializers.SerializerMethodField()

    class Meta:
        model = Leaf
        fields = ("number", "leaf_hash", "at", "event", "subject", "body")

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_body(self, row: Leaf) -> Any:
        """Return the canonical JSON as an object; its bytes are under `chain/records/{number}/raw/`."""
        return json.loads(bytes(row.record.body))


@extend_schema_view(list=extend_schema(summary="List records"))
class RecordDoor(Door):
    """Records of the chain, read only."""

    lookup_field = "number"
    lookup_value_regex = NUMBER
    queryset = Leaf.unscoped.none()
    serializer_class = ChainRecordSerializer
    filterset_class = RecordFilter
    pagination_class = ByNumber
    statuses = {NotSigned: 409}
    answers = {"proof": {409: "No checkpoint covers the record yet."}}

    def get_queryset(self) -> QuerySet[Leaf]:
        """Return the numbered records of the log."""
        return Leaf.objects.select_related("record", "log")

    def list(self, request: Request) -> Response:
        """Return records that have a number, the oldest first."""
        return self.listed(self.get_queryset(), lambda page: ChainRecordSerializer(page, many=True).data)

    @extend_schema(parameters=OF_RECORD, responses=ChainRecordSerializer, summary="Read a record")
    def retrieve(self, request: Request, number: str) -> Response:
        """Return one record."""
        return Response(ChainRecordSerializer(self.one()).data)

    @extend_schema(
        parameters=OF_RECORD,
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
        summary="The bytes of a record",
    )
    @action(detail=True)
    def raw(self, request: Request, number: str) -> HttpResponseBase:
        """Return exactly what was hashed."""
        return harmless(HttpResponse(bytes(self.one().record.body), content_type="application/json"))

    @extend_schema(
        parameters=OF_RECORD, responses={(200, "text/plain"): OpenApiTypes.STR}, summary="The proof of a record"
    )
    @action(detail=True, renderer_classes=[JSONRenderer, PlainText])
    def proof(self, request: Request, number: str) -> HttpResponseBase:
        """Return the tlog-proof of a record under the first checkpoint that covers it."""
        leaf = self.one()
        row = covering(leaf.log, leaf.number)
        if row is None:
            raise NotSigned(_("No checkpoint covers this record yet. Ask again in a moment."))
        text = proof_of(leaf.log, leaf.number, bytes(leaf.record.body), row)
        return attached(text, f"{self.aims.slug}-record-{leaf.number}.tlog-proof", TEXT)


class CheckpointSerializer(serializers.ModelSerializer[Checkpoint]):
    """A signed statement of the log's size and root; `note` is the signed text."""

    note = serializers.CharField(source="text")

    class Meta:
        model = Checkpoint
        fields = ("size", "root", "made_at", "note")


class BySize(CursorPagination):
    """In the order of the log."""

    ordering = "size"


@extend_schema_view(list=extend_schema(summary="List checkpoints"))
class CheckpointDoor(Door):
    """Checkpoints of the chain: read, and have it signed now."""

    lookup_field = "size"
    lookup_value_regex = NUMBER
    queryset = Checkpoint.unscoped.none()
    serializer_class = CheckpointSerializer
    pagination_class = BySize

    def get_queryset(self) -> QuerySet[Checkpoint]:
        """Return the checkpoints of the log."""
        return Checkpoint.objects.filter(log__in=Log.objects.all())

    def list(self, request: Request) -> Response:
        """Return checkpoints, the oldest first."""
        return self.listed(self.get_queryset(), lambda page: CheckpointSerializer(page, many=True).data)

    @extend_schema(parameters=OF_CHECKPOINT, responses=CheckpointSerializer, summary="Read a checkpoint")
    def retrieve(self, request: Request, size: str) -> Response:
        """Return one checkpoint."""
        return Response(CheckpointSerializer(self.one()).data)


class ChainStandingSerializer(serializers.Serializer[Any]):
    """What the newest verification of the chain found, in words."""

    size = serializers.IntegerField(help_text="How many records have a number.")
    root = serializers.CharField(help_text="Hex SHA-256 over all of them.")  # type: ignore[assignment]
    verdict = serializers.CharField()
    tone = serializers.CharField(help_text="`ok`, `bad`, `none` before the first, or `info` while one is under way.")


class ChainDoor(Door):
    """The chain as a whole: how it stands, verify, sign."""

    queryset = Log.unscoped.none()
    serializer_class = ChainStandingSerializer
    pagination_class = None
    filterset_class = None

    @extend_schema(responses=ChainStandingSerializer, summary="How the chain stands")
    def show(self, request: Request) -> Response:
        """Return its size and root, and what the newest verification found."""
        return self._answer()

    @extend_schema(request=None, responses=ChainStandingSerializer, summary="Verify the chain")
    def verify(self, request: Request) -> Response:
        """Ask for every record to be hashed again; the answer stands in the chain when it is there."""
        require(may_verify(self.actor))
        actions.ask_to_verify(actor=self.actor)
        return self._answer()

    @extend_schema(request=None, responses=ChainStandingSerializer, summary="Sign the chain")
    def sign(self, request: Request) -> Response:
        """Number and sign what stands there now."""
        require(may_sign(self.actor))
        actions.sign_now(actor=self.actor)
        return self._answer()

    def _answer(self) -> Response:
        log = get_object_or_404(Log.objects.all())
        said = verdict(log, self.aims)
        told = {
            "size": log.size,
            "root": log.root,
            "verdict": f"{said.title}. {said.text}".strip(". ") + ".",
            "tone": said.tone,
        }
        return Response(ChainStandingSerializer(told).data)
