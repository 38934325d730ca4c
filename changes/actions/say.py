"""Say what a change touches: of each thing that was listed whether it does, and why not where it does not."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import require
from changes.actions.shared import NotWritable, ask_owner, held, refuse_unsound, worked_on
from changes.events import SAID
from changes.models import ChangeRecord, Effect, Touched
from changes.permissions import may_say
from changes.ports import SaidOf, tell_said
from ledger.actions import record
from ledger.change import Change


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one thing: touched, or no effect because."""

    effect: str
    because: str = ""


@transaction.atomic
def say_touched(change: ChangeRecord, said: Mapping[int, Said], *, seen: int, actor: Actor) -> ChangeRecord:
    """Take what the owner says, by the key of each row; rows that are not named stay as they are."""
    row = held(change, seen)
    require(may_say(actor, row), _("What a change touches is said by the system's owner or a compliance officer."))
    actor = actor.on_behalf_of(row.system.owner_id)
    rows = {thing.pk: thing for thing in Touched.objects.select_for_update(of=("self",)).filter(change=row)}
    if said.keys() - rows.keys():
        raise NotWritable(_("This is not among what the change touches."))
    spoken = [_say(row, rows[pk], answer, actor) for pk, answer in said.items()]
    if any(spoken):
        ask_owner(row, actor=actor)
        worked_on(row, actor=actor)
    return row


def _say(row: ChangeRecord, thing: Touched, said: Said, actor: Actor) -> bool:
    because = said.because.strip()
    if said.effect not in (Effect.TOUCHED, Effect.NONE):
        raise NotWritable(_("Choose touched or no effect."), field=f"{thing.pk}-effect")
    if said.effect == Effect.NONE and not because:
        raise NotWritable(_("Say why %s is not touched.") % thing.title, field=f"{thing.pk}-because")
    if (thing.effect, thing.because) == (said.effect, because):
        return False
    thing.change = row
    difference = Change.of(
        thing, effect=Effect(said.effect), because=because, said_by_id=actor.user_id, said_at=clock.now()
    )
    refuse_unsound(thing, "because")
    difference.save(actor=actor, reason=because)
    record(SAID, thing, actor=actor, change=difference, reason=because)
    tell_said(SaidOf(thing, actor))
    return True
