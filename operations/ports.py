"""What this room tells rooms it cannot see: that a signal of a system went past its limit."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.actor import Actor
from systems.models import AiSystem


@dataclass(frozen=True, slots=True)
class Crossed:
    """A signal past its limit: its system, the reference of the signal, what is so in words, and its page."""

    system: AiSystem
    ref: str
    words: str
    address: str
    actor: Actor


Listener = Callable[[Crossed], None]

_listeners: list[Listener] = []


def hears_of_crossings(listener: Listener) -> Listener:
    """Register who hears that a limit was crossed, from `AppConfig.ready`, in the transaction that found it."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell_of_crossing(crossed: Crossed) -> None:
    """Tell every room that judged the system as it was, in the order of the rooms."""
    for listener in _listeners:
        listener(crossed)
