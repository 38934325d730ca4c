"""What the verbs of this room share: holding a change, asking what it touches, telling who is next."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal
from aims.queries import steward
from changes.events import REOPENED
from changes.models import ChangeRecord, ChangeState, Demand, DemandState, Effect, Touched
from changes.ports import Asked, Thing, touched_by
from changes.queries.standing import approvers_of, authors_of, lacks_of
from duties.actions import close_tasks, open_task
from ledger.actions import record
from ledger.change import Change, hold_apart

TOUCHES, DECIDE = "change.touches", "change.decide"


class NotWritable(Refusal):
    """The value cannot stand; the message says which and why."""


class NotOpen(Refusal):
    """The change is decided or withdrawn, so nothing in it changes."""


def locked(change: ChangeRecord) -> ChangeRecord:
    """Take the change's row for this transaction: every act on it and its parts queues here."""
    rows = ChangeRecord.objects.select_for_update(of=("self",)).select_related("system__aims")
    return rows.get(pk=change.pk)


def held(change: ChangeRecord, seen: int, **offered: Any) -> ChangeRecord:
    """Return the locked change, if nobody worked on it since this writer looked and nobody has decided on it."""
    row = locked(change)
    hold_apart(row, seen, **offered)
    if not row.is_undecided:
        said = {"code": row.code, "state": str(row.get_state_display()).lower()}
        raise NotOpen(_("%(code)s is %(state)s. Nothing in it changes any more.") % said)
    return row


def worked_on(row: ChangeRecord, *, actor: Actor) -> None:
    """Count the change's version up, so that nobody decides on what they have not seen, and tell who may decide now."""
    change = Change.of(row, state=ChangeState.UNDER_TEST, worked_at=clock.now())
    change.save(actor=actor)
    tell_deciders(row, actor=actor)


def tell_deciders(row: ChangeRecord, *, actor: Actor) -> None:
    """Open the task to decide once nothing is missing, or at once for what took effect already; close it else."""
    slug = row.system.aims.slug
    lacks = lacks_of(row, row.demands.all(), row.touched.all(), slug)
    if lacks and not row.is_emergency:
        close_tasks(DECIDE, row.ref, actor=actor)
        return
    person = next(iter(approvers_of(authors_of(row))), None)
    open_task(
        DECIDE,
        row.ref,
        _("Decide on %(code)s, %(system)s") % {"code": row.code, "system": row.system.name},
        owner_id=person.pk if person else None,
        due_on=row.approve_by,
        address=reverse("changes:detail", args=[slug, row.code]),
    )


def demand_all(row: ChangeRecord, kinds: Iterable[str], *, actor: Actor) -> None:
    """Make sure that each demand stands open: one that was met before is asked for again."""
    there = {demand.kind: demand for demand in Demand.objects.select_for_update(of=("self",)).filter(change=row)}
    for kind in kinds:
        if kind == "approval":
            continue
        demand = there.get(kind)
        if demand is None:
            Change.new(Demand(aims_id=row.aims_id, change=row, kind=kind)).save(actor=actor)
            continue
        demand.change = row
        change = Change.of(demand, state=DemandState.OPEN)
        if change:
            change.save(actor=actor)
            record(REOPENED, demand, actor=actor, change=change)


def name_touched(row: ChangeRecord, asked: Asked, *, actor: Actor) -> None:
    """List what the change may touch; a thing that was said not to be is asked for again. One task for the owner."""
    there = {thing.about: thing for thing in Touched.objects.filter(change=row)}
    for thing in touched_by(asked):
        standing = there.get(thing.ref)
        if standing is None:
            Change.new(_touched(row, thing)).save(actor=actor)
        elif standing.effect == Effect.NONE:
            Change.of(standing, effect=Effect.UNSAID).save(actor=actor)
    ask_owner(row, actor=actor)


def ask_owner(row: ChangeRecord, *, actor: Actor) -> None:
    """Keep the one task to say what is touched: open while something is unsaid, closed once nothing is."""
    if not Touched.objects.filter(change=row, effect=Effect.UNSAID).exists():
        close_tasks(TOUCHES, row.ref, actor=actor)
        return
    fallback = None if row.system.owner_id else steward()
    open_task(
        TOUCHES,
        row.ref,
        _("Say what %(code)s touches, %(system)s") % {"code": row.code, "system": row.system.name},
        owner_id=row.system.owner_id or (fallback.pk if fallback else None),
        address=reverse("changes:touched", args=[row.system.aims.slug, row.code]),
    )


def close_all(row: ChangeRecord, *, actor: Actor) -> None:
    """Close what anybody owed for a change that is decided or withdrawn."""
    for kind in (TOUCHES, DECIDE):
        close_tasks(kind, row.ref, actor=actor)


def told(reason: str, message: str, field: str = "reason") -> str:
    """Return a reason without outer spaces; none is refused."""
    if not reason.strip():
        raise NotWritable(message, field=field)
    return reason.strip()


def refuse_unsound(row: Model, *names: str) -> None:
    """Refuse values that the model does not allow, such as one that is too long."""
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - set(names))
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise NotWritable(messages[0], field=field) from error


def _touched(row: ChangeRecord, thing: Thing) -> Touched:
    return Touched(
        aims_id=row.aims_id,
        change=row,
        about=thing.ref,
        group=thing.group,
        title=thing.title[:240],
        why=thing.why[:240],
        address=thing.address,
    )
