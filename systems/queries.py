"""Questions that other rooms and the pages of this one ask about AI systems."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aims.models import Aims
from aims.queries import Target
from aims.vocabulary import AiRole
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
    *("code", "name", "purpose", "roles_played", "stage", "supplier", "model_name", "model_version"),
    *("owner__name", "owner__email"),
)


@dataclass(frozen=True, slots=True)
class ReliedOn:
    """A system that relies on a requirement, and why; `is_in_scope` is None while nobody has said."""

    requirement_id: int
    system_id: int
    ref: str
    code: str
    name: str
    why: str
    is_in_scope: bool | None


def role_labels(roles: Iterable[str]) -> tuple[str, ...]:
    """Return AI roles in words, in the order of the vocabulary."""
    held = set(roles)
    return tuple(str(role.label) for role in AiRole if role.value in held)


def systems_in_scope(at: datetime | None = None) -> list[SystemFacts]:
    """Return the systems in scope now, or as they stood at an instant, by code; one query (two for the past)."""
    if at is None:
        rows = AiSystem.objects.in_scope().select_related("owner").order_by("code")
        return [_facts(row) for row in rows.only(*FACTS)]
    past: Any = AiSystem.history.as_of(at).filter(is_in_scope=True).exclude(stage=Stage.RETIRED)
    return [_facts(row) for row in past.prefetch_related("owner").order_by("code")]


def _facts(row: AiSystem) -> SystemFacts:
    return SystemFacts(
        pk=row.pk,
        ref=row.ref,
        code=row.code,
        name=row.name,
        purpose=row.purpose,
        owner=row.owner.display_name if row.owner else "",
        roles=role_labels(row.roles_played),
        role_codes=tuple(row.roles_played),
        stage=str(row.get_stage_display()),
        supplier=row.supplier,
        model_name=row.model_name,
        model_version=row.model_version,
    )


def reliances_by_requirement() -> dict[int, list[ReliedOn]]:
    """Return which systems rely on each requirement, by its id, in one query.

    Retired systems and those said to be out of scope rely on nothing; those nobody spoke about still count.
    """
    rows = Reliance.objects.filter(withdrawn_at__isnull=True).select_related("system").order_by("system__code")
    rows = rows.exclude(system__stage=Stage.RETIRED).exclude(system__is_in_scope=False)
    rows = rows.only("requirement", "why", "system__code", "system__name", "system__is_in_scope")
    found: dict[int, list[ReliedOn]] = defaultdict(list)
    for row in rows:
        found[row.requirement_id].append(_relied_on(row))
    return dict(found)


def _relied_on(row: Reliance) -> ReliedOn:
    system = row.system
    return ReliedOn(row.requirement_id, system.pk, system.ref, system.code, system.name, row.why, system.is_in_scope)


def system_targets() -> list[Target]:
    """Return every system that is not retired, to be linked to; one query."""
    rows = AiSystem.objects.exclude(stage=Stage.RETIRED).order_by("code")
    return [Target(row.ref, row.code, row.name, "system") for row in rows.only("pk", "code", "name")]


def roles_in_play(aims: Aims, systems: Iterable[SystemFacts]) -> frozenset[str]:
    """Return the AI roles the organisation plays itself or through these systems; they propose applicability."""
    return frozenset(aims.roles_played).union(*(system.role_codes for system in systems))
