"""The integrity page: what was found when, a check on demand, and how far it is."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.refusals import NotAllowed
from aims.middleware import AimsRequest
from evidence.actions import NotRunning, ask_for_check, stop_check
from evidence.integrity.page import integrity_page, running_check


@require_GET
def integrity(request: AimsRequest) -> HttpResponse:
    """Show whether every stored file is what was given."""
    return render(request, "evidence/integrity.html", _context(request))


@require_POST
def check(request: AimsRequest) -> HttpResponse:
    """Ask for a check, and go back to where the answer will stand."""
    ask_for_check(actor=request.actor)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "evidence/integrity_body.html", _context(request))
    return redirect("evidence:integrity", request.aims.slug)


@require_GET
def progress(request: AimsRequest) -> HttpResponse:
    """Tell how far the check is; once it is finished, the whole body takes the place of the progress."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("evidence:integrity", request.aims.slug)
    running = running_check(request.aims, request.actor)
    if running is not None:
        return render(request, "evidence/integrity_running.html", {"running": running})
    answer = render(request, "evidence/integrity_body.html", _context(request) | {"is_finished": True})
    answer["HX-Retarget"], answer["HX-Reswap"] = "#integrity", "outerHTML"
    return answer


@require_POST
def stop(request: AimsRequest) -> HttpResponse:
    """Stop the check that is under way; one that ended in the meantime needs no stopping."""
    try:
        stop_check(actor=request.actor)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except NotRunning:
        pass
    return redirect("evidence:integrity", request.aims.slug)


def _context(request: AimsRequest) -> dict[str, object]:
    return {"shown": integrity_page(request.aims, request.actor)}
