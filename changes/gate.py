"""What a gate asks of changes: none may be open, or refused and still in the record, when a system goes into use."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from changes.models import ChangeState
from changes.queries.standing import last_decided, still_differs, undecided_of
from systems.models import AiSystem, Stage
from systems.ports import GateCheck

GUARDED = (Stage.DEPLOYMENT, Stage.OPERATION)


def keep_gate(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """Shut deployment and operation while a change is undecided, or was refused and not taken back; four queries."""
    if stage not in GUARDED:
        return
    words = _("No material change waits for approval")
    if change := undecided_of(system):
        address = reverse("changes:detail", args=[system.aims.slug, change.code])
        yield GateCheck("change", words, "missing", f"{change.code} {change.title}", address)
        return
    last = last_decided(system)
    if last is not None and last.state == ChangeState.REFUSED and still_differs(last, system):
        address = reverse("changes:detail", args=[system.aims.slug, last.code])
        note = _("%(code)s was refused, and the record still says what it brought in") % {"code": last.code}
        yield GateCheck("change", words, "failing", note, address)
        return
    yield GateCheck("change", words, "met")
