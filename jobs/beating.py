"""Beat until told to stop: what the ticker and the sealer have in common."""

import logging
import signal
from collections.abc import Callable, Iterable
from threading import Event

from django.db import DatabaseError, close_old_connections

from jobs.actions import Pulse

log = logging.getLogger(__name__)

Step = Callable[[], object]


def beat_until_stopped(kind: str, steps: Iterable[Step], *, seconds: float, is_once: bool) -> None:
    """Do every step at each beat, until SIGTERM or Ctrl-C; a step that fails keeps no other from its turn."""
    stop, pulse, all_steps = Event(), Pulse(kind), tuple(steps)
    if not is_once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        close_old_connections()
        for step in (*all_steps, pulse.beat):
            _do(kind, step)
        if is_once:
            break
        stop.wait(seconds)
    pulse.end()


def _do(kind: str, step: Step) -> None:
    try:
        step()
    except DatabaseError as error:
        log.warning("The database is away (%s); the next beat of the %s tries again.", error, kind)
    except Exception:
        log.exception("A step of the %s failed; the next beat tries again.", kind)
