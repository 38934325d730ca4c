"""What every API door shares: bearer tokens, problem+json (RFC 9457), cursor pages, ETags (RFC 9110)."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.pagination import CursorPagination as DrfCursorPagination
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import Conflict, NotAllowed, Refusal, StepUpNeeded

PROBLEM = "application/problem+json"
MOST_JSON = 1024 * 1024  # bytes
DEEPEST = 32
LARGEST = 2**53 - 1  # what every reader of JSON counts exactly


class TokenAuthentication(BaseAuthentication):
    """The middleware has checked the bearer token against the AIMS; this tells DRF whose it is."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return the token's person, or None when no token was sent; a bad one is refused."""
        if not request.META.get("HTTP_AUTHORIZATION", "").startswith("Bearer "):
            return None
        token = getattr(request._request, "token", None)
        if token is None:
            raise exceptions.AuthenticationFailed("The token is unknown, expired or revoked.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Make a missing sign-in answer 401 rather than 403."""
        return 'Bearer realm="assay"'


class SessionAuthentication(DrfSessionAuthentication):
    """The browser's session, with CSRF, so that the API can be tried from its own page."""


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes bearer tokens."""

    target_class = "accounts.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the OpenAPI description."""
        return {"type": "http", "scheme": "bearer", "description": "A token made under Settings, Tokens."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes the browser's session."""

    target_class = "accounts.api.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the OpenAPI description."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class TooMuch(exceptions.APIException):
    """The body is larger than what is read (413)."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class JSONParser(BaseParser):
    """JSON of at most 1 MB and 32 levels that every database can store."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Read the body; raises TooMuch or ParseError, never anything else."""
        data = stream.read(MOST_JSON + 1)
        if len(data) > MOST_JSON:
            raise TooMuch("A JSON body has at most 1 MB.")
        return read_json(data)


def read_json(data: bytes | str) -> Any:
    """Read JSON, refusing what a database or a record cannot hold: NUL, lone surrogates, NaN, numbers past 2^53."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise exceptions.ParseError("This is no JSON.") from error
    if isinstance(value, list | dict) and not _is_shallow(value):
        raise exceptions.ParseError(f"This JSON is nested deeper than {DEEPEST} levels.")
    if not _is_storable(value):
        raise exceptions.ParseError("The JSON holds a NUL character, half a character, or a number out of range.")
    return value


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _depth in range(DEEPEST):
        level = [item for part in level for item in _parts(part)]
        if not level:
            return True
    return False


def _is_storable(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) <= LARGEST
    return all(map(_is_storable, _parts(value)))


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


class CursorPagination(DrfCursorPagination):
    """Pages that neither skip nor repeat while rows are added."""

    ordering = "pk"
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int | None:
        """Return the size asked for, refusing one out of bounds."""
        asked = request.query_params.get("page_size")
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdigit() and len(asked) < 5 and 1 <= int(asked) <= self.max_page_size):
            raise exceptions.ValidationError({"page_size": [f"Ask for 1 to {self.max_page_size} rows."]})
        return int(asked)

    def decode_cursor(self, request: Request) -> Any:
        """Read the cursor, refusing one that no answer gave."""
        try:
            cursor = super().decode_cursor(request)
        except (ValueError, exceptions.NotFound) as error:
            raise _bad_cursor() from error
        position = getattr(cursor, "position", None)
        if position is not None and not (position.isascii() and position.isdigit() and len(position) < 16):
            raise _bad_cursor()
        return cursor

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe page_size as a whole number within its bounds."""
        parameters = cast(list[dict[str, Any]], super().get_schema_operation_parameters(view))
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": self.max_page_size}
        return parameters


def _bad_cursor() -> exceptions.NotFound:
    return exceptions.NotFound("There is no such page. Take the cursor from `next` or `previous` of an answer.")


def _refused(refusal: Refusal) -> Response:
    codes: dict[type[Refusal], int] = {
        NotAllowed: status.HTTP_403_FORBIDDEN,
        Conflict: status.HTTP_409_CONFLICT,
    }
    code = next(
        (code for kind, code in codes.items() if isinstance(refusal, kind)), status.HTTP_422_UNPROCESSABLE_ENTITY
    )
    errors = {refusal.field: [refusal.message]} if refusal.field else None
    return answer(code, refusal.message, errors)


def answer(
    code: int, detail: str, errors: Any = None, headers: dict[str, str] | None = None, **members: Any
) -> Response:
    """Return a problem: its status and title, what happened, the fields at fault, and further members."""
    body: dict[str, Any] = {"type": "about:blank", "status": code, "title": _title(code), "detail": detail}
    if errors:
        body["errors"] = errors if isinstance(errors, dict) else {"body": errors}
    return Response(body | members, status=code, content_type=PROBLEM, headers=headers)


def _title(code: int) -> str:
    return {
        400: "Bad request",
        401: "Sign-in needed",
        403: "Not allowed",
        404: "Not found",
        405: "Method not allowed",
        406: "Not acceptable",
        409: "Conflict",
        410: "Gone",
        412: "Changed since it was read",
        413: "Too large",
        415: "Unsupported media type",
        422: "Refused",
        428: "Version needed",
        507: "No room",
    }.get(code, "Error")


def problem(error: Exception, _context: dict[str, Any]) -> Response | None:
    """Answer every error as problem+json; unknown ones go on to Django's 500."""
    if isinstance(error, Refusal):
        return _refused(error)
    if isinstance(error, StepUpNeeded):
        return answer(403, error.message)
    if isinstance(error, Http404):
        return answer(404, "There is nothing here.")
    if isinstance(error, PermissionDenied):
        return answer(403, "Your role does not allow this.")
    if isinstance(error, SuspiciousOperation):
        return answer(413 if isinstance(error, RequestDataTooBig) else 400, "The request cannot be read.")
    if isinstance(error, exceptions.ValidationError):
        return answer(400, "Some fields need attention.", error.detail)
    if isinstance(error, exceptions.APIException):
        header = getattr(error, "auth_header", None)
        return answer(error.status_code, str(error.detail), headers={"WWW-Authenticate": header} if header else None)
    return None
