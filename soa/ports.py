"""What the statement asks of rooms it cannot see: open findings on a control."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that is not closed, as a row shows it."""

    ref: str
    label: str
    grade: str


FindingsProvider = Callable[[], Mapping[int, tuple[OpenFinding, ...]]]
_findings: list[FindingsProvider] = []


def tells_findings(provider: FindingsProvider) -> FindingsProvider:
    """Register a provider of open findings by requirement id, from `AppConfig.ready`; it costs one query."""
    if provider not in _findings:
        _findings.append(provider)
    return provider


def open_findings() -> dict[int, tuple[OpenFinding, ...]]:
    """Return the open findings of every requirement."""
    found: dict[int, tuple[OpenFinding, ...]] = {}
    for provider in _findings:
        for requirement_id, rows in provider().items():
            found[requirement_id] = found.get(requirement_id, ()) + rows
    return found
