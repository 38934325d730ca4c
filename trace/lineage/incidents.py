"""Incidents and runbooks in the lineage: the system an incident concerns, the controls and judgements it bears on."""

from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from incidents.law import severity_of
from incidents.models import Incident, IncidentLink
from systems.models import Reliance
from trace.lineage.records import seek
from trace.lineage.refs import control, controls_in, day, with_rows
from trace.lineage.shapes import OK, PENDING, Asked, Edge, Lens, Node, Provider, Reach

BESIDE = Reach.BESIDE


def describe(asked: Asked, _lens: Lens) -> Iterator[Node]:
    """One query."""
    if codes := asked.of("incident"):
        rows = Incident.objects.filter(code__in=codes).select_related("system", "owner")
        yield from map(_incident, rows)


def _incident(row: Incident) -> Node:
    level = severity_of(row.severity)
    told = (
        (_("Kind"), str(row.get_kind_display())),
        (_("Severity"), str(level or _("Not said yet"))),
        (_("AI system"), str(row.system)),
        (_("Noticed"), day(row.noticed_at)),
        (_("Closed"), day(row.closed_at)),
        (_("Owner"), row.owner.display_name if row.owner else ""),
        (_("Cause"), row.cause),
        (_("Learned"), row.lessons),
    )
    return Node(
        ref=row.ref,
        kind="incident",
        code=row.code,
        title=row.title,
        note=", ".join(part for part in (str(level or ""), str(row.get_state_display()).lower()) if part),
        state=PENDING if row.is_open else OK,
        facts=tuple((label, text) for label, text in told if text),
        sought=(seek(row.ref, "incident.closed", "incident.reported"),),
    )


def back(asked: Asked) -> Iterator[Edge]:
    """The system; and beside the incident what it bears on, itself or through its system: three queries."""
    codes = asked.of("incident")
    if not codes:
        return
    for row in Incident.objects.filter(code__in=codes).select_related("system").order_by("pk"):
        yield Edge(row.ref, row.system.ref, "concerns")
        if asked.is_subject:
            yield from (
                Edge(row.ref, ref, "bears_on", BESIDE) for ref in row.references if "@" in ref or "risk:" in ref
            )
    if asked.is_subject:
        yield from _links(Q(incident__code__in=codes))
        yield from _through_systems(codes)


def forward(asked: Asked) -> Iterator[Edge]:
    """The incidents of a system, and beside a control those that bear on it; one query each."""
    if codes := asked.of("system"):
        rows = Incident.objects.filter(system__code__in=codes).select_related("system")
        yield from (Edge(row.ref, row.system.ref, "concerns") for row in rows.order_by("pk"))
    if asked.is_subject and (controls := controls_in(asked.codes)):
        yield from _links(Q(requirement__code__in=controls))


def _links(these: Q) -> Iterable[Edge]:
    rows = with_rows(IncidentLink.objects.filter(these, withdrawn_at__isnull=True)).order_by("pk")
    told = rows.values_list("incident__code", "requirement__code", "is_row", "why")
    return [
        Edge(f"incident:{code}", control(name, is_row), "bears_on", BESIDE, why) for code, name, is_row, why in told
    ]


def _through_systems(codes: Iterable[str]) -> Iterable[Edge]:
    """The controls that the system of an incident relies on: what failed may be one of them."""
    systems = dict(Incident.objects.filter(code__in=codes).values_list("code", "system_id"))
    rows = with_rows(Reliance.objects.filter(system__in=systems.values(), withdrawn_at__isnull=True)).order_by("pk")
    told = list(rows.values_list("system_id", "system__code", "requirement__code", "is_row"))
    return [
        Edge(f"incident:{code}", control(name, is_row), "reaches", BESIDE, system_code)
        for code, system in systems.items()
        for system_id, system_code, name, is_row in told
        if system_id == system
    ]


INCIDENTS = Provider(frozenset({"incident"}), describe, back, forward)
