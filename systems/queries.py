"""Questions that other rooms and the pages of this one ask about AI systems."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import Combinable

from aims.history import rows_at, then
from aims.models import Aims
from aims.queries import Target
from aims.vocabulary import AiRole
from controls.needs import needs
from systems.models import AiSystem, Reliance, Stage


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """A system in words, as statements and reports print it."""

    pk: int
    ref: str
    code: str
    name: str
    purpose: str
    owner: str
    roles: tuple[str, ...]
    role_codes: tuple[str, ...]
    stage: str
    supplier: str
    model_name: str
    model_version: str


FACTS = (
    *("id", "code", "name", "purpose", "roles_played", "stage", "supplier", "model_name", "model_version"),
    *("owner__name", "owner__email"),
)


def role_labels(roles: Iterable[str]) -> tuple[str, ...]:
    """Return AI roles in words, in the order of the vocabulary."""
    held = set(roles)
    return tuple(str(role.label) for role in AiRole if role.value in held)


def systems_in_scope(at: datetime | None = None) -> list[SystemFacts]:
    """Return the systems in scope now, or as they stood at an instant, by code; one query."""
    rows = rows_at(AiSystem, at).filter(is_in_scope=True).exclude(stage=Stage.RETIRED).order_by("code")
    stages = {stage.value: str(stage.label) for stage in Stage}
    return [_facts(row, stages) for row in rows.values_list(*FACTS, named=True)]


def _facts(row: Any, stages: Mapping[str, str]) -> SystemFacts:
    return SystemFacts(
        pk=row.id,
        ref=f"{AiSystem.ref_kind}:{row.code}",
        code=row.code,
        name=row.name,
        purpose=row.purpose,
        owner=row.owner__name or row.owner__email or "",
        roles=role_labels(row.roles_played),
        role_codes=tuple(row.roles_played),
        stage=stages[row.stage],
        supplier=row.supplier,
        model_name=row.model_name,
        model_version=row.model_version,
    )


def of_system(field: str, at: datetime | None, ref: str = "system") -> Combinable:
    """Return a field of the system that a query's rows point at, now or as it stood at an instant."""
    return F(f"{ref}__{field}") if at is None else then(AiSystem, field, f"{ref}_id", at)


def reliances(at: datetime | None = None) -> Any:
    """Return which systems rely on requirements, now or at an instant, for `controls.needs.read`.

    Retired systems and those said to be out of scope rely on nothing; those nobody spoke about still count.
    """
    rows: Any = rows_at(Reliance, at).filter(withdrawn_at__isnull=True)
    rows = rows.annotate(**{name: of_system(name, at) for name in ("name", "stage", "is_in_scope")})
    rows = rows.exclude(stage=Stage.RETIRED).filter(Q(is_in_scope=True) | Q(is_in_scope__isnull=True))
    return needs(rows, AiSystem.ref_kind, code="system__code", label="name")


def system_targets() -> list[Target]:
    """Return every system that is not retired, to be linked to; one query."""
    rows = AiSystem.objects.exclude(stage=Stage.RETIRED).order_by("code")
    return [Target(row.ref, row.code, row.name, "system") for row in rows.only("pk", "code", "name")]


def roles_in_play(aims: Aims, systems: Iterable[SystemFacts]) -> frozenset[str]:
    """Return the AI roles the organisation plays itself or through these systems; they propose applicability."""
    return frozenset(aims.roles_played).union(*(system.role_codes for system in systems))
