"""Write one record of a governed act, in the transaction of the act itself."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from uuid6 import uuid7

from accounts import clock
from accounts.actor import POLICY, Actor
from accounts.context import current_aims_id
from accounts.refusals import StepUpNeeded
from ledger.actions.seal import mac_of
from ledger.canonical import canonical
from ledger.change import Change, Facts
from ledger.commitments import commitment
from ledger.events import Event
from ledger.filing import filed_role
from ledger.governed import Subject
from ledger.models import Log, Record
from ledger.rows import Head, NewRecord, head_of, number, write

NO_MODEL = {"system": None, "version": None, "artefact": None, "reason": "no AI model took part"}
NO_AUTHORITY = {
    "membership": None,
    "policy": dict(POLICY),
    "granted_by": None,
    "scope": None,
    "expires": None,
    "reason": "no membership is needed for this event",
}
UNDECIDED = dict.fromkeys(("mode", "outcome", "previous", "harm", "reversible"))
NO_DECISION = {"reason": "this act does not continue, limit, defer or refuse anything"}
MODES = ("continue", "partial", "defer", "refuse", None)


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that stays outside the chain, and what stands for it inside: HMAC-SHA-256(salt, text)."""

    field: str
    text: str
    salt: bytes

    @property
    def commitment(self) -> str:
        return commitment(self.salt, self.text)


@transaction.atomic(savepoint=False)
def record(
    event: Event,
    subject: Subject,
    *,
    actor: Actor,
    change: Change | Facts | None = None,
    reason: str = "",
    after_hash: str | None = None,
    evidence: Sequence[dict[str, Any]] = (),
    model: dict[str, Any] | None = None,
    decision: dict[str, Any] | None = None,
    approvals: Sequence[str] = (),
) -> Record:
    """Append a record with every field of trust.md section 1; texts enter as salted commitments only.

    `after_hash` (hex SHA-256) names a frozen artefact, such as a statement version, in the clear.
    Raises StepUpNeeded for an act that takes a person who has just confirmed who they are, NotCanonical for values a
    record cannot hold, and whatever the database says: then the act rolls back,
    even where somebody catches the error, because no savepoint is made. Five queries on SQLite, four on PostgreSQL.
    """
    _need_step_up(event, actor)
    head = _head(current_aims_id())
    texts = _texts(change, reason)
    hashes = {text.field: text.commitment for text in texts}
    at = clock.now().astimezone(UTC)
    body = {
        "v": 1,
        "type": event.name,
        "event_id": str(uuid7()),
        "aims": head.origin,
        "occurred_at": instant(at),
        "actor": _actor(actor, event),
        "authority": _authority(actor, event),
        "subject": _subject(subject, hashes, after_hash),
        "evidence": list(evidence),
        "model": model or NO_MODEL,
        "decision": _decision(decision, hashes.get("rationale")),
        "approvals": list(approvals),
        "request_id": actor.request_id,
    }
    return _store(head, body, at, texts)


def _need_step_up(event: Event, actor: Actor) -> None:
    if not event.steps_up or actor.has_stepped_up:
        return
    if actor.auth_method.startswith("token "):
        raise StepUpNeeded(_("A token cannot confirm that it is you. Sign in to Assay in a browser and do this there."))
    raise StepUpNeeded(_("Confirm that it is you: sign in once more in a browser, then do this again."))


def instant(at: datetime) -> str:
    """Return an instant as records print it: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _head(aims_id: int) -> Head:
    head = head_of(aims_id)
    if head is None:
        Log.unscoped.get_or_create(aims_id=aims_id)
        head = head_of(aims_id)
    assert head is not None  # noqa: S101  (it was made above)
    return head


def _texts(change: Change | Facts | None, reason: str) -> list[_Text]:
    texts = {"rationale": reason} if reason else {}
    if change is not None:
        texts |= {
            name: json.dumps(values, ensure_ascii=False, sort_keys=True)
            for name, values in (("before", change.before), ("after", change.after))
            if values
        }
    return [_Text(field, text, secrets.token_bytes(32)) for field, text in texts.items()]


def _actor(actor: Actor, event: Event) -> dict[str, Any]:
    authority = actor.authority_among(event.roles)
    return {
        "pseudonym": actor.pseudonym,
        "kind": str(actor.kind),
        "role": str(authority.role) if authority else None,
        "auth_method": actor.auth_method,
    }


def _authority(actor: Actor, event: Event) -> dict[str, Any]:
    authority = actor.authority_among(event.roles)
    if authority is None:
        return NO_AUTHORITY
    told = {
        "membership": authority.membership_id,
        "policy": dict(POLICY),
        "granted_by": authority.granted_by,
        "scope": authority.scope,
        "expires": instant(authority.valid_until) if authority.valid_until else None,
    }
    return told | {"deputy_of": authority.deputy_of.pseudonym} if authority.deputy_of else told


def _subject(subject: Subject, hashes: dict[str, str], after_hash: str | None) -> dict[str, Any]:
    told = {
        "type": subject.ref_kind,
        "id": subject.ref_code,
        "version": subject.version,
        "before_hash": hashes.get("before"),
        "after_hash": after_hash or hashes.get("after"),
    }
    return told | {"after_commitment": hashes["after"]} if after_hash and "after" in hashes else told


def _decision(decision: dict[str, Any] | None, rationale: str | None) -> dict[str, Any]:
    told = NO_DECISION if decision is None else decision
    if told.get("mode") not in MODES or told.keys() - UNDECIDED.keys() - {"reason"}:
        raise ValueError(f"{told} is not a decision: modes are {MODES}, fields are {tuple(UNDECIDED)}.")
    return UNDECIDED | told | {"rationale_commitment": rationale}


def _store(head: Head, body: dict[str, Any], at: datetime, texts: Sequence[_Text]) -> Record:
    data = canonical(body)
    new = NewRecord(
        event_id=UUID(body["event_id"]),
        body=data,
        mac=mac_of(data),
        event=body["type"],
        subject=f"{body['subject']['type']}:{body['subject']['id']}",
        pseudonym=body["actor"]["pseudonym"],
        role=filed_role(body),
        membership_id=body["authority"]["membership"],
        at=at,
    )
    pk = write(head, new, texts)
    if connection.vendor == "sqlite":
        number(head, pk, data, at)
    return Record(
        pk=pk,
        event_id=new.event_id,
        aims_id=head.aims_id,
        body=data,
        mac=new.mac,
        event=new.event,
        subject=new.subject,
        pseudonym=new.pseudonym,
        role=new.role,
        membership_id=new.membership_id,
        occurred_at=at,
    )
