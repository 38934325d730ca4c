"""Say whether a system is in the scope of the AIMS (4.3)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import Refusal, require
from ledger.actions import record
from ledger.change import Change, hold_apart
from systems.events import SCOPE_SAID
from systems.models import AiSystem
from systems.permissions import may_say_scope
from systems.ports import Scoped, tell_of_scope


class NoScopeReason(Refusal):
    """In scope or not, the reason is what an auditor asks for."""

    field = "scope_reason"


@transaction.atomic
def say_scope(system: AiSystem, *, is_in_scope: bool, reason: str, seen: int, actor: Actor) -> AiSystem:
    """Record whether the system is in scope, why, who said so and when."""
    require(may_say_scope(actor, system), _("Scope is said by a compliance officer or an administrator."))
    reason = reason.strip()
    if not reason:
        raise NoScopeReason(_("Say why the system is in scope.") if is_in_scope else _("Say why it is not in scope."))
    row = AiSystem.objects.select_for_update(of=("self",)).get(pk=system.pk)
    hold_apart(row, seen, is_in_scope=is_in_scope, scope_reason=reason)
    if (row.is_in_scope, row.scope_reason) == (is_in_scope, reason):
        return row
    was = row.is_in_scope
    said = {"is_in_scope": is_in_scope, "scope_reason": reason}
    change = Change.of(row, **said, scope_said_by=_person(actor), scope_said_at=clock.now())
    change.save(actor=actor, reason=reason)
    decision = {"mode": "continue", "outcome": "in scope" if is_in_scope else "not in scope"}
    record(SCOPE_SAID, row, actor=actor, change=change, reason=reason, decision=decision)
    if was != is_in_scope:
        tell_of_scope(Scoped(row, was, actor))
    return row


def _person(actor: Actor) -> User:
    person: User = User.objects.get(pseudonym=actor.pseudonym)
    return person
