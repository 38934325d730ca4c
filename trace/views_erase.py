"""The door by which a record's texts are erased: what goes and what stays, then a reason."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from aims.views.saying import say
from ledger.models import Leaf
from trace.actions import erase_text
from trace.erasing import kept_texts, others_with, plan_of
from trace.forms import EraseForm
from trace.permissions import may_erase
from trace.queries import told
from trace.words import subject_label


@require_http_methods(["GET", "POST"])
def erase(request: AimsRequest, number: int) -> HttpResponse:
    """Say what erasing means, and erase once a reason is given."""
    admit(may_erase(request.actor))
    leaves = Leaf.objects.select_related("record", "log").prefetch_related("record__annexes")
    leaf = get_object_or_404(leaves, number=number)
    form = EraseForm(request.POST if request.method == "POST" else None, held=kept_texts(leaf.record))
    if form.is_valid():
        with refusals_on(form):
            erase_text(leaf.record, **form.cleaned_data, actor=request.actor)
            say(request, _("The texts are erased. The record keeps its commitment and still verifies."))
            return redirect("trace:record", request.aims.slug, number)
    context = {
        "told": told(leaf, leaf.log, request.aims.slug),
        "form": form,
        "number": number,
        "subject": subject_label(leaf.record.subject),
        "others": others_with(leaf.record, plan_of(leaf.record)),
    }
    return render(request, "trace/erase.html", context, status=status_of(form))
