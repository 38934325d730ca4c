"""Links that let an invited person in: the AIMS they lead to, then 256 random bits, of which only a hash is kept."""

import secrets
from datetime import timedelta

from accounts.context import acting_in
from accounts.models import User
from accounts.tokens import digest_of
from aims.models import Aims, Invitation

LASTS = timedelta(days=14)
NOWHERE = "@invited.invalid"


def new_secret(aims: Aims) -> str:
    """Return the secret part of a link."""
    return f"{aims.pk}-{secrets.token_urlsafe(32)}"


def waiting_invitation(secret: str) -> Invitation | None:
    """Return the invitation that a link leads to, while it is neither used nor too old."""
    head = secret.partition("-")[0]
    if not (head.isascii() and head.isdecimal() and len(head) < 18):
        return None
    aims = Aims.objects.filter(pk=int(head), removed_at__isnull=True).first()
    if aims is None:
        return None
    with acting_in(aims):
        row = Invitation.objects.select_related("user", "aims").filter(digest=digest_of(secret)).first()
    return row if row is not None and row.is_waiting else None


def has_address(user: User) -> bool:
    """Whether mail can reach the person; one who was only named has a placeholder that leads nowhere."""
    return not user.email.endswith(NOWHERE)
