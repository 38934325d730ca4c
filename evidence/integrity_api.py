"""The API door to the check of stored files."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door, PersonSerializer
from evidence import actions
from evidence.models import IntegrityCheck
from evidence.permissions import may_check
from jobs.models import JobState


class IntegrityCheckSerializer(serializers.ModelSerializer[IntegrityCheck]):
    """What re-hashing every stored file found."""

    by = PersonSerializer(allow_null=True)
    sound = serializers.IntegerField(help_text="Files that are as they were given.")
    faults = serializers.SerializerMethodField()

    class Meta:
        model = IntegrityCheck
        fields = (
            "id", "started_at", "finished_at", "by", "files", "bytes", "sound", "altered", "missing", "faults",
        )  # fmt: skip

    def get_faults(self, row: IntegrityCheck) -> list[dict[str, Any]]:
        """Return the first files that are not as they were given: state, SHA-256 (hex), size, and whose they are."""
        names = ("state", "sha256", "size", "found", "found_size", "why")
        return [
            {name: fault[name] for name in names} | {"holders": [holder["what"] for holder in fault["holders"]]}
            for fault in row.faults
        ]


class RunningSerializer(serializers.Serializer[Any]):
    """A check that was asked for."""

    state = serializers.ChoiceField(JobState.choices)
    progress = serializers.IntegerField(help_text="Percent.")
    step = serializers.CharField(allow_blank=True)


@extend_schema_view(list=extend_schema(summary="List checks of stored files"))
class IntegrityDoor(Door):
    """Checks of stored files: read what they found, ask for one, stop it."""

    lookup_value_regex = "[0-9]{1,9}"
    queryset = IntegrityCheck.unscoped.none()
    serializer_class = IntegrityCheckSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Return the checks with who asked for them."""
        return IntegrityCheck.objects.select_related("by")

    def list(self, request: Request) -> Response:
        """Return every check."""
        return self.listed(self.get_queryset(), lambda page: IntegrityCheckSerializer(page, many=True).data)

    @extend_schema(responses=IntegrityCheckSerializer, summary="Read a check of stored files")
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one check."""
        return Response(IntegrityCheckSerializer(self.one()).data)

    @extend_schema(request=None, responses={201: RunningSerializer}, summary="Check every stored file")
    def create(self, request: Request) -> Response:
        """Have every stored file hashed again; the one that is under way is answered if there is one."""
        require(may_check(self.actor))
        return Response(RunningSerializer(actions.ask_for_check(actor=self.actor)).data, status=201)

    @extend_schema(request=None, responses=RunningSerializer, summary="Stop the check")
    @action(detail=False, methods=["post"])
    def stop(self, request: Request) -> Response:
        """Cancel the check that is under way; what it found so far is dropped."""
        job = actions.stop_check(actor=self.actor)
        job.refresh_from_db()
        return Response(RunningSerializer(job).data)
