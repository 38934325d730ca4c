"""The ticker: seals records, sweeps jobs, runs schedules and sends mail, until it is told to stop."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jobs.actions import begin, send_waiting, sweep, tick
from jobs.beating import beat_until_stopped
from ledger.actions import seal_waiting, sign_grown


class Command(BaseCommand):
    """Beat every few seconds; any number of tickers may run, each instant is claimed once."""

    help = "Seal records, run schedules, re-queue lost jobs and send waiting mail until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the pause between beats."""
        parser.add_argument("--seconds", type=float, default=1.0, help="pause between beats (default 1)")
        parser.add_argument("--once", action="store_true", help="beat once and stop")
        parser.add_argument("--no-seal", action="store_true", help="leave sealing and signing to a sealer")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Beat until SIGTERM or Ctrl-C."""
        begin()
        sealing = () if options["no_seal"] else (seal_waiting, sign_grown)
        steps = (*sealing, sweep, tick, send_waiting)
        beat_until_stopped("ticker", steps, seconds=options["seconds"], is_once=options["once"])
