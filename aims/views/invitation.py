"""The way in for somebody who was invited: the link, then a page that does not carry its secret in the address."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.proof import note_shown
from aims.actions import accept_invitation
from aims.doors import refusals_on, status_of
from aims.forms import JoinForm
from aims.invitations import waiting_invitation

KEY = "invitation"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_GET
@never_cache
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Remember the secret in the session, so that no log of a later answer names it."""
    if waiting_invitation(secret) is None:
        return render(request, "aims/invitation_gone.html", status=404)
    request.session[KEY] = secret
    return redirect("accept_invitation")


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("password")
def accept(request: HttpRequest) -> HttpResponse:
    """Take a name and a password, then sign in."""
    secret = request.session.get(KEY, "")
    row = waiting_invitation(secret)
    if row is None:
        return render(request, "aims/invitation_gone.html", status=404)
    form = JoinForm(request.POST if request.method == "POST" else None, initial={"name": row.user.name})
    if form.is_valid():
        with refusals_on(form):
            user, _actor = accept_invitation(secret, **form.cleaned_data)
            del request.session[KEY]
            login(request, user, backend=BACKEND)
            note_shown(request, user, "invitation")
            return redirect("home")
    context = {"form": form, "invitation": row, "has_password": row.user.has_usable_password()}
    return render(request, "aims/invitation.html", context, status=status_of(form))
