"""Work and mail of an AIMS that could not end by itself, for those who administer it."""

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.refusals import Refusal
from aims.doors import admit
from aims.middleware import AimsRequest
from aims.views.saying import say
from jobs.models import Delivery, Job
from upkeep.actions import Fate, NotNow, give_up, retry, settle_mail
from upkeep.permissions import may_keep_up
from upkeep.queries import failed_jobs, line_of, mail_of, mails_that_need_a_person, waiting_jobs

PAGE = 50


@require_GET
def work(request: AimsRequest) -> HttpResponse:
    """Show what failed, what waits and which mails need a person."""
    admit(may_keep_up(request.actor))
    return _page(request)


@require_POST
def begin_again(request: AimsRequest, pk: int) -> HttpResponse:
    """Put failed work back into the queue."""
    admit(may_keep_up(request.actor))
    job = _job(request, pk)
    return _then(request, lambda: retry(job, actor=request.actor), _("It is in the queue again."))


@require_POST
def end(request: AimsRequest, pk: int) -> HttpResponse:
    """Give work up."""
    admit(may_keep_up(request.actor))
    job = _job(request, pk)
    return _then(request, lambda: give_up(job, actor=request.actor), _("It was given up."))


@require_POST
def mail(request: AimsRequest, pk: int, fate: str) -> HttpResponse:
    """Settle a mail."""
    admit(may_keep_up(request.actor))
    if fate not in Fate:
        raise Http404
    item = get_object_or_404(Delivery, pk=pk, aims_id=request.aims.pk)
    said = {
        Fate.ARRIVED: _("It is noted as sent."),
        Fate.AGAIN: _("It is sent again within seconds."),
        Fate.GIVEN_UP: _("It was given up."),
    }
    return _then(request, lambda: settle_mail(item, Fate(fate), actor=request.actor), said[Fate(fate)])


def _job(request: AimsRequest, pk: int) -> Job:
    return get_object_or_404(Job, pk=pk, aims_id=request.aims.pk)


def _then(request: AimsRequest, verb: Callable[[], object], said: str) -> HttpResponse:
    try:
        verb()
    except NotNow as refusal:
        return _page(request, refusal)
    say(request, said)
    return redirect("upkeep:work", request.aims.slug)


def _page(request: AimsRequest, refusal: Refusal | None = None) -> HttpResponse:
    aims_id = request.aims.pk
    failed = Paginator(failed_jobs(aims_id), PAGE).get_page(request.GET.get("page"))
    waiting = waiting_jobs(aims_id)
    context = {
        "page": failed,
        "failed": [line_of(job) for job in failed],
        "waiting": [line_of(job) for job in waiting[:PAGE]],
        "waiting_count": waiting.count(),
        "mails": [mail_of(item) for item in mails_that_need_a_person(aims_id).order_by("-created_at")[:PAGE]],
        "problem": refusal.message if refusal else "",
    }
    return render(request, "upkeep/work.html", context, status=409 if refusal else 200)
