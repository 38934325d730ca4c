"""One's own links to providers, outside any organisation."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import proof
from accounts.context import acting_in
from accounts.models import User
from accounts.signed_in import signed_in
from aims.queries import actor_for, aims_of
from aims.views.saying import say
from signon.actions import unlink
from signon.models import Identity


@require_POST
@login_required
def unlink_mine(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """Cut one's own link, from any session but one that another organisation's provider opened."""
    user, facts = cast(User, request.user), signed_in(request)
    aims = get_object_or_404(aims_of(user), slug=organisation)
    actor = actor_for(user, aims, auth_method=proof.auth_method(request), request_id=getattr(request, "id", ""))
    if actor is None:
        raise Http404
    if not facts.opens(aims.pk):
        raise PermissionDenied(_("You came in through another organisation's provider."))
    with acting_in(aims, actor):
        unlink(get_object_or_404(Identity, pk=pk, user=user, unlinked_at__isnull=True), actor=actor)
    say(request, _("The link is cut."))
    return redirect("me")
