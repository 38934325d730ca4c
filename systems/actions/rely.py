"""Say that a system relies on a requirement, and that it no longer does."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from controls.models import Requirement
from ledger.actions import record
from ledger.change import Change, hold_apart
from systems.events import LET_GO, RELIED_ON
from systems.models import AiSystem, Reliance
from systems.permissions import may_rely

WHY_LENGTH = 300


class NotReliable(Refusal):
    """The link cannot be made or ended so."""


@transaction.atomic
def rely_on(system: AiSystem, requirement: Requirement, *, why: str = "", actor: Actor) -> Reliance:
    """Link the system to a clause or control with the reason; a link that stands takes the new reason."""
    row = AiSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    require(may_rely(actor, row), _("Only the system's owner, a compliance officer or an administrator may link it."))
    actor = actor.on_behalf_of(row.owner_id)
    why = why.strip()
    _check(requirement, why)
    link = Reliance.objects.filter(system=row, requirement=requirement, withdrawn_at__isnull=True).first()
    if link is None:
        change = Change.new(Reliance(aims_id=row.aims_id, system=row, requirement=requirement, why=why))
    else:
        change = Change.of(link, why=why)
    if change:
        change.save(actor=actor, reason=why)
        record(RELIED_ON, change.row, actor=actor, change=change, reason=why)
    return change.row if link is None else link  # type: ignore[return-value]


def _check(requirement: Requirement, why: str) -> None:
    if not Requirement.objects.linkable().filter(pk=requirement.pk).exists():
        raise NotReliable(_("Choose a clause or a control."), field="requirement")
    if len(why) > WHY_LENGTH:
        raise NotReliable(_("Keep the reason under 300 characters."), field="why")


@transaction.atomic
def stop_relying(reliance: Reliance, *, reason: str, seen: int, actor: Actor) -> Reliance:
    """Withdraw the link with the reason; it stays in the history."""
    row = Reliance.objects.select_for_update(of=("self",)).select_related("system").get(pk=reliance.pk)
    require(may_rely(actor, row.system), _("Only the system's owner or a compliance officer may end this link."))
    actor = actor.on_behalf_of(row.system.owner_id)
    hold_apart(row, seen)
    reason = reason.strip()
    if not reason:
        raise NotReliable(_("Say why the system no longer relies on it."), field="reason")
    if row.withdrawn_at is None:
        change = Change.of(row, withdrawn_at=clock.now())
        change.save(actor=actor, reason=reason)
        record(LET_GO, row, actor=actor, change=change, reason=reason)
    return row
