"""Looking back: `?as_of=2026-06-18` shows a page as it stood at the end of that day, and nothing can be changed there.

A view that can do so says it with `of_any_date` and passes `request.at` to its queries. Links carry the date along.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import clock
from aims.days import NoSuchDay, asked_day, day_of, end_of, long_day

if TYPE_CHECKING:
    from aims.middleware import AimsRequest

NAME = "as_of"
READING = ("GET", "HEAD")
M = TypeVar("M", bound=Model)
View = TypeVar("View", bound=Callable[..., Any])


class NotYet(Exception):
    """What is asked for exists, and did not on the day that is looked back on."""


@dataclass(frozen=True, slots=True)
class AsOfControl:
    """What the control prints: the day shown, the days to choose from, what else the address says, the way back."""

    day: date
    first: date
    last: date
    is_past: bool
    moment: str
    zone: str
    kept: tuple[tuple[str, str], ...]
    here: str
    today: str

    @property
    def is_today(self) -> bool:
        """Whether the day shown is not over."""
        return self.day == self.last


def of_any_date(view: View) -> View:
    """Mark a view whose queries take `request.at`; all others show today, whatever date is asked for."""
    view.shows_the_past = True  # type: ignore[attr-defined]
    return view


def look_back(request: "AimsRequest", view: Callable[..., Any]) -> HttpResponse | None:
    """Set the date that the address asks for and make the actor a reader; answer at once where that cannot be."""
    text = request.GET.get(NAME, "").strip()
    if not text:
        return None
    if request.method not in READING:
        words = _("You were looking at a past date. Nothing was saved; go back to today and change it there.")
        return _refused(request, _("The past cannot be changed"), words, HTTPStatus.CONFLICT)
    try:
        day = asked_day(text, first=founded_on(request), last=clock.today(request.aims.time_zone))
    except NoSuchDay as refusal:
        return _refused(request, _("There is nothing to show for that date"), refusal.message, 422)
    if not getattr(view, "shows_the_past", False):
        return _without_past(request)
    request.as_of, request.at = day, _instant(day, request.aims.time_zone)
    request.actor = replace(request.actor, is_looking_back=True)
    return None


def _instant(day: date, time_zone: str) -> datetime:
    now = clock.now()
    return now if day == day_of(now, time_zone) else end_of(day, time_zone)


def _refused(request: "AimsRequest", title: str, text: str, status: int) -> HttpResponse:
    back = address_today(request) if request.method in READING else ""
    return render(request, "aims/no_such_day.html", {"title": title, "text": text, "back": back}, status=status)


def _without_past(request: "AimsRequest") -> HttpResponse:
    if not request.headers.get("HX-Request"):
        messages.info(request, _("This page has no past: it shows today."))
    return redirect(address_today(request))


def not_yet(request: "AimsRequest") -> HttpResponse:
    """Answer 404 for what did not exist on the day looked back on, with the way back to today."""
    day = long_day(request.as_of) if request.as_of else ""
    text = _("What you opened was not there at the end of %(day)s.") % {"day": day}
    return _refused(request, _("It did not exist yet"), text, HTTPStatus.NOT_FOUND)


def founded_on(request: "AimsRequest") -> date:
    """Return the first day that can be looked back on."""
    return day_of(request.aims.created_at, request.aims.time_zone)


def found_then(row: M | None, rows: "QuerySet[M]") -> M:
    """Return a row as it was found; 404 if there is none, with other words if `rows`, today's, still hold it."""
    if row is not None:
        return row
    if rows.exists():
        raise NotYet
    raise Http404(_("There is nothing here."))


def today(request: "AimsRequest") -> date:
    """Return the date that the page is judged by: the one looked back on, else today where the organisation is."""
    return request.as_of or clock.today(request.aims.time_zone)


def then(request: HttpRequest) -> dict[str, str]:
    """Return the parameter that carries the date to the next page, for `urlencode`; none for today."""
    as_of: date | None = getattr(request, "as_of", None)
    return {NAME: as_of.isoformat()} if as_of else {}


def and_then(request: HttpRequest, sign: str = "&") -> str:
    """Return the same parameter as text to put behind an address; `sign` is `?` where it has no other."""
    return "".join(f"{sign}{name}={value}" for name, value in then(request).items())


def address_today(request: HttpRequest) -> str:
    """Return the address of the same page as it stands today."""
    asked = request.GET.copy()
    asked.pop(NAME, None)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def as_of_control(request: "AimsRequest") -> AsOfControl:
    """Return what `components/as_of.html` prints, for any page of an AIMS; no query."""
    zone = request.aims.time_zone
    last = clock.today(zone)
    at = request.at.astimezone(ZoneInfo(zone)) if request.at else None
    kept = [(name, value) for name, values in request.GET.lists() if name not in (NAME, "page") for value in values]
    return AsOfControl(
        day=request.as_of or last,
        first=founded_on(request),
        last=last,
        is_past=request.as_of is not None,
        moment=f"{at:%H:%M}" if at else "",
        zone=zone,
        kept=tuple(kept),
        here=request.path,
        today=address_today(request),
    )


def context(request: HttpRequest) -> dict[str, Any]:
    """Give every template the date looked back on, what carries it along, and the control that opens it."""
    return {
        "as_of": getattr(request, "as_of", None),
        "then": and_then(request, "?"),
        "and_then": and_then(request),
        "as_of_control": partial(as_of_control, request),  # type: ignore[arg-type]
    }
