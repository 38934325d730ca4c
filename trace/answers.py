"""What the API tells of lineage; the data comes from `trace.lineage.telling`, which the command prints too."""

from typing import Any

from rest_framework import serializers

from trace.lineage.query import BOTH, DEEPEST, DEPTH, DIRECTIONS

STATES = (("ok", "In order"), ("pending", "Not decided yet"), ("gap", "Broken"), ("past", "Replaced or ended"))


class AskSerializer(serializers.Serializer[Any]):
    """What is asked."""

    subject = serializers.CharField(
        max_length=140,
        help_text="A reference such as `entry:A.6.2.4`, or `assessment:IA-2026-08` for the newest edition.",
    )
    direction = serializers.ChoiceField(
        [(way, way) for way in DIRECTIONS],
        default=BOTH,
        help_text="`back` to what it rests on, `forward` to what rests on it.",
    )
    depth = serializers.IntegerField(min_value=1, max_value=DEEPEST, default=DEPTH, help_text="How many steps to go.")


class AsRecordedSerializer(serializers.Serializer[Any]):
    """The head of the chain that the answer was read at."""

    size = serializers.IntegerField()
    root = serializers.CharField(help_text="Hex SHA-256; empty while nothing is recorded.")  # type: ignore[assignment]


class AuthoritySerializer(serializers.Serializer[Any]):
    """The authority of a record, judged at its instant."""

    membership = serializers.CharField(allow_null=True, help_text="Null where no role was needed.")
    role = serializers.CharField(help_text="In words.")
    scope = serializers.CharField()
    granted_by = serializers.CharField()
    granted_in = serializers.IntegerField(allow_null=True, help_text="The number of the record that granted it.")
    expires = serializers.CharField(allow_null=True)
    valid_then = serializers.BooleanField()
    words = serializers.CharField()


class RecordSerializer(serializers.Serializer[Any]):
    """The record of the chain that tells of a thing."""

    number = serializers.IntegerField(allow_null=True, help_text="Null while it waits for its number.")
    event = serializers.CharField()
    at = serializers.CharField(help_text="UTC with microseconds.")
    leaf = serializers.CharField()
    actor = serializers.CharField()
    role = serializers.CharField(help_text="The code of the role acted under; empty without one.")
    reason = serializers.CharField(help_text="What was given as the reason; empty where none was, or it was erased.")
    authority = AuthoritySerializer()


class NodeSerializer(serializers.Serializer[Any]):
    """One thing; `hash` is the digest of what it froze, else the leaf of its record."""

    ref = serializers.CharField()
    kind = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    hash = serializers.CharField()
    record = RecordSerializer(allow_null=True)


class EdgeSerializer(serializers.Serializer[Any]):
    """One thing that rests on another."""

    to = serializers.CharField()
    relation = serializers.CharField()
    note = serializers.CharField(help_text="How the other stood then, such as the version of a system.")

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, which Python keeps for itself."""
        return {"from": serializers.CharField()} | super().get_fields()


class GapSerializer(serializers.Serializer[Any]):
    """Where the thread is broken."""

    ref = serializers.CharField()
    text = serializers.CharField()


class HashesSerializer(serializers.Serializer[Any]):
    """How many leaves and digests were recomputed, and how many are as recorded."""

    checked = serializers.IntegerField()
    matching = serializers.IntegerField()


class LineageSerializer(serializers.Serializer[Any]):
    """What a thing rests on and what rests on it, each in order of distance."""

    subject = serializers.CharField()
    aims = serializers.CharField()
    as_recorded = AsRecordedSerializer()
    nodes = NodeSerializer(many=True)
    edges = EdgeSerializer(many=True)
    back = serializers.ListField(child=serializers.CharField())
    forward = serializers.ListField(child=serializers.CharField())
    gaps = GapSerializer(many=True)
    hashes = HashesSerializer()
    left_out = serializers.IntegerField(help_text="How many things were left out because there are too many.")
    is_cut = serializers.BooleanField(help_text="Whether there may be more beyond the depth.")
