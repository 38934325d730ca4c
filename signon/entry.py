"""Whether a session may enter an organisation: by whose provider it was opened, and what the organisation asks for."""

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from accounts.signed_in import PASSWORD, signed_in
from aims.models import Aims
from aims.ports import Closed
from signon.actions.bypass import note_bypass
from signon.queries import is_required, ways_into

RECORDS = "account_authentication_methods"  # allauth's own list of how this session was proved
NOTED = "bypassed"


def guard(request: HttpRequest, aims: Aims, actor: Actor) -> Closed | None:
    """Return why a member's session may not enter this organisation; one query for sessions opened by password."""
    facts = signed_in(request)
    if not facts.opens(aims.pk):
        words = _("You came in through another organisation's provider, and that opens no organisation but its own.")
        return Closed(words, _door(aims))
    if facts.method != PASSWORD:
        return None
    with acting_in(aims, actor):
        if not is_required():
            return None
    if not actor.holds(Role.ADMINISTRATOR):
        words = _("Members sign in through the organisation's own identity provider, not with a password.")
        return Closed(words, reverse("signon_door", args=[aims.slug]))
    return _break_glass(request, aims, actor)


def _door(aims: Aims) -> str:
    """Where the organisation's own providers are, if it has any; a password takes signing out first."""
    return reverse("signon_door", args=[aims.slug]) if ways_into(aims) else ""


def _break_glass(request: HttpRequest, aims: Aims, actor: Actor) -> Closed | None:
    """An administrator may still use a password, with a second factor; each session that does is recorded once."""
    if not has_second_factor(request):
        words = _("An administrator may come in by password only together with a second factor.")
        return Closed(words, reverse("signon_door", args=[aims.slug]))
    noted = request.session.get(NOTED, [])
    if aims.pk not in noted:
        note_bypass(aims, actor=actor)
        request.session[NOTED] = [*noted, aims.pk]
    return None


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session gave one; where none can be given, the password is all there is to break the glass with."""
    if not apps.is_installed("allauth.mfa"):
        return True
    return any(record.get("method") == "mfa" for record in request.session.get(RECORDS, []))
