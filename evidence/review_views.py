"""Reviews: the queue of drafts, asking for one, and confirming it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Refusal
from aims.doors import admit
from aims.middleware import AimsRequest
from evidence import actions
from evidence.forms import ReviewForm
from evidence.models import Review
from evidence.permissions import may_ask_review, may_confirm_review
from evidence.review.queue import TABS, page_of, tabs_of
from evidence.verbs import Verb, answer
from evidence.views import one


@require_GET
def reviews(request: AimsRequest) -> HttpResponse:
    """Show the drafts that wait for a person, the least sure first, and what is weak."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "open"
    page, rows = page_of(tab, request.aims, request.actor, request.GET.get("page", "1"))
    context = {"tabs": tabs_of(tab), "page": page, "rows": rows, "query": f"tab={tab}"}
    return render(request, "evidence/reviews.html", context)


@require_POST
def ask(request: AimsRequest, code: str) -> HttpResponse:
    """Have reviews of the newest version drafted."""
    item = one(code)
    admit(may_ask_review(request.actor, item))
    try:
        actions.ask_for_review(item, actor=request.actor)
        messages.success(request, _("The newest version is being read. The draft will stand here."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(reverse("evidence:detail", args=[request.aims.slug, item.code]))


@require_http_methods(["GET", "POST"])
def confirm(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Confirm a draft, or give another score with a reason."""
    item = one(code)
    row = get_object_or_404(Review.objects.select_related("requirement"), pk=pk, evidence_version__evidence=item.pk)
    admit(may_confirm_review(request.actor))
    heading = _("Review of %(code)s for %(control)s") % {"code": item.code, "control": row.requirement.code}
    note = _("The draft says %(n)s of 5.") % {"n": row.drafted}
    verb = Verb(heading, _("Confirm"), _("Confirmed."), note)
    initial = {"seen": row.version, "score": row.drafted if row.score is None else row.score, "reason": row.reason}
    form = ReviewForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(said: dict[str, Any]) -> None:
        actions.confirm_review(row, **said, actor=request.actor)

    return answer(request, form, act, verb, item)
