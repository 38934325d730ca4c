"""Meet what a change demands: by a reference to what another room holds, by a result against its limit, by a canary."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from changes.actions.shared import NotWritable, held, refuse_unsound, told, worked_on
from changes.events import MET, WAIVED
from changes.material import rules
from changes.models import ChangeRecord, Demand, DemandState
from changes.permissions import may_meet, may_say
from changes.ports import Evaluation, evaluations_since, refreshed_since
from ledger.actions import record
from ledger.change import Change

EMPTY: dict[str, Any] = {
    "reference": "",
    "benchmark": "",
    "value": None,
    "threshold": None,
    "lower_is_better": False,
    "share": None,
    "hours": None,
    "note": "",
}


class NotDemanded(Refusal):
    """The change does not demand this, or not in this way."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The result of a regression evaluation: a named benchmark, what came out, and the limit it is held to."""

    benchmark: str
    value: Decimal
    threshold: Decimal
    lower_is_better: bool = False
    note: str = ""

    @property
    def has_passed(self) -> bool:
        """Whether the result is within its limit; one that equals it is."""
        return self.value <= self.threshold if self.lower_is_better else self.value >= self.threshold


@dataclass(frozen=True, slots=True)
class Canary:
    """A trial on part of the traffic: which share, for how long, and whether it went well."""

    share: Decimal
    hours: int
    has_passed: bool
    note: str = ""


@transaction.atomic
def meet_by_result(change: ChangeRecord, said: Measured, *, seen: int, actor: Actor) -> Demand:
    """Tell the result of the regression evaluation; it meets the demand within its limit, else it failed."""
    row, demand, actor = _asked_for(change, "evaluation", seen, actor)
    fields = {
        "benchmark": told(said.benchmark, _("Name the benchmark."), "benchmark"),
        "value": said.value,
        "threshold": said.threshold,
        "lower_is_better": said.lower_is_better,
        "note": said.note.strip(),
    }
    return _met(row, demand, has_passed=said.has_passed, fields=fields, actor=actor)


@transaction.atomic
def meet_by_canary(change: ChangeRecord, said: Canary, *, seen: int, actor: Actor) -> Demand:
    """Tell how the canary went."""
    row, demand, actor = _asked_for(change, "canary", seen, actor)
    if not 0 < said.share <= 100:
        raise NotWritable(_("Give the share of the traffic as a percentage above 0, up to 100."), field="share")
    if said.hours < 1:
        raise NotWritable(_("Say for how many hours it ran, at least one."), field="hours")
    note = said.note.strip() if said.has_passed else told(said.note, _("Say what went wrong."), "note")
    fields = {"share": said.share, "hours": said.hours, "note": note}
    return _met(row, demand, has_passed=said.has_passed, fields=fields, actor=actor)


@transaction.atomic
def meet_by_reference(change: ChangeRecord, kind: str, reference: str, *, seen: int, actor: Actor) -> Demand:
    """Link the refreshed assessment, or the evaluation, that another room holds; it has to be later than the change."""
    row, demand, actor = _asked_for(change, kind, seen, actor)
    if kind == "assessment":
        found = {each.ref for each in refreshed_since(row.system, row.opened_at)}
        if reference not in found:
            raise NotWritable(_("Choose an edition that was decided after the change was opened."), field="reference")
        return _met(row, demand, has_passed=True, fields={"reference": reference}, actor=actor)
    results = {each.ref: each for each in evaluations_since(row.system, row.opened_at)} if kind == "evaluation" else {}
    if reference not in results:
        raise NotWritable(_("Choose a result that is later than the change."), field="reference")
    result = results[reference]
    return _met(row, demand, has_passed=result.has_passed, fields=_fields_of(result), actor=actor)


@transaction.atomic
def waive(change: ChangeRecord, kind: str, *, reason: str, seen: int, actor: Actor) -> Demand:
    """Say why a demand does not apply, where the rules let one say so; whoever approves reads the reason."""
    row, demand, actor = _asked_for(change, kind, seen, actor)
    require(may_say(actor, row), _("That a demand does not apply is said by a person who may edit the system."))
    if not rules().demands[kind].may_be_waived:
        raise NotDemanded(_("%s cannot be left out.") % demand.get_kind_display(), field="reason")
    reason = told(reason, _("Say why it does not apply."))
    difference = Change.of(demand, **EMPTY | {"note": reason}, state=DemandState.WAIVED, **_by(actor))
    difference.save(actor=actor, reason=reason)
    record(WAIVED, demand, actor=actor, change=difference, reason=reason)
    worked_on(row, actor=actor)
    return demand


def _asked_for(change: ChangeRecord, kind: str, seen: int, actor: Actor) -> tuple[ChangeRecord, Demand, Actor]:
    row = held(change, seen)
    require(may_meet(actor, row), _("Meeting a demand takes the system's owner, a compliance officer or a service."))
    demand = Demand.objects.select_for_update(of=("self",)).filter(change=row, kind=kind).first()
    if demand is None:
        raise NotDemanded(_("%(code)s does not demand this.") % {"code": row.code})
    demand.change = row
    return row, demand, actor.on_behalf_of(row.system.owner_id)


def _met(row: ChangeRecord, demand: Demand, *, has_passed: bool, fields: dict[str, Any], actor: Actor) -> Demand:
    state = DemandState.MET if has_passed else DemandState.FAILED
    difference = Change.of(demand, **EMPTY | fields, state=state, **_by(actor))
    refuse_unsound(demand, *fields)
    difference.save(actor=actor)
    record(MET, demand, actor=actor, change=difference)
    worked_on(row, actor=actor)
    return demand


def _by(actor: Actor) -> dict[str, Any]:
    return {"by_id": actor.user_id, "at": clock.now()}


def _fields_of(result: Evaluation) -> dict[str, Any]:
    return {
        "reference": result.ref,
        "benchmark": result.benchmark,
        "value": result.value,
        "threshold": result.threshold,
        "lower_is_better": result.lower_is_better,
    }
