"""Coming back from a provider: check the answer, then let the person in or say why not."""

from dataclasses import replace
from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts import clock
from accounts.context import acting_in
from accounts.later import later
from accounts.models import User
from accounts.refusals import Refusal
from accounts.signed_in import SignedIn, remember, signed_in
from aims.views.invitation import KEY as INVITATION
from aims.views.saying import say
from signon import oidc
from signon.actions import answer, enter, finish, join, keep, link, prove, take
from signon.actions.attempt import NoSuchAttempt
from signon.actions.binding import NotLetIn
from signon.addresses import addresses_of
from signon.asserted import Asserted, NotAsserted
from signon.models import Attempt, Provider, Purpose
from signon.views.going import HANDLES, client_of, find_provider, opened_secret, told_of
from signon.views.refusing import refused

if TYPE_CHECKING:
    from signon import saml
else:
    saml = later("signon.saml")

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SeeOther(HttpResponseRedirect):
    """Fetch the next page with GET, so that the browser sends the session's cookie along."""

    status_code = 303


@require_GET
@never_cache
def callback(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Take an OpenID Connect provider's answer."""
    provider = find_provider(organisation, code)
    try:
        handle = _held(request, request.GET.get("state", ""))
        with acting_in(provider.aims):
            attempt, trip = take(provider, handle)
        if not request.GET.get("code"):
            why = request.GET.get("error", "")[:60]
            raise NotAsserted(_("The provider did not sign you in: %(why)s.") % {"why": why})
        ours = addresses_of(provider.aims, provider).callback
        client = client_of(provider, secret=opened_secret(provider), redirect_uri=ours)
        said = oidc.way_back(
            oidc.discover(provider.issuer), client, trip, code=request.GET["code"], iss=request.GET.get("iss", "")
        )
        return _arrive(request, provider, attempt, said)
    except Refusal as refusal:
        return refused(request, provider, refusal)


@csrf_exempt
@require_POST
@never_cache
def acs(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Take a SAML provider's answer. It comes from another site, so without our cookie: check it, keep what it said,
    and have the browser that began come for it."""
    provider = find_provider(organisation, code)
    handle = request.POST.get("RelayState", "")
    try:
        with acting_in(provider.aims):
            attempt = answer(provider, handle)
        ours = addresses_of(provider.aims, provider)
        told = request.POST.get("SAMLResponse", "")
        said = saml.way_back(told_of(provider), ours, answer=told, request_id=attempt.request_id)
        with acting_in(provider.aims):
            keep(attempt, said)
    except Refusal as refusal:
        return refused(request, provider, refusal)
    return SeeOther(f"{reverse('signon_finish', args=[organisation, code])}?state={handle}")


@require_GET
@never_cache
def finish_saml(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Let in the browser that began, with what the provider's checked answer said."""
    provider = find_provider(organisation, code)
    try:
        handle = _held(request, request.GET.get("state", ""))
        with acting_in(provider.aims):
            attempt, said = finish(provider, handle)
        return _arrive(request, provider, attempt, said)
    except Refusal as refusal:
        return refused(request, provider, refusal)


@require_GET
def metadata(_request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Tell a SAML provider what it needs to know."""
    provider = find_provider(organisation, code, is_new_too=True)
    told = saml.our_metadata(addresses_of(provider.aims, provider))
    return HttpResponse(told, content_type="application/samlmetadata+xml")


def _held(request: HttpRequest, handle: str) -> str:
    """Return the handle if this browser began that sign-in; one that was slipped in signs nobody in."""
    held = request.session.get(HANDLES, [])
    if handle not in held:
        raise NoSuchAttempt(_("This sign-in was not begun in this browser. Begin again."))
    request.session[HANDLES] = [one for one in held if one != handle]
    return handle


def _arrive(request: HttpRequest, provider: Provider, attempt: Attempt, said: Asserted) -> HttpResponse:
    match attempt.purpose:
        case Purpose.LINK:
            return _linked(request, provider, attempt, said)
        case Purpose.AGAIN:
            return _proved(request, provider, attempt, said)
    request_id = getattr(request, "id", "")
    with acting_in(provider.aims):
        if attempt.purpose == Purpose.JOIN:
            user, facts = join(provider, said, secret=request.session.get(INVITATION, ""), request_id=request_id)
        else:
            user, facts = enter(provider, said, request_id=request_id)
    request.session.pop(INVITATION, None)
    login(request, user, backend=BACKEND)
    _remember(request, user, facts, provider, said)
    return redirect(attempt.next_url or reverse("desk:overview", args=[provider.aims.slug]))


def _remember(request: HttpRequest, user: User, facts: SignedIn, provider: Provider, said: Asserted) -> None:
    """Note that the provider vouched, as of when it says that it asked: it may have asked nobody today."""
    way = reverse("signon_start", args=[provider.aims.slug, provider.code])
    remember(request, replace(facts, way=way))
    now = clock.now().timestamp()
    at = min(said.asked_at.timestamp(), now) if said.asked_at else 0.0
    record_authentication(request, user, method="socialaccount", provider=facts.method, at=at)


def _oneself(request: HttpRequest, attempt: Attempt) -> User:
    user = request.user
    if not isinstance(user, User) or attempt.user_id != user.pk:
        raise NotLetIn(_("Somebody else began this. Sign in again and begin anew."))
    return user


def _linked(request: HttpRequest, provider: Provider, attempt: Attempt, said: Asserted) -> HttpResponse:
    user = _oneself(request, attempt)
    with acting_in(provider.aims):
        link(provider, said, user=user, how=signed_in(request), request_id=getattr(request, "id", ""))
    say(request, _("You can sign in through %(name)s from now on.") % {"name": provider.name})
    return redirect(attempt.next_url or reverse("me"))


def _proved(request: HttpRequest, provider: Provider, attempt: Attempt, said: Asserted) -> HttpResponse:
    user = _oneself(request, attempt)
    with acting_in(provider.aims):
        facts = prove(
            provider,
            said,
            attempt=attempt,
            user=user,
            how=signed_in(request),
            request_id=getattr(request, "id", ""),
        )
    _remember(request, user, facts, provider, said)
    return redirect(attempt.next_url or reverse("desk:overview", args=[provider.aims.slug]))
