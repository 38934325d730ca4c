"""A register of risks as a file: every row with its verdict first, then the rows that can come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import SimpleUploadedFile
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
from systems.uploads import Upload, forget, keep, kept

ORDER = ("rejected", "flagged", "matched", "skipped")


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one verdict."""

    verdict: str
    label: str
    rows: list[dict[str, Any]]


@require_http_methods(["GET", "POST"])
def upload(request: AimsRequest) -> HttpResponse:
    """Take a file and keep it for an hour; show what an import would do, or do it."""
    admit(may_register(request.actor))
    if "token" in request.POST:
        held = kept(request.POST["token"], request.actor)
        if held is None:
            messages.warning(request, _("This file is not kept any more. Choose it again."))
            return redirect("assessments:import-risks", request.aims.slug)
        form = RegisterForm(request.POST, {"file": SimpleUploadedFile(held.name, held.data)})
        form.full_clean()
        return _answered(request, form, held)
    form = RegisterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        return _answered(request, form, keep(file.name, file.read(), request.actor))
    return _page(request, form)


def _answered(request: AimsRequest, form: RegisterForm, held: Upload) -> HttpResponse:
    with refusals_on(form, "file"):
        if "take" not in request.POST:
            return _page(request, form, _groups(actions.plan_of_risks(held.data, held.name)), held)
        done = actions.import_risks(held.data, held.name, actor=request.actor)
        forget(held, request.actor)
        about = {"added": done.added, "changed": done.changed, "rejected": len(done.plan.of("rejected"))}
        told = _("%(added)d registered, %(changed)d changed, %(rejected)d rejected.") % about
        messages.success(request, told)
        return redirect("assessments:risks", request.aims.slug)
    return _page(request, form)


def _page(
    request: AimsRequest, form: RegisterForm, groups: Sequence[Group] = (), held: Upload | None = None
) -> HttpResponse:
    takes = any(group.verdict in ("matched", "flagged") for group in groups)
    context = {"form": form, "groups": groups, "upload": held, "takes": takes}
    return render(request, "assessments/risk/import.html", context, status=status_of(form))


def _groups(plan: RiskPlan) -> list[Group]:
    labels = {"rejected": _("Rejected"), "flagged": _("Flagged"), "matched": _("Matched"), "skipped": _("Skipped")}
    found = plan.as_json()
    return [Group(verdict, labels[verdict], found[verdict]) for verdict in ORDER if found[verdict]]
