"""Prepare for incidents: duties of the organisation's own, runbooks, drills."""

from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import require
from aims.models import Aims
from aims.numbering import next_code
from incidents.actions.reckon import reckon_open
from incidents.actions.shared import NotSoundly, known, made, member, saved, told
from incidents.events import DRILLED, DUTY_ADDED, DUTY_WITHDRAWN, RUNBOOK_EDITED, RUNBOOK_WRITTEN
from incidents.models import Drill, OwnDuty, Runbook
from incidents.permissions import may_prepare
from incidents.words import Kind
from ledger.change import Change, hold_apart
from systems.models import AiSystem


class Owed(TypedDict, total=False):
    """A duty to notify; without `kinds` it counts for all, without a system for all."""

    title: str
    authority: str
    source: str
    within: int
    in_days: bool
    kinds: list[str]
    least_severity: int
    system: AiSystem | None


class Written(TypedDict, total=False):
    """What a runbook says."""

    name: str
    kinds: list[str]
    steps: str
    owner: User | None
    reviewed_on: date | None
    drilled_each: int


@transaction.atomic
def add_duty(*, actor: Actor, **owed: Unpack[Owed]) -> OwnDuty:
    """Take a duty on; open incidents are held against it at once."""
    _allow(actor)
    row = OwnDuty(aims_id=current_aims_id(), **_kinds(dict(owed)))
    if not 1 <= row.within <= 365:
        raise NotSoundly(_("Give a limit between 1 and 365."), field="within")
    if not 1 <= row.least_severity <= 4:
        raise NotSoundly(_("Choose one of the four severities."), field="least_severity")
    row.code = next_code("ND", width=2)
    made(row, DUTY_ADDED, actor=actor)
    reckon_open(actor)
    return row


@transaction.atomic
def withdraw_duty(row: OwnDuty, *, reason: str, seen: int, actor: Actor) -> OwnDuty:
    """End a duty with its reason; what was sent under it stays."""
    _allow(actor)
    held = OwnDuty.objects.select_for_update(of=("self",)).get(pk=row.pk)
    hold_apart(held, seen)
    reason = told(reason, _("Say why it ends."))
    if held.withdrawn_at is None:
        saved(Change.of(held, withdrawn_at=clock.now()), DUTY_WITHDRAWN, actor=actor, reason=reason)
        reckon_open(actor)
    return held


@transaction.atomic
def write_runbook(*, actor: Actor, **written: Unpack[Written]) -> Runbook:
    """Write a runbook."""
    _allow(actor)
    row = Runbook(aims_id=current_aims_id(), **_checked(dict(written)))
    _check(row)
    row.code = next_code("RB", width=2)
    return made(row, RUNBOOK_WRITTEN, actor=actor)


@transaction.atomic
def edit_runbook(runbook: Runbook, *, seen: int, actor: Actor, **written: Unpack[Written]) -> Runbook:
    """Save what differs; other steps make another edition, which was never drilled."""
    _allow(actor)
    row = Runbook.objects.select_for_update(of=("self",)).get(pk=runbook.pk)
    values = _checked(dict(written))
    hold_apart(row, seen, **values)
    is_other = values.get("steps", row.steps) != row.steps
    change = Change.of(row, **values, **({"edition": row.edition + 1} if is_other else {}))
    _check(row)
    saved(change, RUNBOOK_EDITED, actor=actor)
    return row


@transaction.atomic
def hold_drill(runbook: Runbook, *, held_on: date, tried: str, outcome: str, findings: str = "", actor: Actor) -> Drill:
    """Record that a runbook was tried and how it went; what did not work needs its findings."""
    _allow(actor)
    row = Runbook.objects.select_for_update(of=("self",)).get(pk=runbook.pk)
    if held_on > _today():
        raise NotSoundly(_("That day has not come yet."), field="held_on")
    if outcome != "worked" and not findings.strip():
        raise NotSoundly(_("Say what was found."), field="findings")
    drill = Drill(
        aims_id=row.aims_id, runbook=row, edition=row.edition, held_on=held_on, outcome=outcome,
        tried=told(tried, _("Say what was tried."), "tried"), findings=findings.strip(), by_id=actor.user_id,
    )  # fmt: skip
    return made(drill, DRILLED, actor=actor)


def _allow(actor: Actor) -> None:
    require(may_prepare(actor), _("This takes a compliance officer or an administrator."))


def _kinds(values: dict[str, Any]) -> dict[str, Any]:
    return values | ({"kinds": known(list(values["kinds"]), Kind.values, "kinds")} if "kinds" in values else {})


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    if "owner" in values:
        member(values["owner"])
    return _kinds(values)


def _check(row: Runbook) -> None:
    least, most = Runbook.DRILLED_EACH
    if not least <= row.drilled_each <= most:
        raise NotSoundly(_("Drill it at least every three years."), field="drilled_each")
    if row.reviewed_on and row.reviewed_on > _today():
        raise NotSoundly(_("That day has not come yet."), field="reviewed_on")


def _today() -> date:
    return clock.today(Aims.objects.get(pk=current_aims_id()).time_zone)
