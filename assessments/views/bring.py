"""A register of risks as a file: every row with its verdict first, then the rows that can come in."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from assessments import actions
from assessments.permissions import may_register
from assessments.risk.forms import RegisterForm
from assessments.risk.intake.plan import RiskPlan

ORDER = ("rejected", "flagged", "matched", "skipped")


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one verdict."""

    verdict: str
    label: str
    rows: list[dict[str, Any]]


@require_http_methods(["GET", "POST"])
def upload(request: AimsRequest) -> HttpResponse:
    """Take a file; show what an import would do, or do it."""
    admit(may_register(request.actor))
    form = RegisterForm(request.POST or None, request.FILES or None)
    groups: list[Group] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on(form, "file"):
            if "take" in request.POST:
                done = actions.import_risks(file.read(), file.name, actor=request.actor)
                about = {"added": done.added, "changed": done.changed, "rejected": len(done.plan.of("rejected"))}
                told = _("%(added)d registered, %(changed)d changed, %(rejected)d rejected.") % about
                messages.success(request, told)
                return redirect("assessments:risks", request.aims.slug)
            groups = _groups(actions.plan_of_risks(file.read(), file.name))
    return render(request, "assessments/risk/import.html", {"form": form, "groups": groups}, status=status_of(form))


def _groups(plan: RiskPlan) -> list[Group]:
    labels = {"rejected": _("Rejected"), "flagged": _("Flagged"), "matched": _("Matched"), "skipped": _("Skipped")}
    found = plan.as_json()
    return [Group(verdict, labels[verdict], found[verdict]) for verdict in ORDER if found[verdict]]
