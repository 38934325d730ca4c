"""The chain as a seat of the certification body can be shown it: proofs and checkpoints, never its texts."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aims.models import Aims
from aims.ports import Kind, Shareable
from aims.seats import LOG
from ledger.models import Log


def log(aims: Aims, refs: Collection[str] | None) -> Iterator[Shareable]:
    """Tell the log with its newest signed checkpoint, once there is one; one query."""
    row = Log.objects.filter(signed_size__gt=0).first()
    if row is not None and (refs is None or LOG in refs):
        address = reverse("trace:checkpoint", args=[aims.slug, row.signed_size])
        note = _("newest checkpoint over %(n)s records; proofs of all of them") % {"n": row.signed_size}
        yield Shareable(LOG, _("Proofs of the governance chain"), address, note)


CHAIN = Kind("log", gettext_lazy("Governance chain"), log)
