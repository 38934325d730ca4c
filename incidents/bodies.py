"""What API clients read and send about incidents, in its types."""

from typing import Any

from rest_framework import serializers

from aims.api import Flag, NotHere, PersonSerializer, Text, Whole, person_called
from incidents.models import (
    Containment,
    Drill,
    Incident,
    IncidentAction,
    IncidentLink,
    IncidentNote,
    Notification,
    OwnDuty,
    Runbook,
)
from incidents.words import Happened, Kind, Means, Outcome, State
from systems.models import AiSystem

OWNER = "E-mail of a person of the organisation."


class NoteSerializer(serializers.ModelSerializer[IncidentNote]):
    """An entry of the timeline."""

    class Meta:
        model = IncidentNote
        fields = ("id", "at", "text", "writer")


class ContainmentSerializer(serializers.ModelSerializer[Containment]):
    """What contained it."""

    by = PersonSerializer(allow_null=True)

    class Meta:
        model = Containment
        fields = ("id", "means", "at", "why", "before", "after", "by")


class ActionSerializer(serializers.ModelSerializer[IncidentAction]):
    """A corrective action."""

    owner = PersonSerializer(allow_null=True)
    done_by = PersonSerializer(allow_null=True)

    class Meta:
        model = IncidentAction
        fields = ("id", "what", "owner", "due_on", "done_at", "done_by", "evidence", "withdrawn_at", "version")


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """A duty to notify, with its deadline; without one it is due at once."""

    class Meta:
        model = Notification
        fields = (
            "id", "duty", "title", "jurisdiction", "authority", "due_at", "basis", "source", "state", "because",
            "sent_at", "reference", "version",
        )  # fmt: skip


class LinkSerializer(serializers.ModelSerializer[IncidentLink]):
    """A clause or control that the incident bears on."""

    control = serializers.CharField(source="requirement.code")

    class Meta:
        model = IncidentLink
        fields = ("id", "control", "why", "version")


class IncidentSerializer(serializers.ModelSerializer[Incident]):
    """An incident as lists show it."""

    system = serializers.CharField(source="system.code")
    owner = PersonSerializer(allow_null=True)
    happened = serializers.ListField(child=serializers.ChoiceField(Happened.choices))
    owed = serializers.IntegerField(help_text="How many notifications are due.")
    next_due = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = Incident
        fields = (
            "code", "system", "title", "kind", "happened", "severity", "state", "occurred_at", "noticed_at", "reporter",
            "owner", "affected", "affected_count", "owed", "next_due", "closed_at", "version", "changed_at",
        )  # fmt: skip


class IncidentDetailSerializer(IncidentSerializer):
    """An incident with everything that was done about it."""

    closed_by = PersonSerializer(allow_null=True)
    whys = serializers.ListField(child=serializers.CharField())
    references = serializers.ListField(child=serializers.CharField())
    notes = NoteSerializer(many=True, source="incidentnotes")
    containments = ContainmentSerializer(many=True)
    actions = ActionSerializer(many=True, source="incidentactions")
    notifications = NotificationSerializer(many=True)
    links = LinkSerializer(many=True, source="live_links")

    class Meta(IncidentSerializer.Meta):
        extra = ("what", "cause", "whys", "lessons", "references", "closed_by", "notes", "containments", "actions",
                 "notifications", "links")  # fmt: skip
        fields = (*IncidentSerializer.Meta.fields, *extra)  # type: ignore[assignment]


class ReportSerializer(serializers.Serializer[Any]):
    """What went wrong; deadlines run from `noticed_at`, which is now when it is left out."""

    title = Text(max_length=160)
    what = Text()
    kind = serializers.ChoiceField(Kind.choices)
    noticed_at = serializers.DateTimeField(required=False)
    occurred_at = serializers.DateTimeField(required=False, allow_null=True)
    happened = serializers.ListField(child=serializers.ChoiceField(Happened.choices), required=False, max_length=20)
    affected = Text(required=False)
    affected_count = Whole(required=False, allow_null=True, min_value=0, max_value=2_000_000_000)


class NewIncidentSerializer(ReportSerializer):
    """An incident to report."""

    system = Text(max_length=20, help_text="The code of the AI system.")


class EditIncidentSerializer(ReportSerializer):
    """What is said of an incident that was reported."""

    owner = Text(max_length=254, required=False, allow_null=True, help_text=OWNER)
    cause = Text(required=False)
    whys = serializers.ListField(child=Text(max_length=300), required=False, max_length=5)
    lessons = Text(required=False)
    references = serializers.ListField(child=Text(max_length=80), required=False, max_length=40)


class SeveritySerializer(serializers.Serializer[Any]):
    """How severe, 1 being the worst, and why."""

    severity = Whole(min_value=1, max_value=4)
    reason = Text()


