"""Change what a row says; two writers of different fields are merged, of the same field shown both."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.actor import Actor
from accounts.refusals import Conflict, Refusal, require
from ledger.actions import record
from ledger.change import Change
from soa.events import AMENDED
from soa.models import Entry, Performer
from soa.permissions import may_amend, may_decide

REASONED = frozenset({"why", "reasons", "owner", "review_on", "expires_on", "expects_evidence", "no_evidence_reason"})
DESCRIBED = frozenset(
    {"implementation", "planned_on", "how", "how_document", "performed_by", "provider", "agreement", "notes"}
)
AMENDABLE = REASONED | DESCRIBED


class NotAmendable(Refusal):
    """The row cannot say this; the message is written for its reader."""


@transaction.atomic
def amend(entry: Entry, fields: Mapping[str, Any], *, seen: int, actor: Actor, reason: str = "") -> Entry:
    """Save the offered fields that differ from what this writer saw.

    Raises NotAmendable for a value that contradicts another, Conflict when somebody else changed the same field
    since version `seen`.
    """
    unknown = set(fields) - AMENDABLE
    if unknown:
        raise NotAmendable(f"These cannot be changed here: {', '.join(sorted(unknown))}.")
    entry = locked(entry)
    offered = unlike_seen(entry, fields, seen)
    _require(actor, entry, offered)
    change = Change.of(entry, **offered)
    _agree(entry)
    if change:
        change.save(actor=actor, reason=reason)
        record(AMENDED, entry, actor=actor, change=change, reason=reason)
    return entry


def locked(entry: Entry) -> Entry:
    """Read the row again for writing, holding other writers off."""
    rows = Entry.objects.select_for_update(of=("self",)).select_related("requirement", "owner")
    return rows.get(pk=entry.pk)


def unlike_seen(entry: Entry, fields: Mapping[str, Any], seen: int) -> dict[str, Any]:
    """Return the fields this writer changed, raising Conflict where somebody else changed one of them too."""
    if entry.version == seen:
        return dict(fields)
    base = Entry.history.filter(id=entry.pk, version=seen).first()
    if base is None:
        raise Conflict(entry, dict(fields))
    mine = {name: value for name, value in fields.items() if _of(base, name) != _comparable(value)}
    clashes = {
        name: value
        for name, value in mine.items()
        if _of(entry, name) != _of(base, name) and _of(entry, name) != _comparable(value)
    }
    if clashes:
        raise Conflict(entry, clashes)
    return mine


def _comparable(value: Any) -> Any:
    return getattr(value, "pk", value)


def _of(row: Any, name: str) -> Any:
    return getattr(row, f"{name}_id" if name == "owner" else name)


def _require(actor: Actor, entry: Entry, offered: Mapping[str, Any]) -> None:
    changed = {name for name, value in offered.items() if _of(entry, name) != _comparable(value)}
    if changed & REASONED:
        require(may_decide(actor, entry), "Reasons, owners and reviews are for compliance officers and administrators.")
    if changed & DESCRIBED:
        require(may_amend(actor, entry), "Only the control's owner or a compliance officer describes how it is done.")


def _agree(entry: Entry) -> None:
    if entry.performed_by == Performer.PROVIDER and not entry.provider.strip():
        raise NotAmendable("Name the provider who performs this control.", field="provider")
    if not entry.expects_evidence and not entry.no_evidence_reason.strip():
        raise NotAmendable("Say why no evidence is expected.", field="no_evidence_reason")
