"""Give the demo's people new passwords, when the file that told the old ones is gone."""

from django.db import transaction

from accounts.models import User
from accounts.refusals import Refusal
from aims.models import Aims
from desk.demo import sign_in
from desk.demo.organisation import email_of
from desk.demo.script import read


class NotRenewable(Refusal):
    """There is nobody whose password could be renewed."""


def renew_passwords() -> None:
    """Set new passwords and write the sign-ins again; only whoever has the data folder can do so."""
    if not Aims.objects.filter(is_demo=True, removed_at__isnull=True).exists():
        raise NotRenewable("There is no demo organisation here.")
    people = read("organisation")["people"]
    passwords = sign_in.new_passwords(people)
    _save(passwords)
    sign_in.tell(people, passwords)


@transaction.atomic
def _save(passwords: dict[str, str]) -> None:
    for name, password in passwords.items():
        user = User.objects.select_for_update().get(email=email_of(name))
        user.set_password(password)
        user.save(update_fields=["password"])
