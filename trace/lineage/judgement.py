"""Impact assessments and risks in the lineage: the system they are about, by which criteria, with which controls."""

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import sha256
from itertools import chain
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.utils.translation import gettext as _

from assessments.bands import Level, judged, worst
from assessments.models import Assessment, AssessmentState, Impact, Measure, Risk, Treatment, Valence
from assessments.queries.drivers import in_force as counting
from trace.lineage.assessing import in_force, in_force_among
from trace.lineage.once import each, once
from trace.lineage.records import seek
from trace.lineage.refs import control, controls_in, day, numbers, parts, with_rows
from trace.lineage.shapes import OK, PAST, PENDING, Asked, Edge, Lens, Node, Provider, Reach

LIVE = Q(withdrawn_at__isnull=True)
UNREAD = ("system__record", "replaces__frozen")  # long columns that nothing here tells of
STATES = {AssessmentState.DECIDED: OK, AssessmentState.SUPERSEDED: PAST}


def resolve(kind: str, code: str) -> str:
    """A code without its edition means the newest one."""
    if kind == "risk" or "@" in code:
        return f"{kind}:{code}"
    newest = Assessment.objects.filter(code=code).order_by("-pk").first()
    return newest.ref if newest else ""


@once
def _assessments(wanted: frozenset[str]) -> list[Assessment]:
    names, editions = parts(wanted)
    rows = Assessment.objects.filter(code__in=names, edition__in=editions) if wanted else Assessment.objects.none()
    rows = rows.select_related("system", "criteria", "author", "decided_by", "replaces").defer(*UNREAD)
    return [row for row in rows.order_by("pk") if row.ref_code in wanted]


def _risks_of(codes: Iterable[str]) -> list[Risk]:
    rows = Risk.objects.select_related("system", "owner", "criteria", "accepted_by").defer("system__record")
    return each("risks", codes, lambda wanted: ((row.code, row) for row in rows.filter(code__in=wanted)))


def describe(asked: Asked, lens: Lens) -> Iterator[Node]:
    """Three queries: assessments, the impacts that remain in them, and risks."""
    rows = _assessments(frozenset(asked.of("assessment")))
    levels: dict[int, list[Level | None]] = {}
    by_pk = {row.pk: row for row in rows}
    harms = Impact.objects.filter(LIVE, assessment__in=list(by_pk), valence=Valence.HARM)
    for impact in harms if by_pk else ():
        levels.setdefault(impact.assessment_id, []).append(judged(by_pk[impact.assessment_id].criteria, *impact.now))
    yield from (_assessment(row, worst(levels.get(row.pk, ())), lens.today) for row in rows)
    if codes := asked.of("risk"):
        yield from map(_risk, _risks_of(codes))


def _assessment(row: Assessment, remains: Level | None, today: date) -> Node:
    decided = str(row.get_decision_display() if row.decision else row.get_state_display()).lower()
    scored = _("worst %(score)s of 25") % {"score": remains.score} if remains else _("not scored")
    is_over = row.state == AssessmentState.DECIDED and row.next_review_on is not None and row.next_review_on < today
    overdue = _("%(code)s was due for review on %(day)s.") % {"code": row.ref_code, "day": day(row.next_review_on)}
    is_decided = row.state in STATES
    events = (seek(row.ref, "assessment.decided", freezes=True),) if is_decided else ()
    return Node(
        ref=row.ref,
        kind="assessment",
        code=row.ref_code,
        title=row.system.name,
        note=", ".join((scored, decided)),
        state=STATES.get(AssessmentState(row.state), PENDING),
        artefact=row.digest,
        is_intact=not row.digest or sha256(bytes(row.frozen or b"")).hexdigest() == row.digest,
        gaps=(overdue,) if is_over else (),
        facts=_facts(row, remains),
        sought=(*events, seek(row.ref, "assessment.submitted")),
    )


def _facts(row: Assessment, remains: Level | None) -> tuple[tuple[str, str], ...]:
    told = (
        (_("Version assessed"), row.system_version or _("Not said")),
        (_("Decision"), str(row.get_decision_display()) if row.decision else _("None yet")),
        (_("Reason and conditions"), row.conditions),
        (_("Conditions met by"), day(row.conditions_by)),
        (_("Worst that remains"), f"{remains.label} {remains.score}" if remains else _("Not scored")),
        (_("Author"), row.author.display_name if row.author else ""),
        (_("Decided by"), row.decided_by.display_name if row.decided_by else ""),
        (_("Next review"), day(row.next_review_on)),
    )
    return tuple((label, text) for label, text in told if text)


def _risk(row: Risk) -> Node:
    level = judged(row.criteria, *row.now)
    remains = f"{level.label} {level.score}" if level else _("not scored")
    accepted = _("accepted %(day)s") % {"day": day(row.accepted_at)} if row.accepted_at else _("not accepted")
    told = (
        (_("Source"), row.source),
        (_("What remains"), remains),
        (_("Option"), str(row.get_option_display()) if row.option else ""),
        (_("Accepted by"), row.accepted_by.display_name if row.accepted_by else ""),
        (_("Why accepted"), row.acceptance_reason),
        (_("Owner"), row.owner.display_name if row.owner else ""),
    )
    return Node(
        ref=row.ref,
        kind="risk",
        code=row.code,
        title=row.title,
        note=_("off the register") if row.withdrawn_at else ", ".join((remains, accepted)),
        state=PAST if row.withdrawn_at else OK if row.accepted_at else PENDING,
        facts=tuple((label, text) for label, text in told if text),
        sought=(seek(row.ref, *(["risk.accepted"] if row.accepted_at else [])),),
    )


