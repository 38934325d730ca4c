"""The same act on many rows: each row is decided, changed and recorded by itself, all or none."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Refusal, require
from soa.actions.amend import amend
from soa.actions.decide import decide
from soa.models import Applicability, Entry, Reason
from soa.permissions import may_steer
from soa.queries.drivers import drivers_by_requirement, with_drivers

WHO = "Changing many rows takes a compliance officer or an administrator."


class NothingSelected(Refusal):
    """No rows were chosen."""


def rows_of(codes: Sequence[str]) -> list[Entry]:
    """Return the rows of these controls, raising NothingSelected when there are none."""
    rows = list(Entry.objects.with_names().filter(requirement__code__in=codes).in_order())
    if not rows:
        raise NothingSelected(_("Select at least one control."))
    return rows


@transaction.atomic
def in_bulk(codes: Sequence[str], fields: Mapping[str, Any], *, actor: Actor) -> list[Entry]:
    """Set the same fields on the selected rows; `add_reason` adds one code to those there are."""
    require(may_steer(actor), WHO)
    changed = []
    for entry in rows_of(codes):
        values = dict(fields)
        applicability = values.pop("applicability", None)
        added = values.pop("add_reason", None)
        if applicability:
            entry = decide(entry, Applicability(applicability), seen=entry.version, actor=actor)
        if added:
            values["reasons"] = _with(entry, Reason(added))
        changed.append(amend(entry, values, seen=entry.version, actor=actor))
    return changed


def _with(entry: Entry, code: Reason) -> list[dict[str, str]]:
    held = list(entry.reasons)
    return held if any(row["code"] == code for row in held) else [*held, {"code": str(code), "ref": ""}]


@transaction.atomic
def confirm_area(codes: Sequence[str], *, actor: Actor) -> list[Entry]:
    """Confirm the proposed inclusions of an area: a person decides, and the text is still to be written.

    The risks it treats and the assessments whose measures it carries are its reasons from the first.
    """
    require(may_steer(actor), WHO)
    rows = [row for row in rows_of(codes) if row.applicability == Applicability.UNDECIDED]
    if not rows:
        raise NothingSelected(_("These controls are decided already."))
    drivers = drivers_by_requirement()
    return [
        decide(
            row,
            Applicability.INCLUDED,
            reasons=with_drivers(row.reasons, drivers.get(row.requirement_id, ())),
            seen=row.version,
            actor=actor,
        )
        for row in rows
    ]
