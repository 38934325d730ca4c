"""What the registry asks of rooms it cannot see: what they show of a system, who hears of edits, what a gate asks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
class Badge:
    """A few words in the head of a system's page that a reader must not miss, such as drift past a limit."""

    words: str
    tone: str = "none"
    glyph: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A section of a system's page: its title, a quiet note beside it, and the template that prints `shown.context`.

    `name` is a slug of its own, to link to as `#name`. Without a template the badges alone are shown, in the head.
    """

    name: str
    title: str = ""
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    aside: str = ""
    badges: tuple[Badge, ...] = ()


Shower = Callable[[AiSystem, datetime | None, Actor], Iterable[Shown]]

_showers: list[Shower] = []


def shows_on_system(provider: Shower) -> Shower:
    """Register, from `AppConfig.ready`, what a room shows on the page of a system; `system.aims` is loaded.

    It is given the instant that is looked back on (None for now) and who looks. Its queries must not grow with what
    there is to show; its template prints `shown.context` and fetches nothing.
    """
    if provider not in _showers:
        _showers.append(provider)
    return provider


def shown_on(system: AiSystem, at: datetime | None, actor: Actor) -> list[Shown]:
    """Return what the rooms to the right show on a system's page, in the order of the rooms."""
    return [shown for provider in _showers for shown in provider(system, at, actor)]


@dataclass(frozen=True, slots=True)
class Edited:
    """A record before and after an edit, and who made it; `before` is empty for a system that is new."""

    system: AiSystem
    before: dict[str, Any]
    after: dict[str, Any]
    actor: Actor
    is_new: bool = False


Listener = Callable[[Edited], None]
ManyListener = Callable[[Sequence[Edited]], None]

_listeners: dict[Listener, ManyListener | None] = {}


def hears_of_edits(listener: Listener, *, of_many: ManyListener | None = None) -> Listener:
    """Register a listener, from `AppConfig.ready`: it runs in the transaction of the edit and goes through actions.

    Where thousands come at once, `of_many` is called once instead, and may be far cheaper.
    """
    _listeners.setdefault(listener, of_many)
    return listener


def tell_of_edit(edited: Edited) -> None:
    """Tell every room that judges changes of an edit, in the order of the rooms."""
    for listener in _listeners:
        listener(edited)


def tell_of_edits(edits: Sequence[Edited]) -> None:
    """Tell every room of edits that were made together."""
    for listener, of_many in _listeners.items():
        if of_many:
            of_many(edits)
        else:
            for edited in edits:
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
class Moved:
    """A system that entered another stage, the one it was in before, and who moved it."""

    system: AiSystem
    previous: str
    actor: Actor


MoveListener = Callable[[Moved], None]

_move_listeners: list[MoveListener] = []


def hears_of_moves(listener: MoveListener) -> MoveListener:
    """Register who hears that a system entered a stage, from `AppConfig.ready`, in that transaction."""
    if listener not in _move_listeners:
        _move_listeners.append(listener)
    return listener


def tell_of_move(moved: Moved) -> None:
    """Tell every room that judges by stages, in the order of the rooms."""
    for listener in _move_listeners:
        listener(moved)


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One thing a gate asks for: what must hold, whether it does, and where one mends it.

    `state` is met, missing, failing or advice; advice is shown and recorded and shuts nothing. One that is not
    mandatory can be left open under a condition with an owner and a date; a mandatory one cannot.
    """

    key: str
    words: str
    state: str
    note: str = ""
    address: str = ""
    is_mandatory: bool = True


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
