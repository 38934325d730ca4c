"""The pages of the criteria: what judges now, the form for the next version, two versions compared, what is open."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.refusals import Conflict
from aims.actions import set_criteria
from aims.clash import BothTexts
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from aims.models import Criteria
from aims.past import of_any_date
from aims.permissions import may_manage
from aims.views.saying import say
from assessments.criteria.comparing import Compared, Moved, compared, moved_assessments, moved_risks
from assessments.criteria.forms import CriteriaForm
from assessments.criteria.pages import harm_line, risk_line, version_page
from assessments.criteria.untreated import above_acceptance, open_harms, open_risks, untreated

PAGE, SHOWN = 50, 100


@require_http_methods(["GET", "POST"])
def criteria(request: AimsRequest) -> HttpResponse:
    """Show the version that judges now and those before it, and set the next; or show first what it would move."""
    may = may_manage(request.actor, request.aims)
    admit(request.method == "GET" or may)
    versions = list(Criteria.objects.order_by("-number")[:50])
    form = CriteriaForm.of(versions[0], request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "may": may, "number": versions[0].number}
    if form.is_valid():
        if "preview" in request.POST:
            return _page(request, versions, context | _preview(versions[0], form, request.aims.slug))
        try:
            with refusals_on(form):
                row = set_criteria(
                    form.judging, why=form.cleaned_data["why"], seen=form.cleaned_data["seen"], actor=request.actor
                )
                say(request, _("Version %(n)s of the criteria judges from now on.") % {"n": row.number})
                return redirect("criteria:page", request.aims.slug)
        except Conflict as conflict:
            context |= {"form": _again(form, conflict), "clashes": _both(conflict)}
            return _page(request, versions, context, status=409)
    return _page(request, versions, context, status=status_of(form))


@require_GET
def compare(request: AimsRequest) -> HttpResponse:
    """Show two versions side by side and what would move from the one to the other."""
    rows = {str(row.number): row for row in Criteria.objects.order_by("-number")}
    numbers = list(rows)
    older = rows.get(request.GET.get("from", ""), rows[numbers[min(1, len(numbers) - 1)]])
    newer = rows.get(request.GET.get("to", ""), rows[numbers[0]])
    context = {"numbers": numbers, "older": str(older.number), "newer": str(newer.number)}
    moved = _moved(request, compared(older, newer))
    return render(
        request, "criteria/compare.html", context | moved | {"query": f"from={older.number}&to={newer.number}"}
    )


@require_GET
@of_any_date
def open_levels(request: AimsRequest) -> HttpResponse:
    """List what stands above the acceptance level and nothing treats, harms or risks."""
    counts = untreated(request.at)
    of_risks = request.GET.get("tab") == "risks" or (not counts.impacts.count and request.GET.get("tab") != "impacts")
    slug = request.aims.slug
    if of_risks:
        rows = above_acceptance(open_risks(request.at), "criteria")
        rows = rows.select_related("system", "criteria").order_by("code")
    else:
        rows = above_acceptance(open_harms(request.at), "assessment__criteria")
        rows = rows.select_related("assessment__system", "assessment__criteria")
        rows = rows.order_by("assessment__code", "number", "id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    line = risk_line if of_risks else harm_line
    tab = "risks" if of_risks else "impacts"
    context = {"counts": counts, "tab": tab, "page_of": page, "lines": [line(row, slug) for row in page]}
    return render(request, "criteria/open.html", context | {"query": f"tab={tab}"})


def _preview(current: Criteria, form: CriteriaForm, slug: str) -> dict[str, Any]:
    draft = Criteria(aims_id=current.aims_id, number=current.number + 1, **form.judging.fields())
    return {
        "compared": compared(current, draft),
        "is_preview": True,
        **_first(moved_assessments(current, draft, slug), moved_risks(current, draft, slug)),
    }


def _moved(request: AimsRequest, both: Compared) -> dict[str, Any]:
    slug = request.aims.slug
    page = Paginator(moved_assessments(both.before, both.after, slug), PAGE).get_page(request.GET.get("page"))
    shown = _first((), moved_risks(both.before, both.after, slug))
    moved = {"assessments": list(page), "assessments_total": page.paginator.count}
    return shown | moved | {"compared": both, "page_of": page}


def _first(assessments: Sequence[Moved], risks: Sequence[Moved]) -> dict[str, Any]:
    return {
        "assessments": assessments[:SHOWN],
        "assessments_total": len(assessments),
        "risks": risks[:SHOWN],
        "risks_total": len(risks),
    }


def _again(form: CriteriaForm, conflict: Conflict) -> CriteriaForm:
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["seen"] = str(conflict.current.number)
    form.data = data
    return form


def _both(conflict: Conflict) -> list[BothTexts]:
    row = conflict.current
    both = compared(row, Criteria(number=row.number + 1, **conflict.offered))
    return [BothTexts(said.about, said.before, said.after) for said in both.said]


def _page(
    request: AimsRequest, versions: list[Criteria], context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shown = {"current": version_page(versions[0]), "older": versions[1:]}
    return render(request, "criteria/page.html", context | shown, status=status)
