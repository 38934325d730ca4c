"""What the statement asks of rooms it cannot see: findings on a control that are open, now or at an instant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that is not closed, as a row shows it."""

    ref: str
    label: str
    grade: str


FindingsProvider = Callable[[datetime | None], Mapping[int, tuple[OpenFinding, ...]]]
_findings: list[FindingsProvider] = []


def tells_findings(provider: FindingsProvider) -> FindingsProvider:
    """Register a provider of open findings by requirement id, from `AppConfig.ready`; it costs one query.

    It is given the instant that is looked back on, or None for now.
    """
    if provider not in _findings:
        _findings.append(provider)
    return provider


def open_findings(at: datetime | None = None) -> dict[int, tuple[OpenFinding, ...]]:
    """Return the open findings of every requirement, now or at an instant."""
    found: dict[int, tuple[OpenFinding, ...]] = {}
    for provider in _findings:
        for requirement_id, rows in provider(at).items():
            found[requirement_id] = found.get(requirement_id, ()) + rows
    return found
