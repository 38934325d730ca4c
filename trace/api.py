"""The API's door to the thread."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from aims.api import Door
from ledger.models import Record
from trace.answers import AskSerializer, LineageSerializer
from trace.lineage.query import NothingThere, lineage_of
from trace.lineage.telling import as_data


class LineageDoor(Door):
    """Lineage, read only."""

    queryset = Record.unscoped.none()
    serializer_class = LineageSerializer
    pagination_class = None
    statuses = {NothingThere: 404}

    @extend_schema(parameters=[AskSerializer], responses=LineageSerializer, summary="Trace a thing both ways")
    def show(self, request: Request) -> Response:
        """Return what a thing rests on and what rests on it, with the records that prove it."""
        asked = AskSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(as_data(lineage_of(aims=self.aims, **asked.validated_data)))
