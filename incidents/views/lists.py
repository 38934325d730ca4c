"""Reading: the list and its export, one incident."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts import clock
from accounts.cells import csv_bytes
from accounts.serving import attached
from aims.middleware import AimsRequest
from aims.saved import keeps_views
from incidents.law import severities
from incidents.models import Incident, IncidentAction
from incidents.permissions import may_contain, may_finish, may_handle, may_judge, may_note, may_report
from incidents.policies import own_correction
from incidents.queries.hands import correctors
from incidents.queries.listing import DEFAULT, NAMES, counts, incident_line, incident_rows
from incidents.queries.sheet import sheet_of
from incidents.words import MOVES, Kind, State

PAGE = 50
TABS = (
    ("", gettext_lazy("All"), "all"),
    ("open", gettext_lazy("Open"), "open"),
    ("owed", gettext_lazy("To notify"), "owed"),
    ("closed", gettext_lazy("Closed"), "closed"),
)
COLUMNS = (
    ("code", gettext_lazy("Incident")),
    ("system", gettext_lazy("AI system")),
    ("severity", gettext_lazy("Severity")),
    ("state", gettext_lazy("State")),
    ("due", gettext_lazy("To notify")),
    ("", gettext_lazy("Owner")),
)
HEADINGS = ("Reference", "Title", "AI system", "Kind", "Severity", "State", "Occurred (UTC)", "Noticed (UTC)",
            "Reported by", "Owner", "Affected", "How many", "Notifications due", "Next due (UTC)", "Closed (UTC)",
            "Cause", "Lessons")  # fmt: skip


@require_GET
@keeps_views("incidents:list", gettext_lazy("Incidents"))
def index(request: AimsRequest) -> HttpResponse:
    """List the incidents that match."""
    asked = asked_of(request)
    base = reverse("incidents:list", args=[request.aims.slug])
    page = Paginator(incident_rows(asked), PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    kept = {name: value for name, value in asked.items() if value}
    context = {
        "asked": asked,
        "query": urlencode(kept),
        "page_of": page,
        "lines": [incident_line(row, base, request.aims.time_zone, now) for row in page],
        "is_narrowed": any(value for name, value in asked.items() if name != "sort"),
        "tabs": tabs(asked),
        "columns": columns(asked),
        "severities": severities(),
        "kinds": Kind.choices,
        "may_report": may_report(request.actor),
    }
    partial = "#rows" if request.htmx and request.htmx.target == "rows" else ""  # type: ignore[attr-defined]
    return render(request, f"incidents/list.html{partial}", context)


@require_GET
def export(request: AimsRequest) -> HttpResponse:
    """Return the incidents that match as CSV."""
    rows = incident_rows(asked_of(request)).select_related("system", "owner")
    lines: list[tuple[Any, ...]] = [HEADINGS, *(_cells(row) for row in rows)]
    return attached(csv_bytes(lines), f"{request.aims.slug}-incidents.csv", "text/csv; charset=utf-8")


def _cells(row: Any) -> tuple[Any, ...]:
    def instant(value: Any) -> str:
        return value.strftime("%Y-%m-%d %H:%M") if value else ""

    return (
        row.code, row.title, str(row.system), row.get_kind_display(), row.severity, row.get_state_display(),
        instant(row.occurred_at), instant(row.noticed_at), row.reporter, row.owner.display_name if row.owner else "",
        row.affected, row.affected_count, row.owed, instant(row.next_due), instant(row.closed_at), row.cause,
        row.lessons,
    )  # fmt: skip


@require_GET
def detail(request: AimsRequest, code: str) -> HttpResponse:
    """Show one incident."""
    row = one(code)
    return render(request, "incidents/incident.html", about(request, row))


def one(code: str) -> Incident:
    """Return an incident with what its page needs, or answer 404."""
    rows = Incident.objects.select_related("system__owner", "owner", "closed_by", "reported_by", "system__aims")
    return get_object_or_404(rows, code=code)


def about(request: AimsRequest, row: Incident) -> dict[str, Any]:
    """Return what the page of an incident prints and what this reader may do there."""
    actor, is_open = request.actor, row.is_open
    sheet = sheet_of(row, request.aims.time_zone)
    judges = may_judge(actor, row)
    closes = judges and row.state == State.RESOLVED
    return {
        "incident": row,
        "sheet": sheet,
        "may_handle": is_open and may_handle(actor, row),
        "may_judge": judges,
        "may_triage": is_open and judges,
        "may_contain": is_open and may_contain(actor, row),
        "may_note": may_note(actor, row),
        "next_states": [state for state in MOVES[row.state] if state != State.TRIAGED] if judges else [],
        "own_work": own_correction(actor, row, correctors(row)) if closes else "",
        "finishes": [action.pk for action in sheet.actions if _finishes(request, action, row)],
    }


def _finishes(request: AimsRequest, action: IncidentAction, row: Incident) -> bool:
    action.incident = row
    return row.is_open and action.done_at is None and may_finish(request.actor, action)


def asked_of(request: AimsRequest) -> dict[str, str]:
    """Return what the address asks for."""
    return {name: request.GET.get(name, "").replace("\x00", "").strip()[:100] for name in NAMES}


def tabs(asked: dict[str, str]) -> list[dict[str, Any]]:
    """Return the tabs with their counts: one query."""
    told = counts()
    kept = {name: value for name, value in asked.items() if value and name != "tab"}
    return [
        {
            "label": label,
            "query": urlencode(kept | ({"tab": tab} if tab else {})),
            "count": getattr(told, name),
            "is_current": asked["tab"] == tab,
            "tone": "bad" if name == "owed" and told.owed else "",
        }
        for tab, label, name in TABS
    ]


def columns(asked: dict[str, str]) -> list[dict[str, str]]:
    """Return the headings with the address that sorts by each."""
    kept = {name: value for name, value in asked.items() if value and name != "sort"}
    sort = asked["sort"] or DEFAULT
    return [
        {
            "label": str(label),
            "query": urlencode(kept | {"sort": f"-{name}" if sort == name else name}) if name else "",
            "sorted": {name: "ascending", f"-{name}": "descending"}.get(sort, "") if name else "",
        }
        for name, label in COLUMNS
    ]
