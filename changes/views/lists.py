"""The list of changes, on a page and as CSV."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.cells import csv_bytes
from accounts.roles import STEWARDS, Role
from accounts.serving import attached
from aims.middleware import AimsRequest
from aims.past import of_any_date
from aims.saved import keeps_views
from changes.material import KINDS
from changes.models import ChangeState
from changes.queries import ChangeLine, change_line, change_rows
from systems.queries import system_targets

PAGE = 50
FILTERS = ("q", "state", "kind", "system")
START = "-opened"


@require_GET
@of_any_date
@keeps_views("changes:list", gettext_lazy("Changes"))
def index(request: AimsRequest) -> HttpResponse:
    """List the changes, the newest first."""
    asked = _asked(request)
    base = reverse("changes:list", args=[request.aims.slug])
    page = Paginator(_found(request, asked), PAGE).get_page(request.GET.get("page"))
    kept = {name: value for name, value in asked.items() if value}
    context = {
        "page_of": page,
        "lines": [change_line(row, base) for row in page],
        "asked": asked,
        "query": urlencode(kept),
        "is_narrowed": any(asked[name] for name in FILTERS),
        "states": [("undecided", _("Not decided")), ("emergency", _("Emergency")), *ChangeState.choices],
        "kinds": KINDS.items(),
        "systems": system_targets(),
        "columns": _columns(asked),
        "may_open": request.actor.is_person and request.actor.holds(*STEWARDS, Role.OWNER),
    }
    partial = "#rows" if request.htmx and request.htmx.target == "rows" else ""  # type: ignore[attr-defined]
    return render(request, f"changes/list.html{partial}", context)


@require_GET
@of_any_date
def export(request: AimsRequest) -> HttpResponse:
    """Hand out the list, narrowed as the page is, as CSV with every cell as text."""
    heads = [_("Reference"), _("Title"), _("AI system"), _("Kinds"), _("State"), _("Opened"), _("Opened by")]
    rows: list[list[object]] = [[*heads, _("Decided"), _("Decided by"), _("To be approved by")]]
    for row in _found(request, _asked(request)):
        rows.append(_cells(change_line(row, "")))
    name = f"changes-{request.aims.slug}" + (f"-{request.as_of}" if request.as_of else "")
    return attached(csv_bytes(rows), f"{name}.csv", "text/csv; charset=utf-8")


def _cells(line: ChangeLine) -> list[object]:
    decided = line.decided_at.date() if line.decided_at else None
    about = [line.code, line.title, f"{line.system_code} {line.system_name}", line.kinds, line.mark.words]
    return [*about, line.opened_at.date(), line.opened_by, decided, line.decided_by, line.approve_by]


def _asked(request: AimsRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip() for name in (*FILTERS, "sort")}


def _found(request: AimsRequest, asked: dict[str, str]) -> Any:
    narrowed = {name: asked[name] for name in ("state", "kind", "system")}
    return change_rows(search=asked["q"], sort=asked["sort"] or START, at=request.at, **narrowed)


def _columns(asked: dict[str, str]) -> list[dict[str, str]]:
    """Return the headings with the address that sorts by each, down when it is sorted up already."""
    kept = {name: value for name, value in asked.items() if value and name != "sort"}
    sort = asked["sort"] or START
    told = (("code", _("Change")), ("system", _("AI system")), ("", _("Kinds")), ("state", _("State")),
            ("opened", _("Opened")), ("", _("Decided by")))  # fmt: skip
    return [
        {
            "label": label,
            "query": urlencode(kept | {"sort": f"-{name}" if sort == name else name}) if name else "",
            "sorted": "ascending" if sort == name else "descending" if name and sort == f"-{name}" else "",
        }
        for name, label in told
    ]
