"""Who delivers what is measured: people, services and agents; and who says what it must keep: people."""

from accounts.actor import Actor
from accounts.roles import STEWARDS, WRITERS
from accounts.verbs import verb
from operations.models import LimitCrossing, Signal
from systems.models import AiSystem
from systems.permissions import HANDS


@verb("Declare signals, and deliver readings and results of a system")
def may_deliver(actor: Actor, system: AiSystem) -> bool:
    """Administrators, compliance officers, control owners and the system's owner; services and agents too."""
    return actor.holds(*WRITERS) or actor.owns(system.owner_id, *HANDS)


@verb("Send telemetry")
def may_send_telemetry(actor: Actor) -> bool:
    """Administrators, compliance officers and control owners, for any system; services and agents too."""
    return actor.holds(*WRITERS)


@verb("Declare a benchmark of a system")
def may_declare(actor: Actor, system: AiSystem) -> bool:
    """People who steer the AIMS, and the system's owner: what is asked of a system is decided."""
    return actor.is_person and (actor.holds(*STEWARDS) or actor.owns(system.owner_id, *HANDS))


@verb("Set the limits of a signal")
def may_set_limits(actor: Actor, signal: Signal) -> bool:
    """People who steer the AIMS, and the owner of the system or of the signal."""
    return may_declare(actor, signal.system) or (actor.is_person and actor.owns(signal.owner_id, *HANDS))


@verb("Answer for a signal past its limit")
def may_answer(actor: Actor, crossing: LimitCrossing) -> bool:
    """Whoever may set its limits."""
    return may_set_limits(actor, crossing.signal)


@verb("Withdraw an evaluation")
def may_withdraw(actor: Actor, system: AiSystem) -> bool:
    """People who steer the AIMS, and the system's owner."""
    return may_declare(actor, system)
