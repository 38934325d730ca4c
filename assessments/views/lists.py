"""The lists: assessments, and the risk register with its heat map."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.roles import WRITERS
from aims.middleware import AimsRequest
from aims.past import of_any_date
from aims.queries import people
from aims.saved import keeps_views
from aims.vocabulary import Band
from assessments.models import AssessmentState, Option
from assessments.permissions import may_register
from assessments.queries import assessment_lines, risk_lines, risk_matrix
from assessments.queries.listing import assessment_line
from assessments.queries.risks import risk_line

PAGE = 50


@require_GET
@of_any_date
@keeps_views("assessments:list", gettext_lazy("Impact assessments"))
def assessments(request: AimsRequest) -> HttpResponse:
    """List the editions that stand; superseded ones when they are asked for."""
    base = reverse("assessments:list", args=[request.aims.slug])
    asked = {name: request.GET.get(name, "") for name in ("q", "state", "band", "sort")}
    rows = assessment_lines(
        search=asked["q"].strip(),
        state=asked["state"],
        band=asked["band"],
        sort=asked["sort"] or "code",
        at=request.at,
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_of": page,
        "lines": [assessment_line(row, base) for row in page],
        "is_narrowed": any(asked[name] for name in ("q", "state", "band")),
        "states": AssessmentState.choices,
        "may_start": request.actor.is_person and request.actor.holds(*WRITERS),
        "columns": columns_of(
            asked,
            ("code", _("Reference")),
            ("system", _("AI system")),
            ("state", _("State")),
            ("worst", _("Worst now")),
            ("review", _("Next review")),
        ),
    }
    return _listed(request, "assessments/list.html", context, asked)


@require_GET
@of_any_date
@keeps_views("assessments:risks", gettext_lazy("Risks"))
def risks(request: AimsRequest) -> HttpResponse:
    """List the risks on the register, with where they stand on the matrix."""
    base = reverse("assessments:risks", args=[request.aims.slug])
    asked = {name: request.GET.get(name, "") for name in ("q", "band", "owner", "option", "sort")}
    rows = risk_lines(
        search=asked["q"].strip(),
        band=asked["band"],
        owner=asked["owner"],
        option=asked["option"],
        sort=asked["sort"] or "code",
        at=request.at,
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_of": page,
        "lines": [risk_line(row, base) for row in page],
        "is_narrowed": any(asked[name] for name in ("q", "band", "owner", "option")),
        "options": Option.choices,
        "owners": people(),
        "matrix": risk_matrix(request.at),
        "may_register": may_register(request.actor),
        "columns": columns_of(
            asked,
            ("title", _("Risk")),
            ("owner", _("Owner")),
            ("", _("Before")),
            ("level", _("Remains")),
            ("", _("Option")),
            ("due", _("Treated by")),
            ("", _("Accepted by")),
        ),
    }
    return _listed(request, "assessments/risks.html", context, asked)


def _listed(request: AimsRequest, template: str, context: dict[str, object], asked: dict[str, str]) -> HttpResponse:
    kept = {name: value for name, value in asked.items() if value}
    partial = "#rows" if request.htmx and request.htmx.target == "rows" else ""  # type: ignore[attr-defined]
    return render(
        request, template + partial, context | {"asked": asked, "query": urlencode(kept), "bands": Band.choices}
    )


def columns_of(asked: dict[str, str], *columns: tuple[str, str], first: str = "code") -> list[dict[str, str]]:
    """Return the headings with the address that sorts by each, down when it is sorted up already."""
    kept = {name: value for name, value in asked.items() if value and name != "sort"}
    sorted_by = asked["sort"] or first
    headings = []
    for name, label in columns:
        is_up = sorted_by == name
        is_down = sorted_by == f"-{name}"
        headings.append(
            {
                "label": label,
                "query": urlencode(kept | {"sort": f"-{name}" if is_up else name}) if name else "",
                "sorted": "ascending" if is_up else "descending" if is_down else "",
            }
        )
    return headings
