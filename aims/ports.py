"""What this room asks of rooms it cannot see: who else has a say in whether a session may enter an organisation."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from accounts.actor import Actor
from aims.models import Aims


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a member's session may not enter, and the address where they sign in so that it may, if there is one."""

    words: str
    address: str


Guard = Callable[[HttpRequest, Aims, Actor], Closed | None]
_guards: list[Guard] = []


def guards_entry(guard: Guard) -> None:
    """Have every entry into an organisation pass this guard too; members only come this far."""
    if guard not in _guards:
        _guards.append(guard)


def closed_to(request: HttpRequest, aims: Aims, actor: Actor) -> Closed | None:
    """Return why this session may not enter, or None."""
    return next((closed for guard in _guards if (closed := guard(request, aims, actor))), None)
