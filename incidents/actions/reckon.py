"""Reckon the duties to notify anew: what is due moves, falls away or comes back; what was sent stays."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from incidents.actions.owing import NOTIFY, done_with, owe_notification
from incidents.actions.shared import saved
from incidents.events import FELL_DUE
from incidents.models import Incident, Notification, OwnDuty
from incidents.reckoning import Due
from incidents.situation import duties_for
from incidents.words import Standing
from ledger.actions import record
from ledger.change import Change
from systems.ports import Edited


@transaction.atomic
def reckon(incident: Incident, *, actor: Actor) -> None:
    """Hold the notifications of an open incident against its facts; the incident is locked, its system loaded."""
    own = list(OwnDuty.objects.filter(withdrawn_at__isnull=True).order_by("pk"))
    standing = {due.duty.key: due for due in duties_for(incident, own, incident.system.aims.time_zone)}
    rows = {row.duty: row for row in incident.notifications.select_for_update().order_by("pk")}
    for key, due in standing.items():
        if key in rows:
            _hold(rows[key], due, incident, actor)
        else:
            _open(due, incident, actor)
    for key in rows.keys() - standing.keys():
        _lapse(rows[key], actor)


@transaction.atomic
def reckon_open(actor: Actor, system_id: int | None = None) -> None:
    """Reckon for every open incident, or those of one system: the record or a duty of the organisation changed."""
    rows = Incident.objects.open().select_for_update(of=("self",)).select_related("system__aims").order_by("pk")
    for row in rows if system_id is None else rows.filter(system_id=system_id):
        reckon(row, actor=actor)


def hear_of_edit(edited: Edited) -> None:
    """Follow the record of a system: where it is used and by whom decides what is owed."""
    hear_of_many([edited])


def hear_of_many(edits: Sequence[Edited]) -> None:
    """Follow the records of many systems at once; none that is new has incidents, and one query tells which have."""
    known = {edited.system.pk: edited.actor for edited in edits if not edited.is_new}
    if known:
        rows = Incident.objects.open().filter(system__in=known)
        for system in sorted(set(rows.values_list("system_id", flat=True))):
            reckon_open(known[system], system)


def _said(due: Due) -> dict[str, object]:
    duty = due.duty
    return {
        "title": duty.title,
        "jurisdiction": duty.where,
        "authority": duty.authority,
        "due_at": due.due_at,
        "basis": due.why,
        "source": duty.source,
    }


def _open(due: Due, incident: Incident, actor: Actor) -> None:
    row = Notification(aims_id=incident.aims_id, incident=incident, duty=due.duty.key, **_said(due))
    change = Change.new(row)
    change.save(actor=actor, reason=due.why)
    record(FELL_DUE, row, actor=actor, change=change, reason=due.why)
    owe_notification(row, incident)


def _hold(row: Notification, due: Due, incident: Incident, actor: Actor) -> None:
    """What was sent stays. What was said not to be due on other facts is due again: that was said of those."""
    if row.state == Standing.SENT:
        return
    said = _said(due)
    is_moot = row.state == Standing.NOT_DUE and (row.basis, row.due_at) == (due.why, due.due_at)
    if row.state != Standing.DUE and not is_moot:
        said |= {"state": Standing.DUE, "because": "", "said_by": None}
    if saved(Change.of(row, **said), FELL_DUE, actor=actor, reason=due.why) and row.state == Standing.DUE:
        owe_notification(row, incident)


def _lapse(row: Notification, actor: Actor) -> None:
    if row.state != Standing.DUE:
        return
    reason = _("The facts changed, so it no longer applies.")
    saved(Change.of(row, state=Standing.LAPSED), FELL_DUE, actor=actor, reason=reason)
    done_with(NOTIFY, row.ref, actor)
