"""Changes in the lineage: the system they change, what met their demands, and what their owner said they touch."""

from collections.abc import Iterable, Iterator

from django.db.models import F, Q, Value
from django.utils.translation import gettext as _

from changes.models import ChangeRecord, ChangeState, Demand, Effect, Touched
from changes.queries.listing import mark_of
from trace.lineage.records import seek
from trace.lineage.refs import day
from trace.lineage.shapes import GAP, OK, PAST, PENDING, Asked, Edge, Lens, Node, Provider, Reach

STATES = {
    ChangeState.OPEN: PENDING,
    ChangeState.UNDER_TEST: PENDING,
    ChangeState.REFUSED: PAST,
    ChangeState.WITHDRAWN: PAST,
}


def describe(asked: Asked, lens: Lens) -> Iterator[Node]:
    """One query."""
    codes = asked.of("change")
    rows = ChangeRecord.objects.filter(code__in=codes).select_related("opened_by", "decided_by") if codes else ()
    for row in rows:
        is_late = row.decided_at is None and row.approve_by is not None and row.approve_by < lens.today
        gap = _("%(code)s is in effect and was to be approved by %(day)s.")
        yield Node(
            ref=row.ref,
            kind="change",
            code=row.code,
            title=row.title,
            note=mark_of(row).words.lower(),
            state=GAP if is_late else STATES.get(ChangeState(row.state), OK),
            gaps=(gap % {"code": row.code, "day": day(row.approve_by)},) if is_late else (),
            facts=_facts(row),
            sought=(seek(row.ref, "change.approved", "change.refused"), seek(row.ref, "change.opened")),
        )


def _facts(row: ChangeRecord) -> tuple[tuple[str, str], ...]:
    told = (
        (_("What changes"), row.kind_labels),
        (_("Opened by"), row.opened_by.display_name if row.opened_by else ""),
        (_("Emergency"), row.emergency_reason),
        (_("Decided by"), row.decided_by.display_name if row.decided_by else ""),
        (_("Reason"), row.decision_reason),
    )
    return tuple((label, text) for label, text in told if text)


def back(asked: Asked) -> Iterator[Edge]:
    """Two queries: the system, and what met its demands or is touched."""
    codes = asked.of("change")
    if not codes:
        return
    rows = ChangeRecord.objects.filter(code__in=codes)
    for code, system, version in rows.values_list("code", "system__code", "to_version"):
        note = _("record version %d") % version if version else ""
        yield Edge(f"change:{code}", f"system:{system}", "changes", note=note)
    these = Q(change__code__in=codes)
    yield from _beside(these, these if asked.is_subject else None)


def forward(asked: Asked) -> Iterable[Edge]:
    """Two queries: the changes of a system, and those that something met a demand of or that touch it."""
    found: list[Edge] = []
    if asked.is_subject and (systems := asked.of("system")):
        rows = ChangeRecord.objects.filter(system__code__in=systems).values_list("code", "system__code")
        found += [Edge(f"change:{code}", f"system:{system}", "changes", Reach.BESIDE) for code, system in rows]
    kinds = asked.codes.keys() - {"change", "system"}
    refs = [f"{kind}:{code}" for kind in sorted(kinds) for code in asked.of(kind)]
    if asked.is_subject and refs:
        found += _beside(Q(reference__in=refs), Q(about__in=refs))
    return found


def _beside(met: Q, touched: Q | None) -> list[Edge]:
    demands = Demand.objects.filter(met).exclude(reference="").order_by()
    rows = demands.values_list(Value("met_by"), F("change__code"), F("reference"))
    if touched is not None:
        said = Touched.objects.filter(touched, effect=Effect.TOUCHED).order_by()
        rows = rows.union(said.values_list(Value("touches"), F("change__code"), F("about")))
    return [Edge(f"change:{code}", ref, relation, Reach.BESIDE) for relation, code, ref in rows]


CHANGES = Provider(frozenset({"change"}), describe, back, forward)
