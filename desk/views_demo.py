"""The door by which the demo is removed: asked for once more, then done."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from aims.doors import admit
from aims.middleware import AimsRequest
from aims.permissions import may_manage
from desk.actions import remove_demo


@require_POST
def remove(request: AimsRequest) -> HttpResponse:
    """Ask whether it is meant; with `confirm` remove the demo, and sign out whoever belonged to nothing else."""
    admit(
        may_manage(request.actor, request.aims), _("Removing the demo takes an administrator or a compliance officer.")
    )
    if not request.aims.is_demo:
        raise Http404
    if request.POST.get("confirm") != "remove":
        return render(request, "desk/remove_demo.html")
    remove_demo(request.aims, actor=request.actor)
    if not User.objects.filter(pk=request.user.pk, is_active=True).exists():
        logout(request)
    messages.info(request, _("The demo was removed. Its records stay in the database and still verify."))
    return redirect("home")
