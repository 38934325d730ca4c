"""Take what judgement proposes into the statement: the treated risk or the assessment becomes the reason."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import require
from soa.actions.amend import amend
from soa.actions.bulk import WHO, NothingSelected, rows_of
from soa.actions.decide import decide
from soa.models import Applicability, Entry
from soa.permissions import may_steer
from soa.queries.drivers import drivers_by_requirement, with_drivers


@transaction.atomic
def take_drivers(codes: Sequence[str], *, actor: Actor) -> list[Entry]:
    """Name, on each control, the risks it treats and the assessments whose measures it carries as its reasons.

    What nobody has decided is included with them. An exclusion is never turned over this way: its owner is asked.
    """
    require(may_steer(actor), WHO)
    drivers = drivers_by_requirement()
    taken = []
    for entry in rows_of(codes):
        named = with_drivers(entry.reasons, drivers.get(entry.requirement_id, ()))
        if named == entry.reasons or entry.applicability == Applicability.EXCLUDED:
            continue
        if entry.applicability == Applicability.UNDECIDED:
            taken.append(decide(entry, Applicability.INCLUDED, reasons=named, seen=entry.version, actor=actor))
        else:
            taken.append(amend(entry, {"reasons": named}, seen=entry.version, actor=actor))
    if not taken:
        raise NothingSelected(_("Every treatment and measure is named already."))
    return taken
