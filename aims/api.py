"""What the API doors of all rooms share: scopes of tokens, versions as ETags, bodies in strict types."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.viewsets import GenericViewSet

from accounts.actor import Actor
from accounts.api import answer
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed, Refusal, require
from aims.models import Aims
from aims.queries import people
from ledger.change import plain
from ledger.governed import Governed

SAFE = ("GET", "HEAD")
TAG = re.compile(r'^(?:W/)?"(\d{1,9})(?:-[0-9a-f]{12})?"$')
CODE = r"[A-Za-z0-9.\-]{1,20}"
M = TypeVar("M", bound=Model)


class VersionNeeded(APIException):
    """A write that does not say which version it saw (428)."""

    status_code = 428


class NotHere(Refusal):
    """The body names a person, requirement or system that this AIMS does not have."""


class Text(serializers.CharField):
    """Text and nothing that merely looks like it; what a blank one means is for the action to say."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_blank": True, "trim_whitespace": False, "max_length": 8_000} | kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Refuse numbers, which DRF would take for text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Flag(serializers.BooleanField):
    """True or false, neither a number nor a word."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse what DRF would take for a truth."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return bool(data)


class Whole(serializers.IntegerField):
    """A whole number, and no text or fraction that merely looks like one."""

    def to_internal_value(self, data: Any) -> int:
        """Refuse what DRF would take for a number."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person by name and e-mail."""

    name = serializers.CharField(source="display_name")
    email = serializers.CharField()

    class Meta:
        model = User
        fields = ("name", "email")


class Door(GenericViewSet[Any]):
    """A door into one AIMS: the middleware has said which and who; verbs call the actions that the pages call."""

    http_method_names = ["get", "head", "post", "patch"]
    lookup_value_regex = CODE
    tagged: ClassVar[frozenset[str]] = frozenset()
    versioned: ClassVar[frozenset[str]] = frozenset()
    answers: ClassVar[Mapping[str, Mapping[int, str]]] = {}
    statuses: ClassVar[Mapping[type[Refusal], int]] = {}

    @property
    def aims(self) -> Aims:
        """The AIMS that the address names."""
        aims: Aims = self.request._request.aims  # type: ignore[attr-defined]
        return aims

    @property
    def actor(self) -> Actor:
        """Who asks."""
        actor: Actor = self.request._request.actor  # type: ignore[attr-defined]
        return actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a token whose scopes do not cover the method."""
        super().initial(request, *args, **kwargs)
        scope = "read" if request.method in SAFE else "write"
        token = request._request.token  # type: ignore[attr-defined]
        if token is not None and scope not in token.scopes:
            raise NotAllowed(_("This token may not %(scope)s.") % {"scope": scope})

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a lost race with both texts, and refusals of this room with their own status."""
        if isinstance(exc, Conflict):
            return self._lost(exc)
        for kind, status in self.statuses.items():
            if isinstance(exc, kind):
                return answer(status, exc.message, {exc.field: [exc.message]} if exc.field else None)
        return super().handle_exception(exc)

    def _lost(self, conflict: Conflict) -> Response:
        row, offered = conflict.current, conflict.offered
        current = {name: plain(getattr(row, name, None)) for name in offered} | {"version": row.version}
        status = 412 if self.request.headers.get("If-Match") else 409
        told = {"current": current, "offered": {name: plain(value) for name, value in offered.items()}}
        return answer(status, _("Someone else changed this since it was read."), **told)

    def one(self, permit: Callable[[Actor, Any], bool] | None = None) -> Any:
        """Return the row that the address names (404), once the actor may do this with it (403)."""
        row = get_object_or_404(self.get_queryset(), **{self.lookup_field: self.kwargs[self.lookup_field]})
        if permit is not None:
            require(permit(self.actor, row))
        return row

    def said(self, kind: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """Return the body in its types, refusing a wrong shape (400)."""
        form = kind(data=self.request.data, partial=partial)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    @contextmanager
    def holding(self, row: Governed, **offered: Any) -> Iterator[int]:
        """Hold other writers off and yield the version seen; raises VersionNeeded, or Conflict for an older one."""
        header = self.request.headers.get("If-Match", "")
        if not header:
            raise VersionNeeded(_("Send If-Match with the ETag of what you read."))
        with transaction.atomic():
            held = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)  # type: ignore[attr-defined]
            if not _is_meant(header, held.version):
                raise Conflict(held, offered)
            yield held.version

    def shown(self, data: Any, version: int, *, status: int = 200, location: str = "") -> Response:
        """Answer a representation with its ETag, or 304 when the reader has it."""
        body = json.dumps(data, cls=JSONEncoder, sort_keys=True).encode()
        tag = f'"{version}-{sha256(body).hexdigest()[:12]}"'
        headers = {"ETag": tag} | ({"Location": location} if location else {})
        known = [part.strip().removeprefix("W/") for part in self.request.headers.get("If-None-Match", "").split(",")]
        if self.request.method in SAFE and (tag in known or "*" in known):
            return Response(status=304, headers=headers)
        return Response(data, status=status, headers=headers)

    def listed(self, rows: "QuerySet[M]", shape: Callable[[list[M]], Any]) -> Response:
        """Answer a page of rows in their shape."""
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(shape(list(page or [])))


def _is_meant(header: str, version: int) -> bool:
    tags = [TAG.match(part.strip()) for part in header.split(",")]
    return header.strip() == "*" or any(tag is not None and int(tag[1]) == version for tag in tags)


def person_called(email: str | None, field: str = "owner") -> User | None:
    """Return the person of this organisation with an e-mail; none or a blank one is nobody."""
    if not email:
        return None
    person = people().filter(email__iexact=email).first()
    if person is None:
        raise NotHere(_("Nobody of this organisation has this e-mail."), field=field)
    return person
