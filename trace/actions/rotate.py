"""Replace the key that a log signs with."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from ledger.actions import add_key, seal_now
from ledger.models import LogKey
from trace.actions.reasons import stated
from trace.permissions import may_keep


def rotate_key(*, reason: str, actor: Actor) -> LogKey:
    """Let the log sign with a fresh key from here on; the first checkpoint is signed by the key before it as well."""
    require(may_keep(actor), _("Only an administrator rotates the key of the log."))
    aims_id = current_aims_id()
    row = add_key(aims_id, actor=actor, reason=stated(reason))
    seal_now(aims_id)
    return row
