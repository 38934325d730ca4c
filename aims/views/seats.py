"""Seats of the certification body: give one, see what it is shown, share, take back, change its last day."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import clock
from accounts.refusals import Conflict
from accounts.roles import Role
from aims import actions
from aims.days import first_moment, last_midnight
from aims.doors import admit, refusals_on
from aims.forms import ReasonForm
from aims.middleware import AimsRequest
from aims.models import Membership, Share
from aims.permissions import may_grant, may_share
from aims.seat_forms import DateForm, SeatForm, ShareForm, audits, open_seats
from aims.seat_pages import seat_page
from aims.views.acting import act_page
from aims.views.saying import say


@require_http_methods(["GET", "POST"])
def new(request: AimsRequest) -> HttpResponse:
    """Give an auditor of the certification body a seat."""
    admit(may_grant(request.actor, request.aims))
    zone = request.aims.time_zone
    today = clock.today(zone)
    form = SeatForm(request.POST if request.method == "POST" else None, today=today, initial={"valid_from": today})
    form.fields["audits"].choices = audits(request.aims)  # type: ignore[attr-defined]
    if form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            begins, ends = first_moment(said["valid_from"], zone), last_midnight(said["valid_until"], zone)
            wanted = actions.Seat(begins, ends, tuple(said["audits"]))
            row = actions.give_seat(said["email"], name=said["name"], seat=wanted, actor=request.actor)
            say(request, _("%(who)s has a seat. Share what they are to read.") % {"who": row.user})
            return redirect("aims:seat", request.aims.slug, row.pk)
    lede = _("An auditor of the certification body reads what you share with the seat, and nothing else.")
    return act_page(request, form, heading=_("Give a seat"), button=_("Give seat"), lede=lede)


@require_GET
def seat(request: AimsRequest, pk: int) -> HttpResponse:
    """Show a seat: its days, its audits, everything shared with it, and what was."""
    admit(may_share(request.actor, request.aims))
    row = get_object_or_404(_seats(), pk=pk)
    return render(request, "aims/seat.html", {"page": seat_page(row, request.aims)})


@require_http_methods(["GET", "POST"])
def date(request: AimsRequest, pk: int) -> HttpResponse:
    """Give a seat another last day."""
    admit(may_grant(request.actor, request.aims))
    row = get_object_or_404(_seats(), pk=pk)
    zone = request.aims.time_zone
    initial = {"seen": row.version}
    form = DateForm(request.POST if request.method == "POST" else None, today=clock.today(zone), initial=initial)
    status = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            with refusals_on(form, "valid_until"):
                ends = last_midnight(said["valid_until"], zone)
                actions.date_seat(row, ends=ends, seen=said["seen"], actor=request.actor)
                say(request, _("The seat has another last day."))
                return redirect("aims:seat", request.aims.slug, pk)
        except Conflict:
            form.add_error(None, _("Someone changed this seat meanwhile. Go back and look again."))
            status = 409
    heading = _("Change the last day of %(who)s") % {"who": row.user}
    back = reverse("aims:seat", args=[request.aims.slug, pk])
    return act_page(request, form, heading=heading, button=_("Change last day"), back=back, status=status)


@require_http_methods(["GET", "POST"])
def share(request: AimsRequest) -> HttpResponse:
    """Share one thing with one seat; `ref` and `seat` in the address choose them beforehand."""
    admit(may_share(request.actor, request.aims))
    if not open_seats().exists():
        messages.info(request, _("Nobody has a seat yet. Give one first, then share with it."))
        return redirect("aims:seat_new", request.aims.slug)
    zone = request.aims.time_zone
    chosen = {"subject": request.GET.get("ref", ""), "seat": request.GET.get("seat", "")}
    data = request.POST if request.method == "POST" else None
    form = ShareForm(data, aims=request.aims, today=clock.today(zone), initial=chosen)
    if form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            until = last_midnight(said["until"], zone) if said["until"] else None
            actions.share(said["seat"], said["subject"], until=until, actor=request.actor)
            say(request, _("Shared with %(who)s.") % {"who": said["seat"].user})
            return redirect("aims:seat", request.aims.slug, said["seat"].pk)
    lede = _("It is open to the seat at once. Sharing and taking back are recorded in the chain.")
    return act_page(request, form, heading=_("Share with a seat"), button=_("Share"), lede=lede)


@require_http_methods(["GET", "POST"])
def unshare(request: AimsRequest, pk: int) -> HttpResponse:
    """Close a thing to a seat again."""
    admit(may_share(request.actor, request.aims))
    row = get_object_or_404(Share.objects.select_related("seat__user", "aims"), pk=pk, withdrawn_at__isnull=True)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": row.version})
    status = None
    if form.is_valid():
        try:
            with refusals_on(form, "reason"):
                actions.unshare(row, **form.cleaned_data, actor=request.actor)
                say(request, _("It is closed to the seat."))
                return redirect("aims:seat", request.aims.slug, row.seat_id)
        except Conflict:
            form.add_error(None, _("Someone changed this meanwhile. Go back and look again."))
            status = 409
    heading = _("Stop sharing %(what)s with %(who)s") % {"what": row.subject, "who": row.seat.user}
    back = reverse("aims:seat", args=[request.aims.slug, row.seat_id])
    return act_page(request, form, heading=heading, button=_("Stop sharing"), kind="danger", back=back, status=status)


def _seats() -> QuerySet[Membership]:
    return Membership.objects.filter(role=Role.CERTIFIER).select_related("user", "granted_by", "aims")
