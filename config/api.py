"""The API's own pages: its schema, Swagger under the strict content security policy, and a 404 that is JSON."""

from typing import Any
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer

from accounts.api import PROBLEM, SessionAuthentication, TokenAuthentication


@extend_schema(exclude=True)
class Schema(SpectacularAPIView):  # type: ignore[misc]
    """What machines can ask; it holds nothing of any organisation, so anybody may read it."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []


@extend_schema(exclude=True)
class Docs(SpectacularSwaggerSplitView):  # type: ignore[misc]
    """The API to read and to try, for people who are signed in."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated]
    renderer_classes = [TemplateHTMLRenderer, JSONRenderer]

    def handle_exception(self, exc: Exception) -> Any:
        """Send browsers to sign in."""
        if isinstance(exc, NotAuthenticated) and "text/html" in self.request.headers.get("Accept", ""):
            return redirect_to_login(quote(self.request.path))
        return super().handle_exception(exc)


@csrf_exempt
def nothing(_request: HttpRequest, rest: str) -> HttpResponse:
    """Answer addresses that are none as the rest of the API does."""
    body = {"type": "about:blank", "status": 404, "title": "Not found", "detail": "There is nothing here."}
    return JsonResponse(body, status=404, content_type=PROBLEM)
