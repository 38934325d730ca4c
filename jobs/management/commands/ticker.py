"""The ticker: seals records, sweeps jobs, runs schedules and sends mail, until it is told to stop."""

import logging
import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from jobs.actions import begin, send_waiting, sweep, tick
from ledger.actions import seal_waiting, sign_grown

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Beat every few seconds; any number of tickers may run, each instant is claimed once."""

    help = "Seal records, run schedules, re-queue lost jobs and send waiting mail until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the pause between beats."""
        parser.add_argument("--seconds", type=float, default=1.0, help="pause between beats (default 1)")
        parser.add_argument("--once", action="store_true", help="beat once and stop")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Beat until SIGTERM or Ctrl-C."""
        stop = Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        begin()
        while not stop.is_set():
            self._beat()
            if options["once"]:
                return
            stop.wait(options["seconds"])

    def _beat(self) -> None:
        close_old_connections()
        for step in (seal_waiting, sign_grown, sweep, tick, send_waiting):
            try:
                step()
            except DatabaseError as error:
                log.warning("The database is away (%s); the next beat tries again.", error)
            except Exception:
                log.exception("A step of the ticker failed; the next beat tries again.")
