"""Who holds which role, since when and by whose grant, and who has a seat (5.3)."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import clock
from accounts.refusals import Conflict
from accounts.roles import Role
from accounts.sessions import forget_roles
from aims.actions import complete_invitation, invite
from aims.actions import grant as grant_role
from aims.actions import revoke as revoke_role
from aims.days import last_midnight
from aims.doors import admit, refusals_on
from aims.forms import AddressForm, GrantForm, InviteForm, ReasonForm
from aims.invitations import has_address
from aims.middleware import AimsRequest
from aims.models import Invitation, Membership
from aims.pages import invited, people_shown, person_rows
from aims.permissions import may_grant, may_share
from aims.seat_pages import seat_lines
from aims.views.acting import act_page
from aims.views.saying import say

PAGE = 50


@require_GET
def people(request: AimsRequest) -> HttpResponse:
    """List everyone with their roles, and those who have not come in yet."""
    words = request.GET.get("q", "").strip()[:100]
    shares = may_share(request.actor, request.aims)
    page = Paginator(people_shown(words), PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": person_rows(page, request.actor, request.aims),
        "page": page,
        "query": urlencode({"q": words} if words else {}),
        "words": words,
        "invited": invited(),
        "base": reverse("aims:people", args=[request.aims.slug]),
        "may": may_grant(request.actor, request.aims),
        "may_share": shares,
        "seats": seat_lines(request.aims) if shares else [],
    }
    return render(request, "aims/people.html", context)


@require_http_methods(["GET", "POST"])
def invite_person(request: AimsRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    admit(may_grant(request.actor, request.aims))
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            row = invite(**form.cleaned_data, actor=request.actor)
            say(request, _("%(who)s is invited.") % {"who": row.email})
            return redirect("aims:people", request.aims.slug)
    lede = _("The roles hold at once. The mail holds a link that works once, for 14 days.")
    return act_page(request, form, heading=_("Invite a person"), button=_("Send invitation"), lede=lede)


@require_http_methods(["GET", "POST"])
def invitation(request: AimsRequest, pk: int) -> HttpResponse:
    """Give somebody who was only named an address, or send the link again."""
    admit(may_grant(request.actor, request.aims))
    row = get_object_or_404(Invitation.objects.select_related("user"), pk=pk, accepted_at__isnull=True)
    initial = {"email": row.user.email} if has_address(row.user) else {}
    form = AddressForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        with refusals_on(form, "email"):
            complete_invitation(row, email=form.cleaned_data["email"], actor=request.actor)
            say(request, _("%(who)s is invited.") % {"who": row.user.display_name})
            return redirect("aims:people", request.aims.slug)
    heading = _("Invite %(who)s") % {"who": row.user.display_name}
    return act_page(request, form, heading=heading, button=_("Send invitation"))


@require_http_methods(["GET", "POST"])
def grant(request: AimsRequest) -> HttpResponse:
    """Give somebody who is here already one more role."""
    admit(may_grant(request.actor, request.aims))
    today = clock.today(request.aims.time_zone)
    initial = {"user": request.GET.get("person", "")}
    form = GrantForm(request.POST if request.method == "POST" else None, today=today, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            last = form.cleaned_data["valid_until"]
            until = last_midnight(last, request.aims.time_zone) if last else None
            role = Role(form.cleaned_data["role"])
            row = grant_role(form.cleaned_data["user"], role, valid_until=until, actor=request.actor)
            _keep_own_session(request, row)
            say(request, _("%(who)s holds the role %(role)s.") % {"who": row.user, "role": role.label})
            return redirect("aims:people", request.aims.slug)
    return act_page(request, form, heading=_("Grant a role"), button=_("Grant role"))


def _keep_own_session(request: AimsRequest, row: Membership) -> None:
    """A change of roles ends sessions; who changes their own goes on in this one."""
    if row.user_id == request.user.pk:
        forget_roles(request, request.aims.pk)


@require_http_methods(["GET", "POST"])
def revoke(request: AimsRequest, pk: int) -> HttpResponse:
    """Take a role back, with a reason."""
    admit(may_grant(request.actor, request.aims))
    held = Membership.objects.select_related("user", "aims").filter(revoked_at__isnull=True)
    row = get_object_or_404(held, pk=pk, deputises__isnull=True)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": row.version})
    status = None
    if form.is_valid():
        try:
            with refusals_on(form, "reason"):
                revoke_role(row, **form.cleaned_data, actor=request.actor)
                _keep_own_session(request, row)
                say(request, _("The role is revoked."))
                return redirect("aims:people", request.aims.slug)
        except Conflict:
            form.add_error(None, _("Someone changed this role meanwhile. Go back and look again."))
            status = 409
    heading = _("Revoke %(membership)s") % {"membership": row}
    lede = _("The role ends at once. What was done under it stays, with its author.")
    return act_page(request, form, heading=heading, button=_("Revoke role"), lede=lede, kind="danger", status=status)
