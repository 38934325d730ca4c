"""Records themselves in the lineage: what a decision was about, and what was done under an authority."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from aims.models import Membership
from evidence.models import EvidenceVersion
from ledger.models import Leaf, Record
from trace import ports
from trace.lineage.records import RELATIONS
from trace.lineage.refs import numbers
from trace.lineage.shapes import Asked, Edge, Lens, Node, Provider, Reach

UNDER = (*RELATIONS, "soa.system_decided", "system.scope_said")


def _leaves(asked: Asked) -> list[Leaf]:
    wanted = numbers(asked.of("record"))
    rows = Leaf.objects.filter(number__in=wanted) if wanted else Leaf.objects.none()
    return list(rows.select_related("record").order_by("number"))


def describe(asked: Asked, _lens: Lens) -> Iterator[Node]:
    """One query; the record itself is read with those of all nodes."""
    for leaf in _leaves(asked):
        yield Node(f"record:{leaf.number}", "record", str(leaf.number), leaf.record.event)


def back(asked: Asked) -> Iterator[Edge]:
    """Three queries: what a record is about, walked on from while it is the newest of its kind, and what it names."""
    leaves = _leaves(asked)
    newest = _newest(leaf.record for leaf in leaves)
    for leaf, (ref, body) in zip(leaves, _subjects(leaf.record for leaf in leaves), strict=True):
        named = {f"evidence:{item['id']}@{item['version']}" for item in body["evidence"]}
        for other in named - {ref}:
            yield Edge(f"record:{leaf.number}", other, "names")
        if ref:
            reach = Reach.THROUGH if leaf.record_id in newest else Reach.BESIDE
            yield Edge(f"record:{leaf.number}", ref, "about", reach)


def forward(asked: Asked) -> Iterator[Edge]:
    """Five queries: what rests on a record while it is the newest of its kind, and what was done under memberships."""
    leaves = _leaves(asked)
    newest = _newest(leaf.record for leaf in leaves)
    for leaf, (ref, _body) in zip(leaves, _subjects(leaf.record for leaf in leaves), strict=True):
        if ref and leaf.record_id in newest:
            yield Edge(ref, f"record:{leaf.number}", RELATIONS.get(leaf.record.event, "recorded_in"))
    if keys := numbers(asked.of("membership")):
        yield from _done_under(keys)


def _newest(records: Iterable[Record]) -> set[int]:
    """The keys of those records that no later one of the same subject and event follows."""
    rows = list(records)
    if not rows:
        return set()
    later = Record.objects.filter(subject__in={row.subject for row in rows}, event__in={row.event for row in rows})
    last = {(subject, event): pk for pk, subject, event in later.order_by("pk").values_list("pk", "subject", "event")}
    return {row.pk for row in rows if last[row.subject, row.event] == row.pk}


def _subjects(records: Iterable[Record]) -> list[tuple[str, dict[str, Any]]]:
    """Each record's body with the reference it is about, an item of evidence by its version; no kind, no reference."""
    rows = [(row, json.loads(bytes(row.body))) for row in records]
    items = {row.subject.partition(":")[2] for row, _body in rows if row.subject.startswith("evidence:")}
    versions = EvidenceVersion.objects.filter(evidence__code__in=items).order_by("number")
    newest = dict(versions.values_list("evidence__code", "number")) if items else {}
    return [(_subject(row.subject, body, newest), body) for row, body in rows]


def _subject(ref: str, body: dict[str, Any], newest: dict[str, int]) -> str:
    kind, _colon, code = ref.partition(":")
    if not any(kind in provider.kinds for provider in ports.lineage_providers()):
        return ""
    if kind != "evidence":
        return ref
    number = next((item["version"] for item in body["evidence"]), newest.get(code))
    return f"evidence:{code}@{number}" if number else ref


def _done_under(keys: set[int]) -> Iterator[Edge]:
    """Decisions and deliveries under these memberships; a token's acts stand under its own name and are not told."""
    people = Membership.objects.filter(pk__in=keys).values_list("user__pseudonym", flat=True)
    rows = Record.objects.filter(pseudonym__in=list(people), event__in=UNDER, leaf__isnull=False).select_related("leaf")
    for row in rows.order_by("pk"):
        membership = json.loads(bytes(row.body))["authority"]["membership"]
        if membership in keys:
            yield Edge(f"record:{row.leaf.number}", f"membership:{membership}", "acted_under")


CHAIN = Provider(frozenset({"record"}), describe, back, forward)
