"""What the registry asks of rooms it cannot see: which of their things are linked to a system, now or at an instant."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from systems.models import AiSystem


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing linked to a system, ready to print; facts with one `heading` stand together."""

    heading: str
    ref: str
    title: str
    address: str
    note: str = ""
    tone: str = "none"
    glyph: str = "none"
    state: str = ""


Provider = Callable[[AiSystem, datetime | None], Iterable[Fact]]

_providers: list[Provider] = []


def tells_facts(provider: Provider) -> Provider:
    """Register a provider, from `AppConfig.ready`; `system.aims` is loaded, and its queries must not grow.

    It is given the instant that is looked back on, or None for now.
    """
    if provider not in _providers:
        _providers.append(provider)
    return provider


def linked_facts(system: AiSystem, at: datetime | None = None) -> list[Fact]:
    """Return what the rooms to the right have linked to the system, in the order of the rooms."""
    return [fact for provider in _providers for fact in provider(system, at)]
