"""Enter the AIMS that the address names, for those who belong to it; for everyone else nothing is there."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts import proof, sessions, stepup, tokens
from accounts.actor import Actor
from accounts.api import PROBLEM
from accounts.context import act_as, acting_in
from accounts.models import Token, User
from accounts.refusals import NotAllowed, StepUpNeeded
from aims import past
from aims.models import Aims
from aims.ports import Closed, closed_to
from aims.queries import actor_for, actor_for_token
from aims.seats import hold_seat

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
            return _sign_in_first() if is_api else _sign_in(request)
        aims = Aims.objects.filter(slug=slug, removed_at__isnull=True).first()
        if aims is None or (request.token is not None and request.token.aims_id != aims.pk):
            return _nothing_here() if is_api else _missing()
        try:
            with acting_in(aims, person_id=(request.token.user if request.token else request.user).pk):
                return self._inside(request, aims, view, args, kwargs)
        except StepUpNeeded:
            return stepup.ask(request)
        except NotAllowed as refusal:
            raise PermissionDenied(refusal.message) from refusal

    def _inside(
        self, request: AimsRequest, aims: Aims, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse:
        """Answer whoever may not come in, or not so; run the view for all others."""
        is_api = request.path.startswith("/api/")
        actor = self._enter(request, aims)
        if request.token is None and _roles_changed(request, actor):
            return _sign_in_first() if is_api else _sign_in(request)
        if actor is None:
            return _nothing_here() if is_api else _missing()
        if request.token is None and (closed := closed_to(request, aims, actor)):
            return _problem(403, "Sign-in needed", closed.words) if is_api else _closed(request, closed)
        if is_api and actor.is_seat:
            return _not_for_seats()
        act_as(actor)
        hold_seat(request, view, kwargs)
        return _answer(request, view, args, kwargs, may_look_back=not is_api)

    def _enter(self, request: AimsRequest, aims: Aims) -> Actor | None:
        """Set what views read of the request and return its actor, or None for somebody who holds no role here."""
        request.aims, request.as_of, request.at = aims, None, None
        if request.token is not None:
            request.user = request.token.user
            actor = actor_for_token(request.token, aims, request_id=request.id)
        else:
            actor = actor_for(
                request.user,
                aims,
                auth_method=proof.auth_method(request),
                request_id=request.id,
                has_stepped_up=proof.has_stepped_up(request),
            )
        if actor is not None:
            request.actor = actor
        return actor


def _roles_changed(request: AimsRequest, actor: Actor | None) -> bool:
    """End the session of somebody whose roles changed under it: its rights are begun anew."""
    aims = getattr(request, "aims", None)
    if aims is None or not sessions.roles_changed(request, aims.pk, actor.authorities if actor else ()):
        return False
    sessions.end(request)
    messages.info(request, _("Your roles in %(organisation)s changed. Sign in again.") % {"organisation": aims.name})
    return True


def _sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in, and from there back to the page with the form."""
    return stepup.go_to(request, redirect_to_login(stepup.came_from(request)).url)


def _answer(
    request: AimsRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any], *, may_look_back: bool
) -> HttpResponse:
    try:
        may_look_back = may_look_back and not request.actor.is_seat
        return (past.look_back(request, view) if may_look_back else None) or view(request, *args, **kwargs)
    except past.NotYet:
        return past.not_yet(request)


def _missing() -> HttpResponse:
    raise Http404("There is nothing here.")


def _closed(request: AimsRequest, closed: Closed) -> HttpResponse:
    return render(request, "aims/closed.html", {"closed": closed, "organisation": request.aims}, status=403)


def _problem(code: int, title: str, detail: str) -> JsonResponse:
    body = {"type": "about:blank", "status": code, "title": title, "detail": detail}
    return JsonResponse(body, status=code, content_type=PROBLEM)


def _nothing_here() -> HttpResponse:
    return _problem(404, "Not found", "There is nothing here.")


def _not_for_seats() -> HttpResponse:
    return _problem(403, "Not allowed", "A seat of the certification body reads pages, not the API.")


def _sign_in_first() -> HttpResponse:
    response = _problem(401, "Sign-in needed", "Send a valid bearer token, or sign in.")
    response["WWW-Authenticate"] = 'Bearer realm="assay"'
    return response
