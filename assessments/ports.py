"""What this room tells rooms it cannot see: a control is counted on; what it asks of them: which controls fail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Value
from django.db.models.expressions import Combinable

from accounts.actor import Actor
from controls.models import Requirement
from systems.models import AiSystem


@dataclass(frozen=True, slots=True)
class Relied:
    """A control that a risk's treatment or an assessment's measure names: the reference, words, and whose system."""

    requirement: Requirement
    ref: str
    label: str
    system: AiSystem | None
    actor: Actor


Listener = Callable[[Relied], None]

_listeners: list[Listener] = []


def hears_of_reliance(listener: Listener) -> Listener:
    """Register who hears that a control is named, from `AppConfig.ready`, in that transaction."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell_of_reliance(relied: Relied) -> None:
    """Tell every room that decides on controls, in the order of the rooms."""
    for listener in _listeners:
        listener(relied)


Asking = Callable[[str, str, datetime | None], Combinable]
Telling = Callable[[str, str], str]

_asking: list[tuple[Asking, Telling]] = []


def tells_shortcomings(ask: Asking, tell: Telling) -> None:
    """Register who knows which controls fail.

    `ask` makes the expression that says so in a query, given what it calls the keys of the control and of the system;
    `tell` puts what it says into words, given the control's id.
    """
    if (ask, tell) not in _asking:
        _asking.append((ask, tell))


def shortcoming(control: str, system: str, at: datetime | None) -> Combinable:
    """Return the expression for why a control fails a system; empty where nothing is known against it."""
    return _asking[0][0](control, system, at) if _asking else Value("", CharField())


def shortcoming_in_words(code: str, said: str) -> str:
    """Return why a control fails in words, or nothing."""
    return _asking[0][1](code, said) if _asking and said else ""