def back(asked: Asked) -> Iterator[Edge]:
    """Five queries: what assessments and risks judge, the assessments behind risks, and the controls beside them."""
    rows = _assessments(frozenset(asked.of("assessment")))
    for row in rows:
        yield Edge(row.ref, row.system.ref, "assesses", note=row.system_version)
        yield Edge(row.ref, row.criteria.ref, "judged_by")
        if row.replaces:
            yield Edge(row.ref, row.replaces.ref, "replaces", Reach.BESIDE)
    if asked.is_subject and rows:
        yield from _lent(_mitigating(Q(impact__assessment__in=rows)))
    if codes := asked.of("risk"):
        yield from _risks(_risks_of(codes))
        yield from _lent(_treating(Q(risk__code__in=codes))) if asked.is_subject else ()


def _risks(rows: list[Risk]) -> Iterator[Edge]:
    assessed = {one.system: one.ref for one in in_force({row.system.code for row in rows if row.system})}
    for row in rows:
        yield Edge(row.ref, row.criteria.ref, "judged_by")
        if row.system:
            yield Edge(row.ref, row.system.ref, "concerns")
            if row.system.code in assessed:
                yield Edge(row.ref, assessed[row.system.code], "assessed_by")


def _mitigating(these: Q) -> QuerySet[Any, Any]:
    rows = with_rows(Measure.objects.filter(these, LIVE, impact__withdrawn_at__isnull=True, requirement__isnull=False))
    about = F("impact__assessment__code"), F("impact__assessment__edition")
    return rows.order_by().values_list(Value("mitigated_by"), *about, "requirement__code", "is_row").distinct()


def _treating(these: Q) -> QuerySet[Any, Any]:
    rows = with_rows(Treatment.objects.filter(these, LIVE, risk__withdrawn_at__isnull=True))
    return rows.order_by().values_list(Value("treated_by"), F("risk__code"), Value(""), "requirement__code", "is_row")


def _lent(rows: Iterable[tuple[Any, ...]]) -> Iterator[Edge]:
    """The controls beside assessments and risks."""
    for relation, code, edition, other, is_row in rows:
        ref = f"assessment:{code}@{edition}" if edition else f"risk:{code}"
        yield Edge(ref, control(other, is_row), relation, Reach.BESIDE)


def forward(asked: Asked) -> Iterable[Edge]:
    """Eight queries at most: what judges a system, by criteria, or leans on an assessment, a control or an edition."""
    found = chain(_about_systems(asked), _by_criteria(asked), _on_assessments(asked))
    return chain(found, _beside(asked)) if asked.is_subject else found


def _about_systems(asked: Asked) -> Iterator[Edge]:
    codes = asked.of("system")
    if not codes:
        return
    for row in Assessment.objects.filter(system__code__in=codes).select_related("system"):
        yield Edge(row.ref, row.system.ref, "assesses", note=row.system_version)
    for code, system in Risk.objects.filter(LIVE, system__code__in=codes).values_list("code", "system__code"):
        yield Edge(f"risk:{code}", f"system:{system}", "concerns")


def _by_criteria(asked: Asked) -> Iterator[Edge]:
    wanted = numbers(asked.of("criteria"))
    if not wanted:
        return
    for code, edition, number in Assessment.objects.filter(criteria__number__in=wanted).values_list(
        "code", "edition", "criteria__number"
    ):
        yield Edge(f"assessment:{code}@{edition}", f"criteria:{number}", "judged_by")
    for code, number in Risk.objects.filter(LIVE, criteria__number__in=wanted).values_list("code", "criteria__number"):
        yield Edge(f"risk:{code}", f"criteria:{number}", "judged_by")


def _on_assessments(asked: Asked) -> Iterator[Edge]:
    """The risks of a system rest on its assessment in force (6.1.4), and beside them the system's own use."""
    judging = {one.system: one.ref for one in in_force_among(asked.of("assessment"))}
    if not judging:
        return
    for code, system in Risk.objects.filter(LIVE, system__code__in=judging).values_list("code", "system__code"):
        yield Edge(f"risk:{code}", judging[system], "assessed_by")
    yield from (Edge(f"system:{system}", ref, "assessed_by", Reach.BESIDE) for system, ref in judging.items())


def _beside(asked: Asked) -> Iterator[Edge]:
    for row in _assessments(frozenset(asked.of("assessment"))):
        for later in Assessment.objects.filter(replaces=row):
            yield Edge(later.ref, row.ref, "replaces", Reach.BESIDE)
    if codes := controls_in(asked.codes):
        these = Q(requirement__code__in=codes)
        yield from _lent(_mitigating(these & counting("impact__assessment__")).union(_treating(these)))


JUDGEMENT = Provider(frozenset({"assessment", "risk"}), describe, back, forward, resolve)
