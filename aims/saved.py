"""Saved views: a list page kept under a name with its filters and order, opened at once, and by default if one likes.

A room's list page is marked `keeps_views("evidence:list", _("Evidence"))`; its template includes
`components/views_menu.html`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import get_resolver, reverse
from django.utils.functional import Promise

from accounts.actor import Actor
from aims.models import Aims, SavedView, ViewDefault

if TYPE_CHECKING:
    from aims.middleware import AimsRequest

P = ParamSpec("P")
View = Callable[Concatenate["AimsRequest", P], HttpResponse]
NOT_KEPT = ("page", "item", "as_of", "drop", "csrfmiddlewaretoken")
LONGEST = 1_000
_pages: dict[str, str | Promise] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """One saved view as the menu shows it."""

    name: str
    address: str
    is_shared: bool
    is_default: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Views:
    """What the menu over a list offers; `query` is what would be saved now."""

    page: str
    query: str
    lines: tuple[Line, ...]

    @property
    def current(self) -> str:
        """The name of the view that is shown now, or nothing."""
        return next((line.name for line in self.lines if line.is_current), "")


def keeps_views(page: str, label: str | Promise) -> Callable[[View[P]], View[P]]:
    """Mark a list page as one whose state can be saved; the default is opened where the address asks for nothing."""
    _pages[page] = label

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapper(request: "AimsRequest", *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            views = views_of(page, request.aims, request.actor, request.GET)
            start = next((line for line in views.lines if line.is_default), None)
            if start and _asks_for_nothing(request):
                return redirect(start.address)
            request.views = views  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return wrapper  # type: ignore[return-value]

    return mark


def _asks_for_nothing(request: "AimsRequest") -> bool:
    """Whether somebody opens the page from elsewhere; on the page itself an address without filters means all rows."""
    came_from = urlsplit(request.headers.get("Referer", "")).path
    return (
        not request.GET
        and request.method == "GET"
        and not request.headers.get("HX-Request")
        and (came_from != request.path)
    )


def pages() -> dict[str, str | Promise]:
    """Return the list pages whose state can be saved, with what they are called."""
    get_resolver().url_patterns  # noqa: B018  (loading the addresses is what marks the pages)
    return dict(_pages)


def seen_by(actor: Actor) -> "QuerySet[SavedView]":
    """Return a person's own views, and those that are shared."""
    return SavedView.objects.filter(Q(owner_id=actor.user_id or 0) | Q(is_shared=True)).select_related("owner")


def views_of(page: str, aims: Aims, actor: Actor, asked: QueryDict) -> Views:
    """Return what the menu offers a person on a page: one query. A default that is theirs no more is none."""
    base, query = reverse(page, args=[aims.slug]), kept(asked)
    begins = ViewDefault.objects.filter(user_id=actor.user_id or 0, view=OuterRef("pk"))
    rows = seen_by(actor).filter(page=page).annotate(is_default=Exists(begins)).order_by("is_shared", "name")
    lines = (Line(row.name, f"{base}?{row.query}", row.is_shared, row.is_default, row.query == query) for row in rows)
    return Views(page, query, tuple(lines))


def kept(asked: QueryDict) -> str:
    """Return the part of an address that a view keeps: filters and order, in one spelling."""
    said = QueryDict(mutable=True)
    for name in sorted(set(asked) - set(NOT_KEPT)):
        said.setlist(name, [value for value in asked.getlist(name) if value])
    return said.urlencode()


def query_shown(request: "AimsRequest", page: str) -> str:
    """Return what the person has before them: the address they came from, as scripts change it, else what was sent."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if page in _pages and came_from.path == reverse(page, args=[request.aims.slug]):
        return kept(QueryDict(came_from.query))
    return kept(QueryDict(str(request.POST.get("query", ""))[:LONGEST]))


def describe(row: SavedView, aims: Aims) -> dict[str, Any]:
    """Return a view for the page that keeps them in order: what it narrows, in the words of its address."""
    asked = QueryDict(row.query)
    narrowed = ", ".join(f"{name} {value}" for name in asked for value in asked.getlist(name))
    return {"view": row, "label": _pages.get(row.page, row.page), "narrowed": narrowed,
            "address": f"{reverse(row.page, args=[aims.slug])}?{row.query}" if row.page in _pages else ""}  # fmt: skip
