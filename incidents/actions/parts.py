"""Write on the timeline, link requirements, plan and do corrective actions."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import require
from controls.models import Requirement
from incidents.actions.owing import CORRECT, done_with, owe_action
from incidents.actions.shared import HANDLERS, NotSoundly, locked, made, member, opened, past, saved, told
from incidents.events import DONE, DROPPED, LINKED, NOTED, PLANNED, UNLINKED
from incidents.models import Incident, IncidentAction, IncidentLink, IncidentNote
from incidents.permissions import may_finish, may_handle, may_note
from ledger.change import Change, hold_apart


@transaction.atomic
def note(incident: Incident, text: str, *, actor: Actor, at: datetime | None = None) -> IncidentNote:
    """Add an entry to the timeline, of a closed incident too; it is never changed."""
    row = locked(incident)
    require(may_note(actor, row), _("Writing here takes a member of the organisation."))
    entry = IncidentNote(
        aims_id=row.aims_id,
        incident=row,
        at=past(at, "at") or clock.now(),
        text=told(text, _("Write what happened."), "text"),
        by_id=actor.user_id,
        writer=actor.name[:160],
    )
    return made(entry, NOTED, actor=actor)


@transaction.atomic
def link(incident: Incident, requirement: Requirement, *, why: str = "", actor: Actor) -> IncidentLink:
    """Say that the incident bears on a clause or control; a link that stands takes the new reason."""
    row = opened(incident)
    require(may_handle(actor, row), str(HANDLERS))
    actor = actor.on_behalf_of(row.owner_id or row.system.owner_id)
    if not Requirement.objects.linkable().filter(pk=requirement.pk).exists():
        raise NotSoundly(_("Choose a clause or a control."), field="requirement")
    found: IncidentLink | None = row.incidentlinks.filter(requirement=requirement, withdrawn_at__isnull=True).first()
    if found is None:
        new = IncidentLink(aims_id=row.aims_id, incident=row, requirement=requirement, why=why.strip())
        return made(new, LINKED, actor=actor, reason=why)
    saved(Change.of(found, why=why.strip()), LINKED, actor=actor, reason=why)
    return found


@transaction.atomic
def unlink(link_: IncidentLink, *, reason: str, seen: int, actor: Actor) -> IncidentLink:
    """End a link with its reason."""
    row = opened(link_.incident)
    require(may_handle(actor, row), str(HANDLERS))
    held = IncidentLink.objects.select_for_update(of=("self",)).get(pk=link_.pk)
    hold_apart(held, seen)
    reason = told(reason, _("Say why it does not bear on it."))
    if held.withdrawn_at is None:
        actor = actor.on_behalf_of(row.owner_id or row.system.owner_id)
        saved(Change.of(held, withdrawn_at=clock.now()), UNLINKED, actor=actor, reason=reason)
    return held


@transaction.atomic
def plan_action(
    incident: Incident, what: str, *, due_on: date, owner: User | None = None, actor: Actor
) -> IncidentAction:
    """Plan a corrective action with its owner and date."""
    row = opened(incident)
    require(may_handle(actor, row), str(HANDLERS))
    actor = actor.on_behalf_of(row.owner_id or row.system.owner_id)
    what = told(what, _("Say what is done."), "what")
    action = IncidentAction(aims_id=row.aims_id, incident=row, what=what, owner=member(owner), due_on=due_on)
    made(action, PLANNED, actor=actor)
    owe_action(action, row)
    return action


@transaction.atomic
def finish_action(action: IncidentAction, *, evidence: str, seen: int, actor: Actor) -> IncidentAction:
    """Say that a corrective action is done, with what shows it; whoever did it does not close the incident."""
    held = _planned(action)
    require(may_finish(actor, held), _("Only the owner of the action or of the incident may say so."))
    actor = actor.on_behalf_of(held.owner_id)
    hold_apart(held, seen, evidence=evidence)
    evidence = told(evidence, _("Name what shows that it was done, such as evidence:EV-023."), "evidence")
    saved(Change.of(held, done_at=clock.now(), done_by_id=actor.user_id, evidence=evidence), DONE, actor=actor)
    done_with(CORRECT, held.ref, actor)
    return held


@transaction.atomic
def drop_action(action: IncidentAction, *, reason: str, seen: int, actor: Actor) -> IncidentAction:
    """Withdraw a corrective action that is not done, with the reason."""
    held = _planned(action)
    require(may_handle(actor, held.incident), str(HANDLERS))
    hold_apart(held, seen)
    reason = told(reason, _("Say why it is not done."))
    actor = actor.on_behalf_of(held.incident.owner_id or held.incident.system.owner_id)
    saved(Change.of(held, withdrawn_at=clock.now()), DROPPED, actor=actor, reason=reason)
    done_with(CORRECT, held.ref, actor)
    return held


def _planned(action: IncidentAction) -> IncidentAction:
    row = opened(action.incident)
    held = IncidentAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    held.incident = row
    if held.done_at is not None or held.withdrawn_at is not None:
        raise NotSoundly(_("This action is done or withdrawn."))
    return held
