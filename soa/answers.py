"""What the API tells about the statement; rows come from the sheet that pages read too."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aims.api import PersonSerializer
from evidence.state import EvidenceState
from soa.checks import Flag
from soa.models import (
    Applicability,
    Effectiveness,
    Entry,
    EntrySystem,
    Implementation,
    StatementVersion,
)
from soa.queries.rows import Row, Sheet, body_of
from soa.reopening.models import Cause


class VersionBriefSerializer(serializers.ModelSerializer[StatementVersion]):
    """A version as lists show it."""

    submitted_by = PersonSerializer(allow_null=True)
    decided_by = PersonSerializer(allow_null=True)

    class Meta:
        model = StatementVersion
        fields = (
            "number", "state", "digest", "summary", "submitted_by", "submitted_at", "decided_by", "decided_at",
            "decision_note", "superseded_at", "version",
        )  # fmt: skip


class WarningSerializer(serializers.Serializer[Any]):
    """A warning that the approver confirms and the report prints."""

    check = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class VersionDetailSerializer(VersionBriefSerializer):
    """A version with its warnings and all that it froze."""

    warnings = WarningSerializer(many=True)
    body = serializers.SerializerMethodField()

    class Meta(VersionBriefSerializer.Meta):
        fields = (*VersionBriefSerializer.Meta.fields, "warnings", "body")  # type: ignore[assignment]

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_body(self, row: StatementVersion) -> dict[str, Any]:
        """Return what the digest is of; its canonical JSON (RFC 8785) hashes to it."""
        return body_of(row)


class CountsSerializer(serializers.Serializer[Any]):
    """How many rows stand how; the first three add up to `rows`."""

    rows = serializers.IntegerField()
    undecided = serializers.IntegerField()
    included = serializers.IntegerField()
    excluded = serializers.IntegerField()
    implemented = serializers.IntegerField()
    blocking = serializers.IntegerField()
    warnings = serializers.IntegerField()


class StatementSerializer(serializers.Serializer[Any]):
    """The statement: its counts, the version in force, the one that waits, and the draft."""

    is_open = serializers.BooleanField()
    draft = serializers.IntegerField(help_text="The number that the draft will bear.")
    changed = serializers.ListField(
        child=serializers.CharField(), help_text="Rows that say something else than the version before."
    )
    counts = CountsSerializer()
    in_force = VersionBriefSerializer(allow_null=True)
    waiting = VersionBriefSerializer(allow_null=True)


class CheckSerializer(serializers.Serializer[Any]):
    """What an auditor would flag."""

    check = serializers.CharField()
    blocks = serializers.BooleanField()
    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField()


class ReasonSerializer(serializers.Serializer[Any]):
    """A reason code and what it points at."""

    code = serializers.CharField()
    ref = serializers.CharField()


class DriverSerializer(serializers.Serializer[Any]):
    """Something that needs the control."""

    ref = serializers.CharField()
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()


class ProofSerializer(serializers.Serializer[Any]):
    """What proves the row."""

    state = serializers.ChoiceField(EvidenceState.choices)
    count = serializers.IntegerField()
    next_renewal = serializers.DateField(allow_null=True)
    refs = serializers.ListField(child=serializers.CharField())
    awaited = serializers.ListField(child=serializers.CharField())


class FindingSerializer(serializers.Serializer[Any]):
    """An open finding."""

    ref = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    grade = serializers.CharField()


class OpenChangeSerializer(serializers.Serializer[Any]):
    """An open change that may touch the row, while nobody has said whether it does."""

    code = serializers.CharField()
    title = serializers.CharField()


class OpenTriggerSerializer(serializers.Serializer[Any]):
    """Something that happened after an assessment the row leans on, while nobody has said what it touches."""

    code = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()


class ReopenedSerializer(serializers.Serializer[Any]):
    """Why an exclusion has to be decided again."""

    cause = serializers.ChoiceField(Cause.choices)
    words = serializers.CharField()


class RolledSerializer(serializers.Serializer[Any]):
    """The row over all AI systems in scope."""

    applicability = serializers.ChoiceField(Applicability.choices)
    implementation = serializers.ChoiceField(Implementation.choices)
    excluded_for = serializers.ListField(child=serializers.CharField())


class EntrySystemSerializer(serializers.ModelSerializer[EntrySystem]):
    """What differs for one AI system."""

    system = serializers.CharField(source="system.code")
    implementation = serializers.CharField(help_text="Empty means as the control.")

    class Meta:
        model = EntrySystem
        fields = ("system", "applicability", "why", "implementation", "version")


class EntrySerializer(serializers.ModelSerializer[Entry]):
    """What people decided about a row."""

    owner = PersonSerializer(allow_null=True)
    reasons = ReasonSerializer(many=True)
    effectiveness = serializers.ChoiceField(Effectiveness.choices)

    class Meta:
        model = Entry
        fields = (
            "applicability", "why", "reasons", "owner", "review_on", "expires_on", "performed_by", "provider",
            "agreement", "implementation", "planned_on", "how", "how_document", "notes", "expects_evidence",
            "no_evidence_reason", "effectiveness", "version", "changed_at",
        )  # fmt: skip


class RowSerializer(serializers.Serializer[Any]):
    """A row with everything that stands beside it."""

    code = serializers.CharField()
    title = serializers.CharField()
    area = serializers.CharField()
    entry = EntrySerializer()
    rolled = RolledSerializer()
    per_system = EntrySystemSerializer(many=True)
    drivers = DriverSerializer(many=True)
    evidence = ProofSerializer()
    findings = FindingSerializer(many=True)
    changes = OpenChangeSerializer(many=True)
    triggers = OpenTriggerSerializer(many=True)
    reopened = ReopenedSerializer(many=True)
    unnamed = DriverSerializer(many=True, help_text="What judgement proposes as reasons and none names yet.")


class LineSerializer(serializers.Serializer[Any]):
    """A row of a file with its verdict's reason."""

    line = serializers.IntegerField()
    id = serializers.CharField()
    title = serializers.CharField()
    reason = serializers.CharField()


