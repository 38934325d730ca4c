"""Begin a new edition from the one in force: same code, same content, today's criteria."""

from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from aims.queries import current_criteria
from assessments.actions.shared import locked, told
from assessments.actions.triggers import close_renewal
from assessments.events import EDITION
from assessments.models import AffectedParty, Assessment, AssessmentState, Depth, Impact, Measure, SectionText
from assessments.permissions import may_write
from assessments.screening.queries import standing_of
from ledger.actions import record
from ledger.change import Change
from ledger.governed import Governed

CARRIED = (
    *("intended_use", "foreseeable_misuse", "oversight", "benefits", "jurisdictions"),
    *("sensitive_uses", "triggers", "publication"),
)
R = TypeVar("R", bound=Governed)


class NotClonable(Refusal):
    """Only a decided edition that nobody is revising can be revised."""


@transaction.atomic
def clone_edition(assessment: Assessment, *, reason: str, actor: Actor) -> Assessment:
    """Open edition 1.1 of 1.0 with its content and say why; what was frozen stays as it was."""
    base = locked(assessment)
    require(
        may_write(actor, base), _("Starting an edition takes a compliance officer, its author or the system's owner.")
    )
    reason = told(reason, _("Say why it is assessed again."))
    _refuse_second_edition(base)
    row = Assessment(
        aims_id=base.aims_id,
        code=base.code,
        edition=next_edition(base.edition),
        system=base.system,
        system_version=base.system.model_version or base.system_version,
        criteria=current_criteria(),
        author_id=actor.user_id,
        replaces=base,
        **_depth(base),
        **{name: getattr(base, name) for name in CARRIED},
    )
    change = Change.new(row)
    change.save(actor=actor, reason=reason)
    _carry_parts(base, row, actor=actor, reason=reason)
    record(EDITION, row, actor=actor, change=change, reason=reason)
    close_renewal(row, actor=actor)
    return row


def next_edition(edition: str) -> str:
    """Return the edition after `1.3`: `1.4`."""
    major, minor = edition.split(".")
    return f"{major}.{int(minor) + 1}"


def _refuse_second_edition(base: Assessment) -> None:
    if base.state != AssessmentState.DECIDED:
        raise NotClonable(_("Edition %(edition)s is not in force. Open the latest one.") % {"edition": base.edition})
    if other := Assessment.objects.filter(replaces=base).first():
        raise NotClonable(_("Edition %(edition)s is being written already.") % {"edition": other.edition})


def _depth(base: Assessment) -> dict[str, Any]:
    """The depth of the newest screening that says one is due; without one, that of the edition before."""
    screening = standing_of(base.system_id)
    if screening is not None and screening.outcome != Depth.NONE:
        return {"screening": screening, "depth": screening.outcome}
    return {"screening": base.screening, "depth": base.depth}


def _carry_parts(base: Assessment, row: Assessment, *, actor: Actor, reason: str) -> None:
    for answer in SectionText.objects.filter(assessment=base):
        _copy(answer, actor=actor, reason=reason, assessment=row)
    for party in AffectedParty.objects.filter(assessment=base, withdrawn_at__isnull=True):
        _copy(party, actor=actor, reason=reason, assessment=row)
    impacts = Impact.objects.filter(assessment=base, withdrawn_at__isnull=True)
    copies = {impact.pk: _copy(impact, actor=actor, reason=reason, assessment=row) for impact in impacts}
    for measure in Measure.objects.filter(impact__in=list(copies), withdrawn_at__isnull=True):
        _copy(measure, actor=actor, reason=reason, impact=copies[measure.impact_id])


def _copy(row: R, *, actor: Actor, reason: str, **owner: models.Model) -> R:
    names = [field.name for field in row._meta.concrete_fields if field.name not in {"id", "version", "changed_at"}]
    copy = type(row)(**{name: getattr(row, name) for name in names} | owner)
    Change.new(copy).save(actor=actor, reason=reason)
    return copy
