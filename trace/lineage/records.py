"""The records behind nodes: which one tells of each, recomputed from its bytes and texts, with its authority."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from aims.authority import Exercised, authority_of
from aims.events import GRANTS
from ledger.commitments import altered
from ledger.merkle import leaf_hash
from ledger.models import Leaf, Record
from trace import words
from trace.lineage.shapes import Recorded, Sought
from trace.queries import named, people_behind

APPROVALS = frozenset({"version.approved", "assessment.decided", "change.approved", "risk.accepted"})
NUMBERED = ("criteria", "scope")
RELATIONS = {
    "assessment.decided": "decided_in",
    "assessment.submitted": "submitted_in",
    "change.approved": "approved_by",
    "change.refused": "decided_in",
    "evidence.given": "given_in",
    "evidence.renewed": "given_in",
    "membership.deputised": "granted_by",
    "membership.granted": "granted_by",
    "risk.accepted": "accepted_in",
    "soa.amended": "amended_in",
    "soa.decided": "decided_in",
    "version.approved": "approved_by",
    "version.returned": "returned_in",
    "version.submitted": "submitted_in",
}


@dataclass(frozen=True, slots=True)
class Seeking:
    """A node, a record that it seeks, and as of when (now without one)."""

    ref: str
    sought: Sought
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The record (by its key) that a node sought."""

    ref: str
    sought: Sought
    pk: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A record as it is chosen by: without its body."""

    pk: int
    event: str
    at: datetime


def seek(subject: str, *events: str, or_any: bool = True, freezes: bool = False, turn: int = 0) -> Sought:
    """Describe the record that a node seeks; how it tells of the node follows from its event."""
    relation = RELATIONS.get(events[0], "recorded_in") if events else "recorded_in"
    return Sought(subject, relation, frozenset(events), or_any, turn, freezes)


def chosen(seeking: Iterable[Seeking]) -> list[Chosen]:
    """Return the record that each seeks; of two that lead to the same, the first. One query for all.

    Keys order records as they were written, which within one subject is the order of its acts.
    """
    wanted = list(seeking)
    lines = _lines(sorted({one.sought.subject for one in wanted}))
    found: dict[tuple[str, int], Sought] = {}
    for one in wanted:
        line = _choose(lines.get(one.sought.subject, ()), one.sought, one.at)
        if line is not None:
            found.setdefault((one.ref, line.pk), one.sought)
    return [Chosen(ref, sought, pk) for (ref, pk), sought in found.items()]


def _lines(subjects: Sequence[str]) -> dict[str, list[_Line]]:
    lines: dict[str, list[_Line]] = {}
    rows = Record.objects.filter(subject__in=subjects).order_by("pk") if subjects else Record.objects.none()
    for subject, pk, event, at in rows.values_list("subject", "pk", "event", "occurred_at"):
        lines.setdefault(subject, []).append(_Line(pk, event, at))
    return lines


def _choose(lines: Sequence[_Line], sought: Sought, at: datetime | None) -> _Line | None:
    past = [line for line in lines if at is None or line.at <= at]
    fitting = [line for line in past if line.event in sought.events]
    if sought.turn:
        return fitting[sought.turn - 1] if len(fitting) >= sought.turn else None
    if fitting:
        return fitting[-1]
    return past[-1] if past and sought.or_any else None


def recorded(keys: Iterable[int], numbers: Iterable[int] = ()) -> dict[int, Recorded]:
    """Return records by their key: those with these keys or numbers, and the grants of their memberships.

    Seven queries for any number of them: four for records and texts, one for names, two for authority.
    """
    wanted = list(numbers)
    numbered = Leaf.objects.filter(number__in=wanted).values_list("record_id", flat=True) if wanted else ()
    rows = _read(Q(pk__in={*keys, *numbered}))
    held = {body["authority"]["membership"] for body in map(_body, rows.values())} - {None}
    rows |= _read(Q(subject__in=[f"membership:{pk}" for pk in sorted(held)], event__in=GRANTS))
    pseudonyms = {row.pseudonym for row in rows.values()}
    people = people_behind(pseudonyms)
    names, authorities = named(pseudonyms, people), authority_of(rows.values(), people=people)
    return {pk: _recorded(row, names, authorities[pk]) for pk, row in rows.items()}


def _read(these: Q) -> dict[int, Record]:
    rows = Record.objects.filter(these).select_related("leaf").prefetch_related("annexes")
    return {row.pk: row for row in rows.order_by("pk")}


def _body(row: Record) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(bytes(row.body))
    return body


def _recorded(row: Record, names: Mapping[str, str], authority: Exercised) -> Recorded:
    body, annexes, leaf = _body(row), list(row.annexes.all()), getattr(row, "leaf", None)
    texts = {annex.field: annex.text for annex in annexes}
    matches = leaf is None or leaf_hash(bytes(row.body)).hex() == leaf.leaf_hash  # one that waits has no leaf yet
    return Recorded(
        pk=row.pk,
        number=leaf.number if leaf else None,
        event=row.event,
        subject=row.subject,
        at=row.occurred_at,
        leaf=leaf.leaf_hash if leaf else "",
        actor=names[row.pseudonym],
        role=body["actor"]["role"] or "",
        authority=authority,
        title=_title(row, texts),
        kind=_kind(row, body),
        reason=texts.get("rationale", ""),
        after_hash=body["subject"]["after_hash"] or "",
        evidence=frozenset(f"evidence:{item['id']}@{item['version']}" for item in body["evidence"]),
        is_true=matches and not altered(body, annexes),
    )


def _title(row: Record, texts: Mapping[str, str]) -> str:
    after = json.loads(texts.get("after") or "{}")
    kind, _colon, code = row.subject.partition(":")
    label = f"{words.kind_label(kind).lower()} {code}" if kind in NUMBERED else words.subject_label(row.subject)
    return f"{words.verb_of(row.event, after)} {label}"


def _kind(row: Record, body: Mapping[str, Any]) -> str:
    if row.event in APPROVALS or body["approvals"]:
        return "approval"
    return "decision" if body["decision"]["mode"] else "record"
