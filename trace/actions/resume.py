"""Go on with a log that was restored from an older database."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from ledger.actions import resume, seal_now
from ledger.models import Incarnation
from trace.actions.reasons import stated
from trace.permissions import may_keep


def resume_log(*, reason: str, actor: Actor) -> Incarnation:
    """Begin a new incarnation under a new origin; raises NotResumable for a log that lost nothing."""
    require(may_keep(actor), _("Only an administrator resumes a log."))
    aims_id = current_aims_id()
    row = resume(aims_id, actor=actor, reason=stated(reason))
    seal_now(aims_id)
    return row
