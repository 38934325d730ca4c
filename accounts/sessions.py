"""How long a session lasts, and what ends it: eight hours, half an hour without a sign of life, a change of roles."""

import time
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Authority
from accounts.models import User
from accounts.proof import BEGAN

SEEN = "seen_at"
ROLES = "roles"
NOTED_EVERY = 60.0
POLL = "X-Assay-Poll"
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "CrOS", "Linux")
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))


def begin(request: HttpRequest, **_kwargs: Any) -> None:
    """Note when a session began, and list it: somebody has just signed in, by whichever door."""
    request.session[BEGAN] = request.session[SEEN] = time.time()
    if "REMOTE_ADDR" in request.META:
        UserSession.objects.create_from_request(request)


def why_over(request: HttpRequest) -> str:
    """Return why the session is over, in words for its person; empty while it goes on. Asks no database."""
    now = time.time()
    began = request.session.get(BEGAN)
    if began is None:
        request.session[BEGAN] = began = now
    if now - began > settings.SESSION_COOKIE_AGE:
        return _("You were signed out: a session lasts eight hours at most.")
    if now - request.session.get(SEEN, now) > settings.SESSION_IDLE_SECONDS:
        return _("You were signed out, since nothing happened here for a while. What you typed is still on the page.")
    return ""


def note_seen(request: HttpRequest) -> None:
    """Note a sign of life, once a minute at most; what a page asks by itself is none."""
    now = time.time()
    if POLL in request.headers or now - request.session.get(SEEN, 0.0) < NOTED_EVERY:
        return
    request.session[SEEN] = now
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def end(request: HttpRequest) -> None:
    """End the session at hand and forget everything in it."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)


def end_all(user: User, *, but: str = "") -> int:
    """End every session of a person but one, and say how many."""
    rows = list(UserSession.objects.filter(user=user).exclude(session_key=but))
    for row in rows:
        row.end()
    return len(rows)


def end_one(user: User, pk: int) -> bool:
    """End one session of a person; False when there is none of this number."""
    row = UserSession.objects.filter(user=user, pk=pk).first()
    if row is not None:
        row.end()
    return row is not None


def roles_told(authorities: Iterable[Authority]) -> str:
    """Return a short mark of the roles held, which changes with any of them."""
    held = sorted(f"{one.membership_id}:{one.role}:{one.scope}" for one in authorities)
    return sha256("\n".join(held).encode()).hexdigest()[:16] if held else ""


def remember_roles(session: SessionBase, told: dict[str, str]) -> None:
    """Remember the roles, by the id of the AIMS as text, under which the session goes on."""
    session[ROLES] = session.get(ROLES, {}) | told


def roles_changed(request: HttpRequest, aims_id: int, authorities: Iterable[Authority]) -> bool:
    """Whether roles were granted, revoked or ran out since the session began; a new AIMS is only noted."""
    before, now = request.session.get(ROLES, {}).get(str(aims_id)), roles_told(authorities)
    if before is None and now:
        remember_roles(request.session, {str(aims_id): now})
    return before is not None and before != now


def forget_roles(request: HttpRequest, aims_id: int) -> None:
    """Let the session at hand go on after its own person changed their own roles."""
    held: dict[str, str] = dict(request.session.get(ROLES, {}))
    held.pop(str(aims_id), None)
    request.session[ROLES] = held


def device(agent: str) -> str:
    """Say what a browser calls itself in two words, such as "Firefox, Linux": no more of it is kept."""
    browser = next((name for mark, name in BROWSERS if mark in agent), _("A browser"))
    system = next((name for name in SYSTEMS if name in agent), "")
    return f"{browser}, {system}" if system else browser


def keep_little(sender: type[UserSession], instance: UserSession, **_kwargs: Any) -> None:
    """Before a session is listed, drop what nobody needs: the network address, and the browser's full description."""
    instance.ip = "0.0.0.0"  # noqa: S104  (no address: the column takes nothing else)
    if "/" in instance.user_agent or not instance.user_agent:
        instance.user_agent = device(instance.user_agent)
