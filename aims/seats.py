"""What a seat of the certification body is shown: every address is closed to it unless its view says what it shows.

A view that shows one thing says so with `shown_to_seats`; the middleware then lets a seat in when that thing is shared
with it, and answers as if nothing were there when it is not. Who also holds another role is not limited.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from aims.middleware import AimsRequest

READING = ("GET", "HEAD")
LOG = "log:all"
View = TypeVar("View", bound=Callable[..., Any])
Refs = Callable[..., tuple[str, ...]]


def shown_to_seats(refs_of: Refs) -> Callable[[View], View]:
    """Open a view to seats that share one of the references; `refs_of` takes the address's parameters."""

    def opened(view: View) -> View:
        view.refs_shown = refs_of  # type: ignore[attr-defined]
        return view

    return opened


def of_seats(view: View) -> View:
    """Open a view to every seat, because it shows nothing but what is shared with it."""
    view.is_of_seats = True  # type: ignore[attr-defined]
    return view


def is_open_to_seats(view: Callable[..., Any]) -> bool:
    """Whether seats can be let in at all."""
    return hasattr(view, "refs_shown") or getattr(view, "is_of_seats", False)


def hold_seat(request: "AimsRequest", view: Callable[..., Any], kwargs: Mapping[str, Any]) -> None:
    """Let a seat read what is shared with it: PermissionDenied for a closed address, Http404 for a thing not shared."""
    if not request.actor.is_seat:
        return
    if request.method not in READING or not is_open_to_seats(view):
        raise PermissionDenied(_("Your seat shows what is shared with it, and nothing else."))
    if getattr(view, "is_of_seats", False):
        return
    refs_of: Refs = view.refs_shown  # type: ignore[attr-defined]
    if not any(map(request.actor.sees, refs_of(**kwargs))):
        raise Http404(_("There is nothing here."))
