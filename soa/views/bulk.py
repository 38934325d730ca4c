"""Acts on many rows: the selection, an area, an own control."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.refusals import NotAllowed, Refusal
from aims.doors import admit, refusals_on, status_of, words_on
from aims.middleware import AimsRequest
from soa.actions import add_own_control, confirm_area, in_bulk, take_drivers
from soa.forms import BulkForm, OwnControlForm
from soa.models import Entry
from soa.permissions import may_steer
from soa.views.board import board_context, read_board


def _codes() -> list[str]:
    return list(Entry.objects.values_list("requirement__code", flat=True))


def _back(request: AimsRequest) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "soa/board.html", board_context(request, read_board(request)))
    return redirect("soa:workbench", request.aims.slug)


@require_POST
def bulk(request: AimsRequest) -> HttpResponse:
    """Set what the bar says on every selected row, or say why none was changed."""
    admit(may_steer(request.actor))
    form = BulkForm(_codes(), request.POST)
    if not form.is_valid():
        messages.error(request, words_on(form))
    elif not form.values():
        messages.warning(request, _("Choose what to set: status, owner, reason or applicability."))
    else:
        _set(request, form)
    return _back(request)


def _set(request: AimsRequest, form: BulkForm) -> None:
    try:
        rows = in_bulk(form.cleaned_data["control"], form.values(), actor=request.actor)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, _("Nothing was changed. %(why)s") % {"why": refusal.message})
    else:
        messages.success(
            request, ngettext("%(n)s control changed", "%(n)s controls changed", len(rows)) % {"n": len(rows)}
        )


@require_POST
def area(request: AimsRequest) -> HttpResponse:
    """Confirm what roles and systems propose for an area; the reasons are still to be written."""
    try:
        rows = confirm_area(request.POST.getlist("control"), actor=request.actor)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        words = ngettext("%(n)s control included", "%(n)s controls included", len(rows)) % {"n": len(rows)}
        messages.success(request, _("%(words)s. Write the reasons next.") % {"words": words})
    return _back(request)


@require_POST
def take(request: AimsRequest) -> HttpResponse:
    """Name treated risks and assessments as reasons, on the controls that the form names."""
    admit(may_steer(request.actor))
    codes = request.POST.getlist("control")
    try:
        rows = take_drivers(codes, actor=request.actor)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        words = ngettext(
            "%(n)s control names what needs it now.", "%(n)s controls name what needs them now.", len(rows)
        )
        messages.success(request, words % {"n": len(rows)})
    if len(codes) == 1 and codes[0] in _codes():
        return redirect(f"{reverse('soa:workbench', args=[request.aims.slug])}?control={codes[0]}")
    return redirect("soa:applies", request.aims.slug)


@require_http_methods(["GET", "POST"])
def own_control(request: AimsRequest) -> HttpResponse:
    """Add a control of the organisation's own."""
    admit(may_steer(request.actor), _("Adding controls takes a compliance officer or an administrator."))
    form = OwnControlForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form, "title"):
            entry = add_own_control(
                form.cleaned_data["title"], summary=form.cleaned_data["summary"], actor=request.actor
            )
            return redirect("soa:entry", request.aims.slug, entry.requirement.code)
    return render(request, "soa/own_control.html", {"form": form}, status=status_of(form))
