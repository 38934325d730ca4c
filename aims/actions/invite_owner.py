"""Make a person of a name that an imported statement gives, so that a control has its owner before they sign in."""

import secrets
from email.utils import parseaddr

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import require
from accounts.roles import Role
from aims.actions.grant import grant
from aims.actions.invite import WHO, NotInvitable
from aims.invitations import NOWHERE
from aims.models import Aims, Invitation
from aims.permissions import may_grant
from aims.queries import people


@transaction.atomic
def invite_owner_by_name(name_or_email: str, *, actor: Actor) -> User:
    """Return the member of this name or e-mail, else a new control owner who is still to be invited.

    Nobody is mailed: the people page lists them, and a steward completes the invitation there.
    """
    aims = Aims.objects.get(pk=current_aims_id())
    require(may_grant(actor, aims), WHO)
    name, email = _parts(name_or_email)
    if (known := _member(name, email)) is not None:
        return known
    user = _person(name, email)
    grant(user, Role.OWNER, actor=actor)
    fields = {"email": email, "name": user.name, "roles": [Role.OWNER.value], "invited_by_id": actor.user_id}
    Invitation.objects.get_or_create(aims=aims, user=user, defaults=fields)
    return user


def _parts(text: str) -> tuple[str, str]:
    text = " ".join(text.split())[:120]
    name, address = parseaddr(text) if "@" in text else (text, "")
    if not (name or address):
        raise NotInvitable(_("Give the owner's name or email."), field="owner")
    return name, address.lower()


def _member(name: str, email: str) -> User | None:
    wanted = {part.casefold() for part in (name, email) if part}
    members = list(people())
    by_address = (person for person in members if person.email.casefold() in wanted)
    by_name = (person for person in members if person.name.casefold() in wanted)
    return next(by_address, None) or next(by_name, None)


def _person(name: str, email: str) -> User:
    if email and (known := User.objects.filter(email__iexact=email).first()):
        return known
    address = email or f"{slugify(name)[:60] or 'person'}.{secrets.token_hex(4)}{NOWHERE}"
    return User.objects.create_user(address, None, name=name, is_active=False)
