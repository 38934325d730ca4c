"""Write one record of a governed act, in the transaction of the act itself."""

import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db import connection
from uuid6 import uuid7

from accounts import clock
from accounts.actor import POLICY, Actor
from accounts.context import current_aims_id
from ledger.actions.seal import mac_of, seal
from ledger.canonical import canonical
from ledger.change import Change, Facts
from ledger.events import Event
from ledger.governed import Subject
from ledger.models import Annex, Log, Record

NO_MODEL = {"reason": "no AI model took part"}


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
    Raises NotCanonical for values a record cannot hold, and whatever the database says: then the act rolls back.
    """
    aims_id = current_aims_id()
    log = _log_of(aims_id)
    annexes = _annexes(change, reason)
    hashes = {name: commitment for name, _text, _salt, commitment in annexes}
    at = clock.now().astimezone(UTC)
    body = {
        "v": 1,
        "type": event.name,
        "event_id": str(uuid7()),
        "aims": log.origin,
        "occurred_at": instant(at),
        "actor": _actor(actor, event),
        "authority": _authority(actor, event),
        "subject": {
            "type": subject.ref_kind,
            "id": subject.ref_code,
            "version": subject.version,
            "before_hash": hashes.get("before"),
            "after_hash": after_hash or hashes.get("after"),
        },
        "evidence": list(evidence),
        "model": model or NO_MODEL,
        "decision": _decision(decision, hashes.get("rationale")),
        "approvals": list(approvals),
        "request_id": actor.request_id,
    }
    return _store(aims_id, event, subject, body, at, annexes)


def instant(at: datetime) -> str:
    """Return an instant as records print it: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _log_of(aims_id: int) -> Log:
    log, _made = Log.unscoped.get_or_create(aims_id=aims_id)
    return log


def _annexes(change: Change | Facts | None, reason: str) -> list[tuple[str, str, bytes, str]]:
    texts = {"rationale": reason} if reason else {}
    if change is not None:
        texts |= {
            name: json.dumps(values, ensure_ascii=False, sort_keys=True)
            for name, values in (("before", change.before), ("after", change.after))
            if values
        }
    rows = []
    for name, text in texts.items():
        salt = secrets.token_bytes(32)
        rows.append((name, text, salt, hmac.new(salt, text.encode(), sha256).hexdigest()))
    return rows


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
        return {"reason": "no membership is needed for this event", "policy": dict(POLICY)}
    return {
        "membership": authority.membership_id,
        "policy": dict(POLICY),
        "granted_by": authority.granted_by,
        "scope": authority.scope,
        "expires": instant(authority.valid_until) if authority.valid_until else None,
    }


def _decision(decision: dict[str, Any] | None, rationale: str | None) -> dict[str, Any]:
    shape: dict[str, Any] = dict.fromkeys(("mode", "outcome", "previous", "harm", "reversible"))
    return shape | (decision or {}) | {"rationale_commitment": rationale}


def _store(
    aims_id: int,
    event: Event,
    subject: Subject,
    body: dict[str, Any],
    at: datetime,
    annexes: list[tuple[str, str, bytes, str]],
) -> Record:
    data = canonical(body)
    row = Record(
        event_id=body["event_id"],
        aims_id=aims_id,
        body=data,
        mac=mac_of(data),
        event=event.name,
        subject=subject.ref,
        pseudonym=body["actor"]["pseudonym"],
        occurred_at=at,
    )
    row.save(force_insert=True)
    Annex.unscoped.bulk_create(
        Annex(record=row, aims_id=aims_id, field=name, salt=salt, text=text) for name, text, salt, _c in annexes
    )
    if connection.vendor == "sqlite":
        seal(aims_id)
    return row
