"""Put risks on the register, change them, take them off (6.1.2, 6.1.3)."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import Refusal, require
from aims.numbering import next_code
from aims.queries import current_criteria
from assessments.actions.escalate import escalate
from assessments.actions.shared import NotWritable, made, refuse_unsound, told
from assessments.events import RISK_EDITED, RISK_REGISTERED, RISK_WITHDRAWN, UNACCEPTED
from assessments.models import Risk
from assessments.permissions import may_edit_risk, may_register
from assessments.ports import Relied, tell_of_reliance
from assessments.queries.authors import SCORES
from assessments.risk.terms import term_value
from ledger.actions import record
from ledger.change import Change, hold_apart
from systems.models import AiSystem


class NotOnRegister(Refusal):
    """The risk was withdrawn."""


class RiskFields(TypedDict, total=False):
    """What is said of a risk; scores are 1 to 5, before treatment and what remains."""

    title: str
    reference: str
    description: str
    source: str
    source_kind: str
    objective: str
    consequence_organisation: str
    consequence_individuals: str
    consequence_societies: str
    system: AiSystem | None
    owner: User | None
    likelihood: int | None
    severity: int | None
    option: str
    plan: str
    starts_on: date | None
    due_on: date | None
    done_on: date | None
    residual_likelihood: int | None
    residual_severity: int | None


@transaction.atomic
def register_risk(*, actor: Actor, reason: str = "", **fields: Unpack[RiskFields]) -> Risk:
    """Put a risk on the register, judged by the newest criteria."""
    require(may_register(actor), _("Registering a risk takes a compliance officer or a control owner."))
    aims_id = current_aims_id()
    _refuse_foreign(aims_id, fields.get("system"))
    _tidy(fields)
    _refuse_twin(fields.get("reference", ""))
    _refuse_dates(None, fields)
    row = Risk(aims_id=aims_id, criteria=current_criteria(), **fields)
    refuse_unsound(row, *fields, "title")
    row.code = next_code("R", width=3)
    made(row, RISK_REGISTERED, actor=actor, reason=reason)
    escalate(row, actor)
    return row


@transaction.atomic
def edit_risk(risk: Risk, *, seen: int, actor: Actor, reason: str = "", **fields: Unpack[RiskFields]) -> Risk:
    """Save what differs; new scores are judged by the newest criteria and clear an acceptance, which is recorded."""
    row = on_register(risk)
    require(may_edit_risk(actor, row), _("Changing a risk takes a compliance officer or its owner."))
    actor = actor.on_behalf_of(row.owner_id)
    _tidy(fields)
    hold_apart(row, seen, **fields)
    _refuse_foreign(row.aims_id, fields.get("system"))
    _refuse_twin(fields.get("reference", ""), row)
    _refuse_dates(row, fields)
    cleared: dict[str, object] = {}
    offered: dict[str, object] = dict(fields)
    if any(name in offered and offered[name] != getattr(row, name) for name in SCORES):
        cleared = {"criteria": current_criteria(), "accepted_by": None, "accepted_at": None, "acceptance_reason": ""}
    was_accepted, system_before = row.accepted_at is not None, row.system_id
    change = Change.of(row, **fields, **cleared)
    if change:
        refuse_unsound(row, *fields)
        change.save(actor=actor, reason=reason)
        record(RISK_EDITED, row, actor=actor, change=change, reason=reason)
        if was_accepted and row.accepted_at is None:
            record(UNACCEPTED, row, actor=actor, change=change, reason=_("The scores changed."))
        escalate(row, actor)
        if row.system_id is not None and row.system_id != system_before:
            _tell_of_controls(row, actor)
    return row


@transaction.atomic
def withdraw_risk(risk: Risk, *, reason: str, seen: int, actor: Actor) -> Risk:
    """Take a risk off the register with a reason; its history stays."""
    row = on_register(risk)
    require(may_edit_risk(actor, row), _("Withdrawing a risk takes a compliance officer or its owner."))
    actor = actor.on_behalf_of(row.owner_id)
    hold_apart(row, seen, reason=reason)
    reason = told(reason, _("Say why it is taken off the register."))
    change = Change.of(row, withdrawn_at=clock.now())
    change.save(actor=actor, reason=reason)
    record(RISK_WITHDRAWN, row, actor=actor, change=change, reason=reason)
    escalate(row, actor)
    return row


def on_register(risk: Risk) -> Risk:
    """Return the locked risk, if it was not withdrawn."""
    row = Risk.objects.select_for_update().get(pk=risk.pk)
    if row.withdrawn_at is not None:
        raise NotOnRegister(_("%(code)s was taken off the register.") % {"code": row.code})
    return row


def _tell_of_controls(row: Risk, actor: Actor) -> None:
    """The controls that treat it are counted on for another system from now on."""
    for treatment in row.treatments.filter(withdrawn_at__isnull=True).select_related("requirement"):
        tell_of_reliance(Relied(treatment.requirement, row.ref, str(row), row.system, actor))


def _refuse_foreign(aims_id: int, system: AiSystem | None) -> None:
    if system is not None and system.aims_id != aims_id:
        raise NotOnRegister(_("Choose a system of the registry."), field="system")


def _tidy(fields: RiskFields) -> None:
    """Bring sources and objectives to their codes where a shipped one is meant."""
    if "source_kind" in fields:
        fields["source_kind"] = term_value("sources", fields["source_kind"])
    if "objective" in fields:
        fields["objective"] = term_value("objectives", fields["objective"])


def _refuse_twin(reference: str, own: Risk | None = None) -> None:
    held = Risk.objects.filter(reference=reference, withdrawn_at__isnull=True).first() if reference else None
    if held is not None and held != own:
        raise NotWritable(_("%(code)s has this reference already.") % {"code": held.code}, field="reference")


def _refuse_dates(row: Risk | None, fields: RiskFields) -> None:
    """Refuse a treatment that ends before it begins."""
    starts = fields.get("starts_on", row.starts_on if row else None)
    due = fields.get("due_on", row.due_on if row else None)
    if starts and due and due < starts:
        raise NotWritable(_("The treatment cannot be due before it begins."), field="due_on")
