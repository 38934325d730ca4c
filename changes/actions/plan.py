"""Open a change by hand before it is made, and put it into words."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from changes.actions.hear import new_change
from changes.actions.shared import NotWritable, demand_all, held, name_touched, refuse_unsound, tell_deciders, told
from changes.events import DESCRIBED, OPENED
from changes.material import KINDS, demanded_of
from changes.models import UNDECIDED, ChangeRecord
from changes.permissions import may_open, may_say
from changes.ports import Asked
from ledger.actions import record
from ledger.change import Change
from systems.models import AiSystem, Stage


class AlreadyOpen(Refusal):
    """A system has one change at a time that is not decided."""


@transaction.atomic
def open_change(
    system: AiSystem, *, title: str, kinds: Collection[str], summary: str = "", actor: Actor
) -> ChangeRecord:
    """Plan a change of a system: what kind it is says what it demands; the edit that follows carries it out."""
    row_of_system = AiSystem.objects.select_for_update(of=("self",)).select_related("aims").get(pk=system.pk)
    require(may_open(actor, row_of_system), _("Planning a change takes the system's owner or a compliance officer."))
    actor = actor.on_behalf_of(row_of_system.owner_id)
    if row_of_system.stage == Stage.RETIRED:
        raise NotWritable(_("A retired system does not change."), field="system")
    if standing := ChangeRecord.objects.filter(system=row_of_system, state__in=UNDECIDED).first():
        raise AlreadyOpen(_("%s of this system is not decided yet. It gathers further edits.") % standing.code)
    named = [kind for kind in KINDS if kind in kinds]
    if not named or set(kinds) - KINDS.keys():
        raise NotWritable(_("Choose what changes."), field="kinds")
    title = told(title, _("Say what the change is."), "title")
    row = new_change(row_of_system, title=title, kinds=named, actor=actor)
    row.summary, row.is_planned = summary.strip(), True
    refuse_unsound(row, "title", "summary")
    change = Change.new(row)
    change.save(actor=actor)
    record(OPENED, row, actor=actor, change=change, reason=row.summary)
    demand_all(row, demanded_of(named, row_of_system.stage), actor=actor)
    name_touched(row, Asked(row_of_system, frozenset(named), frozenset()), actor=actor)
    tell_deciders(row, actor=actor)
    return row


@transaction.atomic
def describe_change(change: ChangeRecord, *, title: str, summary: str, seen: int, actor: Actor) -> ChangeRecord:
    """Put a change into words that its readers understand; nothing differs, nothing is recorded."""
    row = held(change, seen, title=title, summary=summary)
    require(may_say(actor, row), _("Describing a change takes the system's owner or a compliance officer."))
    actor = actor.on_behalf_of(row.system.owner_id)
    title = told(title, _("Say what the change is."), "title")
    difference = Change.of(row, title=title, summary=summary.strip())
    refuse_unsound(row, "title", "summary")
    if difference:
        difference.save(actor=actor)
        record(DESCRIBED, row, actor=actor, change=difference)
    return row
