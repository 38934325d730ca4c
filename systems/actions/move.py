"""Move a system where nobody else has to sign."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from systems.actions.ask import ask_move
from systems.actions.entering import NotMovable
from systems.lifecycle.stages import SIGNED
from systems.models import AiSystem


def move_stage(system: AiSystem, stage: str, *, reason: str = "", seen: int, actor: Actor) -> AiSystem:
    """Move the system to a stage that needs no signature, and return it as it then stands.

    Raises NotMovable for deployment and operation: those are asked for, and signed by somebody else.
    """
    if stage == system.stage:
        return system
    if stage in SIGNED:
        raise NotMovable(_("Entering this stage takes the signature of somebody else. Ask for it."), field="stage")
    return ask_move(system, stage, reason=reason, seen=seen, actor=actor).system
