"""What the importer must know of the standard, handed in by whoever keeps the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CatalogueControl:
    """A control with its short title, translations of it by language code, and other names in use."""

    code: str
    title: str
    titles: Mapping[str, str] = field(default_factory=dict)
    also_called: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The controls in the order of the standard; areas, clauses and the organisation's own controls by code."""

    controls: Sequence[CatalogueControl]
    areas: Mapping[str, str] = field(default_factory=dict)
    clauses: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)

    def objectives(self) -> frozenset[str]:
        """Return the numbers that the standard gives to objectives: the first point of an area, or of its parts."""
        parents = {code for code in self.areas if not any(other.startswith(f"{code}.") for other in self.areas)}
        return frozenset(f"{code}.1" for code in parents)
