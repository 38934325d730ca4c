"""The management system in the lineage: scope, obligations, criteria, roles, and the dates of the cycle."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from accounts import clock
from aims.models import Criteria, Membership, Obligation, ScopeStatement
from audits.models import Milestone
from controls.models import Requirement, RequirementKind
from soa.models import Entry
from trace.lineage.records import seek
from trace.lineage.refs import day, numbers
from trace.lineage.shapes import OK, PAST, PENDING, Asked, Edge, Lens, Node, Provider, Reach


def describe(asked: Asked, _lens: Lens) -> Iterator[Node]:
    """One query for each kind that is asked."""
    if codes := asked.of("obligation"):
        yield from map(_obligation, Obligation.objects.filter(code__in=codes).select_related("owner"))
    if scopes := numbers(asked.of("scope")):
        yield from map(_scope, ScopeStatement.objects.filter(number__in=scopes))
    if criteria := numbers(asked.of("criteria")):
        yield from map(_criteria, Criteria.objects.filter(number__in=criteria))
    if keys := numbers(asked.of("membership")):
        yield from map(_membership, Membership.objects.filter(pk__in=keys).select_related("user", "granted_by"))


def _told(*facts: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, text) for label, text in facts if text)


def _obligation(row: Obligation) -> Node:
    kind = str(row.get_kind_display())
    facts = _told(
        (_("Kind"), kind),
        (_("Interested party"), row.party),
        (_("Source"), row.source),
        (_("Asks"), row.text),
        (_("Owner"), row.owner.display_name if row.owner else ""),
    )
    is_past = row.withdrawn_at is not None
    note = _("withdrawn") if is_past else ", ".join(part for part in (kind, row.party) if part)
    return Node(
        row.ref, "obligation", row.code, row.title, note, PAST if is_past else OK, facts=facts, sought=(seek(row.ref),)
    )


def _scope(row: ScopeStatement) -> Node:
    facts = _told((_("Scope"), row.text), (_("Boundaries"), row.boundaries), (_("Sites"), row.sites))
    note = _("in effect from %(day)s") % {"day": day(row.effective_on)}
    title = _("Scope of the AIMS, version %(n)s") % {"n": row.number}
    return Node(row.ref, "scope", row.ref_code, title, note, facts=facts, sought=(seek(row.ref),))


def _criteria(row: Criteria) -> Node:
    title = _("Criteria of judgement, version %(n)s") % {"n": row.number}
    return Node(row.ref, "criteria", row.ref_code, title, sought=(seek(row.ref),))


def _membership(row: Membership) -> Node:
    ends = row.revoked_at or row.valid_until
    is_past = row.revoked_at is not None or (row.valid_until is not None and row.valid_until <= clock.now())
    facts = _told(
        (_("Held by"), row.user.display_name),
        (_("Scope"), row.scope),
        (_("Granted by"), row.granted_by.display_name if row.granted_by else ""),
        (_("Valid from"), day(row.valid_from)),
        (_("Revoked") if row.revoked_at else _("Valid until"), day(ends)),
    )
    role, note = str(row.get_role_display()), ", ".join((row.user.display_name, row.scope))
    sought = seek(row.ref, "membership.deputised" if row.deputises_id else "membership.granted", or_any=False)
    return Node(row.ref, "membership", row.ref_code, role, note, PAST if is_past else OK, facts=facts, sought=(sought,))


def back(asked: Asked) -> Iterator[Edge]:
    """The scope before."""
    for number in numbers(asked.of("scope")) if asked.is_subject else ():
        if number > 1:
            yield Edge(f"scope:{number}", f"scope:{number - 1}", "replaces", Reach.BESIDE)


def forward(asked: Asked) -> Iterator[Edge]:
    """The scope that followed; one query."""
    for number in numbers(asked.of("scope")) if asked.is_subject else ():
        if ScopeStatement.objects.filter(number=number + 1).exists():
            yield Edge(f"scope:{number + 1}", f"scope:{number}", "replaces", Reach.BESIDE)


def _milestones(asked: Asked, _lens: Lens) -> Iterable[Node]:
    if not (keys := numbers(asked.of("milestone"))):
        return []
    return map(_milestone, Milestone.objects.filter(pk__in=keys).select_related("owner"))


def _milestone(row: Milestone) -> Node:
    held = _("held %(day)s") if row.held_on else _("planned for %(day)s")
    is_past = row.withdrawn_at is not None
    facts = _told(
        (_("Certification body"), row.body),
        (_("Certificate or audit number"), row.reference),
        (_("Owner"), row.owner.display_name if row.owner else ""),
    )
    return Node(
        ref=row.ref,
        kind="milestone",
        code=row.ref_code,
        title=str(row.get_kind_display()),
        note=_("withdrawn") if is_past else held % {"day": day(row.held_on or row.due_on)},
        state=PAST if is_past else OK if row.held_on else PENDING,
        facts=facts,
        sought=(seek(row.ref),),
    )


def _requirements(asked: Asked, _lens: Lens) -> Iterable[Node]:
    if not (codes := asked.of("requirement")):
        return []
    rows = Requirement.objects.filter(code__in=codes).exclude(kind=RequirementKind.AREA)
    return [
        Node(
            row.ref,
            "requirement",
            row.code,
            row.title,
            str(row.get_kind_display()),
            facts=_told((_("Asks"), row.summary)),
        )
        for row in rows
    ]


def _row_of(_kind: str, code: str) -> str:
    """A control that the statement has a row for is told by that row."""
    is_row = Entry.objects.filter(requirement__code=code).exists()
    return f"entry:{code}" if is_row else f"requirement:{code}"


STANDING = Provider(frozenset({"obligation", "scope", "criteria", "membership"}), describe, back, forward)
CYCLE = Provider(frozenset({"milestone"}), _milestones)
REQUIREMENTS = Provider(frozenset({"requirement"}), _requirements, resolve=_row_of)
