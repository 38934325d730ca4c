"""Report an incident, and change what is said of it."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import require
from aims.numbering import next_number
from incidents import ports
from incidents.actions.owing import owe_triage
from incidents.actions.reckon import reckon
from incidents.actions.shared import (
    HANDLERS,
    NotSoundly,
    known,
    made,
    member,
    opened,
    past,
    saved,
    told,
)
from incidents.events import EDITED, REPORTED
from incidents.models import Incident
from incidents.permissions import may_handle, may_report
from incidents.words import Happened
from ledger.change import Change, hold_apart
from systems.models import AiSystem

WHYS = 5


class Said(TypedDict, total=False):
    """What is said of an incident when it is reported and later."""

    title: str
    what: str
    kind: str
    happened: list[str]
    occurred_at: datetime | None
    noticed_at: datetime
    affected: str
    affected_count: int | None
    owner: User | None
    cause: str
    whys: list[str]
    lessons: str
    references: list[str]


@transaction.atomic
def report_incident(system: AiSystem, *, actor: Actor, **said: Unpack[Said]) -> Incident:
    """Report what went wrong; duties to notify run from the instant it was noticed, by default now."""
    require(may_report(actor), _("Reporting an incident takes a member of the organisation."))
    system = AiSystem.objects.select_related("aims").get(pk=system.pk)
    row = Incident(aims_id=system.aims_id, system=system, reported_by_id=actor.user_id, reporter=actor.name[:160])
    for name, value in ({"noticed_at": clock.now()} | _tidy(said)).items():
        setattr(row, name, value)
    _check_times(row)
    year = clock.today(system.aims.time_zone).year
    row.code = f"INC-{year}-{next_number(f'INC-{year}'):02d}"
    made(row, REPORTED, actor=actor)
    owe_triage(row)
    reckon(row, actor=actor)
    return row


@transaction.atomic
def edit_incident(incident: Incident, *, seen: int, actor: Actor, reason: str = "", **said: Unpack[Said]) -> Incident:
    """Save what differs; other facts make other duties, and what was sent stays sent."""
    row = opened(incident)
    require(may_handle(actor, row), str(HANDLERS))
    actor = actor.on_behalf_of(row.owner_id or row.system.owner_id)
    values = _tidy(said)
    hold_apart(row, seen, **values)
    change = Change.of(row, **values)
    _check_times(row)
    if saved(change, EDITED, actor=actor, reason=reason):
        reckon(row, actor=actor)
    return row


def _tidy(said: Said) -> dict[str, Any]:
    values: dict[str, Any] = {name: text.strip() if isinstance(text, str) else text for name, text in said.items()}
    if "title" in values:
        values["title"] = told(values["title"], _("Say in one line what went wrong."), "title")
    if "what" in values:
        values["what"] = told(values["what"], _("Say what happened."), "what")
    if "happened" in values:
        values["happened"] = known(list(values["happened"]), Happened.values, "happened")
    if "owner" in values:
        member(values["owner"])
    if "whys" in values:
        values["whys"] = _whys(values["whys"])
    if "references" in values:
        values["references"] = _references(values["references"])
    return values


def _whys(lines: list[str]) -> list[str]:
    clean = [line.strip() for line in lines if line.strip()]
    if len(clean) > WHYS or any(len(line) > 300 for line in clean):
        raise NotSoundly(_("Give at most five whys of at most 300 characters."), field="whys")
    return clean


def _references(refs: list[str]) -> list[str]:
    """Keep references to what exists; of an assessment the edition may be left out."""
    clean = list(dict.fromkeys(ref.strip() for ref in refs if ref.strip()))
    there = ports.named(clean)
    if missing := [ref for ref in clean if ref not in there]:
        text = _("There is no %s. Write references like risk:R-014 or assessment:IA-2026-08.")
        raise NotSoundly(text % ", ".join(missing)[:200], field="references")
    return clean


def _check_times(row: Incident) -> None:
    past(row.occurred_at, "occurred_at")
    past(row.noticed_at, "noticed_at")
    if row.occurred_at and row.occurred_at > row.noticed_at:
        raise NotSoundly(_("It cannot have been noticed before it occurred."), field="noticed_at")
