"""Come in by the link that was mailed: a name, a password, and the roles that were granted."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor, ActorKind
from accounts.context import acting_in
from accounts.models import User
from accounts.refusals import Refusal
from aims.events import JOINED
from aims.invitations import waiting_invitation
from aims.models import Invitation, Membership
from aims.queries import actor_for
from ledger.actions import record


class NotAcceptable(Refusal):
    """The invitation does not let the person in."""


@transaction.atomic
def accept_invitation(secret: str, *, name: str, password: str) -> tuple[User, Actor]:
    """Set the person's first password and return them; a link never resets a password that is there."""
    found = waiting_invitation(secret)
    if found is None:
        raise NotAcceptable(_("This link no longer works. Ask for a new invitation."))
    with acting_in(found.aims):
        row = Invitation.objects.select_for_update().select_related("user").get(pk=found.pk)
        user = row.user
        if not row.is_waiting or user.has_usable_password():
            raise NotAcceptable(_("You have a password already. Sign in with it."))
        _set(user, name, password)
        actor = actor_for(user, found.aims, auth_method="invitation") or _before_their_seat(user)
        if actor is None:
            raise NotAcceptable(_("The invitation was taken back."))
        row.accepted_at = clock.now()
        row.save(update_fields=["accepted_at"])
        record(JOINED, row, actor=actor)
    return user, actor


def _set(user: User, name: str, password: str) -> None:
    if not name.strip():
        raise NotAcceptable(_("Give the name that colleagues and auditors will know you by."), field="name")
    user.name = name.strip()
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise NotAcceptable(" ".join(error.messages), field="password") from error
    user.set_password(password)
    user.is_active = True
    user.save(update_fields=["name", "password", "is_active"])


def _before_their_seat(user: User) -> Actor | None:
    """Return somebody whose roles begin later as an actor without any, so that they can set a password before then."""
    later = Membership.objects.filter(user=user, revoked_at__isnull=True, valid_from__gt=clock.now())
    if not later.exists():
        return None
    return Actor(ActorKind.HUMAN, user.pk, user.display_name, user.email, user.pseudonym, "invitation")
