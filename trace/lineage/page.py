"""The page of a lineage: verdict, map, trail and what depends on it, as finished strings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.safestring import SafeString

from aims.models import Aims
from soa.diff import FieldDiff
from trace import ports
from trace.lineage.drawing import drawn
from trace.lineage.drift import drift_of
from trace.lineage.map import GLYPHS, state_label
from trace.lineage.shapes import GAP, OK, PENDING, Lineage, Node, Recorded
from trace.lineage.wording import Group, group_of, in_order, kind_words, leaning, natural

TONES = {"ok": "ok", "pending": "info", "gap": "bad", "past": "none"}
UNCODED = ("criteria", "scope", "membership", "milestone")
MOST = 12
RECORDS = ("approval", "decision", "record")


@dataclass(frozen=True, slots=True)
class Proof:
    """A record as the trail tells it; `address` leads to its page, where the leaf is recomputed and proved."""

    number: int | None
    leaf: str
    address: str
    is_true: bool
    title: str
    who: str
    at: datetime
    reason: str
    words: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of the trail."""

    anchor: str
    code: str
    title: str
    note: str
    address: str
    trace: str
    glyph: str
    tone: str
    state: str
    digest: str
    is_intact: bool
    proofs: tuple[Proof, ...]
    leans: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One group of the trail; what goes beyond the first rows stands folded."""

    anchor: str
    heading: str
    state: str
    rows: tuple[Row, ...]
    folded: tuple[Row, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.rows) + len(self.folded)


@dataclass(frozen=True, slots=True)
class Broken:
    """A gap, and where the trail tells of it."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page prints."""

    lineage: Lineage
    subject: Row
    kind: str
    facts: tuple[tuple[str, str], ...]
    gaps: tuple[Broken, ...]
    first_record: int
    last_record: int
    map: SafeString
    draft: int
    diffs: tuple[FieldDiff, ...]
    base: str
    steps: tuple[Step, ...]
    depends: tuple[Step, ...]
    state: str


def page_of(lineage: Lineage, aims: Aims) -> Page:
    """Return the page of a lineage; for a control three more queries tell what changed in the draft."""
    teller = _Teller(lineage, ZoneInfo(aims.time_zone))
    kind, _colon, code = lineage.subject.partition(":")
    drift = drift_of([code]) if kind == "entry" else None
    numbers = sorted({record.number for node in lineage.nodes.values() for record in node.records if record.number})
    return Page(
        lineage=lineage,
        subject=teller.row(lineage.node),
        kind=kind_words(lineage.node.kind),
        facts=lineage.node.facts,
        gaps=tuple(Broken(gap.text, teller.anchor_of(gap.ref)) for gap in lineage.gaps),
        first_record=numbers[0] if numbers else 0,
        last_record=numbers[-1] if numbers else 0,
        map=drawn(lineage, teller.anchor_of),
        draft=drift.number if drift and drift.changed else 0,
        diffs=drift.changed.get(code, ()) if drift and drift.base else (),
        base=drift.base.ref_code if drift and drift.base else "",
        steps=tuple(teller.steps()),
        depends=tuple(teller.depends()),
        state=lineage.node.state,
    )


def trace_address(slug: str, ref: str) -> str:
    """Return the page of a lineage."""
    return f"{reverse('trace:lineage', args=[slug])}?subject={quote(ref, safe=':@./')}"


@dataclass
class _Teller:
    """Tells the nodes of one lineage in the organisation's time."""

    lineage: Lineage
    zone: ZoneInfo

    @cached_property
    def _leading(self) -> Mapping[str, str]:
        """How each thing that leans on the subject directly does so."""
        return {edge.source: edge.relation for edge in self.lineage.edges if edge.target == self.lineage.subject}

    def steps(self) -> Iterable[Step]:
        """The trail behind the subject, group by group; a control's versions stand at its head."""
        nodes = [self.lineage.nodes[ref] for ref in self.lineage.back]
        if self.lineage.node.kind == "entry":
            nodes += [node for node in self._in_front if node.kind in ("version", "statement")]
        is_chain = self.lineage.node.kind in (*RECORDS, "membership")
        yield from self._grouped((node for node in nodes if is_chain or node.kind != "record"), "step")

    def depends(self) -> Iterable[Step]:
        """What leans on the subject, group by group."""
        return self._grouped(self._in_front, "on")

    @property
    def _in_front(self) -> list[Node]:
        return [self.lineage.nodes[ref] for ref in self.lineage.forward]

    def _grouped(self, nodes: Iterable[Node], prefix: str) -> Iterable[Step]:
        found: dict[str, tuple[Group, list[Node]]] = {}
        for node in nodes:
            group = group_of(node.kind)
            found.setdefault(group.name, (group, []))[1].append(node)
        for name in in_order(found):
            group, held = found[name]
            held.sort(key=lambda node: (node.kind == "statement", natural(node.code)), reverse=name == "version")
            rows = tuple(self.row(node, prefix=prefix) for node in held)
            yield Step(f"{prefix}-{group.name}", group.heading, _worst(held), rows[:MOST], rows[MOST:])

    def row(self, node: Node, prefix: str = "step") -> Row:
        """Tell one thing."""
        slug = self.lineage.aims
        return Row(
            anchor=self.anchor_of(node.ref) if prefix == "step" else "",
            code=f"#{node.code}" if node.kind in RECORDS else node.ref if node.kind in UNCODED else node.code,
            title=node.title,
            note="" if node.kind in RECORDS else node.note,
            address=_page(slug, node),
            trace=trace_address(slug, node.ref),
            glyph="done" if node.kind == "membership" and node.state == OK else GLYPHS[node.state],
            tone=TONES[node.state],
            state=state_label(node.state),
            digest=node.artefact,
            is_intact=node.is_intact,
            proofs=tuple(self._proof(record) for record in node.records),
            leans=leaning(self._leading[node.ref]) if node.ref in self._leading else "",
        )

    def anchor_of(self, ref: str) -> str:
        """Where the trail tells of a thing."""
        return "step-subject" if ref == self.lineage.subject else f"at-{re.sub(r'[^a-z0-9]+', '-', ref.lower())}"

    def _proof(self, record: Recorded) -> Proof:
        address = reverse("trace:record", args=[self.lineage.aims, record.number]) if record.number else ""
        return Proof(
            number=record.number,
            leaf=record.leaf,
            address=address,
            is_true=record.is_true,
            title=record.title,
            who=record.actor,
            at=record.at.astimezone(self.zone),
            reason=record.reason,
            words=record.authority.words,
            is_valid=record.authority.valid_then,
        )


def _page(slug: str, node: Node) -> str:
    if node.ref.startswith("record:"):
        return reverse("trace:record", args=[slug, int(node.ref.removeprefix("record:"))])
    return node.address or ports.address_of(slug, node.ref)


def _worst(nodes: Iterable[Node]) -> str:
    states = {node.state for node in nodes}
    return next((state for state in (GAP, PENDING) if state in states), OK)
