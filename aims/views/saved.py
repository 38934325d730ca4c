"""Saved views of lists: kept from a page's menu, put in order on a page of their own."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import NotAllowed
from aims.actions import begin_with, begin_with_all, change_view, delete_view, save_view
from aims.doors import admit, refusals_on, status_of
from aims.forms import ViewForm
from aims.middleware import AimsRequest
from aims.models import SavedView, ViewDefault
from aims.permissions import may_change_view, may_keep_views, may_share_views
from aims.saved import describe, pages, query_shown, seen_by
from aims.views.saying import say


@require_GET
def views(request: AimsRequest) -> HttpResponse:
    """List one's own views and those that are shared, by page."""
    begins = set(ViewDefault.objects.filter(user_id=request.actor.user_id or 0).values_list("view_id", flat=True))
    rows = [
        describe(row, request.aims)
        | {
            "may": may_change_view(request.actor, row),
            "is_default": row.pk in begins,
            "is_mine": _is_mine(request, row),
        }
        for row in seen_by(request.actor).order_by("page", "is_shared", "name")
    ]
    return render(request, "aims/views.html", {"rows": rows})


@require_POST
def save(request: AimsRequest) -> HttpResponse:
    """Keep what a page shows under a name, and go back to it; a name that will not do is asked for again."""
    admit(may_keep_views(request.actor))
    page = request.POST.get("page", "")
    if page not in pages():
        raise Http404
    query, may_share = query_shown(request, page), may_share_views(request.actor)
    form = ViewForm(request.POST, may_share=may_share)
    if form.is_valid():
        with refusals_on(form, "name"):
            row = save_view(page, query=query, actor=request.actor, **form.cleaned_data)
            say(request, _("“%(name)s” is kept.") % {"name": row.name})
            return redirect(f"{reverse(page, args=[request.aims.slug])}?{row.query}")
    context = {
        "form": form,
        "heading": _("Keep this view"),
        "button": _("Keep view"),
        "back": reverse(page, args=[request.aims.slug]),
        "hidden": (("page", page), ("query", query)),
    }
    return render(request, "aims/act.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def view(request: AimsRequest, pk: int) -> HttpResponse:
    """Call a view otherwise, or share it."""
    row = _one(request, pk)
    admit(may_change_view(request.actor, row))
    initial = {"name": row.name, "is_shared": row.is_shared}
    may_share = may_share_views(request.actor)
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial, may_share=may_share)
    if form.is_valid():
        with refusals_on(form, "name"):
            change_view(row, actor=request.actor, **{"is_shared": row.is_shared} | form.cleaned_data)
            return redirect("aims:views", request.aims.slug)
    back = reverse("aims:views", args=[request.aims.slug])
    context = {"form": form, "heading": row.name, "button": _("Save"), "back": back}
    return render(request, "aims/act.html", context, status=status_of(form))


@require_POST
def begin(request: AimsRequest, pk: int) -> HttpResponse:
    """Begin a page with a view from now on."""
    row = _one(request, pk)
    begin_with(row, actor=request.actor)
    say(request, _("The page opens with “%(name)s” for you.") % {"name": row.name})
    return redirect("aims:views", request.aims.slug)


@require_POST
def begin_with_all_rows(request: AimsRequest) -> HttpResponse:
    """Begin a page with every row again."""
    if request.POST.get("page", "") not in pages():
        raise Http404
    begin_with_all(request.POST["page"], actor=request.actor)
    say(request, _("The page opens with every row for you."))
    return redirect("aims:views", request.aims.slug)


@require_POST
def delete(request: AimsRequest, pk: int) -> HttpResponse:
    """Delete a view."""
    row = _one(request, pk)
    try:
        delete_view(row, actor=request.actor)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    say(request, _("“%(name)s” is deleted.") % {"name": row.name})
    return redirect("aims:views", request.aims.slug)


def _one(request: AimsRequest, pk: int) -> SavedView:
    return get_object_or_404(seen_by(request.actor), pk=pk)


def _is_mine(request: AimsRequest, row: SavedView) -> bool:
    return row.owner_id == request.actor.user_id
