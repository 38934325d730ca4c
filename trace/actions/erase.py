"""Erase what somebody wrote, where it may not be kept any longer: the record stays, and so does its commitment."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from ledger.actions import erase, seal_now
from ledger.governed import Governed
from ledger.models import Annex, Record
from soa.models import StatementVersion
from trace.actions.reasons import stated
from trace.erasing import Plan, free_fields, frozen_with, is_decided, plan_of, still_said
from trace.permissions import may_erase
from trace.words import subject_label

FROZEN = ("version", "statement")


class NotErasable(Refusal):
    """The text belongs to what was approved or decided, still stands, or is gone already."""


@transaction.atomic
def erase_text(record: Record, *, reason: str, actor: Actor, parts: Collection[str] | None = None) -> Record:
    """Erase the record's texts, or the parts named, and the same words in the history of the row they are about.

    It cannot be undone. Returns the record of the erasure.
    """
    require(may_erase(actor), _("Texts are erased by an administrator or a compliance officer."))
    reason = stated(reason)
    list(Annex.objects.select_for_update().filter(record=record))
    plan = plan_of(record, parts)
    _refuse(record, plan)
    _forget(plan)
    done = erase(record, actor=actor, reason=reason, fields=plan.parts)
    seal_now(record.aims_id)
    return done


def _refuse(record: Record, plan: Plan) -> None:
    if record.subject.partition(":")[0] in FROZEN:
        raise NotErasable(_("An approved statement is never erased."))
    if is_decided(plan.row):
        raise NotErasable(_("A decided assessment is never erased."))
    if not plan.parts:
        raise NotErasable(_("There is no text left to erase."))
    if frozen := next(frozen_with(plan.words), None):
        raise NotErasable(_frozen_in(frozen))
    if fields := still_said(plan):
        words = {"subject": subject_label(record.subject), "fields": ", ".join(fields)}
        raise NotErasable(_("%(subject)s still says so under: %(fields)s. Change that first.") % words)


def _frozen_in(row: Governed) -> str:
    if isinstance(row, StatementVersion):
        return _("An approved statement is never erased, and %(name)s says this.") % {"name": row.ref_code}
    return _("A decided assessment is never erased, and %(name)s says this.") % {"name": row.ref_code}


def _forget(plan: Plan) -> None:
    """Blank the words in every history row of the thing; how often it was written, when and by whom, stays.

    Reasons are saved row by row: all history models share that one field, and `update` would write to another's table.
    """
    if plan.row is None:
        return
    model: Any = type(plan.row)
    past = model.history.filter(id=plan.row.pk)
    for field in free_fields(model):
        past.filter(**{f"{field.name}__in": plan.words}).update(**{field.name: ""})
    for row in past.filter(history_change_reason__in=plan.words):
        row.history_change_reason = ""
        row.save(update_fields=["history_change_reason"])
