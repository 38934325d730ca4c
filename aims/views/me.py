"""One's own page, outside any AIMS: profile, memberships, tokens."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import proof
from accounts.actions import edit_profile
from accounts.actions.edit_profile import Profile
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.factors import factors_of
from accounts.models import Token, TokenKind, User
from accounts.roles import Role
from aims.actions import issue_token, revoke_token
from aims.doors import refusals_on, status_of
from aims.forms import ProfileForm, TokenForm
from aims.models import Aims
from aims.pages import last_moment
from aims.ports import closed_to
from aims.queries import actor_for, aims_of, roles_by_aims
from aims.views.saying import say


@dataclass(frozen=True, slots=True)
class Mine:
    """An AIMS one works in."""

    slug: str
    organisation: str
    roles: str


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token, without its text."""

    token: Token
    organisation: str
    scopes: str
    last_day: datetime


@require_http_methods(["GET", "POST"])
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Show one's own page and save the profile."""
    form = _profile_form(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            edit_profile(_user(request), Profile(**{"language": _user(request).language} | form.cleaned_data))
            say(request, _("Your profile is saved."))
            return redirect("me")
    return _page(request, profile=form, status=status_of(form))


@require_POST
@login_required
@never_cache
def issue(request: HttpRequest) -> HttpResponse:
    """Issue a token and show its text once, on this answer only."""
    form = _token_form(request, request.POST)
    raw = ""
    if form.is_valid():
        asked = form.cleaned_data
        with _acting_as_me(request, asked["aims"]) as (aims, actor), refusals_on(form):
            last = asked["expires_on"] + timedelta(days=1)
            token, raw = issue_token(
                name=asked["name"],
                kind=TokenKind(asked["kind"]),
                scopes=asked["scopes"],
                expires_at=datetime.combine(last, time.min, ZoneInfo(aims.time_zone)),
                actor=actor,
            )
            return _page(request, raw=raw, made=token, status=201)
    return _page(request, token_form=form, status=status_of(form))


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one's own token."""
    token = get_object_or_404(Token, pk=pk, user=_user(request))
    aims = get_object_or_404(aims_of(_user(request)), pk=token.aims_id)
    with _acting_as_me(request, aims.slug) as (_aims, actor):
        revoke_token(token, actor=actor)
    say(request, _("The token %(name)s opens nothing any more.") % {"name": token.name})
    return redirect("me")


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


@contextmanager
def _acting_as_me(request: HttpRequest, slug: str) -> Iterator[tuple[Aims, Actor]]:
    aims = get_object_or_404(aims_of(_user(request)), slug=slug)
    actor = actor_for(
        _user(request),
        aims,
        auth_method=proof.auth_method(request),
        request_id=getattr(request, "id", ""),
        has_stepped_up=proof.has_stepped_up(request),
    )
    if actor is None:
        raise Http404
    if closed := closed_to(request, aims, actor):
        raise PermissionDenied(closed.words)
    with acting_in(aims, actor):
        yield aims, actor


def _profile_form(request: HttpRequest, data: object = None) -> ProfileForm:
    user = _user(request)
    names = ("name", "job_title", "time_zone", "language", "single_keys")
    form = ProfileForm(data, initial={name: getattr(user, name) for name in names})
    if len(settings.LANGUAGES) == 1:
        del form.fields["language"]
    else:
        form.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
    return form


def _token_form(request: HttpRequest, data: object = None) -> TokenForm:
    form = TokenForm(data, auto_id="token_%s")
    roles = roles_by_aims(_user(request))
    mine = [one for one in aims_of(_user(request)) if roles[one.pk] != [Role.CERTIFIER]]
    form.fields["aims"].choices = [(one.slug, one.organisation) for one in mine]  # type: ignore[attr-defined]
    return form


def _page(
    request: HttpRequest,
    *,
    status: int,
    profile: ProfileForm | None = None,
    token_form: TokenForm | None = None,
    raw: str = "",
    made: Token | None = None,
) -> HttpResponse:
    user = _user(request)
    mine = list(aims_of(user))
    context = {
        "profile": profile or _profile_form(request),
        "token_form": token_form or _token_form(request),
        "mine": _mine(user, mine),
        "tokens": _tokens(user, mine),
        "factors": factors_of(user),
        "raw": raw,
        "made": made,
    }
    return render(request, "aims/me.html", context, status=status)


def _mine(user: User, mine: list[Aims]) -> list[Mine]:
    roles = roles_by_aims(user)
    return [Mine(one.slug, one.organisation, ", ".join(str(role.label) for role in roles[one.pk])) for one in mine]


def _tokens(user: User, mine: list[Aims]) -> list[TokenRow]:
    names = {aims.pk: aims.organisation for aims in mine}
    rows = Token.objects.filter(user=user, aims_id__in=names).order_by("-created_at")[:100]
    return [TokenRow(row, names[row.aims_id], ", ".join(row.scopes), last_moment(row.expires_at)) for row in rows]
