"""Who does what about incidents: everybody reports and notes, who answers for the system judges, stewards prepare."""

from accounts.actor import Actor
from accounts.roles import INSIDERS, STEWARDS
from accounts.verbs import verb
from incidents.models import Incident, IncidentAction
from systems.permissions import HANDS


@verb("Report an incident")
def may_report(actor: Actor) -> bool:
    """Every member reports, and so do services that act with their roles."""
    return actor.holds(*INSIDERS) and not actor.is_looking_back


@verb("Write on an incident's timeline")
def may_note(actor: Actor, _incident: Incident) -> bool:
    """Every member adds what they saw."""
    return may_report(actor)


@verb("Change the facts of an incident, its cause, lessons, links and actions")
def may_handle(actor: Actor, incident: Incident) -> bool:
    """Stewards, the incident's owner and the owner of its system."""
    return actor.holds(*STEWARDS) or _owns(actor, incident.owner_id) or _owns(actor, incident.system.owner_id)


@verb("Judge an incident: severity, state, and what is not due")
def may_judge(actor: Actor, incident: Incident) -> bool:
    """A person: a steward or the owner of the system."""
    return actor.is_person and (actor.holds(*STEWARDS) or _owns(actor, incident.system.owner_id))


@verb("Contain an incident")
def may_contain(actor: Actor, incident: Incident) -> bool:
    """A person who may judge it; suspending a system protects, so it takes no signature."""
    return may_judge(actor, incident)


@verb("Say that a corrective action of an incident is done")
def may_finish(actor: Actor, action: IncidentAction) -> bool:
    """Its owner, and whoever handles the incident."""
    return _owns(actor, action.owner_id) or may_handle(actor, action.incident)


@verb("Keep runbooks, drills and the organisation's own duties to notify")
def may_prepare(actor: Actor) -> bool:
    """Stewards prepare for incidents."""
    return actor.holds(*STEWARDS) and actor.is_person


def _owns(actor: Actor, owner_id: int | None) -> bool:
    return actor.owns(owner_id, *HANDS)
