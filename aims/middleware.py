"""Enter the AIMS that the address names, for those who belong to it; for everyone else nothing is there."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from accounts import tokens
from accounts.actor import Actor
from accounts.api import PROBLEM
from accounts.context import act_as, acting_in
from accounts.models import Token, User
from accounts.refusals import NotAllowed
from aims import past
from aims.models import Aims
from aims.queries import actor_for, actor_for_token

View = Callable[..., HttpResponse]


class AimsRequest(HttpRequest):
    """A request inside an AIMS, as views under `/a/<aims>/` receive it; `at` is the end of the day `as_of`."""

    user: User
    aims: Aims
    actor: Actor
    id: str
    token: Token | None
    as_of: date | None
    at: datetime | None


class AimsMiddleware:
    """Run views whose address carries `aims` inside `acting_in`, so that their transaction ends with them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: AimsRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Set `request.aims` and `request.actor`, answer strangers as if nothing were here, then run the view."""
        if "aims" not in kwargs:
            return None
        slug = kwargs.pop("aims")
        is_api = request.path.startswith("/api/")
        header = request.META.get("HTTP_AUTHORIZATION", "") if is_api else ""
        is_bearer = header.startswith("Bearer ")
        request.token = tokens.find(header.removeprefix("Bearer ").strip()) if is_bearer else None
        if request.token is None and (is_bearer or not request.user.is_authenticated):
            return _sign_in_first() if is_api else redirect_to_login(request.get_full_path())
        aims = Aims.objects.filter(slug=slug, removed_at__isnull=True).first()
        if aims is None or (request.token is not None and request.token.aims_id != aims.pk):
            return _nothing_here() if is_api else _missing()
        try:
            with acting_in(aims, person_id=(request.token.user if request.token else request.user).pk):
                actor = self._enter(request, aims)
                if actor is None:
                    return _nothing_here() if is_api else _missing()
                act_as(actor)
                return _answer(request, view, args, kwargs, may_look_back=not is_api)
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.message) from refusal

    def _enter(self, request: AimsRequest, aims: Aims) -> Actor | None:
        """Set what views read of the request and return its actor, or None for somebody who holds no role here."""
        request.aims, request.as_of, request.at = aims, None, None
        if request.token is not None:
            request.user = request.token.user
            actor = actor_for_token(request.token, aims, request_id=request.id)
        else:
            actor = actor_for(request.user, aims, auth_method="password", request_id=request.id)
        if actor is not None:
            request.actor = actor
        return actor


def _answer(
    request: AimsRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any], *, may_look_back: bool
) -> HttpResponse:
    try:
        return (past.look_back(request, view) if may_look_back else None) or view(request, *args, **kwargs)
    except past.NotYet:
        return past.not_yet(request)


def _missing() -> HttpResponse:
    raise Http404("There is nothing here.")


def _problem(code: int, title: str, detail: str) -> JsonResponse:
    body = {"type": "about:blank", "status": code, "title": title, "detail": detail}
    return JsonResponse(body, status=code, content_type=PROBLEM)


def _nothing_here() -> HttpResponse:
    return _problem(404, "Not found", "There is nothing here.")


def _sign_in_first() -> HttpResponse:
    response = _problem(401, "Sign-in needed", "Send a valid bearer token, or sign in.")
    response["WWW-Authenticate"] = 'Bearer realm="assay"'
    return response
