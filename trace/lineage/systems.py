"""AI systems in the lineage: supplier, model and version in use, and the controls they rely on.

Data sources join by a provider of their own, with edges from `system:…` to them.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.screening.queries import Screened
from systems.models import AiSystem, Reliance, Stage
from systems.pages import scope_of
from trace.lineage.assessing import Judged, in_force, screened
from trace.lineage.records import seek
from trace.lineage.refs import control, controls_in, day, with_rows
from trace.lineage.shapes import OK, PAST, Asked, Edge, Lens, Node, Provider, Reach


def describe(asked: Asked, lens: Lens) -> Iterator[Node]:
    """Three queries: the systems, the assessments in force of them, and the screenings of those that have none."""
    codes = asked.of("system")
    if not codes:
        return
    judged = {one.system: one for one in in_force(codes)}
    signed = screened(unjudged) if (unjudged := [code for code in codes if code not in judged]) else {}
    for row in AiSystem.objects.filter(code__in=codes).select_related("owner"):
        yield _node(row, judged.get(row.code), signed.get(row.code), lens.today)


def _node(row: AiSystem, judged: Judged | None, signed: Screened | None, today: date) -> Node:
    in_use = " ".join(part for part in (row.model_name, row.model_version) if part)
    return Node(
        ref=row.ref,
        kind="system",
        code=row.code,
        title=row.name,
        note=_note(row, judged),
        state=PAST if row.stage == Stage.RETIRED else OK,
        gaps=tuple(_gaps_of_screening(row, signed, today) if signed else _gaps(row, judged)),
        facts=(
            (_("Model in use"), in_use or _("Not said yet")),
            (_("Supplier"), row.supplier or _("None named")),
            (_("Stage"), str(row.get_stage_display())),
            (_("Scope"), scope_of(row).words),
            (_("Owner"), row.owner.display_name if row.owner else _("Nobody yet")),
            *(((_("Screening"), signed.words),) if signed else ()),
        ),
        sought=(seek(row.ref),),
    )


def _note(row: AiSystem, judged: Judged | None) -> str:
    if judged is not None and _is_behind(row, judged):
        return _("%(now)s, assessed at %(then)s") % {"now": row.model_version, "then": judged.version}
    return row.model_version or row.model_name or _("version not said")


def _is_behind(row: AiSystem, judged: Judged) -> bool:
    return judged.is_decided and bool(row.model_version and judged.version) and judged.version != row.model_version


def _gaps(row: AiSystem, judged: Judged | None) -> Iterator[str]:
    """A system in scope is judged, and at the version in use."""
    if not row.is_in_scope or row.stage == Stage.RETIRED:
        return
    if judged is None or not judged.is_decided:
        yield _("%(name)s is in scope and has no impact assessment that was decided.") % {"name": row.name}
    elif _is_behind(row, judged):
        about = {"name": row.name, "now": row.model_version, "then": judged.version}
        yield _("%(name)s runs %(now)s but was last assessed at %(then)s.") % about


def _gaps_of_screening(row: AiSystem, signed: Screened, today: date) -> Iterator[str]:
    """A signed screening stands for an assessment until its day, and for the version that was screened."""
    if not row.is_in_scope or row.stage == Stage.RETIRED:
        return
    if signed.is_over(today):
        yield _("%(code)s was to be screened again by %(day)s.") % {"code": row.code, "day": day(signed.until)}
    if signed.version != row.model_version:
        about = {"name": row.name, "now": row.model_version or "—", "then": signed.version or "—"}
        yield _("%(name)s runs %(now)s but was last screened at %(then)s.") % about


def back(asked: Asked) -> Iterable[Edge]:
    """What it leans on beside itself: controls, and the assessment in force or the signed screening; three queries."""
    codes = asked.of("system") if asked.is_subject else ()
    if not codes:
        return []
    judged = [Edge(f"system:{one.system}", one.ref, "assessed_by", Reach.BESIDE) for one in in_force(codes)]
    signed = {} if judged else screened(codes)
    judged += [
        Edge(f"system:{code}", f"screening:{one.code}", "assessed_by", Reach.BESIDE) for code, one in signed.items()
    ]
    return [*judged, *_reliances(Q(system__code__in=codes))]


def forward(asked: Asked) -> Iterable[Edge]:
    """The systems that rely on a control; one query."""
    codes = controls_in(asked.codes) if asked.is_subject else []
    if not codes:
        return []
    counts = ~Q(system__stage=Stage.RETIRED) & ~Q(system__is_in_scope=False)
    return _reliances(Q(requirement__code__in=codes) & counts)


def _reliances(these: Q) -> list[Edge]:
    rows = with_rows(Reliance.objects.filter(these, withdrawn_at__isnull=True))
    told = rows.values_list("system__code", "requirement__code", "is_row", "why")
    return [
        Edge(f"system:{system}", control(code, is_row), "relies_on", Reach.BESIDE, why)
        for system, code, is_row, why in told
    ]


SYSTEMS = Provider(frozenset({"system"}), describe, back, forward)
