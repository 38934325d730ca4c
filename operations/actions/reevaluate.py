"""Ask for a system to be evaluated again: the one place where this room moves a life cycle.

The move from operation to re-evaluation protects and needs no signature. It is made under the standing rule of the
person who set it, whoever posted the reading: their roles are asked for at that time, and the reason says so.
"""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Refusal
from aims.models import Aims
from aims.queries import actor_for
from operations.models import LimitCrossing, Signal
from operations.values import plain
from systems.actions import move_stage
from systems.models import AiSystem, Stage


def ask_reevaluation(signal: Signal, crossing: LimitCrossing) -> str:
    """Move the system from operation to re-evaluation; return what came of it in words, nothing if it is not there."""
    system = AiSystem.objects.select_related("owner").get(pk=signal.system_id)
    if system.stage != Stage.OPERATION:
        return ""
    ruler = User.objects.filter(pk=signal.limits_by_id or 0).first()
    aims = Aims.objects.get(pk=signal.aims_id)
    actor = actor_for(ruler, aims, auth_method="standing rule", has_stepped_up=False) if ruler else None
    if actor is None or ruler is None:
        return _("Not moved to re-evaluation: who set the rule holds no role any more.")
    told = {"signal": signal.name, "code": signal.code, "value": plain(crossing.value), "limit": plain(crossing.limit)}
    words = _("%(signal)s (%(code)s) came to %(value)s, limit %(limit)s: moved by the standing rule of %(who)s.")
    try:
        move_stage(
            system,
            Stage.REEVALUATION,
            reason=words % (told | {"who": ruler.display_name}),
            seen=system.version,
            actor=actor,
        )
    except Refusal as refusal:
        return (_("Not moved to re-evaluation: %s") % refusal.message)[:300]
    return _("Moved to re-evaluation by the standing rule of %s.") % ruler.display_name
