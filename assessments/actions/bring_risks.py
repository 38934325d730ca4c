"""Bring a register of risks in: every row that can come in becomes a risk or a change of one, in one transaction."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.refusals import Refusal, require
from aims.queries import current_criteria, people
from assessments.actions.risks import RiskFields, edit_risk, register_risk
from assessments.actions.treat import treat
from assessments.models import Risk
from assessments.permissions import may_register
from assessments.risk.intake.days import day_of_text
from assessments.risk.intake.plan import RiskPlan, plan_of
from assessments.risk.intake.raw import NotATable
from assessments.risk.intake.rows import Entry
from controls.models import Requirement
from systems.models import AiSystem

SHORT = 200
LONGEST_REFERENCE = 60
T = TypeVar("T")


class NotImportable(Refusal):
    """The file cannot be read as a register of risks; the message says why."""

    field = "file"


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: the verdicts, and the code of each risk by the place of its row."""

    plan: RiskPlan
    codes: dict[int, str]
    added: int
    changed: int


def plan_of_risks(data: bytes, name: str) -> RiskPlan:
    """Judge every row of a file by the newest criteria; writes nothing."""
    try:
        return plan_of(data, name, current_criteria())
    except NotATable as error:
        raise NotImportable(str(error)) from error


@transaction.atomic
def import_risks(data: bytes, name: str, *, actor: Actor) -> Imported:
    """Register the risks that are new and change those that differ; rows that were rejected are left out."""
    require(may_register(actor), _("Registering a risk takes a compliance officer or a control owner."))
    plan = plan_of_risks(data, name)
    bringing = _Bringing(name, actor)
    twins: set[str] = set()
    for at, row in enumerate(plan.rows):
        if isinstance(row, Entry) and not row.refusals:
            bringing.bring(at, row, is_twin=row.id in twins)
            twins.add(row.id)
    return Imported(plan, bringing.codes, bringing.added, bringing.changed)


class _Bringing:
    """Brings rows in one by one, and looks up once whom and what they name."""

    def __init__(self, name: str, actor: Actor) -> None:
        self.name, self.actor = name, actor
        self.codes: dict[int, str] = {}
        self.added = self.changed = 0
        live = list(Risk.objects.filter(withdrawn_at__isnull=True))
        self.by_reference = {risk.reference: risk for risk in live if risk.reference}
        self.by_title = {risk.title: risk for risk in live if not risk.reference}

    @cached_property
    def people(self) -> dict[str, User]:
        """People of the AIMS by e-mail and by name."""
        found = list(people())
        return {name.casefold(): user for user in found for name in (user.email, user.display_name)}

    @cached_property
    def systems(self) -> dict[str, AiSystem]:
        """Systems by code and by name."""
        found = list(AiSystem.objects.all())
        return {name.casefold(): system for system in found for name in (system.name, system.code)}

    @cached_property
    def controls(self) -> dict[str, Requirement]:
        """Controls by their id."""
        return {row.code: row for row in Requirement.objects.linkable()}

    def bring(self, at: int, entry: Entry, *, is_twin: bool) -> None:
        """Register or change one risk, and name the controls that treat it."""
        reference = "" if is_twin or entry.id.isdigit() or len(entry.id) > LONGEST_REFERENCE else entry.id
        fields = self.fields(entry, reference)
        reason = " ".join(
            [_("Imported from %(file)s, line %(line)d.") % {"file": self.name, "line": entry.line}, *entry.reasons]
        )
        held = self.by_reference.get(reference) if reference else self.by_title.get(fields["title"])
        if held is None:
            risk = register_risk(actor=self.actor, reason=reason, **fields)
            self.added += 1
        else:
            risk = edit_risk(held, seen=held.version, actor=self.actor, reason=reason, **fields)
            self.changed += risk.version != held.version
        for code in entry.controls:
            if code in self.controls:
                treat(risk, self.controls[code], actor=self.actor)
        self.codes[at] = risk.code

    def fields(self, entry: Entry, reference: str) -> RiskFields:
        """Return what a row says in the words of the register; what it does not say is left as it is."""
        title = entry.title if len(entry.title) <= SHORT else f"{entry.title[: SHORT - 1].rstrip()}…"
        fields: RiskFields = {"title": title, "reference": reference}
        whole = [entry.title] if title != entry.title else []
        if description := "\n".join([*whole, *filter(None, [entry.description])]):
            fields["description"] = description
        before, after = entry.before, entry.after
        if before.level:
            fields |= {"likelihood": before.likelihood.value, "severity": before.severity.value}
        if after.level:
            fields |= {"residual_likelihood": after.likelihood.value, "residual_severity": after.severity.value}
        if entry.option:
            fields["option"] = entry.option
        return fields | _texts(entry) | self.named(entry)

    def named(self, entry: Entry) -> RiskFields:
        """Return the owner and the system, where the row names ones that there are."""
        found: RiskFields = {}
        if owner := next(_known(entry.texts.get("owner", ""), self.people), None):
            found["owner"] = owner
        if system := next(_known(entry.texts.get("system", ""), self.systems), None):
            found["system"] = system
        if due := day_of_text(entry.texts.get("due", "")):
            found["due_on"] = due
        return found


def _texts(entry: Entry) -> RiskFields:
    told = entry.texts
    fields: RiskFields = {}
    if plan := told.get("controls", ""):
        fields["plan"] = plan
    if source := told.get("cause") or told.get("category"):
        fields["source"] = re.sub(r"\s+", " ", source)[:SHORT]
    if text := told.get("consequence_organisation"):
        fields["consequence_organisation"] = text
    if text := told.get("consequence_individuals"):
        fields["consequence_individuals"] = text
    if text := told.get("consequence_societies"):
        fields["consequence_societies"] = text
    return fields


def _known(said: str, named: dict[str, T]) -> Iterator[T]:
    """Yield what a cell names: the whole of it, or a part between commas, brackets and lines."""
    for part in (said, *re.split(r"[,;/()\n]", said)):
        if (plain := part.strip().casefold()) in named:
            yield named[plain]
