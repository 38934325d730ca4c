"""Record what the data protection officer advises about a system."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from ledger.actions import record
from ledger.change import Change
from systems.actions.entering import locked, person_id
from systems.events import ADVISED
from systems.lifecycle.gates import DPO, holders
from systems.models import Advice, AiSystem
from systems.permissions import may_advise


class NoAdvice(Refusal):
    """Nothing was advised."""

    field = "text"


@transaction.atomic
def advise(system: AiSystem, *, text: str, actor: Actor) -> Advice:
    """Keep the advice with who gave it, when, and on which version of the record; it opens and shuts nothing."""
    row = locked(system)
    officers = [held.person_id for held in holders() if held.key == DPO]
    mine = next((one for one in officers if may_advise(actor, one)), None)
    require(mine is not None, _("Advice is recorded by the data protection officer. Stewards name one at the gates."))
    actor = actor.on_behalf_of(mine)
    if not text.strip():
        raise NoAdvice(_("Say what you advise."))
    given = Advice(aims_id=row.aims_id, system=row, text=text.strip(), given_by_id=person_id(actor))
    given.given_at, given.judged_version = clock.now(), row.version
    change = Change.new(given)
    change.save(actor=actor, reason=text)
    record(ADVISED, row, actor=actor, change=change, reason=text)
    return given
