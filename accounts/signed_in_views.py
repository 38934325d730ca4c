"""Pages of somebody who is signed in: confirming who one is, one's sessions, another e-mail address."""

from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import proof, sessions, stepup
from accounts.actions import ask_for_email, take_email
from accounts.actions.change_email import NotThisAddress
from accounts.models import User
from accounts.refusals import StepUpNeeded
from accounts.signin import EmailForm


@require_GET
@login_required
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Lead to the way in which this person can confirm who they are, then on."""
    after = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure()):
        after = reverse("me")
    if proof.has_stepped_up(request):
        return redirect(after)
    if not (ways := stepup.ways(request)):
        return render(request, "account/confirm_elsewhere.html", {"after": after})
    url = str(ways[0]["url"])
    return redirect(f"{url}{'&' if '?' in url else '?'}{urlencode({'next': after})}")


@require_GET
@login_required
@never_cache
def go_on(request: HttpRequest, key: str) -> HttpResponse:
    """Send once more what was sent before the person had to confirm, as they sent it."""
    if not proof.has_stepped_up(request):
        return redirect(stepup.way_to_confirm(request.path))
    kept = stepup.kept(request, key)
    if kept is None:
        messages.warning(request, _("What you had sent is no longer kept. Look at the page, and do it again."))
        return redirect("home")
    return render(request, "account/go_on.html", {"kept": kept})


@require_GET
@login_required
def list_sessions(request: HttpRequest) -> HttpResponse:
    """List where one is signed in."""
    rows = UserSession.objects.purge_and_list(_user(request))
    rows.sort(key=lambda row: (row.session_key != request.session.session_key, -row.last_seen_at.timestamp()))
    here = request.session.session_key
    return render(request, "usersessions/usersession_list.html", {"rows": rows, "here": here})


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of one's own."""
    if sessions.end_one(_user(request), pk):
        messages.success(request, _("That session has ended."), extra_tags="ok")
    return redirect("usersessions_list")


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    count = sessions.end_all(_user(request), but=request.session.session_key or "")
    words = ngettext("%(count)s other session has ended.", "%(count)s other sessions have ended.", count)
    messages.success(request, words % {"count": count}, extra_tags="ok")
    return redirect("usersessions_list")


@require_http_methods(["GET", "POST"])
@login_required
def change_email(request: HttpRequest) -> HttpResponse:
    """Ask for another address: it counts once the link mailed to it was opened."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not proof.has_stepped_up(request):
            raise StepUpNeeded(_("Confirm that it is you first."))
        try:
            ask_for_email(_user(request), form.cleaned_data["email"])
        except NotThisAddress as refusal:
            form.add_error("email", refusal.message)
        else:
            messages.success(
                request, _("A link is on its way to the new address. Until it is opened, nothing changes.")
            )
            return redirect("me")
    return render(request, "account/email_change.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Take the new address, signed in as the person it is for."""
    problem = ""
    if request.method == "POST":
        try:
            take_email(_user(request), token)
        except NotThisAddress as refusal:
            problem = refusal.message
        else:
            sessions.end_all(_user(request), but=request.session.session_key or "")
            messages.success(request, _("You sign in with the new address from now on."), extra_tags="ok")
            return redirect("me")
    context = {"token": token, "problem": problem}
    return render(request, "account/email_take.html", context, status=422 if problem else 200)


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
