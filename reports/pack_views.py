"""The pages of certification packs: ask, watch, cancel, try again, take out."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import clock
from accounts.refusals import NotAllowed, Refusal
from accounts.serving import streamed
from aims.doors import admit, refusals_on
from aims.middleware import AimsRequest
from aims.seats import shown_to_seats
from evidence.store import StoreAway
from ledger.queries import acts_about
from reports.actions.download import NotThere
from reports.actions.pack import ask_pack, cancel_pack, download_pack
from reports.forms import PackForm
from reports.models import Pack
from reports.pack.selection import Selection
from reports.pack_listing import pack_page, pack_row, packs
from reports.packing import selection_of
from reports.permissions import may_pack


@require_GET
def index(request: AimsRequest) -> HttpResponse:
    """Show what was handed over and what is being made, beside the form that asks for more."""
    return _page(request, _form(request))


@require_POST
def ask(request: AimsRequest) -> HttpResponse:
    """Take an order for a pack."""
    admit(may_pack(request.actor))
    form = _form(request, request.POST)
    if form.is_valid():
        with refusals_on(form):
            ask_pack(request.aims, form.selection, actor=request.actor)
            return redirect("reports:packs", request.aims.slug)
    return _page(request, form, status=422)


@require_GET
def detail(request: AimsRequest, code: str) -> HttpResponse:
    """Show one pack, how it is checked, and who took it out; htmx is answered with the row alone."""
    pack = _one(code)
    row = pack_row(pack, request.aims, request.actor)
    if request.headers.get("HX-Request"):
        return render(request, "reports/packs/row_alone.html", {"row": row})
    return render(request, "reports/packs/detail.html", {"row": row, "acts": acts_about([pack.ref], Pack)})


@require_POST
def cancel(request: AimsRequest, code: str) -> HttpResponse:
    """Stop a pack that is being made."""
    return _then_list(request, lambda: cancel_pack(_one(code), actor=request.actor))


@require_POST
def again(request: AimsRequest, code: str) -> HttpResponse:
    """Ask for the same once more."""
    admit(may_pack(request.actor))
    chosen: Selection = selection_of(_one(code))
    return _then_list(request, lambda: ask_pack(request.aims, chosen, actor=request.actor))


@shown_to_seats(lambda code: (f"pack:{code}",))
@require_GET
def download(request: AimsRequest, code: str) -> HttpResponseBase:
    """Hand the file over, noted and harmless: an attachment, sandboxed, never sniffed, never cached."""
    pack = _one(code)
    try:
        stream = download_pack(pack, actor=request.actor)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except (NotThere, StoreAway) as refusal:
        status = 503 if isinstance(refusal, StoreAway) else 410
        if request.actor.is_seat:
            return HttpResponse(refusal.message, status=status, content_type="text/plain; charset=utf-8")
        return _page(request, _form(request), status=status, problem=refusal.message)
    return streamed(stream, pack.name, "application/zip")


def _one(code: str) -> Pack:
    return get_object_or_404(packs(), code=code)


def _form(request: AimsRequest, data: Any = None) -> PackForm:
    return PackForm(data, today=clock.today(request.aims.time_zone))


def _then_list(request: AimsRequest, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refusal as refusal:
        return _page(request, _form(request), status=422, problem=refusal.message)
    return redirect("reports:packs", request.aims.slug)


def _page(request: AimsRequest, form: PackForm, *, status: int = 200, problem: str = "") -> HttpResponse:
    page, rows = pack_page(request.aims, request.actor, request.GET.get("page", "1"))
    context = {"form": form, "page": page, "rows": rows, "problem": problem, "may": may_pack(request.actor)}
    return render(
        request, "reports/packs/list.html", context | {"is_busy": any(row.is_open for row in rows)}, status=status
    )
