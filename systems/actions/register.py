"""Enter an AI system into the registry."""

from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from aims.numbering import next_code
from ledger.actions import record
from ledger.change import Change
from systems.actions.facts import Facts, NotAFact, check, free_key, offered, only_what_differs
from systems.actions.first_tasks import open_first_tasks
from systems.events import REGISTERED
from systems.lifecycle.stages import EARLY
from systems.models import AiSystem, Stage
from systems.permissions import may_register
from systems.ports import Edited, tell_of_edit


@transaction.atomic
def register(*, actor: Actor, stage: str = Stage.INCEPTION, reason: str = "", **facts: Unpack[Facts]) -> AiSystem:
    """Register a system with its next code, at an early stage; whether it is in scope is said separately."""
    require(may_register(actor), _("Registering a system takes an administrator or a compliance officer."))
    if stage in Stage.values and stage not in EARLY:
        words = _("A system is registered at inception, in design or in verification. Later stages are asked for.")
        raise NotAFact(words, field="stage")
    system = AiSystem(aims_id=current_aims_id(), stage=stage)
    for name, value in offered(system, facts).items():
        setattr(system, name, value)
    if not system.key:
        system.key = system.record["id"] = free_key(system.name)
    check(system)
    system.code = next_code("SYS", width=2)
    change = Change.new(system)
    only_what_differs(change, {}, system.record)
    change.save(actor=actor, reason=reason)
    record(REGISTERED, system, actor=actor, change=change, reason=reason)
    open_first_tasks([system])
    tell_of_edit(Edited(system, {}, system.record, actor, is_new=True))
    return system
