"""What the registry asks of rooms it cannot see: what they link to a system, who hears of edits, what a gate asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.actor import Actor
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


@dataclass(frozen=True, slots=True)
class Edited:
    """A record before and after an edit, and who made it; `before` is empty for a system that is new."""

    system: AiSystem
    before: dict[str, Any]
    after: dict[str, Any]
    actor: Actor
    is_new: bool = False


Listener = Callable[[Edited], None]

_listeners: list[Listener] = []


def hears_of_edits(listener: Listener) -> Listener:
    """Register a listener, from `AppConfig.ready`: it runs in the transaction of the edit and goes through actions."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell_of_edit(edited: Edited) -> None:
    """Tell every room that judges changes of an edit, in the order of the rooms."""
    for listener in _listeners:
        listener(edited)


@dataclass(frozen=True, slots=True)
class Scoped:
    """A system whose scope was said, and who said it; `was` is what had been said before, if anything."""

    system: AiSystem
    was: bool | None
    actor: Actor


ScopeListener = Callable[[Scoped], None]

_scope_listeners: list[ScopeListener] = []


def hears_of_scope(listener: ScopeListener) -> ScopeListener:
    """Register who hears that a system came into scope or left it, from `AppConfig.ready`, in that transaction."""
    if listener not in _scope_listeners:
        _scope_listeners.append(listener)
    return listener


def tell_of_scope(scoped: Scoped) -> None:
    """Tell every room that judges by what is in scope, in the order of the rooms."""
    for listener in _scope_listeners:
        listener(scoped)


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One thing a gate asks for: what must hold, whether it does, and where one mends it.

    `state` is met, missing, failing or advice; advice is shown and recorded and shuts nothing.
    """

    key: str
    words: str
    state: str
    note: str = ""
    address: str = ""


Gatekeeper = Callable[[AiSystem, str], Iterable[GateCheck]]

_keepers: list[Gatekeeper] = []


def keeps_gate(keeper: Gatekeeper) -> Gatekeeper:
    """Register what a room asks for before a system may enter a stage; `system.aims` is loaded."""
    if keeper not in _keepers:
        _keepers.append(keeper)
    return keeper


def gate_checks(system: AiSystem, stage: str) -> list[GateCheck]:
    """Return everything that is asked for before the system may enter the stage, in the order of the rooms."""
    return [check for keeper in _keepers for check in keeper(system, stage)]
