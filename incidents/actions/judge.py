"""Judge an incident: how severe it is, and where it stands; each move is recorded with its reason."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from accounts.separation import apart
from incidents.actions.owing import TRIAGE, ask_for_another_look, done_with
from incidents.actions.reckon import reckon
from incidents.actions.shared import JUDGES, NotSoundly, locked, opened, saved, told
from incidents.events import CLOSED, CONTAINED, REOPENED, RESOLVED, TRIAGED
from incidents.law import severity_of
from incidents.missing import missing_before
from incidents.models import Incident
from incidents.permissions import may_judge
from incidents.policies import own_correction
from incidents.queries.hands import correctors
from incidents.words import MOVES, State
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart

MOVED = {State.CONTAINED: CONTAINED, State.RESOLVED: RESOLVED, State.CLOSED: CLOSED}


class NotMovable(Refusal):
    """The incident cannot go to that state, or not yet."""

    field = "state"


@transaction.atomic
def triage(incident: Incident, severity: int, *, reason: str, seen: int, actor: Actor) -> Incident:
    """Say how severe it is and why; again at any time before it is closed, as more is known."""
    row = opened(incident)
    require(may_judge(actor, row), str(JUDGES))
    actor = actor.on_behalf_of(row.system.owner_id)
    hold_apart(row, seen, severity=severity)
    level = severity_of(severity)
    if level is None:
        raise NotSoundly(_("Choose one of the four severities."), field="severity")
    reason = told(reason, _("Say why it is that severe."))
    state = State.TRIAGED if row.state == State.REPORTED else row.state
    change = Change.of(row, severity=severity, state=state)
    decision = {"mode": "continue", "outcome": str(level), "harm": level.name}
    if saved(change, TRIAGED, actor=actor, reason=reason, decision=decision):
        done_with(TRIAGE, row.ref, actor)
        ask_for_another_look(row, actor=actor)
        reckon(row, actor=actor)
    return row


@transaction.atomic
def move_incident(incident: Incident, state: str, *, reason: str, seen: int, actor: Actor) -> Incident:
    """Move an incident on, or open it again; what is missing first is said in the refusal."""
    row = locked(incident)
    require(may_judge(actor, row), str(JUDGES))
    hold_apart(row, seen, state=state)
    if state == State.TRIAGED or state not in MOVES[row.state]:
        words = {"now": row.get_state_display(), "then": State(state).label if state in State.values else state}
        raise NotMovable(_("An incident that is %(now)s cannot become %(then)s.") % words)
    if missing := missing_before(row, State(state)):
        raise NotMovable(" ".join(missing))
    actor = _who(row, state, actor).on_behalf_of(row.system.owner_id)
    _save(row, State(state), told(reason, _("Say why.")), actor)
    return row


def _who(row: Incident, state: str, actor: Actor) -> Actor:
    """Closing takes somebody who is apart from the corrective action."""
    if state != State.CLOSED:
        return actor
    correcting = correctors(row)
    if own := own_correction(actor, row, correcting):
        raise NotMovable(own)
    return apart(actor, correcting)


def _save(row: Incident, state: State, reason: str, actor: Actor) -> None:
    before = State(row.state)
    is_back = state == State.CONTAINED and before in {State.RESOLVED, State.CLOSED}
    closing = {"closed_at": clock.now(), "closed_by_id": actor.user_id} if state == State.CLOSED else {}
    opening = {"closed_at": None, "closed_by_id": None} if before == State.CLOSED else {}
    change = Change.of(row, state=state, **closing, **opening)
    change.save(actor=actor, reason=reason)
    decision = {"mode": "continue", "outcome": str(state.value), "previous": before.value}
    record(REOPENED if is_back else MOVED[state], row, actor=actor, change=change, reason=reason, decision=decision)
    if state == State.CLOSED:
        seal_now(row.aims_id)
    if before == State.CLOSED:
        reckon(row, actor=actor)
