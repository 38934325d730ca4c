"""The first steps of a new organisation, each ticked by what is there, never by a click."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.roles import Role
from aims.live import in_force
from aims.models import Aims, Membership, ScopeStatement
from assessments.models import Assessment
from evidence.models import EvidenceVersion
from soa.models import Applicability
from soa.queries.rows import Sheet
from systems.models import AiSystem


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what, why, where, and whether it is done."""

    title: str
    note: str
    address: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What is there already."""

    scope: bool
    systems: bool
    assessments: bool
    evidence: bool
    approver: bool


def first_steps(sheet: Sheet) -> tuple[Step, ...]:
    """Return the steps, or none once all are done or a version is in force; one query."""
    if sheet.in_force is not None:
        return ()
    done = _done(sheet.aims)
    steps = (_statement(sheet), *_others(sheet.aims.slug, done))
    return () if all(step.is_done for step in steps) else steps


def _done(aims: Aims) -> Done:
    found = {
        "scope": ScopeStatement.objects.all(),
        "systems": AiSystem.objects.all(),
        "assessments": Assessment.objects.all(),
        "evidence": EvidenceVersion.objects.all(),
        "approver": Membership.objects.filter(in_force(clock.now()), role=Role.APPROVER),
    }
    there = {f"has_{name}": Exists(rows.filter(aims_id=OuterRef("pk"))) for name, rows in found.items()}
    row = Aims.objects.filter(pk=aims.pk).annotate(**there).values(*there).get()
    return Done(*(row[f"has_{name}"] for name in found))


def _statement(sheet: Sheet) -> Step:
    left = sum(row.rolled.applicability == Applicability.UNDECIDED for row in sheet.rows)
    if not sheet.rows:
        name, note = "soa:workbench", _("Bring in the spreadsheet you have, or begin with 38 undecided controls.")
    elif left == len(sheet.rows):
        name, note = "soa:import", _("All %(n)s controls are open: import a spreadsheet, or decide them one by one.")
    else:
        name, note = "soa:workbench", _("%(left)s of %(n)s controls are undecided.")
    title = _("Import your statement, or decide the controls")
    words = note % {"n": len(sheet.rows), "left": left}
    return Step(
        title, words if left or not sheet.rows else "", _at(name, sheet.aims.slug), bool(sheet.rows) and not left
    )


def _others(slug: str, done: Done) -> tuple[Step, ...]:
    steps = (
        ("aims:scope", _("Describe the scope"), _("Which systems, activities and sites it covers (4.3)."), done.scope),
        ("systems:list" if done.systems else "systems:new", _("Register your AI systems"),
         _("What each is for, and who answers for it."), done.systems),
        ("assessments:new", _("Assess impacts"), _("Who could be harmed, how badly, how likely (6.1.4)."),
         done.assessments),
        ("evidence:upload", _("Give evidence"), _("One file can serve many controls."), done.evidence),
        ("aims:invite", _("Invite an approver"), _("Somebody else approves what you wrote."), done.approver),
    )  # fmt: skip
    return tuple(Step(title, note, _at(name, slug), is_done) for name, title, note, is_done in steps)


def _at(name: str, slug: str) -> str:
    return reverse(name, args=[slug])
