"""Switch a policy off with a reason, and on again."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from ledger.actions import record
from ledger.change import Change, hold_apart
from policies.events import SWITCHED
from policies.models import Policy
from policies.permissions import may_write
from policies.ports import tell_of_policies


class NotSwitched(Refusal):
    """A policy is not switched without saying why."""

    field = "reason"


@transaction.atomic
def switch_policy(policy: Policy, *, is_on: bool, reason: str, seen: int, actor: Actor) -> Policy:
    """Leave a policy out of judging, or take it back in; results of before stay as evidence of then."""
    require(may_write(actor), _("Policies are switched by a compliance officer or an administrator."))
    row = Policy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    hold_apart(row, seen, is_on=is_on)
    reason = reason.strip()
    if not reason:
        raise NotSwitched(_("Say why, for whoever asks what systems were judged by."))
    change = Change.of(row, is_on=is_on, off_reason="" if is_on else reason)
    if "is_on" in change.after:
        change.save(actor=actor, reason=reason)
        record(SWITCHED, row, actor=actor, change=change, reason=reason)
        tell_of_policies(actor)
    return row