class TakenSerializer(serializers.Serializer[Any]):
    """What an accepted import wrote."""

    taken = serializers.IntegerField()
    held_back = serializers.ListField(child=serializers.CharField())
    owners = serializers.IntegerField()
    evidence = serializers.IntegerField()


class PlanSerializer(serializers.Serializer[Any]):
    """The verdict on every row, as `import_soa --json` prints it."""

    matched = LineSerializer(many=True)
    flagged = LineSerializer(many=True)
    rejected = LineSerializer(many=True)
    skipped = LineSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    result = TakenSerializer(allow_null=True, help_text="Null while nothing was written.")


def row_shown(row: Row) -> dict[str, Any]:
    """Return a row of the sheet as it is answered; no queries."""
    proof = row.evidence
    shape = {
        "code": row.code,
        "title": row.requirement.title,
        "area": row.requirement.area.code if row.requirement.area else "",
        "entry": row.entry,
        "rolled": row.rolled,
        "per_system": row.per_system,
        "drivers": row.drivers,
        "evidence": {
            "state": str(row.evidence_state),
            "count": proof.count,
            "next_renewal": proof.next_renewal,
            "refs": [ref.ref for ref in proof.refs],
            "awaited": proof.awaited,
        },
        "findings": row.findings,
        "changes": row.changes,
        "triggers": row.triggers,
        "reopened": row.reopened,
        "unnamed": row.unnamed,
    }
    return dict(RowSerializer(shape).data)


def statement_shown(sheet: Sheet, flags: tuple[Flag, ...]) -> dict[str, Any]:
    """Return the statement as it is answered; no queries."""
    shape = {
        "is_open": sheet.statement is not None,
        "draft": sheet.number,
        "changed": [row.code for row in sheet.rows if row.code in sheet.changed],
        "counts": counts_of(sheet, flags),
        "in_force": sheet.in_force,
        "waiting": sheet.waiting,
    }
    return dict(StatementSerializer(shape).data)


def counts_of(sheet: Sheet, flags: tuple[Flag, ...]) -> dict[str, int]:
    """Count rows as they roll up over the AI systems in scope."""
    held = [row.rolled.applicability for row in sheet.rows]
    implemented = (
        row.rolled.applicability == Applicability.INCLUDED and row.rolled.implementation == Implementation.IMPLEMENTED
        for row in sheet.rows
    )
    blocking = sum(flag.blocks for flag in flags)
    return {
        "rows": len(held),
        **{name: held.count(name) for name in Applicability.values},
        "implemented": sum(implemented),
        "blocking": blocking,
        "warnings": len(flags) - blocking,
    }
