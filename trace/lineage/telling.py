"""Lineage as plain data, the stable shape of the API and the command, and as indented text for a terminal."""

from collections.abc import Iterator
from typing import Any

from ledger.actions.record import instant
from trace.lineage.shapes import Lineage, Node, Recorded
from trace.words import thin


def as_data(lineage: Lineage) -> dict[str, Any]:
    """Return the answer as JSON holds it."""
    return {
        "subject": lineage.subject,
        "aims": lineage.aims,
        "as_recorded": {"size": lineage.size, "root": lineage.root},
        "nodes": [_node(lineage.nodes[ref]) for ref in _order(lineage)],
        "edges": [
            {"from": edge.source, "to": edge.target, "relation": edge.relation, "note": edge.note}
            for edge in lineage.edges
        ],
        "back": list(lineage.back),
        "forward": list(lineage.forward),
        "gaps": [{"ref": gap.ref, "text": gap.text} for gap in lineage.gaps],
        "hashes": {"checked": lineage.hashes, "matching": lineage.matching},
        "left_out": lineage.left_out,
        "is_cut": lineage.is_cut,
    }


def _order(lineage: Lineage) -> tuple[str, ...]:
    return tuple(dict.fromkeys((lineage.subject, *lineage.back, *lineage.forward)))


def _node(node: Node) -> dict[str, Any]:
    names = ("ref", "kind", "code", "title", "note", "state", "hash")
    return {name: getattr(node, name) for name in names} | {"record": _record(node.record) if node.record else None}


def _record(record: Recorded) -> dict[str, Any]:
    held = record.authority
    return {
        "number": record.number,
        "event": record.event,
        "at": instant(record.at),
        "leaf": record.leaf,
        "actor": record.actor,
        "role": record.role,
        "reason": record.reason,
        "authority": {
            "membership": f"membership:{held.membership}" if held.membership is not None else None,
            "role": held.label,
            "scope": held.scope,
            "granted_by": held.granted_by,
            "granted_in": held.granted_in,
            "expires": instant(held.expires) if held.expires else None,
            "valid_then": held.valid_then,
            "words": held.words,
        },
    }


def as_text(lineage: Lineage) -> Iterator[str]:
    """Return the answer line by line: the verdict, the gaps, and both ways as trees."""
    node = lineage.node
    yield f"{node.ref}  {node.title}" + (f", {node.note}" if node.note else "")
    yield from (f"    {line}" for line in _proof(node))
    yield f"As recorded: {thin(lineage.size)} records, root {lineage.root[:16]}"
    yield f"{lineage.matching} of {lineage.hashes} hashes match"
    yield from (f"Gap  {gap.ref}  {gap.text}" for gap in lineage.gaps)
    yield from _tree(lineage, lineage.back, "Rests on", backwards=True)
    yield from _tree(lineage, lineage.forward, "What depends on it", backwards=False)
    if lineage.left_out:
        yield f"and at least {thin(lineage.left_out)} more"
    if lineage.is_cut:
        yield "There may be more beyond this depth."


def _tree(lineage: Lineage, refs: tuple[str, ...], heading: str, *, backwards: bool) -> Iterator[str]:
    """Print each thing once, below the nearest thing that leads to it."""
    place = {ref: number for number, ref in enumerate((lineage.subject, *refs))}
    above: dict[str, tuple[int, str, str]] = {}
    for edge in lineage.edges:
        start, end = (edge.source, edge.target) if backwards else (edge.target, edge.source)
        if start in place and end in place and place[start] < place[end]:
            above[end] = min(above.get(end, (len(place), "", "")), (place[start], start, edge.relation))
    lines = list(_below(lineage, lineage.subject, above, refs, 1))
    yield from (f"\n{heading}", *lines) if lines else ()


def _below(
    lineage: Lineage, parent: str, above: dict[str, tuple[int, str, str]], refs: tuple[str, ...], depth: int
) -> Iterator[str]:
    """Records stand with what they tell of; as lines of their own only where the subject is one, or a role."""
    for ref in refs:
        if ref in above and above[ref][1] == parent and not _is_told_above(ref, lineage.nodes[parent]):
            node, indent = lineage.nodes[ref], "  " * depth
            mark = "" if node.state == "ok" else f"  [{node.state}]"
            yield f"{indent}{above[ref][2]}  {ref}  {', '.join(part for part in (node.title, node.note) if part)}{mark}"
            yield from (f"{indent}    {line}" for line in _proof(node))
            yield from _below(lineage, ref, above, refs, depth + 1)


def _is_told_above(ref: str, parent: Node) -> bool:
    return any(record.ref == ref for record in parent.records)


def _proof(node: Node) -> Iterator[str]:
    for record in node.records:
        number = f"#{thin(record.number)}" if record.number else "no number yet"
        done = f"{record.title}, {record.actor}, {record.at:%Y-%m-%d %H:%M} UTC"
        yield f"{number} {record.leaf[:12]} {done}: {record.authority.words}"
