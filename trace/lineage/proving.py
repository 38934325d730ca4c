"""From what the walks found to the answer: records attached, hashes compared, gaps named."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from ledger.models import Log
from trace.lineage.authorities import Authorities, Told, record_node
from trace.lineage.records import Chosen, Seeking, chosen, recorded
from trace.lineage.shapes import GAP, Gap, Lens, Lineage, Node, Recorded
from trace.lineage.walk import Walked
from trace.words import thin

Describe = Callable[[Iterable[str]], Mapping[str, Node]]


@dataclass(frozen=True, slots=True)
class Found:
    """What the walks found, before its records are read."""

    lens: Lens
    back: Walked
    forward: Walked
    nodes: Mapping[str, Node]


def proved(found: Found, describe: Describe) -> Lineage:
    """Attach the chain to what was found: eleven queries, and one round of descriptions for memberships."""
    reached = {**found.back.distances, **found.forward.distances}
    nodes = {ref: _as_it_was(ref, found) for ref in reached}
    choices, read = _records(nodes, found.back)
    told = _told(choices, read, nodes)
    nodes = {ref: _with_records(node, told.get(ref, ())) for ref, node in nodes.items()}
    behind = Authorities.behind(found.back.distances, told, read.values())
    nodes = _attached(behind, describe) | nodes
    gaps = tuple(_gaps(nodes, (*behind.in_order, *reached), found.back.distances))
    return _answer(found, _marked(nodes, gaps), behind, gaps)


def _as_it_was(ref: str, found: Found) -> Node:
    """A node as it is, or as the frozen thing that named it kept it: what is true of it today is no gap of that."""
    node, edge = found.nodes.get(ref) or _missing(ref), found.back.frozen.get(ref)
    return replace(node, note=edge.note or node.note, gaps=()) if edge else node


def _missing(ref: str) -> Node:
    kind, _colon, code = ref.partition(":")
    gap = _("%(ref)s is named and is not here.") % {"ref": ref}
    return Node(ref, kind, code, "", _("not found here"), gaps=(gap,))


def _records(nodes: Mapping[str, Node], back: Walked) -> tuple[list[Chosen], dict[int, Recorded]]:
    kept = {ref: edge.at for ref, edge in back.frozen.items()}
    choices = chosen(Seeking(ref, one, kept.get(ref)) for ref, node in nodes.items() for one in node.sought)
    numbers = [int(ref.removeprefix("record:")) for ref in nodes if ref.startswith("record:")]
    return choices, recorded({choice.pk for choice in choices}, numbers)


def _told(choices: Iterable[Chosen], read: Mapping[int, Recorded], nodes: Mapping[str, Node]) -> Told:
    """Group records by the node they tell of; one that should name a version and does not is left out."""
    told: dict[str, tuple[tuple[str, Recorded], ...]] = {}
    for choice in choices:
        record = read[choice.pk]
        if not choice.sought.turn or choice.ref in record.evidence:
            told[choice.ref] = (*told.get(choice.ref, ()), (choice.sought.relation, record))
    return told | {record.ref: (("", record),) for record in read.values() if record.ref in nodes}


def _with_records(node: Node, told: Iterable[tuple[str, Recorded]]) -> Node:
    records = tuple(record for _relation, record in told)
    if node.ref.startswith("record:") and records:
        return record_node(records[0])
    if not node.artefact:
        return replace(node, records=records)
    freezing = {one.relation for one in node.sought if one.freezes}
    named = [record.after_hash for relation, record in told if relation in freezing]
    missing = () if named else (_("No record of the chain names what %(code)s froze.") % {"code": node.code},)
    is_intact = node.is_intact and all(name == node.artefact for name in named)
    return replace(node, records=records, is_intact=is_intact, gaps=(*node.gaps, *missing))


def _attached(behind: Authorities, describe: Describe) -> dict[str, Node]:
    """Nodes for the records and memberships that stand behind others."""
    nodes = {ref: record_node(record) for ref, record in behind.records.items()}
    for ref, node in describe(behind.memberships).items():
        grant = behind.grant_of(ref)
        nodes[ref] = replace(node, records=(grant,) if grant else ())
    return nodes | {ref: _missing(ref) for ref in behind.memberships if ref not in nodes}


def _gaps(nodes: Mapping[str, Node], refs: Iterable[str], behind: Iterable[str]) -> Iterator[Gap]:
    """Name what is broken: behind the subject everything, before it only what the chain contradicts; each once."""
    is_behind, seen = set(behind), set[int]()
    for ref in dict.fromkeys(refs):
        node = nodes[ref]
        texts = list(node.gaps) if ref in is_behind else []
        if not node.is_intact:
            texts.append(_("What %(code)s froze does not match its digest.") % {"code": node.code})
        for record in node.records:
            if record.pk not in seen:
                texts += _faults(record)
                seen.add(record.pk)
        yield from (Gap(ref, text) for text in texts)


def _faults(record: Recorded) -> Iterator[str]:
    name = (
        _("Record #%(number)s") % {"number": thin(record.number)} if record.number else _("A record without a number")
    )
    if not record.is_true:
        yield _("%(record)s does not match its leaf: it was changed after it was recorded.") % {"record": name}
    if not record.authority.valid_then:
        about = {"record": name, "title": record.title, "who": record.actor, "words": record.authority.words}
        yield _("%(record)s, %(title)s by %(who)s: %(words)s.") % about


def _marked(nodes: Mapping[str, Node], gaps: Iterable[Gap]) -> dict[str, Node]:
    broken = {gap.ref for gap in gaps}
    return {ref: replace(node, state=GAP) if ref in broken else node for ref, node in nodes.items()}


def _answer(found: Found, nodes: Mapping[str, Node], behind: Authorities, gaps: tuple[Gap, ...]) -> Lineage:
    log = Log.objects.first()
    edges = {*found.back.edges, *found.forward.edges, *behind.edges}
    return Lineage(
        subject=found.lens.subject,
        aims=found.lens.slug,
        size=log.size if log else 0,
        root=log.root if log else "",
        nodes=nodes,
        edges=tuple(sorted(edges, key=lambda edge: (edge.source, edge.target, edge.relation))),
        back=behind.in_order[1:] if found.back.is_asked else (),
        forward=found.forward.refs,
        gaps=gaps,
        left_out=len(found.back.left_out | found.forward.left_out),
        is_cut=found.back.is_cut or found.forward.is_cut,
    )
