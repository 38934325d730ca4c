"""Rooms register what their jobs do; the table runs them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from jobs.models import Delivery, Job


class Progress(Protocol):
    """Tell the person who waits how far the work is: percent and a short step in words."""

    def __call__(self, percent: int, step: str) -> None: ...


Work = Callable[[Job, Progress], Any]
Finish = Callable[[Job, Any], dict[str, Any]]
Sent = Callable[[Delivery], None]


class JobFailed(Exception):
    """The work cannot succeed however often it is tried; the message is for the person who asked."""


@dataclass(frozen=True, slots=True)
class Handler:
    """`work` may be slow and runs outside transactions; `finish` commits its effect together with `done`."""

    work: Work
    finish: Finish


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something that falls due every so often, counted from midnight UTC."""

    name: str
    every: timedelta
    run: Callable[[], None]


_handlers: dict[str, Handler] = {}
_schedules: dict[str, Schedule] = {}
_beginnings: dict[str, Callable[[], None]] = {}
_sent: dict[str, Sent] = {}


def handles(kind: str, work: Work, finish: Finish) -> None:
    """Register the handler of a kind of job; called from `AppConfig.ready`."""
    _handlers[kind] = Handler(work, finish)


def handler_of(kind: str) -> Handler:
    """Return the handler of a kind, raising KeyError for one that nobody registered."""
    return _handlers[kind]


def every(interval: timedelta, name: str, run: Callable[[], None]) -> None:
    """Register a schedule; called from `AppConfig.ready`."""
    _schedules[name] = Schedule(name, interval, run)


def schedules() -> list[Schedule]:
    """Return all registered schedules."""
    return list(_schedules.values())


def at_start(name: str, run: Callable[[], None]) -> None:
    """Register what a ticker does once, before its first beat; called from `AppConfig.ready`."""
    _beginnings[name] = run


def beginnings() -> list[Callable[[], None]]:
    """Return what a ticker does once when it starts."""
    return list(_beginnings.values())


def when_sent(topic: str, run: Sent) -> None:
    """Register who is told that a mail of a topic was sent, in the transaction that marks it so."""
    _sent[topic] = run


def told_of(topic: str) -> Sent | None:
    """Return who is told of a topic's mails."""
    return _sent.get(topic)
