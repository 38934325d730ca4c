"""An assessment as a file: out as Markdown, and in again once somebody has looked at what it would change."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.refusals import Refusal, require
from accounts.roles import WRITERS
from accounts.serving import attached
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from assessments.actions.bring import import_assessment, is_bringer
from assessments.markdown.forms import BringForm
from assessments.markdown.gathering import file_of
from assessments.markdown.plan import Plan, plan_of
from assessments.views.editor import address, one, posted
from systems.models import AiSystem
from systems.uploads import Upload, forget, keep, kept


@require_GET
def download(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Send an edition as Markdown, to be kept in git and taken in again."""
    row = one(code, edition)
    return attached(file_of(row), f"{row.code}-{row.edition}.md", "text/markdown; charset=utf-8")


@require_http_methods(["GET", "POST"])
def bring(request: AimsRequest) -> HttpResponse:
    """Take a file and keep it for an hour; what it would change is shown before it is taken in."""
    admit(request.actor.is_person and request.actor.holds(*WRITERS))
    asked = request.POST if "token" in request.POST else request.GET
    system = AiSystem.objects.filter(code=asked.get("system", "")).first()
    if "token" in asked:
        upload = kept(asked["token"], request.actor)
        if upload is None or system is None:
            messages.warning(request, _("This file is not kept any more. Choose it again."))
            return redirect("assessments:import", request.aims.slug)
        admit(is_bringer(request.actor, system))
        return _taken(request, upload, system) if request.method == "POST" else _shown(request, upload, system)
    form = BringForm(posted(request), request.FILES or None, initial={"system": system})
    if form.is_valid():
        with refusals_on(form, "file"):
            file, system = form.cleaned_data["file"], form.cleaned_data["system"]
            require(is_bringer(request.actor, system), _("Importing takes who writes the assessment of this system."))
            upload = keep(file.name, file.read(), request.actor)
            query = {"token": upload.token, "system": system.code}
            return redirect(f"{reverse('assessments:import', args=[request.aims.slug])}?{urlencode(query)}")
    return render(request, "assessments/import.html", {"form": form}, status=status_of(form))


def _shown(request: AimsRequest, upload: Upload, system: AiSystem) -> HttpResponse:
    plan = plan_of(upload.data, system)
    status = 422 if plan.faults else 200
    context = {"plan": plan, "upload": upload, "system": system, "does": _does(plan)}
    return render(request, "assessments/import_look.html", context, status=status)


def _taken(request: AimsRequest, upload: Upload, system: AiSystem) -> HttpResponse:
    try:
        plan, row = import_assessment(upload.data, system, name=upload.name, actor=request.actor)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return _shown(request, upload, system)
    forget(upload, request.actor)
    messages.success(request, _does(plan) if plan.verdict == "unchanged" else _("%s is taken in.") % upload.name)
    return redirect(address(request, row)) if row else redirect("assessments:list", request.aims.slug)


def _does(plan: Plan) -> str:
    standing = plan.standing.ref_code if plan.standing else ""
    return {
        "added": _("Starts the assessment of this system."),
        "changed": _("Changes the draft %s.") % standing,
        "edition": _("Begins the next edition; %s stays as it is.") % standing,
        "unchanged": _("%s says all of this already.") % standing,
        "refused": _("Does not fit: nothing can be taken in."),
    }[plan.verdict]
