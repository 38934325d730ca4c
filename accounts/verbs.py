"""Every permission by the verb it gives: `@verb("Approve a version")` puts it into the table of docs/roles.md."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import getdoc
from typing import TypeVar

Permission = TypeVar("Permission", bound=Callable[..., bool])

_known: dict[str, "Verb"] = {}


@dataclass(frozen=True, slots=True)
class Verb:
    """A permission: what it allows, in words, and the function that says to whom."""

    words: str
    ask: Callable[..., bool]

    @property
    def name(self) -> str:
        """Such as `soa.may_approve`."""
        return f"{self.room}.{self.ask.__name__}"

    @property
    def room(self) -> str:
        """The room that asks it."""
        return self.ask.__module__.partition(".")[0]

    @property
    def line(self) -> int:
        """Where in its room's permissions it stands."""
        return self.ask.__code__.co_firstlineno

    @property
    def meaning(self) -> str:
        """The rule in one sentence."""
        return " ".join((getdoc(self.ask) or "").split())


def verb(words: str) -> Callable[[Permission], Permission]:
    """Declare what a permission allows; a permission that does not, or a verb that is declared twice, fails."""

    def declared(ask: Permission) -> Permission:
        found = Verb(words, ask)
        if found.name in _known or any(known.words == words for known in _known.values()):
            raise ValueError(f"The verb {words} or its permission {found.name} is declared twice.")
        _known[found.name] = found
        return ask

    return declared


def known_verbs() -> dict[str, Verb]:
    """Return all declared verbs by the name of their permission."""
    return dict(_known)
