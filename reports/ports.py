"""What the pack asks of rooms it cannot see: sections of their own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from aims.models import Aims


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a section: its path below the section's folder, and its bytes or the SHA-256 (hex) of stored ones."""

    path: str
    data: bytes = b""
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the pack: its folder, and what README.html says of it in a title and a sentence."""

    folder: str
    title: str
    about: str
    files: Iterable[PackFile] = ()
    subjects: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Handover:
    """What a provider is told: whose pack, as of which instant (UTC), which controls (empty for all), files or not."""

    aims: Aims
    instant: datetime
    controls: tuple[str, ...]
    with_files: bool


SectionProvider = Callable[[Handover], Section | None]

_sections: list[SectionProvider] = []


def adds_section(provider: SectionProvider) -> SectionProvider:
    """Register a section, from `AppConfig.ready`; it is asked within the tenant, and reads what it needs at once.

    `subjects` are the references whose records belong into the pack when it is cut to some controls.
    """
    if provider not in _sections:
        _sections.append(provider)
    return provider


def sections(handover: Handover) -> list[Section]:
    """Return what the rooms add, in the order they registered."""
    return [section for provider in _sections if (section := provider(handover)) is not None]
