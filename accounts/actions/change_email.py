"""Sign in with another address: it counts once its owner opened the link that was mailed there."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Refusal

SALT = "accounts.change_email"
LASTS = 24 * 60 * 60  # seconds


class NotThisAddress(Refusal):
    """The address cannot be taken."""


def ask_for_email(user: User, email: str) -> None:
    """Mail a link to the new address; whose it is already is only told, and the asker learns nothing of that."""
    email = email.strip().lower()
    if email == user.email.lower():
        raise NotThisAddress(_("You sign in with this address already."), field="email")
    if User.objects.filter(email__iexact=email).exists():
        get_adapter().send_mail("account/email/email_taken", email, {})
        return
    token = signing.dumps({"user": user.pk, "from": user.email, "to": email}, salt=SALT)
    link = f"{settings.SITE_URL}{reverse('email_confirm', args=[token])}"
    get_adapter().send_mail("account/email/email_change", email, {"link": link, "name": user.display_name})


def take_email(user: User, token: str) -> User:
    """Take the address of a link, once and within a day, and tell the old one."""
    try:
        told = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        raise NotThisAddress(_("This link no longer works. Ask for the change again.")) from None
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if told["user"] != row.pk or told["from"] != row.email:
            raise NotThisAddress(_("This link no longer works. Ask for the change again."))
        if User.objects.filter(email__iexact=told["to"]).exclude(pk=row.pk).exists():
            raise NotThisAddress(_("This address cannot be used."))
        row.email = told["to"]
        row.save(update_fields=["email"])
        EmailAddress.objects.filter(user=row, email__iexact=told["from"]).update(email=row.email, verified=True)
    get_adapter().send_mail("account/email/email_changed", told["from"], {"new": row.email})
    return row
