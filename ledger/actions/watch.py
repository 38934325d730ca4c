"""Hold a log against what is known of it outside the database, also while nobody writes to it."""

from ledger.actions.seal import halt
from ledger.holding import holding, sealer
from ledger.known import ROLLBACK, RolledBack, hold
from ledger.models import Log


def watch(aims_id: int) -> None:
    """Halt a log that is older than a checkpoint known outside, and let it go once it is not; a busy one is left.

    Its head is held meanwhile: a checkpoint that is signed just now must not look like a newer one from elsewhere.
    """
    try:
        with holding(aims_id, wait=False) as log:
            if log is None:
                return
            hold(log.origin, log.size, bytes.fromhex(log.root))
            if log.halted.startswith(ROLLBACK):
                Log.unscoped.using(sealer()).filter(pk=log.pk).update(halted="")
    except RolledBack as fault:
        halt(aims_id, str(fault))
