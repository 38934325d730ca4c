"""Breadth-first through the edges that providers tell, by layers: queries grow with depth, never with rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from trace.lineage.shapes import Asked, Edge, Reach

Tell = Callable[[Asked], Iterable[Edge]]
Step = tuple[str, Edge]


@dataclass(slots=True)
class Walked:
    """Where a walk came: distances by reference, the edges it took, what it reached frozen only, what it left out."""

    distances: dict[str, int]
    is_asked: bool = True
    edges: list[Edge] = field(default_factory=list)
    frozen: dict[str, Edge] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    is_cut: bool = False

    @property
    def refs(self) -> tuple[str, ...]:
        """What was reached besides the subject, in order of distance."""
        found = [ref for ref, distance in self.distances.items() if distance]
        return tuple(sorted(found, key=lambda ref: (self.distances[ref], ref)))


def walk(subject: str, tells: Iterable[Tell], *, backwards: bool, depth: int, limit: int) -> Walked:
    """Walk from the subject until `depth` layers are done or `limit` references are reached; the rest is counted."""
    told = list(tells)
    walked = Walked({subject: 0}, is_asked=bool(told))
    done: set[str] = set()
    frontier = [subject] if told else []
    for distance in range(1, depth + 1):
        if not frontier:
            break
        done |= set(frontier)
        asked = Asked(by_kind(frontier), is_subject=distance == 1)
        edges = dict.fromkeys(edge for tell in told for edge in tell(asked))
        steps = list(_steps(edges, set(frontier), subject, backwards=backwards))
        _take(walked, steps, distance, limit, backwards=backwards)
        on = {end for end, edge in steps if _goes_on(edge, backwards=backwards)}
        frontier = sorted(on - done - walked.left_out)
    walked.is_cut = bool(frontier)
    return walked


def by_kind(refs: Iterable[str]) -> Mapping[str, list[str]]:
    """Group references by their kind, as providers are asked."""
    grouped: dict[str, list[str]] = {}
    for ref in refs:
        kind, _colon, code = ref.partition(":")
        grouped.setdefault(kind, []).append(code)
    return grouped


def _steps(edges: Iterable[Edge], frontier: set[str], subject: str, *, backwards: bool) -> Iterable[Step]:
    """Choose the edges that lead on from the layer: those that lean both ways only from the subject."""
    for edge in edges:
        start, end = (edge.source, edge.target) if backwards else (edge.target, edge.source)
        is_open = edge.reach is Reach.THROUGH or (backwards and edge.reach is Reach.FROZEN)
        if start in frontier and end != subject and (is_open or start == subject):
            yield end, edge


def _goes_on(edge: Edge, *, backwards: bool) -> bool:
    return edge.reach is Reach.THROUGH or (edge.reach is Reach.FROZEN and not backwards)


def _take(walked: Walked, steps: Iterable[Step], distance: int, limit: int, *, backwards: bool) -> None:
    """Take in what a layer leads to, as far as there is room."""
    for end, edge in sorted(steps, key=lambda step: (step[0], step[1].source, step[1].relation)):
        is_frozen = backwards and edge.reach is Reach.FROZEN
        if end not in walked.distances:
            if len(walked.distances) > limit:
                walked.left_out.add(end)
                continue
            walked.distances[end] = distance
            if is_frozen:
                walked.frozen[end] = edge
        if not is_frozen:
            walked.frozen.pop(end, None)
        walked.edges.append(edge)
