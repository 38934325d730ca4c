"""Say that a process is alive, so that its absence can be noticed (`doctor`, metrics)."""

import hmac
import logging
import os
import socket
import time
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import DatabaseError

from accounts import clock, sealed
from config.release import RELEASE
from jobs.models import Heartbeat

EVERY_SECONDS = 10.0
FORGOTTEN_AFTER = timedelta(days=1)

log = logging.getLogger(__name__)


class Pulse:
    """The heartbeat of one process: written every ten seconds at most, and never a reason to stop working."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self._last = -EVERY_SECONDS
        self._said = {"secrets": mark_of_secrets(), "release": RELEASE}

    def beat(self) -> bool:
        """Note that this process is alive, if it is time to; returns whether it was noted."""
        if time.monotonic() - self._last < EVERY_SECONDS:
            return False
        self._last = time.monotonic()
        now = clock.now()
        try:
            Heartbeat.objects.update_or_create(kind=self.kind, name=self.name, defaults={"beat_at": now, **self._said})
            Heartbeat.objects.filter(kind=self.kind, beat_at__lt=now - FORGOTTEN_AFTER).delete()
        except DatabaseError as error:
            log.warning("The %s could not note that it is alive: %s", self.kind, error)
            return False
        return True

    def end(self) -> None:
        """Take the heartbeat away: this process ends in order."""
        try:
            Heartbeat.objects.filter(kind=self.kind, name=self.name).delete()
        except DatabaseError as error:
            log.warning("The %s could not note that it ends: %s", self.kind, error)


def mark_of_secrets() -> str:
    """Return 16 hex digits that are the same wherever all three secrets are, and tell nothing about any of them."""
    marks = [hmac.digest(secret.encode(), b"assay heartbeat", "sha256") for secret in _plain()]
    return sha256(b"".join(marks) + sealed.fingerprint().encode()).hexdigest()[:16]


def _plain() -> tuple[str, ...]:
    return settings.SECRET_KEY, settings.LEDGER_KEY


def note_backup() -> None:
    """Note that a backup was made, for `doctor` and for metrics: the age of the last one."""
    now = clock.now()
    said = {"beat_at": now, "started_at": now, "release": RELEASE}
    Heartbeat.objects.update_or_create(kind="backup", name="made", defaults=said)
