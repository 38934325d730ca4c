"""The front door: where to go first, and how to begin."""

from dataclasses import dataclass
from typing import cast

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts import clock
from accounts.context import acting_in
from accounts.models import User
from accounts.proof import auth_method, note_shown
from accounts.roles import Role
from aims.doors import refusals_on, status_of
from aims.models import Aims
from aims.queries import aims_of, roles_anywhere, roles_by_aims
from audits.queries import CycleDate, cycle
from desk.actions.first_run import NotTheFirst, first_run, is_first_run
from desk.actions.start import start
from desk.forms import FirstPersonForm, StartForm, SystemFormSet, SystemRows, named
from desk.permissions import may_start
from desk.queries.lede import next_audit

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True, slots=True)
class Door:
    """An AIMS one may enter, as the page of choices shows it."""

    aims: Aims
    roles: str
    audit: CycleDate | None


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Go straight to the only AIMS, or let the person choose; on a fresh installation, begin."""
    if not request.user.is_authenticated:
        return redirect("first_run" if is_first_run() else "account_login")
    user = request.user
    mine = list(aims_of(user))
    if len(mine) == 1:
        return redirect("desk:overview", mine[0].slug)
    return render(
        request, "desk/choose.html", {"doors": doors_of(user, mine), "may_start": may_start(roles_anywhere(user))}
    )


def doors_of(user: User, mine: list[Aims]) -> list[Door]:
    """Return the AIMS with the person's roles and the next audit; one query each, entered one after the other."""
    roles = roles_by_aims(user)
    return [Door(one, ", ".join(str(role.label) for role in roles[one.pk]), _audit(one, roles[one.pk])) for one in mine]


def _audit(aims: Aims, roles: list[Role]) -> CycleDate | None:
    """The next date of the cycle, which is not for those who are here only to certify."""
    if roles == [Role.CERTIFIER]:
        return None
    with acting_in(aims):
        return next_audit(cycle(clock.today(aims.time_zone)))


@require_http_methods(["GET", "POST"])
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """Start one's own AIMS in three questions."""
    user = cast(User, request.user)
    if not may_start(roles_anywhere(user)):
        raise PermissionDenied(_("You are here to certify. Starting an organisation takes an account of your own."))
    data = request.POST if request.method == "POST" else None
    form, rows = StartForm(data), SystemFormSet(data)
    if _are_valid(form, rows):
        with refusals_on(form, "organisation"):
            aims = start(**form.cleaned_data, systems=named(rows), founder=user, auth_method=auth_method(request))
            return redirect("desk:overview", aims.slug)
    return _questions(request, form, rows)


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("password")
def begin_first(request: HttpRequest) -> HttpResponse:
    """Make the first person and their AIMS; once somebody can sign in, nothing is here."""
    if not is_first_run():
        raise Http404
    data = request.POST if request.method == "POST" else None
    form, rows = FirstPersonForm(data), SystemFormSet(data)
    if _are_valid(form, rows):
        with refusals_on(form, "organisation"):
            try:
                user, aims = first_run(**form.cleaned_data, systems=named(rows))
            except NotTheFirst as late:
                raise Http404(late.message) from late
            login(request, user, backend=BACKEND)
            note_shown(request, user, "password")
            return redirect("desk:overview", aims.slug)
    return _questions(request, form, rows)


def _are_valid(form: StartForm, rows: SystemRows) -> bool:
    """Check both halves, so that every error is shown at once."""
    return all([form.is_bound, form.is_valid(), rows.is_valid()])


def _questions(request: HttpRequest, form: StartForm, rows: SystemRows) -> HttpResponse:
    wrong = [(field, error) for row in rows.forms for field in row for error in field.errors]
    context = {"form": form, "rows": rows, "row_errors": wrong, "is_first": isinstance(form, FirstPersonForm)}
    status = 422 if wrong or rows.non_form_errors() else status_of(form)
    return render(request, "desk/start.html", context, status=status)
