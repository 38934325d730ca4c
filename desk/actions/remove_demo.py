"""Take the demo out of sight: nothing of it is deleted, its people can no longer sign in."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import Refusal, require
from aims.events import REMOVED, REVOKED
from aims.models import Aims, Membership
from aims.permissions import may_manage
from aims.queries import roles_by_aims
from desk.demo.sign_in import removed_file, sign_in_file
from ledger.actions import record
from ledger.change import Change


class NotRemovable(Refusal):
    """Only the demo is removed this way."""


@transaction.atomic
def remove_demo(aims: Aims, *, actor: Actor) -> Aims:
    """Close the demo for good: its roles end, people who hold no other role cannot sign in, the sign-ins go."""
    row = Aims.objects.select_for_update().get(pk=aims.pk)
    require(may_manage(actor, row), _("Removing the demo takes an administrator or a compliance officer."))
    if not row.is_demo:
        raise NotRemovable(_("%(name)s is not demo data. It stays.") % {"name": row.organisation})
    if row.removed_at is not None:
        return row
    reason = _("The demo was removed.")
    people = _end_roles(actor, reason)
    change = Change.of(row, removed_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(REMOVED, row, actor=actor, change=change, reason=reason)
    _shut_out(people)
    transaction.on_commit(_forget_sign_ins)
    return row


def _end_roles(actor: Actor, reason: str) -> set[int]:
    people = set()
    for row in Membership.objects.select_for_update().filter(revoked_at__isnull=True):
        change = Change.of(row, revoked_at=clock.now())
        change.save(actor=actor, reason=reason)
        record(REVOKED, row, actor=actor, change=change, reason=reason)
        people.add(row.user_id)
    return people


def _shut_out(people: set[int]) -> None:
    for user in User.objects.filter(pk__in=people):
        if not roles_by_aims(user):
            user.is_active = False
            user.save(update_fields=["is_active"])


def _forget_sign_ins() -> None:
    sign_in_file().unlink(missing_ok=True)
    removed_file().touch()
