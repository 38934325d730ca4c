"""Going to a provider: which one, what for, and what the browser takes along."""

from typing import TYPE_CHECKING

from allauth.core.internal import ratelimit
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import proof, stepup
from accounts.context import acting_in
from accounts.later import later
from accounts.models import User
from accounts.refusals import Refusal
from accounts.signed_in import signed_in
from aims.doors import status_of
from aims.models import Aims
from aims.queries import aims_of
from signon import oidc
from signon.actions import begin
from signon.actions.attempt import new_trip
from signon.addresses import addresses_of
from signon.forms import FindForm
from signon.models import Provider, Purpose
from signon.queries import organisations_for, ways_into
from signon.secrets import secret_of
from signon.told import Told
from signon.views.refusing import refused

if TYPE_CHECKING:
    from signon import saml
else:
    saml = later("signon.saml")

HANDLES = "signon"
MOST_HANDLES = 5
LIMIT = {"signon": "30/m/ip"}
PERSONAL = frozenset({Purpose.LINK, Purpose.AGAIN})


@require_http_methods(["GET", "POST"])
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Lead somebody to their organisation by the domain of their address."""
    form = FindForm(request.POST if request.method == "POST" else None)
    found: list[Aims] = []
    if form.is_valid():
        if not _may_try(request):
            return render(request, "429.html", status=429)
        found = organisations_for(form.cleaned_data["email"].rpartition("@")[2].lower())
        if len(found) == 1:
            return redirect("signon_door", found[0].slug)
        if not found:
            form.add_error("email", _("No organisation here signs in by a provider for this address."))
    return render(request, "signon/find.html", {"form": form, "found": found}, status=status_of(form))


@require_GET
@never_cache
def door(request: HttpRequest, organisation: str) -> HttpResponse:
    """Show the providers of an organisation; one without any answers as if there were none."""
    aims = get_object_or_404(Aims, slug=organisation, removed_at__isnull=True)
    ways = ways_into(aims)
    if not ways:
        raise Http404
    return render(request, "signon/door.html", {"organisation": aims, "ways": ways, "next": _next(request)})


@require_GET
@never_cache
def start(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Send the browser to the provider."""
    provider = find_provider(organisation, code)
    purpose = Purpose(asked) if (asked := request.GET.get("for", Purpose.ENTER)) in Purpose else Purpose.ENTER
    if purpose in PERSONAL and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if purpose in PERSONAL and not _may_go(request, provider):
        raise Http404
    if purpose == Purpose.LINK and not proof.has_stepped_up(request):
        return redirect(stepup.way_to_confirm(request.get_full_path()))
    if not _may_try(request):
        return render(request, "429.html", status=429)
    try:
        return _send(request, provider, purpose)
    except Refusal as refusal:
        return refused(request, provider, refusal)


def _may_go(request: HttpRequest, provider: Provider) -> bool:
    """Only members link, and never from a session that another organisation's provider opened."""
    user = request.user
    is_member = isinstance(user, User) and aims_of(user).filter(pk=provider.aims_id).exists()
    return is_member and signed_in(request).opens(provider.aims_id)


def _send(request: HttpRequest, provider: Provider, purpose: Purpose) -> HttpResponse:
    """Nothing slow happens in the organisation's context: on PostgreSQL that is a transaction."""
    trip, ours = new_trip(), addresses_of(provider.aims, provider)
    afresh = purpose == Purpose.AGAIN
    if provider.is_oidc:
        client = client_of(provider, secret="", redirect_uri=ours.callback)
        url, request_id = oidc.way_there(oidc.discover(provider.issuer), client, trip, afresh=afresh), ""
    else:
        url, request_id = saml.way_there(told_of(provider), ours, state=trip.state, afresh=afresh)
    user = request.user if purpose in PERSONAL and isinstance(request.user, User) else None
    with acting_in(provider.aims):
        begin(provider, trip, purpose=purpose, user=user, request_id=request_id, next_url=_next(request))
    request.session[HANDLES] = [*request.session.get(HANDLES, []), trip.state][-MOST_HANDLES:]
    return HttpResponseRedirect(url)


def find_provider(organisation: str, code: str, *, is_new_too: bool = False) -> Provider:
    """Return a provider that can let people in, or answer 404; its metadata is needed before it can."""
    aims = get_object_or_404(Aims, slug=organisation, removed_at__isnull=True)
    with acting_in(aims):
        row = get_object_or_404(Provider.objects.select_related("aims"), code=code)
    if not (row.is_ready or (is_new_too and row.withdrawn_at is None)):
        raise Http404
    return row


def told_of(provider: Provider) -> Told:
    """Return what the protocol needs of a SAML provider."""
    return Told(provider.issuer, provider.sso_url, tuple(provider.certificates))


def client_of(provider: Provider, *, secret: str, redirect_uri: str) -> oidc.Client:
    """Return what Assay is at an OpenID Connect provider."""
    return oidc.Client(provider.issuer, provider.client_id, secret, redirect_uri)


def opened_secret(provider: Provider) -> str:
    """Open the client secret."""
    with acting_in(provider.aims):
        return secret_of(provider)


def _may_try(request: HttpRequest) -> bool:
    return bool(ratelimit.consume(request, app="signon", action="signon", config=LIMIT, limit_get=True))


def _next(request: HttpRequest) -> str:
    url = request.GET.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else ""
