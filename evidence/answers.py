"""What the API tells about evidence."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aims.api import PersonSerializer
from evidence.models import Evidence, EvidenceLink, EvidenceVersion, File, Verdict
from evidence.state import state_of


class ItemState(models.TextChoices):
    """How an item stands: by its date to renew by, still to be given, or withdrawn."""

    CURRENT = "current", _("Current")
    DUE = "renewal due", _("Renewal due")
    OVERDUE = "renewal overdue", _("Renewal overdue")
    AWAITED = "awaited", _("Still to be given")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def state_now(item: Any, today: date) -> str:
    """Return the state of an item with its newest version."""
    if item.withdrawn_at:
        return str(ItemState.WITHDRAWN)
    return str(state_of(item.renew_by, today)) if item.latest_number else str(ItemState.AWAITED)


class FileSerializer(serializers.ModelSerializer[File]):
    """A stored file; its bytes are under `versions/{number}/files/{id}/`."""

    scan = serializers.SerializerMethodField()

    class Meta:
        model = File
        fields = ("id", "name", "sha256", "size", "media_type", "scan")

    @extend_schema_field(serializers.ChoiceField(Verdict.choices))
    def get_scan(self, row: File) -> str:
        """Return what a scanner said; a file that was found harmful is handed to nobody."""
        scan = self.context["scans"].get(row.sha256)
        return str(scan.verdict) if scan else str(Verdict.NOT_SCANNED)


class EvidenceVersionSerializer(serializers.ModelSerializer[EvidenceVersion]):
    """What was given once."""

    given_by = PersonSerializer(allow_null=True)
    files = FileSerializer(many=True, source="kept_files")
    result = serializers.SerializerMethodField()

    class Meta:
        model = EvidenceVersion
        fields = (
            "number", "link", "note", "result", "covers_from", "covers_to", "made_on", "renew_by", "change_note",
            "given_by", "given_at", "files",
        )  # fmt: skip

    @extend_schema_field({"type": "object", "nullable": True, "additionalProperties": True})
    def get_result(self, row: EvidenceVersion) -> Any:
        """Return the result as it was given."""
        return row.result


class EvidenceLinkSerializer(serializers.ModelSerializer[EvidenceLink]):
    """What an item serves, said by whom and why."""

    control = serializers.CharField(source="requirement.code")
    system = serializers.CharField(source="system.code", default=None, allow_null=True)
    by = PersonSerializer(allow_null=True)

    class Meta:
        model = EvidenceLink
        fields = ("id", "control", "system", "source", "by", "reason", "linked_at", "version")


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    """An item as lists show it, with the state of its newest version."""

    owner = PersonSerializer(allow_null=True)
    state = serializers.SerializerMethodField()
    controls = serializers.SerializerMethodField()
    latest = serializers.IntegerField(
        source="latest_number", allow_null=True, help_text="Number of the newest version."
    )
    renew_by = serializers.DateField(allow_null=True)

    class Meta:
        model = Evidence
        fields = (
            "code", "title", "kind", "form", "owner", "state", "controls", "latest", "renew_by", "version",
            "changed_at",
        )  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(ItemState.choices))
    def get_state(self, item: Evidence) -> str:
        """Judge on the date of the AIMS."""
        return state_now(item, self.context["today"])

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_controls(self, item: Any) -> list[str]:
        """List what it serves, in the order of the standard."""
        return list(dict.fromkeys(link.requirement.code for link in item.live_links))


class EvidenceDetailSerializer(EvidenceSerializer):
    """An item with all that was ever given."""

    versions = EvidenceVersionSerializer(many=True, source="kept_versions")
    links = EvidenceLinkSerializer(many=True, source="live_links")

    class Meta(EvidenceSerializer.Meta):
        fields = (*EvidenceSerializer.Meta.fields, "withdrawn_at", "withdrawn_reason", "versions", "links")  # type: ignore[assignment]