class WriteNoteSerializer(serializers.Serializer[Any]):
    """An entry of the timeline; it happened now when `at` is left out."""

    text = Text()
    at = serializers.DateTimeField(required=False)


class ContainSerializer(serializers.Serializer[Any]):
    """What is done at once, and why."""

    means = serializers.ChoiceField(Means.choices)
    why = Text()


class MoveIncidentSerializer(serializers.Serializer[Any]):
    """The state it enters, and why."""

    state = serializers.ChoiceField(State.choices)
    reason = Text()


class PlanSerializer(serializers.Serializer[Any]):
    """A corrective action to plan."""

    what = Text(max_length=300)
    due_on = serializers.DateField()
    owner = Text(max_length=254, required=False, allow_null=True, help_text=OWNER)


class DoneSerializer(serializers.Serializer[Any]):
    """What shows that an action was done."""

    evidence = Text(max_length=120)


class SentSerializer(serializers.Serializer[Any]):
    """When a notification was sent, now when it is left out, and under which reference."""

    reference = Text(max_length=200)
    sent_at = serializers.DateTimeField(required=False)


class BecauseSerializer(serializers.Serializer[Any]):
    """Why a notification is not due."""

    because = Text()


class BearsOnSerializer(serializers.Serializer[Any]):
    """A clause or control, by its id, and why the incident bears on it."""

    control = Text(max_length=20)
    why = Text(required=False, max_length=300)


class EndingSerializer(serializers.Serializer[Any]):
    """Why something ends."""

    reason = Text()


class OwnDutySerializer(serializers.ModelSerializer[OwnDuty]):
    """A duty to notify of the organisation's own."""

    system = serializers.CharField(source="system.code", allow_null=True, default=None)
    kinds = serializers.ListField(child=serializers.ChoiceField(Kind.choices))

    class Meta:
        model = OwnDuty
        fields = (
            "code", "title", "authority", "source", "within", "in_days", "kinds", "least_severity", "system",
            "withdrawn_at", "version",
        )  # fmt: skip


class NewOwnDutySerializer(serializers.Serializer[Any]):
    """A duty to take on; without kinds it counts for all of them, without a system for all."""

    title = Text(max_length=160)
    authority = Text(max_length=160)
    source: Any = Text(max_length=160, required=False)
    within = Whole(min_value=1, max_value=365)
    in_days = Flag(required=False)
    kinds = serializers.ListField(child=serializers.ChoiceField(Kind.choices), required=False, max_length=20)
    least_severity = Whole(min_value=1, max_value=4, required=False)
    system = Text(max_length=20, required=False, allow_null=True)


class DrillSerializer(serializers.ModelSerializer[Drill]):
    """A drill that was held."""

    by = PersonSerializer(allow_null=True)

    class Meta:
        model = Drill
        fields = ("id", "edition", "held_on", "tried", "outcome", "findings", "by")


class RunbookSerializer(serializers.ModelSerializer[Runbook]):
    """A runbook with its drills, the newest first."""

    owner = PersonSerializer(allow_null=True)
    kinds = serializers.ListField(child=serializers.ChoiceField(Kind.choices))
    drills = DrillSerializer(many=True)

    class Meta:
        model = Runbook
        fields = ("code", "name", "kinds", "steps", "owner", "edition", "reviewed_on", "drilled_each", "drills",
                  "version")  # fmt: skip


class WriteRunbookSerializer(serializers.Serializer[Any]):
    """What a runbook says; its steps are Markdown."""

    name = Text(max_length=160)
    kinds = serializers.ListField(child=serializers.ChoiceField(Kind.choices), required=False, max_length=20)
    steps = Text(max_length=40_000)
    owner = Text(max_length=254, required=False, allow_null=True, help_text=OWNER)
    reviewed_on = serializers.DateField(required=False, allow_null=True)
    drilled_each = Whole(min_value=1, max_value=36, required=False)


class HoldDrillSerializer(serializers.Serializer[Any]):
    """A drill: when, what was tried, how it went."""

    held_on = serializers.DateField()
    tried = Text()
    outcome = serializers.ChoiceField(Outcome.choices)
    findings = Text(required=False)


def system_called(code: str) -> AiSystem:
    """Return a system of the registry by its code."""
    found = AiSystem.objects.filter(code=code).first()
    if found is None:
        raise NotHere("There is no such AI system here.", field="system")
    return found


def named_in(said: dict[str, Any]) -> dict[str, Any]:
    """Return what was sent with the person and the system that it names."""
    more: dict[str, Any] = {"owner": person_called(said["owner"])} if "owner" in said else {}
    if "system" in said:
        more["system"] = system_called(said["system"]) if said["system"] else None
    return said | more
