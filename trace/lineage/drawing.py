"""From a lineage to the columns and lines of its map: what is worth drawing, the trail tells the rest."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from trace.lineage.authorities import record_node
from trace.lineage.layout import Line
from trace.lineage.map import Box, Column, lineage_map
from trace.lineage.shapes import GAP, OK, PAST, PENDING, Edge, Lineage, Node
from trace.lineage.wording import Group, group_of, in_order, kind_words, natural

WIDEST = 6
APPROVED = ("approval", "decision")
UNDRAWN = ("record", "authority")
APPROVALS = "step-approval"


def drawn(lineage: Lineage, anchor_of: Callable[[str], str]) -> SafeString:
    """Draw the subject, everything behind it, and what leans on it directly."""
    approvals = _approvals(lineage)
    nodes = {node.ref: node for node in (*_drawn_nodes(lineage), *approvals.values())}
    lines = [Line(edge.source, edge.target, _state(edge, lineage)) for edge in _drawn_edges(lineage)]
    lines += [Line(version, record.ref) for version, record in approvals.items()]
    columns = [_column(group, held, lineage, anchor_of) for group, held in _columns(nodes.values(), lineage.node)]
    columns = list(_with_approvals_of_the_shown(columns, lines))
    about = {"code": lineage.node.code, "columns": ", ".join(column.heading for column in columns)}
    return lineage_map(columns, lines, label=_("Map of the trace of %(code)s: %(columns)s") % about)


def _drawn_nodes(lineage: Lineage) -> Iterator[Node]:
    leaning = {edge.source for edge in lineage.edges if edge.target == lineage.subject}
    yield lineage.node
    for ref in lineage.back:
        yield lineage.nodes[ref]
    for ref in lineage.forward:
        node = lineage.nodes[ref]
        if ref not in lineage.back and ref in leaning and node.state != PAST:
            yield node


def _approvals(lineage: Lineage) -> dict[str, Node]:
    """The approvals of versions in force that froze the subject: a row is approved with its version."""
    held = ((ref, lineage.nodes[ref]) for ref in lineage.forward if lineage.node.kind == "entry")
    return {
        ref: record_node(node.record)
        for ref, node in held
        if node.kind == "version" and node.state == OK and node.record and node.record.ref
    }


def _columns(nodes: Iterable[Node], subject: Node) -> list[tuple[Group, list[Node]]]:
    """The subject stands alone at the left; of more columns than fit, reasons are left to the trail."""
    found: dict[str, tuple[Group, list[Node]]] = {}
    for node in nodes:
        group = group_of(node.kind)
        if node is not subject and group.name not in UNDRAWN:
            found.setdefault(group.name, (group, []))[1].append(node)
    names = in_order(found)
    if len(names) >= WIDEST and "reason" in names:
        names.remove("reason")
    head = Group("subject", kind_words(subject.kind), frozenset())
    return [(head, [subject]), *(found[name] for name in names)]


def _with_approvals_of_the_shown(columns: Sequence[Column], lines: Iterable[Line]) -> Iterator[Column]:
    """Approvals of things that are not drawn are left to the trail too."""
    shown = {box.key for column in columns if column.step != APPROVALS for box in column.shown}
    told = {line.end for line in lines if line.start in shown}
    for column in columns:
        boxes = tuple(box for box in column.boxes if column.step != APPROVALS or box.key in told)
        if boxes:
            yield replace(column, boxes=boxes)


def _column(group: Group, nodes: Iterable[Node], lineage: Lineage, anchor_of: Callable[[str], str]) -> Column:
    ordered = sorted(nodes, key=lambda node: (node.state != GAP, node.state == PAST, natural(node.code)))
    boxes = tuple(_box(node, lineage, f"#{anchor_of(node.ref)}") for node in ordered)
    return Column(group.heading, boxes, f"step-{group.name}")


def _box(node: Node, lineage: Lineage, address: str) -> Box:
    code, title, note = node.code, node.title, node.note
    if node.kind in APPROVED and node.record:
        code, title = f"#{code}", node.record.actor
        note = f"{node.record.at.day} {node.record.at:%b}, {node.record.title}"
    if node.kind == "version":
        title = _as_it_froze(node, lineage) or title
    if node.kind == "statement":
        title = lineage.node.note
    return Box(node.ref, code, title, note, node.hash, node.state, address)


def _as_it_froze(version: Node, lineage: Lineage) -> str:
    """How the subject stood in a version that froze it."""
    held = (edge.note for edge in lineage.edges if (edge.source, edge.target) == (version.ref, lineage.subject))
    return next(held, "")


def _drawn_edges(lineage: Lineage) -> Iterator[Edge]:
    """One line a pair; that a row rests on the assessment of its system is seen through the system."""
    seen = set()
    judging = {edge.source for edge in lineage.edges if edge.relation == "assesses"}
    for edge in lineage.edges:
        is_seen_through = edge.relation == "assessed_by" and edge.target in judging and edge.target != lineage.subject
        pair = frozenset((edge.source, edge.target))
        if pair not in seen and not is_seen_through:
            seen.add(pair)
            yield edge


def _state(edge: Edge, lineage: Lineage) -> str:
    """A line is broken where a judgement or a proof is of another version than the one in use."""
    source, target = lineage.nodes[edge.source], lineage.nodes[edge.target]
    in_use = target.note.partition(",")[0]
    if (
        target.kind == "system"
        and target.state == GAP
        and edge.note
        and edge.note != in_use
        and source.kind != "version"
    ):
        return GAP
    return PENDING if PENDING in (source.state, target.state) else OK
