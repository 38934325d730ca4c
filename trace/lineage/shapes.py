"""The graph of lineage: nodes with their records, edges from what depends to what it depends on, and providers."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from aims.authority import Exercised

OK, PENDING, GAP, PAST = "ok", "pending", "gap", "past"
Codes = Mapping[str, Collection[str]]


class Reach(StrEnum):
    """How far a walk goes along an edge."""

    THROUGH = "through"  # both ways, and on from there
    FROZEN = "frozen"  # the source kept its target as it was: back it is shown and ends, forward only from the subject
    BESIDE = "beside"  # both ends lean on each other, or one follows the other: shown beside the subject, never walked


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` rests on `target`; `note` tells a target as it was then, and `at` when a frozen source kept it."""

    source: str
    target: str
    relation: str
    reach: Reach = Reach.THROUGH
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """Which record tells of a node: the newest about `subject` among `events`, else (`or_any`) the newest at all.

    `turn` counts among those events instead, from 1, where each of them made a version of its own. A record that
    `freezes` names the hash of what the node froze; there must be one.
    """

    subject: str
    relation: str = "recorded_in"
    events: frozenset[str] = frozenset()
    or_any: bool = True
    turn: int = 0
    freezes: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record of the chain as a node carries it, recomputed: `is_true` says that body and texts match the leaf."""

    pk: int
    number: int | None
    event: str
    subject: str
    at: datetime
    leaf: str
    actor: str
    role: str
    authority: Exercised
    title: str
    kind: str
    reason: str
    after_hash: str
    evidence: frozenset[str]
    is_true: bool

    @property
    def ref(self) -> str:
        """Its reference, once it has a number."""
        return f"record:{self.number}" if self.number else ""


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of the lineage: `artefact` is the digest of what it froze, `sought` leads to the records about it.

    `gaps` say where its own thread is broken, `facts` what a page prints of it beside `note`, and `address` where it
    is read when its reference alone does not say.
    """

    ref: str
    kind: str
    code: str
    title: str
    note: str = ""
    state: str = OK
    address: str = ""
    artefact: str = ""
    is_intact: bool = True
    gaps: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    sought: tuple[Sought, ...] = ()
    records: tuple[Recorded, ...] = ()

    @property
    def record(self) -> Recorded | None:
        """The newest record that is relevant to it."""
        return self.records[0] if self.records else None

    @property
    def hash(self) -> str:
        """What stands for it in the chain: the digest of what it froze, else the leaf of its record."""
        return self.artefact or (self.record.leaf if self.record else "")


@dataclass(frozen=True, slots=True)
class Asked:
    """References by kind that a walk has reached; `is_subject` while it stands at the one that was asked for."""

    codes: Codes
    is_subject: bool = False

    def of(self, kind: str) -> Collection[str]:
        """The codes of one kind."""
        return self.codes.get(kind, ())


@dataclass(frozen=True, slots=True)
class Lens:
    """What was asked for, where, and on which day."""

    subject: str
    slug: str
    today: date


def _nothing(_asked: Asked) -> Iterable[Edge]:
    return ()


def _as_it_is(kind: str, code: str) -> str:
    return f"{kind}:{code}"


@dataclass(frozen=True, slots=True)
class Provider:
    """What a room tells of lineage, set-wise: each function takes many references and makes a fixed number of queries.

    `describe` returns the nodes that exist among those asked. `back` returns edges whose sources are asked, `forward`
    edges whose targets are; either may lead to kinds of other rooms. `resolve` makes a short reference a full one.
    """

    kinds: frozenset[str]
    describe: Callable[[Asked, Lens], Iterable[Node]]
    back: Callable[[Asked], Iterable[Edge]] = _nothing
    forward: Callable[[Asked], Iterable[Edge]] = _nothing
    resolve: Callable[[str, str], str] = _as_it_is


@dataclass(frozen=True, slots=True)
class Gap:
    """Where the thread is broken, in words."""

    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """The answer: what the subject rests on (`back`) and what rests on it (`forward`), each in order of distance.

    `matching` of `hashes` are as recomputed; `left_out` counts what a limit cut off, `is_cut` says that depth did.
    """

    subject: str
    aims: str
    size: int
    root: str
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    back: tuple[str, ...]
    forward: tuple[str, ...]
    gaps: tuple[Gap, ...]
    left_out: int
    is_cut: bool

    @property
    def node(self) -> Node:
        """The subject itself."""
        return self.nodes[self.subject]

    @property
    def _checked(self) -> tuple[bool, ...]:
        """Every hash that was recomputed: leaves of numbered records, each once, and digests of frozen things."""
        records = {record.pk: record for node in self.nodes.values() for record in node.records if record.number}
        artefacts = (node.is_intact for node in self.nodes.values() if node.artefact)
        return (*(record.is_true for record in records.values()), *artefacts)

    @property
    def hashes(self) -> int:
        """How many hashes were recomputed."""
        return len(self._checked)

    @property
    def matching(self) -> int:
        """How many of them are as recorded."""
        return sum(self._checked)
