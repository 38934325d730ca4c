"""The Celery worker's heartbeat: as often as it tells the queue that it is alive, at most every ten seconds."""

from typing import Any

from celery.signals import heartbeat_sent, worker_shutdown
from django.db import connections

from jobs.actions import Pulse

_pulses: dict[str, Pulse] = {}


def _beat(**_signal: Any) -> None:
    """Write from the main process, and keep no connection: its children would inherit it."""
    if _pulses.setdefault("worker", Pulse("worker")).beat():
        connections.close_all()


def _end(**_signal: Any) -> None:
    for pulse in _pulses.values():
        pulse.end()
    connections.close_all()


def listen() -> None:
    """Beat whenever the worker does; called from `AppConfig.ready`."""
    heartbeat_sent.connect(_beat, dispatch_uid="assay-heartbeat", weak=False)
    worker_shutdown.connect(_end, dispatch_uid="assay-heartbeat", weak=False)
