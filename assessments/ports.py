"""What this room tells rooms it cannot see: that a treatment or a measure counts on a control."""

from collections.abc import Callable
from dataclasses import dataclass

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
