"""Who the organisation is."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.refusals import Conflict
from aims.actions import describe
from aims.clash import both_texts
from aims.doors import admit, refusals_on, status_of
from aims.forms import OrganisationForm
from aims.middleware import AimsRequest
from aims.models import Aims
from aims.permissions import may_manage
from aims.views.saying import say
from aims.vocabulary import AiRole
from ledger.queries import acts_about


@require_http_methods(["GET", "POST"])
def settings(request: AimsRequest) -> HttpResponse:
    """Show the organisation; stewards change it here."""
    admit(request.method == "GET" or may_manage(request.actor, request.aims))
    form = OrganisationForm.of(request.aims, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            with refusals_on(form):
                describe(form.description, seen=form.cleaned_data["seen"], actor=request.actor)
                say(request, _("The organisation is saved."))
                return redirect("aims:settings", request.aims.slug)
        except Conflict as conflict:
            return _page(request, form, status=409, clashes=both_texts(form, conflict))
    return _page(request, form, status=status_of(form))


def _page(request: AimsRequest, form: OrganisationForm, *, status: int, clashes: object = None) -> HttpResponse:
    context = {
        "form": form,
        "may": may_manage(request.actor, request.aims),
        "clashes": clashes,
        "roles_played": [str(AiRole(role).label) for role in request.aims.roles_played if role in AiRole],
        "acts": acts_about([request.aims.ref], Aims),
    }
    return render(request, "aims/organisation.html", context, status=status)
