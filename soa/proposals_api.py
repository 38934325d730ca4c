"""The API door of what roles and facts propose for the statement."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from aims.api import Door
from soa.models import Applicability, Entry
from soa.queries.drivers import CODES
from soa.queries.rows import Sheet, read_sheet
from systems.applying.rules import Strength


class ProposedSerializer(serializers.Serializer[Any]):
    """A control that a rule, a treatment or a measure asks for, and what the statement says of it."""

    control = serializers.CharField()
    applicability = serializers.ChoiceField(Applicability.choices)
    rule = serializers.CharField()
    strength = serializers.ChoiceField([(one.value, one.value) for one in Strength])
    reason = serializers.CharField(help_text="The reason code that the fact would be, or nothing.")
    role = serializers.CharField(help_text="The AI role, where a role asks.")
    systems = serializers.IntegerField(help_text="Systems in scope; 0 where the organisation at large plays the role.")
    first = serializers.CharField(help_text="The first of them.")
    ref = serializers.CharField(help_text="The risk or assessment, where a treatment or a measure asks.")
    contradicts = serializers.BooleanField(help_text="Whether an exclusion stands against the fact.")


@extend_schema_view(list=extend_schema(summary="List what roles, facts and judgement propose"))
class ProposalDoor(Door):
    """What roles played, facts of systems in scope, treatments and measures propose."""

    queryset = Entry.unscoped.none()
    serializer_class = ProposedSerializer
    pagination_class = None

    def list(self, request: Request) -> Response:
        """Return every control that a role, a fact or a judgement asks for, in the order of the standard."""
        return Response(ProposedSerializer(list(_rows(read_sheet(self.aims))), many=True).data)


def _rows(sheet: Sheet) -> Iterator[dict[str, Any]]:
    for row in sheet.rows:
        for one in row.proposals:
            yield {
                "control": row.code,
                "applicability": row.rolled.applicability,
                "rule": one.rule,
                "strength": one.strength.value,
                "reason": one.reason,
                "role": one.role,
                "systems": one.count,
                "first": one.first,
                "ref": "",
                "contradicts": one.demands and row.rolled.applicability == Applicability.EXCLUDED,
            }
        for driver in row.drivers:
            if driver.kind in CODES:
                yield {
                    "control": row.code,
                    "applicability": row.rolled.applicability,
                    "rule": "treatment" if driver.kind == "risk" else "measure",
                    "strength": Strength.DEMANDS.value,
                    "reason": str(CODES[driver.kind]),
                    "role": "",
                    "systems": int(driver.system_id is not None),
                    "first": "",
                    "ref": driver.ref,
                    "contradicts": row.rolled.applicability == Applicability.EXCLUDED,
                }
