"""Change what a row says; two writers of different fields are merged, of the same field shown both."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.refusals import Conflict, Refusal, require
from aims.queries import people
from ledger.actions import record
from ledger.change import Change
from soa.actions.reopen import settle
from soa.events import AMENDED
from soa.models import Applicability, Entry, Performer, Reason
from soa.permissions import may_amend, may_decide
from soa.queries.targets import reason_targets
from soa.reasons import KIND_OF, Given, fitting

REASONED = frozenset({"why", "reasons", "owner", "review_on", "expires_on", "expects_evidence", "no_evidence_reason"})
JUSTIFIED = frozenset({"why", "reasons", "expires_on"})
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
        raise NotAmendable(_("These cannot be changed here: %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))})
    entry = locked(entry)
    offered = unlike_seen(entry, fields, seen)
    _require(actor, entry, offered)
    actor = actor.on_behalf_of(entry.owner_id)
    _refuse_strangers(entry, offered)
    change = Change.of(entry, **offered)
    _agree(entry, offered)
    if change:
        change.save(actor=actor, reason=reason)
        record(AMENDED, entry, actor=actor, change=change, reason=reason)
        if entry.applicability == Applicability.EXCLUDED and JUSTIFIED & set(change.after):
            settle(entry, actor=actor)
    return entry


def locked(entry: Entry) -> Entry:
    """Read the row again for writing, holding other writers off."""
    rows = Entry.objects.select_for_update(of=("self",)).select_related("requirement", "owner")
    return rows.get(pk=entry.pk)


def unlike_seen(entry: Entry, fields: Mapping[str, Any], seen: int) -> dict[str, Any]:
    """Return the fields this writer changed, raising Conflict where somebody else changed one of them too."""
    if entry.version == seen:
        return dict(fields)
    base = as_seen(entry, seen)
    if base is None:
        raise Conflict(entry, dict(fields))
    mine = written_by(entry, fields, seen)
    clashes = {
        name: value
        for name, value in mine.items()
        if _of(entry, name) != _of(base, name) and not says(entry, name, value)
    }
    if clashes:
        raise Conflict(entry, clashes)
    return mine


def as_seen(entry: Entry, seen: int) -> Any:
    """Return the row's history at the version a writer saw, or nothing when there never was one."""
    return Entry.history.filter(id=entry.pk, version=seen).first()


def written_by(entry: Entry, fields: Mapping[str, Any], seen: int) -> dict[str, Any]:
    """Return the fields that differ from what the writer saw: what they wrote themselves."""
    base = as_seen(entry, seen)
    return {name: value for name, value in fields.items() if base is None or not says(base, name, value)}


def says(row: Any, name: str, value: Any) -> bool:
    """Whether a row, or its history, holds this value."""
    return bool(_of(row, name) == _comparable(value))


def _comparable(value: Any) -> Any:
    return getattr(value, "pk", value)


def _of(row: Any, name: str) -> Any:
    return getattr(row, f"{name}_id" if name == "owner" else name)


def _require(actor: Actor, entry: Entry, offered: Mapping[str, Any]) -> None:
    changed = {name for name, value in offered.items() if _of(entry, name) != _comparable(value)}
    if changed & REASONED:
        require(
            may_decide(actor, entry), _("Reasons, owners and reviews are for compliance officers and administrators.")
        )
    if changed & DESCRIBED:
        require(
            may_amend(actor, entry), _("Only the control's owner or a compliance officer describes how it is done.")
        )


def _refuse_strangers(entry: Entry, offered: Mapping[str, Any]) -> None:
    owner = offered.get("owner")
    if owner is not None and owner.pk != entry.owner_id and not people().filter(pk=owner.pk).exists():
        raise NotAmendable(_("The owner is not a member of this organisation."), field="owner")
    refuse_unknown(entry, offered.get("reasons", entry.reasons))


def refuse_unknown(entry: Entry, reasons: Sequence[Given]) -> None:
    """Raise NotAmendable for a reason that newly points at something that is not there; three queries if any does."""
    if new := [row for row in reasons if row["ref"] and row not in entry.reasons]:
        targets = reason_targets()
        for row in new:
            target = targets.get(row["ref"])
            if target is None or KIND_OF.get(Reason(row["code"]), target.sort) != target.sort:
                words = f"{Reason(row['code']).label} points at {row['ref']}, which is not there to point at."
                raise NotAmendable(words, field="reasons")


def _agree(entry: Entry, offered: Mapping[str, Any]) -> None:
    if "reasons" in offered and (
        alien := [row for row in entry.reasons if row not in fitting(entry.reasons, entry.applicability)]
    ):
        side = "exclude" if entry.applicability == Applicability.EXCLUDED else "include"
        label = Reason(alien[0]["code"]).label
        raise NotAmendable(
            _("%(label)s is no reason to %(side)s %(ref_code)s.")
            % {"label": label, "side": side, "ref_code": entry.ref_code},
            field="reasons",
        )
    if entry.performed_by == Performer.PROVIDER and not entry.provider.strip():
        raise NotAmendable(_("Name the provider who performs this control."), field="provider")
    if not entry.expects_evidence and not entry.no_evidence_reason.strip():
        raise NotAmendable(_("Say why no evidence is expected."), field="no_evidence_reason")
