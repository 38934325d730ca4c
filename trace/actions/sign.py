"""Have the log signed now, for whoever wants a proof in hand."""

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import require
from ledger.actions import seal_now
from trace.permissions import may_sign


def sign_now(*, actor: Actor) -> None:
    """Number and sign what stands there once this transaction has ended; nothing governed changes.

    What stops the signing is noted with the log, and so on its pages.
    """
    require(may_sign(actor))
    seal_now(current_aims_id())
