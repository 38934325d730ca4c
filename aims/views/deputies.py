"""Deputies: a person names who stands in for a role of theirs, from one day until another, or an administrator does."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.refusals import Conflict
from aims import actions
from aims.days import first_moment, last_midnight
from aims.doors import admit, refusals_on
from aims.forms import ReasonForm
from aims.middleware import AimsRequest
from aims.models import Membership
from aims.permissions import may_deputise
from aims.seat_forms import DeputyForm
from aims.views.acting import act_page
from aims.views.saying import say


@require_http_methods(["GET", "POST"])
def name(request: AimsRequest, pk: int) -> HttpResponse:
    """Name a deputy for a role."""
    row = get_object_or_404(Membership.objects.select_related("user"), pk=pk, revoked_at__isnull=True)
    admit(may_deputise(request.actor, row))
    zone = request.aims.time_zone
    today = clock.today(zone)
    data = request.POST if request.method == "POST" else None
    nobody = (row.user_id, request.actor.user_id)
    form = DeputyForm(data, today=today, apart_from=nobody, initial={"valid_from": today})
    if form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            begins, ends = first_moment(said["valid_from"], zone), last_midnight(said["valid_until"], zone)
            actions.name_deputy(row, said["user"], valid_from=begins, valid_until=ends, actor=request.actor)
            about = {"deputy": said["user"], "who": row.user, "role": row.get_role_display()}
            say(request, _("%(deputy)s stands in for %(who)s as %(role)s.") % about)
            return redirect("aims:people", request.aims.slug)
    heading = _("Name a deputy for %(who)s, %(role)s") % {"who": row.user, "role": row.get_role_display()}
    lede = _(
        "What the deputy does is recorded as done in the person's stead. Whoever wrote something does not approve it, "
        "and neither does their deputy."
    )
    return act_page(request, form, heading=heading, button=_("Name deputy"), lede=lede)


@require_http_methods(["GET", "POST"])
def end(request: AimsRequest, pk: int) -> HttpResponse:
    """End a deputy's authority before its last day."""
    held = Membership.objects.select_related("user", "deputises__user").filter(revoked_at__isnull=True)
    row = get_object_or_404(held, pk=pk, deputises__isnull=False)
    admit(row.deputises is not None and may_deputise(request.actor, row.deputises))
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": row.version})
    status = None
    if form.is_valid():
        try:
            with refusals_on(form, "reason"):
                actions.end_deputy(row, **form.cleaned_data, actor=request.actor)
                say(request, _("The deputy's authority has ended."))
                return redirect("aims:people", request.aims.slug)
        except Conflict:
            form.add_error(None, _("Someone changed this role meanwhile. Go back and look again."))
            status = 409
    heading = _("End %(deputy)s standing in") % {"deputy": row.user}
    lede = _("It ends at once. What was done in the person's stead stays, with both names.")
    return act_page(request, form, heading=heading, button=_("End it"), lede=lede, kind="danger", status=status)
