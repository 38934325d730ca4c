"""What API clients send about the statement, in its types."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.refusals import Refusal
from aims.api import Flag, Text, Whole, person_called
from soa.models import Applicability, Implementation, Performer
from soa.reasons import Given, UnknownReason, parse


class NotAReason(Refusal):
    """A reason code that does not exist, or that points at what it cannot."""

    field = "reasons"


class ReasonsField(serializers.ListField):
    """Reason codes, bare or with what they point at: `BP`, `RT risk:R-014`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=Text(max_length=60), max_length=50, **{"required": False} | kwargs)


class DecideSerializer(serializers.Serializer[Any]):
    """Include, exclude or leave undecided, and why."""

    applicability = serializers.ChoiceField(Applicability.choices)
    why = Text(required=False)
    reasons = ReasonsField(help_text="Such as `BP`, or with what the code points at: `RT risk:R-014`.")


class AmendSerializer(serializers.Serializer[Any]):
    """What a row says besides its applicability; what is not sent stays."""

    why = Text()
    reasons = ReasonsField(help_text="Such as `BP`, or with what the code points at: `RT risk:R-014`.")
    owner = Text(max_length=254, allow_null=True, help_text="E-mail of a person of the organisation.")
    review_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    performed_by = serializers.ChoiceField(Performer.choices)
    provider = Text(max_length=160)
    agreement = Text(max_length=160)
    implementation = serializers.ChoiceField(Implementation.choices)
    planned_on = serializers.DateField(allow_null=True)
    how = Text()
    how_document = Text(max_length=200)
    notes = Text()
    expects_evidence = Flag()
    no_evidence_reason = Text(max_length=300)


class DecideForSystemSerializer(serializers.Serializer[Any]):
    """What differs for one AI system; no implementation means as the control."""

    applicability = serializers.ChoiceField([Applicability.INCLUDED.value, Applicability.EXCLUDED.value])
    why = Text(required=False)
    implementation = serializers.ChoiceField(Implementation.choices, required=False)


class OwnControlSerializer(serializers.Serializer[Any]):
    """A control of the organisation's own."""

    title = Text(max_length=200)
    summary = Text(required=False)


class TakeSerializer(serializers.Serializer[Any]):
    """The controls that take what judgement proposes."""

    controls = serializers.ListField(child=Text(max_length=20), max_length=500, allow_empty=False)


class ExclusionSerializer(serializers.Serializer[Any]):
    """An exclusion as it was seen."""

    code = Text(max_length=20)
    seen = Whole(min_value=1, help_text="The version of the row that was looked at.")


class RenewSerializer(serializers.Serializer[Any]):
    """Exclusions that still hold, until when, and what was looked at."""

    exclusions = ExclusionSerializer(many=True, allow_empty=False)
    expires_on = serializers.DateField()
    why = Text(max_length=2_000)


class SubmitSerializer(serializers.Serializer[Any]):
    """What changed, in one sentence; left out, it says how many rows did."""

    summary = Text(required=False, max_length=300)


class ApproveSerializer(serializers.Serializer[Any]):
    """The digest that was looked at, and that its warnings were read."""

    digest = Text(max_length=64)
    confirms_warnings = Flag(required=False)
    note = Text(required=False, max_length=2_000)


class ReturnSerializer(serializers.Serializer[Any]):
    """What has to change."""

    reason = Text(max_length=2_000)


class ImportSerializer(serializers.Serializer[Any]):
    """A statement as a file; without `accept` nothing is written."""

    file = serializers.FileField(allow_empty_file=True, max_length=None)
    accept = serializers.ChoiceField([("matched", "Take the rows that match")], required=False)


def understood(said: dict[str, Any]) -> dict[str, Any]:
    """Return a body with its owner and reasons looked up; raises NotHere or NotAReason."""
    found = dict(said)
    if "owner" in said:
        found["owner"] = person_called(said["owner"])
    if "reasons" in said:
        found["reasons"] = _reasons(said["reasons"])
    return found


def _reasons(given: list[str]) -> list[Given]:
    try:
        return parse(given)
    except UnknownReason as error:
        raise NotAReason(_("%s") % error) from error
