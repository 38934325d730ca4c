"""Reading the library: the list, one item, the list as CSV, and the files themselves."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.cells import csv_bytes
from accounts.refusals import NotAllowed
from accounts.serving import attached
from aims import past
from aims.middleware import AimsRequest
from aims.past import found_then, of_any_date
from aims.saved import keeps_views
from aims.seats import shown_to_seats
from evidence import library
from evidence.actions import Gone, Quarantined, record_read
from evidence.integrity.standing import wrong_now
from evidence.library import Search
from evidence.models import Evidence, EvidenceKind, File
from evidence.panel import panel_of
from evidence.permissions import may_give
from evidence.queries import evidence_index, items
from evidence.serving import attachment
from evidence.store import StoreAway
from ledger.queries import Act, acts_about


@require_GET
@of_any_date
@keeps_views("evidence:list", gettext_lazy("Evidence"))
def index(request: AimsRequest) -> HttpResponse:
    """Show the library, with one item beside it."""
    today, at = past.today(request), request.at
    search = Search.of(request.GET)
    page, rows = library.page_of(search, request.aims, today, request.GET.get("page", "1"), at)
    chosen = request.GET.get("item", "")
    item = next((item for item in page.object_list if item.code == chosen), None) or next(iter(page.object_list), None)
    context = {
        "search": search,
        "page": page,
        "rows": rows,
        "query": search.query(),
        "tabs": library.tabs_of(search, today, at),
        "columns": library.columns_of(search),
        "caption": library.caption(page),
        "kinds": EvidenceKind.choices,
        "controls": library.linked_controls(at),
        "may_give": may_give(request.actor),
        "wrong": wrong_now(),
        "panel": panel_of(item, aims=request.aims, actor=request.actor, today=today, at=at) if item else None,
    }
    return render(request, "evidence/list.html", context)


@shown_to_seats(lambda code: (f"evidence:{code}",))
@require_GET
@of_any_date
def detail(request: AimsRequest, code: str) -> HttpResponse:
    """Show one item: as a page of its own, or as the panel beside the list."""
    item, today, at = one(code, request.at), past.today(request), request.at
    context: dict[str, Any] = {"panel": panel_of(item, aims=request.aims, actor=request.actor, today=today, at=at)}
    if request.headers.get("HX-Target") == "inspector":
        return render(request, "evidence/inspector.html", context)
    return render(request, "evidence/detail.html", context | {"acts": _acts(request, item)})


def _acts(request: AimsRequest, item: Evidence) -> list[Act]:
    """Who did what is for members; a seat reads what was given."""
    return [] if request.actor.is_seat else acts_about([item.ref], Evidence, at=request.at)


@require_GET
@of_any_date
def export(request: AimsRequest) -> HttpResponse:
    """Hand out the index of what holds as CSV, every cell as text."""
    name = _("Evidence of %s") % request.aims.slug
    name += f"-{request.as_of}" if request.as_of else ""
    item = [_("Reference"), _("Title"), _("Kind"), _("Version"), _("Made on"), _("Renew by"), _("State")]
    rows: list[list[object]] = [[*item, _("Serves"), _("Files"), _("SHA-256")]]
    for line in evidence_index(past.today(request), request.at):
        cells = [line.code, line.title, line.kind, line.number, line.made_on, line.renew_by, line.state.label]
        files = [", ".join(file.name for file in line.files), " ".join(file.sha256 for file in line.files)]
        rows.append([*cells, ", ".join(line.controls), *files])
    return attached(csv_bytes(rows), f"{name.replace(' ', '-').lower()}.csv", "text/csv; charset=utf-8")


@shown_to_seats(lambda code, **_file: (f"evidence:{code}",))
@require_GET
@of_any_date
def download(request: AimsRequest, code: str, number: int, file_id: int) -> HttpResponseBase:
    """Hand out the bytes of one file, noted and harmless: as an attachment, sandboxed, never sniffed, never cached."""
    files = File.objects.filter(evidence_version__evidence__code=code, evidence_version__number=number)
    file = found_then(files.filter(given_by(request.at), pk=file_id).first(), files.filter(pk=file_id))
    try:
        stream = record_read(file, actor=request.actor)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Quarantined as found:
        told = {"message": found.message, "code": code}
        return render(request, "evidence/quarantined.html", told, status=403)
    except (Gone, StoreAway) as gone:
        is_away = isinstance(gone, StoreAway)
        context = {"message": gone.message, "code": code, "file": file, "is_away": is_away}
        return render(request, "evidence/gone.html", context, status=503 if is_away else 410)
    return attachment(file, stream)


def one(code: str, at: datetime | None = None) -> Any:
    """Return the item with its newest version, now or as it stood, or answer 404."""
    return found_then(items(at).select_related("owner").filter(code=code).first(), Evidence.objects.filter(code=code))


def given_by(at: datetime | None) -> Q:
    """Return the condition under which a file was there at an instant."""
    return Q() if at is None else Q(evidence_version__given_at__lte=at)
