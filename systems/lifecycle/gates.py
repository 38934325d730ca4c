"""A gate as it stands for one system: what it asks, the rule that says who has to agree, and what that comes to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts import clock
from accounts.roles import Role
from controls.models import Requirement
from systems.lifecycle import composition
from systems.lifecycle.composition import CHECK, DEFAULT, FUNCTION, MANDATORY, AllOf, Given, Leaf, Rule, Verdict
from systems.models import AiSystem, FunctionHolder, GateRule, Reliance
from systems.ports import GateCheck, gate_checks
from systems.record.places import at

OPEN = ("missing", "failing")
DPO = "data-protection-officer"


@dataclass(frozen=True, slots=True)
class Gate:
    """What one gate asks of one system at one instant, and the rule over it."""

    stage: str
    looked_at: datetime
    checks: tuple[GateCheck, ...]
    rule: Rule
    places: tuple[str, ...]
    versions: dict[str, int] = field(default_factory=dict)

    @property
    def shut(self) -> tuple[GateCheck, ...]:
        """What is mandatory and does not hold: nobody can pass over it."""
        return tuple(check for check in self.checks if check.is_mandatory and check.state in OPEN)

    @property
    def ajar(self) -> tuple[GateCheck, ...]:
        """What does not hold and can stay open under a condition."""
        return tuple(check for check in self.checks if not check.is_mandatory and check.state in OPEN)

    @property
    def counted(self) -> tuple[int, int]:
        """How many checks are met, of how many that are no advice."""
        asked = [check for check in self.checks if check.state != "advice"]
        return sum(check.state == "met" for check in asked), len(asked)

    def given(self, signed: dict[str, int]) -> Given:
        """Return what the rule is evaluated over."""
        met = frozenset(check.key for check in self.checks if check.state == "met")
        mandatory = frozenset(check.key for check in self.checks if check.is_mandatory and check.state != "advice")
        return Given(met, mandatory, tuple(sorted(signed.items())))

    def judged(self, signed: dict[str, int]) -> Verdict:
        """Return what the rule comes to with these signatures."""
        return composition.judge(self.rule, self.places, self.given(signed))

    def waiting_for(self, signed: dict[str, int]) -> tuple[Leaf, ...]:
        """Return the authorities that may still sign."""
        return composition.open_authorities(self.rule, self.places, self.given(signed))

    @property
    def frozen(self) -> dict[str, Any]:
        """What is kept with a move: each check as it stood, and when."""
        names = ("key", "words", "state", "note", "address", "is_mandatory")
        checks = [{name: getattr(check, name) for name in names} for check in self.checks]
        return {"at": self.looked_at.isoformat(), "checks": checks}


def gate_of(system: AiSystem, stage: str, *, is_ruled: bool = True) -> Gate:
    """Look at a gate; `system.aims` is loaded. The rule costs two queries, which who only counts checks can spare."""
    checks = tuple(gate_checks(system, stage))
    rule, versions = rule_for(system, stage) if is_ruled else (DEFAULT, {})
    return Gate(stage, clock.now(), checks, rule, places_of(system), versions)


def rule_for(system: AiSystem, stage: str) -> tuple[Rule, dict[str, int]]:
    """Return the rule of a gate for a system, and of which versions of what it is made.

    It is that of the stage, those of every control that the system relies on, and always all mandatory checks.
    """
    relied = Reliance.objects.filter(system=system.pk, withdrawn_at__isnull=True).values("requirement_id")
    rows = GateRule.objects.select_related("requirement")
    found = list(rows.filter(Q(stage=stage) | Q(requirement__in=relied)))
    staged = next((composition.read(row.body) for row in found if row.stage), DEFAULT)
    others = [composition.read(row.body) for row in found if not row.stage]
    parts = dict.fromkeys(part for rule in (staged, *others, Leaf(MANDATORY)) for part in _of_all(rule))
    return AllOf(tuple(parts)), {row.ref_code: row.version for row in found}


def _of_all(rule: Rule) -> tuple[Rule, ...]:
    return rule.parts if isinstance(rule, AllOf) else (rule,)


def places_of(system: AiSystem) -> tuple[str, ...]:
    """Return the jurisdictions and regions that a system runs in."""
    said = [at(system.record, "deployment", name) or [] for name in ("jurisdictions", "regions")]
    return tuple(str(place) for places in said if isinstance(places, list) for place in places)


def names_of(functions: Iterable[FunctionHolder], checks: Iterable[GateCheck]) -> dict[str, str]:
    """Return what leaves are called, by the name they are filed under."""
    roles = {f"{composition.ROLE}:{role.value}": str(role.label) for role in Role}
    held = {f"{FUNCTION}:{row.key}": row.name for row in functions}
    return roles | held | {f"{CHECK}:{check.key}": check.words for check in checks}


def holders() -> list[FunctionHolder]:
    """Return who holds which function now; one query."""
    return list(FunctionHolder.objects.filter(ended_at__isnull=True).select_related("person"))


def controls_with_rules() -> list[Requirement]:
    """Return the controls that have a rule of their own."""
    rows = GateRule.objects.filter(requirement__isnull=False).select_related("requirement")
    return [row.requirement for row in rows if row.requirement]
