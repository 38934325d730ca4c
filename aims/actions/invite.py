"""Invite a person by e-mail: their roles hold at once, the mailed link lets them set a password."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import Refusal, require
from accounts.roles import Role
from accounts.tokens import digest_of
from aims.actions.grant import grant
from aims.events import INVITED
from aims.invitations import LASTS, NOWHERE, has_address, new_secret
from aims.models import Aims, Invitation
from aims.permissions import may_grant
from jobs.actions import deliver
from ledger.actions import record

WHO = "Inviting people takes an administrator or a compliance officer."


class NotInvitable(Refusal):
    """The person cannot be invited so."""


@transaction.atomic
def invite(email: str, *, name: str, roles: list[str], actor: Actor) -> Invitation:
    """Grant the roles and mail a link that works for 14 days; inviting again mails a fresh one."""
    aims = Aims.objects.get(pk=current_aims_id())
    require(may_grant(actor, aims), WHO)
    email = address_of(email)
    if not roles or set(roles) - set(Role):
        raise NotInvitable(_("Choose at least one role."), field="roles")
    if Role.CERTIFIER in roles:
        raise NotInvitable(_("An auditor of the certification body is given a seat, with a last day."), field="roles")
    user = person_at(email, name)
    for role in roles:
        grant(user, Role(role), actor=actor)
    return call_in(user, roles, aims, actor=actor)


def person_at(email: str, name: str) -> User:
    """Return the person at an address that mail can reach, made now if nobody has it."""
    user = User.objects.filter(email__iexact=email).first()
    return user or User.objects.create_user(email, None, name=name.strip())


def call_in(user: User, roles: list[str], aims: Aims, *, actor: Actor) -> Invitation:
    """Mail somebody who holds roles the way in; somebody who was called before gets a fresh link."""
    require(may_grant(actor, aims), WHO)
    fields = {"email": user.email, "name": user.name, "roles": sorted(roles), "invited_by_id": actor.user_id}
    row, _made = Invitation.objects.update_or_create(aims=aims, user=user, defaults=fields)
    return _send(row, aims, actor)


@transaction.atomic
def complete_invitation(invitation: Invitation, *, email: str, actor: Actor) -> Invitation:
    """Give a person who was only named an address, or mail a fresh link to one who has it."""
    aims = Aims.objects.get(pk=current_aims_id())
    require(may_grant(actor, aims), WHO)
    row = Invitation.objects.select_for_update().select_related("user").get(pk=invitation.pk)
    if row.accepted_at is not None:
        raise NotInvitable(_("%(user)s has joined already.") % {"user": row.user}, field="email")
    email = address_of(email)
    if has_address(row.user) and row.user.email != email:
        raise NotInvitable(
            _("%(user)s is known by %(email)s.") % {"user": row.user, "email": row.user.email}, field="email"
        )
    if User.objects.filter(email__iexact=email).exclude(pk=row.user_id).exists():
        raise NotInvitable(_("Somebody else signs in with this address. Make them the owner instead."), field="email")
    row.user.email = row.email = email
    row.user.save(update_fields=["email"])
    return _send(row, aims, actor)


def address_of(email: str) -> str:
    """Return an address as it is kept, raising NotInvitable for one that mail cannot reach."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise NotInvitable(_("Give an email address, such as ana@example.org."), field="email") from None
    if email.endswith(NOWHERE) or len(email) > 254:
        raise NotInvitable(_("No mail can reach this address."), field="email")
    return email


def _send(row: Invitation, aims: Aims, actor: Actor) -> Invitation:
    """Mail a link to somebody new; somebody who signs in already is only told."""
    knows_the_way = row.user.is_active and row.user.has_usable_password()
    secret = "" if knows_the_way else new_secret(aims)
    row.digest = digest_of(secret) if secret else ""
    row.expires_at = clock.now() + LASTS if secret else None
    row.accepted_at = clock.now() if knows_the_way else None
    row.save()
    if not row.user.is_active:
        row.user.is_active = True
        row.user.save(update_fields=["is_active"])
    path = reverse("invitation", args=[secret]) if secret else reverse("home")
    key = f"invitation:{row.pk}:{row.digest or actor.request_id}"
    subject = _("You are invited to %(organisation)s on Assay") % {"organisation": aims.name}
    deliver(key=key, to=row.email, subject=subject, body=_body(aims, actor, path, secret), aims_id=aims.pk)
    record(INVITED, row, actor=actor)
    return row


def _body(aims: Aims, actor: Actor, path: str, secret: str) -> str:
    opening = _("%(who)s invites you to the AI management system of %(organisation)s.") % {
        "who": actor.name,
        "organisation": aims.organisation,
    }
    way = _("Set a password here. The link works once, for 14 days:") if secret else _("Sign in as you do already:")
    return f"{opening}\n\n{way}\n{settings.SITE_URL}{path}\n"
