"""Let a log go on without a record that is not ours."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import require
from ledger.actions import seal_now
from ledger.actions import set_aside as leave_out
from ledger.models import Record, SetAside
from trace.actions.reasons import stated
from trace.permissions import may_keep


def set_aside(row: Record, *, reason: str, actor: Actor) -> SetAside:
    """Number what waits behind it; the row stays as it is. Raises NotOurs for one that Assay wrote."""
    require(may_keep(actor), _("Only an administrator sets a record aside."))
    kept = leave_out(row, actor=actor, reason=stated(reason))
    seal_now(row.aims_id)
    return kept
