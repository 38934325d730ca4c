"""The API doors to what stands beside an assessment: remarks on its sections, and who else writes it."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door, NotHere, PersonSerializer, Text, person_called
from assessments.models import Assessment, CoAuthor, Section, SectionComment
from assessments.permissions import may_comment, may_settle, may_write
from assessments.sections import actions
from assessments.sections.queries import is_co_author

VERSIONED = "If-Match takes the version of the part, not of the assessment."


class RemarkSerializer(serializers.ModelSerializer[SectionComment]):
    """A remark on a section, and who settled it."""

    said_by = PersonSerializer(allow_null=True)
    settled_by = PersonSerializer(allow_null=True)

    class Meta:
        model = SectionComment
        fields = ("id", "section", "text", "said_by", "said_at", "settled_by", "settled_at", "version")


class WriteRemarkSerializer(serializers.Serializer[Any]):
    """What is remarked, on which section."""

    section = serializers.ChoiceField(Section.choices)
    text = Text(max_length=2_000)


class CoAuthorSerializer(serializers.ModelSerializer[CoAuthor]):
    """Somebody who writes an assessment beside its author."""

    user = PersonSerializer()

    class Meta:
        model = CoAuthor
        fields = ("id", "user", "version")


class NameCoAuthorSerializer(serializers.Serializer[Any]):
    """Who writes it beside its author."""

    user = Text(max_length=254, help_text="E-mail of a person of the organisation.")


class _BesideDoor(Door):
    """What the doors to parts of one assessment share."""

    def assessment(self) -> Assessment:
        """Return the edition that the address names."""
        code, _at, edition = self.kwargs["ref"].partition("@")
        rows = Assessment.objects.select_related("system").defer("frozen")
        row: Assessment = get_object_or_404(rows, code=code, edition=edition)
        return row

    def writable(self) -> Assessment:
        """Return it for those who write it."""
        row = self.assessment()
        require(may_write(self.actor, row) or is_co_author(self.actor, row))
        return row


@extend_schema_view(list=extend_schema(summary="List the remarks on an assessment"))
class RemarkDoor(_BesideDoor):
    """Remarks on the sections of an assessment."""

    queryset = SectionComment.unscoped.none()
    serializer_class = RemarkSerializer
    versioned = frozenset({"settle"})
    tagged = frozenset({"settle", "create"})

    def get_queryset(self) -> QuerySet[SectionComment]:
        """Return remarks with their people."""
        rows = SectionComment.objects.select_related("said_by", "settled_by", "assessment__system")
        return rows.filter(assessment=self.assessment())

    def list(self, request: Request, ref: str) -> Response:
        """Return a page of remarks, settled ones too."""
        return self.listed(self.get_queryset(), lambda page: RemarkSerializer(page, many=True).data)

    @extend_schema(request=WriteRemarkSerializer, responses={201: RemarkSerializer}, summary="Remark on a section")
    def create(self, request: Request, ref: str) -> Response:
        """Leave a remark for those who write and decide."""
        row = self.assessment()
        require(may_comment(self.actor, row))
        said = self.said(WriteRemarkSerializer)
        return self._answer(actions.comment_on(row, said["section"], text=said["text"], actor=self.actor), 201)

    @extend_schema(request=None, responses=RemarkSerializer, summary="Settle a remark", description=VERSIONED)
    def settle(self, request: Request, ref: str, part: int) -> Response:
        """Say that a remark is dealt with; it stays readable."""
        row = get_object_or_404(self.get_queryset(), pk=part)
        require(may_settle(self.actor, row) or is_co_author(self.actor, row.assessment))
        with self.holding(row) as seen:
            actions.settle_comment(row, seen=seen, actor=self.actor)
        return self._answer(row)

    def _answer(self, row: SectionComment, status: int = 200) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        return self.shown(RemarkSerializer(row).data, row.version, status=status)


@extend_schema_view(list=extend_schema(summary="List the co-authors of an assessment"))
class CoAuthorDoor(_BesideDoor):
    """Who writes an assessment beside its author."""

    queryset = CoAuthor.unscoped.none()
    serializer_class = CoAuthorSerializer
    versioned = frozenset({"withdraw"})
    tagged = versioned | {"create"}

    def get_queryset(self) -> QuerySet[CoAuthor]:
        """Return those who write it now."""
        rows = CoAuthor.objects.select_related("user", "assessment__system")
        return rows.filter(assessment=self.assessment(), withdrawn_at__isnull=True)

    def list(self, request: Request, ref: str) -> Response:
        """Return a page of co-authors."""
        return self.listed(self.get_queryset(), lambda page: CoAuthorSerializer(page, many=True).data)

    @extend_schema(request=NameCoAuthorSerializer, responses={201: CoAuthorSerializer}, summary="Name a co-author")
    def create(self, request: Request, ref: str) -> Response:
        """Let a control owner write it too; who writes it does not decide on it."""
        row = self.writable()
        person = person_called(self.said(NameCoAuthorSerializer)["user"], "user")
        if person is None:
            raise NotHere(_("Say who writes it too."), field="user")
        named = actions.name_co_author(row, person, actor=self.actor)
        named = self.get_queryset().get(pk=named.pk)
        return self.shown(CoAuthorSerializer(named).data, named.version, status=201)

    @extend_schema(request=None, responses=CoAuthorSerializer, summary="Withdraw a co-author", description=VERSIONED)
    def withdraw(self, request: Request, ref: str, part: int) -> Response:
        """Take somebody off it; what they wrote stays."""
        self.writable()
        row = get_object_or_404(self.get_queryset(), pk=part)
        with self.holding(row) as seen:
            gone = actions.withdraw_co_author(row, seen=seen, actor=self.actor)
        return self.shown(CoAuthorSerializer(gone).data, gone.version)
