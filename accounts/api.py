"""What every API door shares: bearer tokens, problem+json (RFC 9457), cursor pages, ETags (RFC 9110)."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.pagination import CursorPagination as DrfCursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import Conflict, NotAllowed, Refusal

PROBLEM = "application/problem+json"


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


class CursorPagination(DrfCursorPagination):
    """Pages that neither skip nor repeat while rows are added."""

    ordering = "pk"
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe page_size as a whole number within its bounds."""
        parameters = cast(list[dict[str, Any]], super().get_schema_operation_parameters(view))
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": self.max_page_size}
        return parameters


def _refused(refusal: Refusal) -> Response:
    codes: dict[type[Refusal], int] = {
        NotAllowed: status.HTTP_403_FORBIDDEN,
        Conflict: status.HTTP_409_CONFLICT,
    }
    code = next(
        (code for kind, code in codes.items() if isinstance(refusal, kind)), status.HTTP_422_UNPROCESSABLE_ENTITY
    )
    errors = {refusal.field: [refusal.message]} if refusal.field else None
    return _problem(code, refusal.message, errors)


def _problem(code: int, detail: str, errors: Any = None, headers: dict[str, str] | None = None) -> Response:
    body: dict[str, Any] = {"type": "about:blank", "status": code, "title": _title(code), "detail": detail}
    if errors:
        body["errors"] = errors
    return Response(body, status=code, content_type=PROBLEM, headers=headers)


def _title(code: int) -> str:
    return {
        400: "Bad request",
        401: "Sign-in needed",
        403: "Not allowed",
        404: "Not found",
        405: "Method not allowed",
        406: "Not acceptable",
        409: "Conflict",
        412: "Changed since it was read",
        413: "Too large",
        415: "Unsupported media type",
        422: "Refused",
        428: "Version needed",
    }.get(code, "Error")


def problem(error: Exception, _context: dict[str, Any]) -> Response | None:
    """Answer every error as problem+json; unknown ones go on to Django's 500."""
    if isinstance(error, Refusal):
        return _refused(error)
    if isinstance(error, Http404):
        return _problem(404, "There is nothing here.")
    if isinstance(error, PermissionDenied):
        return _problem(403, "Your role does not allow this.")
    if isinstance(error, exceptions.ValidationError):
        return _problem(400, "Some fields need attention.", error.detail)
    if isinstance(error, exceptions.APIException):
        header = getattr(error, "auth_header", None)
        return _problem(error.status_code, str(error.detail), headers={"WWW-Authenticate": header} if header else None)
    return None
