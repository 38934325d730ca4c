"""Questions about policies that other rooms ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from aims.history import rows_at
from policies.models import Policy, PolicyVersion


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy that is on, with the version in force."""

    pk: int
    version_id: int
    number: int
    name: str
    package: str
    title: str
    controls: tuple[str, ...]
    due_from: str
    severity: str
    sha256: str
    text: str


ABOUT = ("name", "package", "title", "controls", "due_from", "severity")


def in_force() -> tuple[InForce, ...]:
    """Return every policy that is on, with its text, by name; one query."""
    rows = PolicyVersion.objects.filter(number=F("policy__number"), policy__is_on=True).order_by("policy__name")
    about = [f"policy__{name}" for name in ABOUT]
    return tuple(
        InForce(policy, pk, number, name, package, title, tuple(controls), due_from, severity, digest, text)
        for policy, pk, number, name, package, title, controls, due_from, severity, digest, text in rows.values_list(
            "policy_id", "pk", "number", *about, "sha256", "text"
        )
    )


def policies_at(at: datetime | None = None) -> list[Policy]:
    """Return every policy that is on, now or as of an instant; one query."""
    return list(rows_at(Policy, at).filter(is_on=True).order_by("name"))


def serving(code: str, policies: Iterable[Policy]) -> list[Policy]:
    """Return the policies that serve a control, such as A.7.4."""
    return [policy for policy in policies if code in policy.controls]
