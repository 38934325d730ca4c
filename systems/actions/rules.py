"""Say who has to agree at a gate or for a control, and who holds a function."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import Conflict, Refusal, require
from aims.queries import people
from controls.models import Requirement
from ledger.actions import record, seal_now
from ledger.change import Change, hold_apart
from systems.actions.entering import person_id
from systems.events import ENDED, NAMED, RULED
from systems.lifecycle import composition
from systems.lifecycle.composition import FUNCTION, BadRule, Rule
from systems.lifecycle.gates import holders
from systems.lifecycle.models import FunctionHolder, GateRule
from systems.lifecycle.stages import SIGNED
from systems.permissions import may_rule


class NoRule(Refusal):
    """The rule cannot be kept so."""


@transaction.atomic
def set_rule(
    body: Any, *, reason: str, seen: int, actor: Actor, stage: str = "", requirement: Requirement | None = None
) -> GateRule:
    """Keep the next version of a rule, for a gate or a control; `seen` is 0 where there is none yet.

    The rule of a gate has to ask for a person in every jurisdiction, and every function it names needs somebody.
    """
    require(may_rule(actor), _("Rules of gates are written by a compliance officer or an administrator."))
    if (stage in SIGNED) == (requirement is not None):
        raise NoRule(_("Choose a gate that takes signatures, or a control."), field="stage")
    rule = _readable(body)
    _check(rule, is_gate=bool(stage))
    if not reason.strip():
        raise NoRule(_("Say why the rule changes."), field="reason")
    row = GateRule.objects.select_for_update(of=("self",)).filter(stage=stage, requirement=requirement).first()
    said = composition.written(rule)
    if row is None:
        if seen:
            raise NoRule(_("There is no rule yet."))
        change = Change.new(GateRule(aims_id=current_aims_id(), stage=stage, requirement=requirement, body=said))
    else:
        hold_apart(row, seen, body=said)
        change = Change.of(row, body=said)
    if change:
        change.save(actor=actor, reason=reason)
        record(RULED, change.row, actor=actor, change=change, reason=reason)
        seal_now(current_aims_id())
    found = change.row
    assert isinstance(found, GateRule)  # noqa: S101  (narrowed for the type checker)
    return found


def _readable(body: Any) -> Rule:
    try:
        return composition.read(body)
    except BadRule as bad:
        raise NoRule(str(bad), field="body") from bad


def _check(rule: Rule, *, is_gate: bool) -> None:
    if is_gate and not composition.takes_a_person(rule):
        words = _("In some jurisdiction nobody would have to sign. Name an authority that counts everywhere.")
        raise NoRule(words, field="body")
    held = {row.key for row in holders()}
    named = {leaf.key for leaf in composition.leaves(rule) if leaf.kind == FUNCTION}
    if empty := sorted(named - held):
        raise NoRule(_("Nobody holds the function %s. Name somebody first.") % ", ".join(empty), field="body")


@transaction.atomic
def name_function(name: str, person: User, *, actor: Actor) -> FunctionHolder:
    """Name a person to a function; who names is somebody else, so that nobody makes themselves an authority."""
    require(may_rule(actor), _("Functions are given by a compliance officer or an administrator."))
    name, key = " ".join(name.split())[:80], slugify(name)[:80]
    if not key:
        raise NoRule(_("Name the function, such as data protection officer."), field="name")
    if not people().filter(pk=person.pk).exists():
        raise NoRule(_("They have no role in this organisation. Choose someone who has."), field="person")
    if person.pk == actor.user_id:
        raise NoRule(_("You cannot name yourself. Ask another steward."), field="person")
    if FunctionHolder.objects.filter(key=key, person=person, ended_at__isnull=True).exists():
        raise NoRule(_("They hold this function already."), field="person")
    row = FunctionHolder(aims_id=current_aims_id(), name=name, key=key, person=person, named_by_id=person_id(actor))
    change = Change.new(row)
    change.save(actor=actor)
    record(NAMED, row, actor=actor, change=change)
    return row


@transaction.atomic
def end_function(holder: FunctionHolder, *, reason: str, seen: int, actor: Actor) -> FunctionHolder:
    """End that a person holds a function, with the reason; a rule that names it may keep nobody else."""
    require(may_rule(actor), _("Functions are given by a compliance officer or an administrator."))
    row = FunctionHolder.objects.select_for_update(of=("self",)).get(pk=holder.pk)
    if row.version != seen:
        raise Conflict(row, {"reason": reason})
    if not reason.strip():
        raise NoRule(_("Say why they no longer hold it."), field="reason")
    if row.ended_at is None:
        change = Change.of(row, ended_at=clock.now())
        change.save(actor=actor, reason=reason)
        record(ENDED, row, actor=actor, change=change, reason=reason)
    return row
