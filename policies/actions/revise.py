"""Put a new version in the place of a policy's text."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import require
from ledger.actions import record
from ledger.change import Change, hold_apart
from policies.actions.write import NOTE, Examined, NotUsable, add_version, examine, hold_names_apart
from policies.events import REVISED
from policies.models import Policy, PolicyVersion
from policies.permissions import may_write
from policies.ports import tell_of_policies


def revise_policy(policy: Policy, text: str, *, note: str, seen: int, actor: Actor) -> Policy:
    """Save a new version with its reason; the ones before it stay, and what they judged still names them."""
    require(may_write(actor), _("Policies are written by a compliance officer or an administrator."))
    note = note.strip()[:NOTE]
    if not note:
        raise NotUsable(_("Say what is different, and why."), field="note")
    return _revise(policy, examine(policy.name, text), note, seen, actor)


@transaction.atomic
def _revise(policy: Policy, examined: Examined, note: str, seen: int, actor: Actor) -> Policy:
    row = Policy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    hold_apart(row, seen)
    if PolicyVersion.objects.filter(policy=row, number=row.number, sha256=examined.sha256).exists():
        return row
    hold_names_apart(row.name, examined.package, row.pk)
    change = Change.of(row, **examined.facts, number=row.number + 1)
    change.save(actor=actor, reason=note)
    add_version(row, examined, note=note, actor=actor)
    record(REVISED, row, actor=actor, change=change, reason=note, after_hash=examined.sha256)
    tell_of_policies(actor)
    return row
