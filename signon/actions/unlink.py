"""Cut the link between a person and an identity: whoever came in by it is signed out."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import require
from ledger.actions import record
from ledger.change import Facts
from signon.events import UNLINKED
from signon.models import Identity
from signon.permissions import may_unlink


@transaction.atomic
def unlink(identity: Identity, *, actor: Actor) -> Identity:
    """Cut a link; cutting it twice changes nothing."""
    require(may_unlink(actor, identity), _("A link is cut by whose it is, or by an administrator."))
    row = Identity.objects.select_for_update(of=("self",)).select_related("provider").get(pk=identity.pk)
    if row.unlinked_at is not None:
        return row
    row.unlinked_at = clock.now()
    row.save(update_fields=["unlinked_at"])
    told = {"unlinked_at": row.unlinked_at.isoformat()}
    record(UNLINKED, row, actor=actor, change=Facts(before={"provider": row.provider.ref}, after=told))
    return row
