"""The API door to assessments as files: Markdown in."""

from pathlib import PurePosixPath
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import TooMuch, answer
from accounts.refusals import require
from accounts.roles import WRITERS
from aims.api import Door, NotHere, Text
from assessments.actions.bring import NotBringable, import_assessment, is_bringer
from assessments.bodies import system_of
from assessments.markdown.plan import plan_of
from assessments.markdown.reading import MOST_BYTES
from assessments.models import Assessment

TOO_MUCH = "One assessment has at most 2 MB."


class BringSerializer(serializers.Serializer[Any]):
    """An assessment as a Markdown file; with `dry_run` nothing is written."""

    file = serializers.FileField(allow_empty_file=True, max_length=None)
    system = Text(min_length=1, max_length=20, allow_blank=False)
    dry_run = serializers.BooleanField(required=False, default=False)


class BroughtSerializer(serializers.Serializer[Any]):
    """What a file does to the assessment of a system, and what to look at in it."""

    system = serializers.CharField()
    assessment = serializers.CharField(allow_null=True, help_text="Its reference, such as IA-2026-08@1.0.")
    verdict = serializers.ChoiceField(["added", "changed", "edition", "unchanged", "refused"])
    applied = serializers.BooleanField()
    changes = serializers.ListField(child=serializers.DictField(child=serializers.CharField(allow_blank=True)))
    matched = serializers.ListField(child=serializers.DictField())
    flagged = serializers.ListField(child=serializers.DictField())
    rejected = serializers.ListField(child=serializers.DictField())
    skipped = serializers.ListField(child=serializers.DictField())


class BringDoor(Door):
    """Assessments kept as Markdown."""

    serializer_class = BroughtSerializer
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> QuerySet[Assessment]:
        """Return assessments."""
        return Assessment.objects.all()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is far too large before any of it is read."""
        length = str(request.headers.get("Content-Length") or "0")
        if length.isdigit() and int(length) > MOST_BYTES + 1024 * 1024:
            raise TooMuch(TOO_MUCH)
        super().initial(request, *args, **kwargs)

    @extend_schema(
        request={"multipart/form-data": BringSerializer},
        responses={200: BroughtSerializer, 201: BroughtSerializer},
        summary="Import an impact assessment",
    )
    def create(self, request: Request) -> Response:
        """Start (201), change or revise (201) the assessment of a system; a fault refuses all of it by line (422)."""
        require(self.actor.is_person and self.actor.holds(*WRITERS))
        said = self.said(BringSerializer)
        if said["file"].size > MOST_BYTES:
            raise TooMuch(TOO_MUCH)
        system = system_of(said["system"])
        if system is None:
            raise NotHere(_("Say which AI system is assessed."), field="system")
        require(is_bringer(self.actor, system))
        data, row = said["file"].read(), None
        try:
            if said["dry_run"]:
                plan = plan_of(data, system)
            else:
                name = PurePosixPath(said["file"].name).name
                plan, row = import_assessment(data, system, name=name, actor=self.actor)
        except NotBringable as refusal:
            plan = refusal.plan
        if plan.faults:
            told = plan.as_json()
            kept = {name: told[name] for name in ("rejected", "flagged", "skipped")}
            return answer(422, _("The file does not fit. Nothing was changed."), **kept)
        told = plan.as_json() | {"applied": row is not None} | ({"assessment": row.ref_code} if row else {})
        is_new = row is not None and plan.verdict in ("added", "edition")
        return Response(BroughtSerializer(told).data, status=201 if is_new else 200)
